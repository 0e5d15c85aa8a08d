import { settingNamed } from '../../src/catalog/named-setting.ts';
import { planParts } from '../../src/stress/plan/plan.ts';
import type { RunPlan } from '../../src/stress/plan/protocol.ts';
import { Session } from '../../src/stress/session/session.ts';
import { sessionParts } from '../../src/stress/session/session-parts.ts';

/** A finder and a reclaim on a few worlds. */
const SMALL = { worlds: 8, stride: 4, arms: [{ strategy: 'upstream' }], seed: 1 };
const SPINS_MAX = 1_000;

/** The threads of a small natural run, which has to be started; `changes` is what its plan has else. */
export function smallSession(changes: Partial<Omit<RunPlan, 'memory'>> = {}): Session {
  const setting = settingNamed({ scenario: 'readahead-vs-releasepage', start: 'primed', ...changes });
  const parts = sessionParts(planParts(setting, { ...SMALL, ...changes }), setting);
  return new Session({ ...parts, plan: { ...parts.plan, spinsMax: SPINS_MAX, ...changes } });
}
