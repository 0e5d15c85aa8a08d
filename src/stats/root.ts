/** Bracketed root search shared by the beta and gamma quantiles. */

/** More steps than halving a bracket of doubles on a logarithmic scale can take. */
const STEPS_MAX = 200;
/**
 * A Newton step of this size in ln x is the last one. The next would be below the rounding of the function's value, whose
 * signs lead nowhere any more: bisection then spends some 50 evaluations on digits that mean nothing.
 */
const STEP_MIN = 1e-13;

/** One evaluation of an increasing function: its value, and its slope with respect to ln x. */
export interface Evaluation {
  readonly value: number;
  readonly slope: number;
}

/**
 * The `x` in (`low`, `high`) where an increasing function crosses 0: Newton steps in ln x, replaced by
 * bisection whenever a step leaves the bracket or fails to halve it, so that it ends for every monotone
 * function, at 13 digits.
 *
 * @param options.low - Lower end of the bracket, above 0; the function is at most 0 there.
 * @param options.high - Upper end of the bracket; the function is at least 0 there.
 * @param options.start - First guess, inside the bracket.
 * @param options.evaluate - The function and its slope in ln x.
 */
export function increasingRoot(options: {
  readonly low: number;
  readonly high: number;
  readonly start: number;
  readonly evaluate: (x: number) => Evaluation;
}): number {
  let low = Math.log(options.low);
  let high = Math.log(options.high);
  let at = Math.min(Math.max(Math.log(options.start), low), high);
  let stepBefore = high - low;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const { value, slope } = options.evaluate(Math.exp(at));
    if (value === 0) break;
    if (value > 0) high = at;
    else low = at;
    const newton = at - value / slope;
    if (Math.abs(newton - at) <= STEP_MIN) return Math.exp(Math.min(Math.max(newton, low), high));
    const useful = newton > low && newton < high && Math.abs(newton - at) <= 0.5 * stepBefore;
    const next = useful ? newton : low + (high - low) / 2;
    stepBefore = Math.abs(next - at);
    at = next;
    if (stepBefore <= 1e-16 * Math.max(1, Math.abs(at)) || high - low <= 1e-16) break;
  }
  return Math.exp(at);
}
