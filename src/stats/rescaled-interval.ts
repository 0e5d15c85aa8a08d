/**
 * An interval at another confidence than the one that it was kept with: on a logarithmic scale, on which Student's or the normal
 * distribution says how much wider it is. For results that have their intervals, and not what those were made of.
 */
import type { Estimate, EstimateAt } from './independent-ratio.ts';
import { requireConfidence } from './confidence.ts';
import { normalMultiplier, studentMultiplier } from './student.ts';

/** An estimate as it was kept. */
export interface KeptEstimate extends Estimate {
  readonly confidence: number;
  /** Degrees of freedom of the interval; without them, the normal distribution is taken. */
  readonly degrees?: number | undefined;
}

/**
 * The estimate at any confidence. The bound of a zero grows as that of a Poisson mean of which nothing was seen: with the logarithm of
 * what may be missed.
 * @throws {RangeError} If its confidence is none.
 */
export function rescaledInterval({ value, low, high, confidence, degrees }: KeptEstimate): EstimateAt {
  requireConfidence(confidence);
  const multiplier = (asked: number): number =>
    degrees === undefined
      ? normalMultiplier(asked)
      : studentMultiplier({ confidence: asked, degrees: Math.max(1, degrees) });
  return (asked) => {
    if (value === 0) {
      return { value, low: 0, high: (high * Math.log(1 - asked)) / Math.log(1 - confidence) };
    }
    const wider = multiplier(asked) / multiplier(confidence);
    return { value, low: value * (low / value) ** wider, high: value * (high / value) ** wider };
  };
}
