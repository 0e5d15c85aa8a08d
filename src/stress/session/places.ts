import { cpuQuota } from '../host/cgroup-quota.ts';
import { allowedProcessors, procText } from '../host/proc.ts';
import { readTopology } from '../host/read-topology.ts';
import type { PlacesAsked } from '../plan/options.ts';
import { type PlacementPlan, planPlacement } from '../topology/placement-plan.ts';
import type { Topology } from '../topology/topology.ts';

let topology: Promise<Topology> | undefined;

/** Where actors are by default: as near to each other as can be without sharing a core. */
const NEAR = { kind: 'class', name: 'near' } as const;

/**
 * Where the actors of a run's instances are to be on this machine: read once in a process. Undefined where there is nothing to
 * choose, so that nobody has to wait for it: see `pinApart`.
 * @throws {PlacementError} If it cannot be.
 */
export async function placesOf(
  { instances, placement }: PlacesAsked,
  actors: number,
): Promise<PlacementPlan | undefined> {
  const isAsked = placement !== undefined || (typeof instances === 'number' && instances > 1);
  if (!isAsked && isFull(actors)) return undefined;
  topology ??= readTopology();
  return planPlacement(await topology, {
    actors,
    instances: instances ?? 'auto',
    placement: placement ?? NEAR,
  });
}

/** Whether so many actors leave no processor over, and are stopped by no quota. */
function isFull(actors: number): boolean {
  const allowed = allowedProcessors();
  return allowed !== undefined && allowed.size <= actors && (cpuQuota(procText) ?? Infinity) >= actors;
}
