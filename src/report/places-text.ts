/** Where the actors of a run were, in the words of a header. */
import type { ClassResult } from '../stress/result/class-result.ts';
import { counted, listed } from './number.ts';

/** Instances whose processors a line names; the JSON has all of them. */
const NAMED_MAX = 12;

/** `8 instances of 2 actors, near: 0,8 1,9 ...`: a line for each class. */
export function placesText(classes: readonly ClassResult[]): string[] {
  return classes.map(({ placement, unmet, distances, processors }) => {
    const named = processors.slice(0, NAMED_MAX).map((own) => own?.join(',') ?? '?');
    const others = processors.length - named.length;
    const more = others === 0 ? '' : ` and ${others} more`;
    const as = unmet === null ? placement : `${placement} not met, but ${distanceText(distances)}`;
    const actors = counted(processors[0]?.length ?? 0, 'actor');
    return `${counted(processors.length, 'instance')} of ${actors}, ${as}: ${named.join(' ')}${more}`;
  });
}

/** How the actors of an instance lie to each other: several ways where instances differ in that. */
export function distanceText(distances: ClassResult['distances']): string {
  return distances.length === 0 ? 'alone' : listed(distances);
}
