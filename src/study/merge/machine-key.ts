import type { Machine } from '../../stress/host/machine-facts.ts';
import type { PlacementPlan } from '../../stress/topology/placement-plan.ts';

/** What a rate belongs to: a machine as it was, and how actors lay on it. */
interface Ground {
  readonly machine: Machine;
  readonly placement: PlacementPlan | undefined;
}

/**
 * Equal for runs whose rates may be taken together: on one host with the same processors, kernel and Node, whose actors lay to each other
 * in the same way. Which processors they were does not matter, but how many instances there were, and how far apart their actors.
 */
export function groundKey({ machine, placement }: Ground): string {
  const { host, kernelRelease, cpuModel, cpuCount, coreCount, platform, arch, node, v8, jit } = machine;
  const classes = placement?.classes.map(
    ({ placement: name, instances, isMet, actorsPerProcessor, unpinned }) => ({
      name,
      distances: instances.map(({ distance }) => distance),
      isMet,
      actorsPerProcessor,
      isPinned: unpinned === null,
    }),
  );
  return JSON.stringify([
    host,
    kernelRelease,
    cpuModel,
    cpuCount,
    coreCount,
    platform,
    arch,
    node,
    v8,
    jit,
    classes,
  ]);
}
