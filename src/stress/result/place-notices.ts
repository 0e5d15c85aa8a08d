/** What a reader should know about where the actors of a run were, a sentence or two each. */
import type { BlockResult } from '../plan/block-result.ts';
import type { PlacementPlan } from '../topology/placement-plan.ts';

/**
 * What the places of the actors mean for the race, and which of those that were asked for there are not. `met` are the blocks
 * of the run, `starts` how often its threads were started.
 */
export function placeNotices(
  { classes: places, lacking = [] }: PlacementPlan,
  { met, starts }: { readonly met: readonly Pick<BlockResult, 'placement'>[]; readonly starts: number },
): string[] {
  const sentences = places.flatMap(({ unmet, unpinned, notes }) => [unmet, unpinned, ...notes]);
  const isShared = places.some(({ actorsPerProcessor }) => actorsPerProcessor > 1);
  const classes = [...new Set(met.flatMap(({ placement }) => placement ?? []))];
  return [
    ...new Set(sentences.filter((sentence) => sentence !== null)),
    ...(lacking.length > 0
      ? [`--placement all: no processors of this machine lie as ${lacking.join(', ')} would have the actors.`]
      : []),
    ...(isShared
      ? [
          'Sharing costs throughput and most of the rate: these are not the rates of actors with a processor each, and a zero is worth less.',
        ]
      : []),
    ...(places.length > starts
      ? [
          `${places.length} placements, and ${starts === 1 ? 'one start' : `${starts} starts`} of the threads, each of which has one: the ` +
            'others were not tried. Run for longer, or with --starts.',
        ]
      : []),
    ...(classes.length > 1
      ? [
          `The starts had ${classes.length} placements in turn (${classes.join(', ')}): what is said of all of them together is a mean, ` +
            'and holds for none.',
        ]
      : []),
  ];
}

/** What is not known of a run whose actors could not be put anywhere; `failed` is why. */
export function pinningNotice(failed: string | null): string[] {
  if (failed === null) return [];
  return [
    `The actors could not be kept on processors of their own: ${failed}. The system placed and moved them, and where each ran is not ` +
      'known.',
  ];
}
