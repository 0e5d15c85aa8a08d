/** What the profiles of a window call the places of their cores. */
import type { Placement } from '../stress/window/window-result.ts';

/**
 * `placed l3`, `near`, or both: where the actors were kept, and which of several round trips they had there. Empty where there is
 * nothing to tell apart.
 */
export function placementName({ placement, name }: Placement): string {
  const placed = placement === undefined ? [] : [`placed ${placement}`];
  return [...placed, ...(name === 'only' ? [] : [name])].join(', ');
}

/** Whether two profiles are of the same places. */
export function isSamePlacement(one: Placement, other: Placement): boolean {
  return placementName(one) === placementName(other);
}
