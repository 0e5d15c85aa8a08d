/** Family-wise statements over several comparisons (S. Holm, Scandinavian Journal of Statistics 6, 1979). */

/**
 * Holm's step-down adjusted p-values, in the order given. Rejecting where the adjusted value is at most alpha
 * keeps the chance of any false rejection at most alpha, whatever the dependence between the tests.
 *
 * @param pValues - Unadjusted p-values, each from 0 to 1; may be empty.
 * @returns One value per input, each at least its input and at most 1.
 * @throws {RangeError} If a p-value is outside its range.
 */
export function holmAdjusted(pValues: readonly number[]): readonly number[] {
  for (const [index, pValue] of pValues.entries()) {
    if (!(pValue >= 0 && pValue <= 1)) {
      throw new RangeError(`p-value ${index}: expected a number from 0 to 1, got ${pValue}`);
    }
  }
  const ascending = [...pValues.entries()].toSorted(([, left], [, right]) => left - right);
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  for (const [rank, [index, pValue]] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, pValue * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
