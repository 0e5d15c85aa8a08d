/**
 * The ratio of two positive quantities of which both sides have several independent measurements, such as one per start of the
 * threads, and nothing pairs them: Welch's interval of the difference of the mean logarithms.
 */
import { requireConfidence } from './confidence.ts';
import { studentMultiplier } from './student.ts';

/** b / a within its interval. */
export interface WelchRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The ratio b / a of the geometric means.
 *
 * @param options.a - Logarithms of the measurements of one side, two at least.
 * @param options.b - Those of the other.
 * @param options.confidence - Between 0 and 1, such as 0.95.
 * @throws {RangeError} If a side has fewer than two, or `confidence` is outside its range.
 */
export function welchRatio(options: {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly confidence: number;
}): WelchRatio {
  const { a, b } = options;
  const confidence = requireConfidence(options.confidence);
  if (a.length < 2 || b.length < 2) {
    throw new RangeError(`expected two measurements of both sides, got ${a.length} and ${b.length}`);
  }
  const difference = mean(b) - mean(a);
  const [va, vb] = [variance(a) / a.length, variance(b) / b.length];
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  // Where neither varies at all, there are no degrees of freedom to speak of, and nothing to multiply.
  const reach =
    va + vb === 0 ? 0 : studentMultiplier({ confidence, degrees: Math.max(1, degrees) }) * Math.sqrt(va + vb);
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - reach),
    high: Math.exp(difference + reach),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}
