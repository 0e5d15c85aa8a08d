import type { BlockCounts } from '../plan/run-record.ts';
import type { InstanceCounts } from './instance.ts';
import { sparse } from './tally.ts';

/** What instances have counted together; of each of them as well, where blocks tell of them. */
export function summed(
  counts: readonly InstanceCounts[],
  { isStaged, tellsInstances }: { readonly isStaged: boolean; readonly tellsInstances: boolean },
): BlockCounts {
  const total = (of: (count: InstanceCounts) => readonly number[]): number[] => {
    const all: number[] = [];
    for (const count of counts)
      for (const [index, value] of of(count).entries()) all[index] = (all[index] ?? 0) + value;
    return all;
  };
  const changes = counts.reduce((sum, count) => sum + count.changes, 0);
  return {
    outcomes: total(({ outcomes }) => outcomes),
    notes: sparse(total(({ notes }) => notes)),
    checks: sparse(total(({ checks }) => checks)),
    ...statesOf(counts),
    ...(changes > 0 && { changes }),
    ...(isStaged && {
      stages: (counts[0]?.stages ?? []).map((_, actor) => total(({ stages }) => stages[actor] ?? [])),
    }),
    ...(tellsInstances && {
      instances: counts.map(({ outcomes, notes }) => ({ outcomes, notes: sparse(notes) })),
    }),
  };
}

function statesOf(counts: readonly InstanceCounts[]): Pick<BlockCounts, 'states'> {
  const states: Record<string, number> = {};
  for (const { states: own } of counts)
    for (const [state, count] of own) states[state] = (states[state] ?? 0) + count;
  return Object.keys(states).length === 0 ? {} : { states };
}
