import { takeMemory } from '../../src/stress/host/memory-budget.ts';
import { arenaOf, type PlanParts, settingOf } from '../../src/stress/plan/plan.ts';
import type { RunPlan } from '../../src/stress/plan/protocol.ts';
import { Session } from '../../src/stress/session/session.ts';

/** A finder and a reclaim on a few worlds, natural. */
const SMALL: PlanParts = {
  scenario: 'readahead-vs-releasepage',
  start: 'primed',
  actors: [
    { role: 'finder', count: 1 },
    { role: 'reclaim', count: 1 },
  ],
  pages: 4,
  worlds: 8,
  stride: 4,
  arms: [{ strategy: 'upstream' }],
  seed: 1,
  trylockFail: 0,
  readFail: 0,
  delays: {},
};

/** The threads of a small run, which has to be started; what `changes` says nothing of is as in `SMALL`. */
export function smallSession(changes: Partial<Omit<RunPlan, 'memory'>> = {}): Session {
  const parts = { ...SMALL, ...changes };
  const setting = settingOf(parts);
  const arena = arenaOf(parts, setting);
  const memory = takeMemory(arena.bytes, parts.worlds);
  const how = { isProfiled: false, isJudged: true, startedAtMs: performance.timeOrigin, spinsMax: 1_000 };
  return new Session({ plan: { ...how, ...parts, memory }, setting, arena });
}
