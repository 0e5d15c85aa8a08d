import { availableParallelism } from 'node:os';
import { pairedRatio } from '../src/stats/paired-ratio.ts';
import { Prng } from '../src/stats/prng.ts';
import { ACTOR_THREAD, actorLine } from '../src/memory/control.ts';
import { wasmMemory } from '../src/memory/wasm-instructions.ts';
import type { RoleCount } from '../src/scenario/scenario.ts';
import { arenaOf, settingOf, spinsMaxOf } from '../src/stress/plan.ts';
import type { BlockResult } from '../src/stress/result.ts';
import type { Session as EngineSession } from '../src/stress/session.ts';
import { Session } from './built.ts';
import { pinThreads } from './processors.ts';

/** What a benchmark runs the engine with; the rest is the default of `ebtorture stress`. */
export interface EngineSetting {
  readonly strategy: string;
  readonly actors?: readonly RoleCount[];
  readonly worlds?: number;
  readonly stride?: number;
  /** Whether trials are judged and counted. */
  readonly isJudged?: boolean;
  /** Whether actors log what their steps return. */
  readonly isRecorded?: boolean;
  /** Whether each actor is kept on a processor of its own, if the system can. */
  readonly isPinned?: boolean;
}

/** The built engine on `primed`, 4 pages, started and waiting for blocks. */
export async function startEngine(setting: EngineSetting, processors: number): Promise<EngineSession> {
  const actors = setting.actors ?? [
    { role: 'finder', count: 1 },
    { role: 'reclaim', count: 1 },
  ];
  const parts = {
    scenario: 'readahead-vs-releasepage',
    start: 'primed',
    actors,
    pages: 4,
    worlds: setting.worlds ?? 256,
    stride: setting.stride ?? 64,
    arms: [{ strategy: setting.strategy }],
    seed: 1,
    trylockFail: 0,
    readFail: 0,
    delays: {},
    isRecorded: setting.isRecorded ?? false,
  };
  const resolved = settingOf(parts);
  const arena = arenaOf(parts, resolved);
  const memory = wasmMemory(arena.bytes);
  const session = new Session({
    plan: {
      ...parts,
      memory,
      isProfiled: false,
      isJudged: setting.isJudged ?? true,
      startedAtMs: performance.timeOrigin,
      spinsMax: spinsMaxOf(resolved.actors.length, processors),
    },
    setting: resolved,
    arena,
  });
  await session.start();
  if (setting.isPinned === true) {
    const words = new Int32Array(memory.buffer);
    pinThreads(
      resolved.actors.map((_, actor) => words[actorLine(arena.actorBase, actor) + ACTOR_THREAD] ?? 0),
    );
  }
  return session;
}

/** Runs one block that ends with its time. */
export function runEngineBlock(session: EngineSession, ms: number): Promise<BlockResult> {
  return session.runBlock({ arm: 0, round: 0, ms, trialsMax: Infinity });
}

/** Throughput of one engine over another: median and 95 % interval of pairs of blocks. */
export interface PairedThroughput {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

const PAIR_BLOCK_MS = 150;
const WARM_UP_BLOCKS = 5;

/** Runs both engines in pairs of adjacent blocks, in random order. */
export async function pairEngines(
  settings: { readonly a: EngineSetting; readonly b: EngineSetting },
  pairCount: number,
): Promise<PairedThroughput> {
  const processors = availableParallelism();
  const [first, second] = [
    await startEngine(settings.a, processors),
    await startEngine(settings.b, processors),
  ];
  const prng = new Prng(1);
  try {
    for (let block = 0; block < WARM_UP_BLOCKS; block++) {
      await runEngineBlock(first, PAIR_BLOCK_MS);
      await runEngineBlock(second, PAIR_BLOCK_MS);
    }
    const pairs: { a: number; b: number }[] = [];
    for (let pair = 0; pair < pairCount; pair++) {
      const early = prng.nextBelow(2) === 0 ? await runEngineBlock(first, PAIR_BLOCK_MS) : undefined;
      const b = await runEngineBlock(second, PAIR_BLOCK_MS);
      const a = early ?? (await runEngineBlock(first, PAIR_BLOCK_MS));
      pairs.push({ a: a.trials / a.seconds, b: b.trials / b.seconds });
    }
    const { median, low, high } = pairedRatio({ pairs, confidence: 0.95 });
    await Promise.all([first.end(), second.end()]);
    return { median, low, high, pairs: pairCount };
  } finally {
    await Promise.all([first.destroy(), second.destroy()]);
  }
}
