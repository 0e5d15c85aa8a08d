import { availableParallelism } from 'node:os';
import type { Pair } from '../src/stats/paired-ratio.ts';
import { Prng } from '../src/stats/prng.ts';
import { type StartPair, startRatio } from '../src/stats/start-ratio.ts';
import { ACTOR_THREAD, actorLine } from '../src/memory/control.ts';
import { settingNamed } from '../src/catalog/named-setting.ts';
import type { RoleCount } from '../src/scenario/scenario.ts';
import type { Ordering } from '../src/memory/ordering.ts';
import { planParts } from '../src/stress/plan/plan.ts';
import type { BlockResult } from '../src/stress/plan/block-result.ts';
import { placesOf } from '../src/stress/session/places.ts';
import { sessionParts } from '../src/stress/session/session-parts.ts';
import type { Session as EngineSession } from '../src/stress/session/session.ts';
import { Session } from './built.ts';
import { pinApart, pinTogether } from './processors.ts';

/** What a benchmark runs the engine with; the rest is the default of `ebtorture stress`. */
export interface EngineSetting {
  readonly strategy: string;
  readonly actors?: readonly RoleCount[];
  readonly worlds?: number;
  readonly stride?: number;
  /** @default `sc` */
  readonly ordering?: Ordering;
  /** Whether trials are judged and counted. */
  readonly isJudged?: boolean;
  /** Whether actors log what their steps return. */
  readonly isRecorded?: boolean;
  /** How many instances play, each where the plan for this machine has it; undefined: one. Excludes `pinned`. */
  readonly instances?: number;
  /** Keeps each actor on a processor of its own, or all of them on the same, if the system can; else it places them. */
  readonly pinned?: 'apart' | 'together';
}

/** The built engine on `primed`, 4 pages, started and waiting for blocks. */
export async function startEngine(setting: EngineSetting, processors: number): Promise<EngineSession> {
  const actors = setting.actors ?? [
    { role: 'finder', count: 1 },
    { role: 'reclaim', count: 1 },
  ];
  const resolved = settingNamed({
    scenario: 'readahead-vs-releasepage',
    start: 'primed',
    actors,
    pages: 4,
    ordering: setting.ordering,
  });
  const plan = planParts(resolved, {
    arms: [{ strategy: setting.strategy }],
    worlds: setting.worlds ?? 256,
    stride: setting.stride ?? 64,
    seed: 1,
    isJudged: setting.isJudged,
    isRecorded: setting.isRecorded,
  });
  const { instances } = setting;
  const placement =
    instances === undefined ? undefined : await placesOf({ instances }, resolved.actors.length);
  const isPinned = instances !== undefined;
  const parts = sessionParts(plan, resolved, { processors, isPinned, placement });
  const session = new Session(parts);
  await session.start();
  if (setting.pinned !== undefined) {
    const words = new Int32Array(parts.plan.memory.buffer);
    const pin = setting.pinned === 'apart' ? pinApart : pinTogether;
    pin(
      resolved.actors.map((_, actor) => words[actorLine(parts.arena.actorBase, actor) + ACTOR_THREAD] ?? 0),
    );
  }
  return session;
}

/** Runs one block that ends with its time. */
export function runEngineBlock(session: EngineSession, ms: number): Promise<BlockResult> {
  return session.runBlock({ arm: 0, round: 0, ms, trialsMax: Infinity });
}

/** Throughput of one engine over another: median over starts and its 95 % interval. */
export interface PairedThroughput {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Starts of both engines, which the interval rests on. */
  readonly starts: number;
  /** Pairs of blocks in each of them. */
  readonly pairs: number;
}

/** What the JIT compiler makes of the code moves all blocks of a start. */
const STARTS = 16;
const PAIRS = 12;
const BLOCK_MS = 40;
const WARM_UP_MS = 400;

/** Runs both engines, started anew over and over, in pairs of adjacent blocks, in random order. */
export async function pairEngines(
  settings: { readonly a: EngineSetting; readonly b: EngineSetting },
  starts: number = STARTS,
): Promise<PairedThroughput> {
  const prng = new Prng(1);
  const pairs: StartPair[] = [];
  for (let start = 0; start < starts; start++) {
    for (const pair of await pairsOfStart(settings, prng)) pairs.push({ ...pair, start });
  }
  const { median, low, high } = startRatio({ pairs, confidence: 0.95 });
  return { median, low, high, starts, pairs: PAIRS };
}

async function pairsOfStart(
  settings: { readonly a: EngineSetting; readonly b: EngineSetting },
  prng: Prng,
): Promise<Pair[]> {
  const processors = availableParallelism();
  const [first, second] = [
    await startEngine({ ...settings.a, pinned: 'apart' }, processors),
    await startEngine({ ...settings.b, pinned: 'apart' }, processors),
  ];
  try {
    await runEngineBlock(first, WARM_UP_MS);
    await runEngineBlock(second, WARM_UP_MS);
    const pairs: Pair[] = [];
    while (pairs.length < PAIRS) {
      const early = prng.nextBelow(2) === 0 ? await runEngineBlock(first, BLOCK_MS) : undefined;
      const b = await runEngineBlock(second, BLOCK_MS);
      const a = early ?? (await runEngineBlock(first, BLOCK_MS));
      pairs.push({ a: a.trials / a.seconds, b: b.trials / b.seconds });
    }
    await Promise.all([first.end(), second.end()]);
    return pairs;
  } finally {
    await Promise.all([first.destroy(), second.destroy()]);
  }
}
