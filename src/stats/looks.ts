/**
 * Stopping as soon as a question is settled, without paying for it in false claims: a run is looked at after a
 * growing number of rounds or starts of the threads, and look j uses the confidence 1 - alpha / (j (j + 1)). These shares add up to
 * alpha over however many looks there are, so that with probability 1 - alpha no interval or bound of any look
 * is wrong, whichever of them ends the run and for whatever reason (Bonferroni over the looks; the idea of
 * spending alpha is Lan and DeMets', Biometrika 70, 1983). Looks come geometrically, so that there are few of
 * them and a question is settled at most half as late again as it could be.
 */

import { requireConfidence } from './confidence.ts';

/** Rounds, or starts of the threads, before the first look: design effects of fewer are hardly known. */
const FIRST = { rounds: 12, starts: 6 } as const;
/** Their number until the next look over that until this one. */
const GROWTH = 1.5;

/** Whether a run that has finished `done` rounds or starts is to be looked at, and as which look, counted from 1. */
export function lookAt(done: number, unit: keyof typeof FIRST): number | undefined {
  let at: number = FIRST[unit];
  let look = 1;
  for (; at < done; look += 1) at = Math.ceil(at * GROWTH);
  return at === done ? look : undefined;
}

/**
 * The confidence to use at look `look` for all looks together to have `confidence`.
 *
 * @param options.confidence - Of all looks together, between 0 and 1.
 * @param options.look - Counted from 1.
 * @throws {RangeError} If an argument is outside its range.
 */
export function lookConfidence(options: { readonly confidence: number; readonly look: number }): number {
  const { look } = options;
  const confidence = requireConfidence(options.confidence);
  if (!Number.isInteger(look) || look < 1) {
    throw new RangeError(`look: expected an integer of 1 or above, got ${look}`);
  }
  return 1 - (1 - confidence) / (look * (look + 1));
}
