import { settingNamed } from '../../src/catalog/named-setting.ts';
import { planParts } from '../../src/stress/plan/plan.ts';
import type { RunPlan } from '../../src/stress/plan/protocol.ts';
import { Session, type SessionParts } from '../../src/stress/session/session.ts';
import { type SessionHow, sessionParts } from '../../src/stress/session/session-parts.ts';

/** A finder and a reclaim on a few worlds. */
const SMALL = { worlds: 8, stride: 4, arms: [{ strategy: 'upstream' }], seed: 1 };
const SPINS_MAX = 1_000;

type Changes = Partial<Omit<RunPlan, 'memory'>>;

/** The threads of a small natural run, which has to be started; `changes` is what its plan has else. */
export function smallSession(changes: Changes = {}): Session {
  return new Session(smallParts(changes));
}

/** What it runs on; `how` is what it has beside the plan. */
export function smallParts(changes: Changes = {}, how: SessionHow = {}): SessionParts {
  const setting = settingNamed({ scenario: 'readahead-vs-releasepage', start: 'primed', ...changes });
  const parts = sessionParts(planParts(setting, { ...SMALL, ...changes }), setting, how);
  return { ...parts, plan: { ...parts.plan, spinsMax: SPINS_MAX, ...changes } };
}
