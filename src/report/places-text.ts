/** Where the actors of a run were, in the words of a header. */
import type { ClassPlan } from '../stress/topology/placement-plan.ts';
import { counted, listed } from './number.ts';

/** Instances whose processors a line names; the JSON has all of them. */
const NAMED_MAX = 12;

/**
 * `8 instances of 2 actors, near: 0,8 1,9 ...`: a line for each placement that was planned. `isPinned`: whether the actors could be kept
 * where they were to be.
 */
export function placesText(places: readonly ClassPlan[], isPinned: boolean): string[] {
  return places.map((place) => {
    const { placement, instances, unpinned } = place;
    const actors = counted(instances[0]?.processors.length ?? 0, 'actor');
    const what = `${counted(instances.length, 'instance')} of ${actors}`;
    if (unpinned !== null || !isPinned)
      return `${what}, where the system puts them (not ${placement}, see note)`;
    const named = instances.slice(0, NAMED_MAX).map(({ processors }) => processors.join(','));
    const others = instances.length - named.length;
    const more = others === 0 ? '' : ` and ${others} more`;
    return `${what}, ${placeText(place)}: ${named.join(' ')}${more}`;
  });
}

/** A placement by name; with how the actors lie in its place where it is not met. */
export function placeText({ placement, isMet, instances }: ClassPlan): string {
  const distances = [...new Set(instances.flatMap(({ distance }) => distance ?? []))];
  const so = distances.length === 0 ? 'alone' : listed(distances);
  switch (isMet) {
    case 'yes':
      return placement;
    case 'partly':
      return `${placement} met in part (${so})`;
    case 'no':
      return `${placement} NOT MET (${so})`;
  }
}
