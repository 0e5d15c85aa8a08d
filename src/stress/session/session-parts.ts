import type { Setting } from '../../scenario/setting.ts';
import { cpuCount } from '../host/environment.ts';
import { takeMemory } from '../host/memory-budget.ts';
import { arenaOf, type PlanParts, spinsMaxOf } from '../plan/plan.ts';
import { instancesOf } from '../topology/placement-plan.ts';
import type { SessionParts } from './session.ts';

/** How a session is run, beside its plan. */
export interface SessionHow extends Omit<SessionParts, 'plan' | 'setting' | 'arena' | 'memories'> {
  /** Called before shared memory is taken, with that of all instances. */
  readonly onMemory?: ((bytes: number) => void) | undefined;
  /** Processors that the actors share. @default those of this process */
  readonly processors?: number | undefined;
}

/**
 * What a session runs on: the whole plan, with the memory, which is taken here.
 * @param parts - Of that setting: see `planParts`.
 * @throws {RangeError} If the memory does not fit.
 */
export function sessionParts(
  parts: PlanParts,
  setting: Setting,
  { onMemory, processors = cpuCount(), ...how }: SessionHow = {},
): SessionParts {
  const arena = arenaOf(parts, setting);
  const instances = instancesOf(how.placement);
  const [memory, ...memories] = takeMemory(
    { bytes: arena.bytes, worlds: parts.worlds, instances, actors: setting.actors.length },
    onMemory,
  );
  const plan = {
    ...parts,
    memory,
    isProfiled: parts.isProfiled ?? false,
    isJudged: parts.isJudged ?? true,
    startedAtMs: performance.timeOrigin,
    spinsMax: spinsMaxOf(setting.actors.length * instances, processors),
  };
  return { ...how, plan, memories, setting, arena };
}
