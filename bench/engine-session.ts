import { wasmMemory } from '../src/memory/wasm-instructions.ts';
import type { RoleCount } from '../src/scenario/scenario.ts';
import { arenaOf, settingOf, spinsMaxOf } from '../src/stress/plan.ts';
import type { Session as EngineSession } from '../src/stress/session.ts';
import { Session } from './built.ts';

/** What a benchmark runs the engine with; the rest is the default of `ebtorture stress`. */
export interface EngineSetting {
  readonly strategy: string;
  readonly actors?: readonly RoleCount[];
  readonly worlds?: number;
  readonly stride?: number;
  /** Whether trials are judged and counted. */
  readonly isJudged?: boolean;
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
  };
  const resolved = settingOf(parts);
  const arena = arenaOf(parts, resolved);
  const session = new Session({
    plan: {
      ...parts,
      memory: wasmMemory(arena.bytes),
      isProfiled: false,
      isJudged: setting.isJudged ?? true,
      startedAtMs: performance.timeOrigin,
      spinsMax: spinsMaxOf(resolved.actors.length, processors),
    },
    setting: resolved,
    arena,
  });
  await session.start();
  return session;
}

/** One block. */
export interface EngineBlock {
  readonly trialsPerSecond: number;
  readonly violationsPerSecond: number;
  readonly roundTripNs: number | null;
}

/** Runs one block and returns its rates. */
export async function runEngineBlock(session: EngineSession, ms: number): Promise<EngineBlock> {
  await session.runBlock({ arm: 0, round: 0, ms, trialsMax: Infinity });
  const {
    trials = 0,
    seconds = NaN,
    violations = 0,
    roundTripNs = null,
  } = session.arms[0]?.blocks.at(-1) ?? {};
  return { trialsPerSecond: trials / seconds, violationsPerSecond: violations / seconds, roundTripNs };
}
