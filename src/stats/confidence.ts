/** The argument check that every interval shares. */

/**
 * Returns `confidence` if it is a probability strictly between 0 and 1.
 *
 * @throws {RangeError} Otherwise; 95 for 95 % is the usual slip.
 */
export function requireConfidence(confidence: number): number {
  if (confidence > 0 && confidence < 1) return confidence;
  throw new RangeError(`confidence: expected a number between 0 and 1 such as 0.95, got ${confidence}`);
}
