/**
 * How long to run for a claim: how many rounds like those measured it takes to show a q-fold reduction if the
 * treated arm stays free of violations. With many rounds this is about 3q expected control violations at 95 %,
 * 4.6q at 99 %: plain ones if residual violations are thinned, effective ones if they come in the control's
 * clusters. Few rounds take more: their design effect is hardly known, and claims pay for that.
 *
 * A run of exactly the expected length would fall short every second time, by having fewer violations or a
 * larger design effect than this one. The plan takes both at the unlucky end, so that a run of that length
 * makes the claim with about the assurance asked for (test/unit/stats/reduction-plan.test.ts).
 */

import { betaQuantile } from './beta.ts';
import { blockTotals, type BlockSample } from './block.ts';
import { requireConfidence } from './confidence.ts';
import { evidenceOf, type Residual } from './control-evidence.ts';
import { degreesOf, degreesOfStarts, dispersion } from './design-effect.ts';
import { gammaQuantile } from './gamma.ts';
import { foldAtLeast } from './reduction.ts';
import { STARTS_MIN } from './start-totals.ts';

/** A plan beyond this multiple of the run at hand is none. */
const SCALE_MAX = 1e9;

/**
 * The length of a run, in multiples of the one at hand, that claims `fold` with the given assurance.
 *
 * @param options.fold - The reduction to show, above 0.
 * @param options.control - Blocks of the control in time order.
 * @param options.treatedTrials - Trials of the treated arm in the run at hand, above 0.
 * @param options.confidence - One-sided, of the claim, such as 0.95.
 * @param options.assurance - Probability with which a run of that length makes the claim, such as 0.9.
 * @param options.residual - How left-over violations would arrive.
 * @param options.startsAt - Starts of the threads that a run of so many times this length has; default: as many times more.
 * @returns `undefined` when the control cannot carry a plan, or no length is enough.
 * @throws {RangeError} If a block is malformed or an option is outside its range.
 */
export function lengthForReduction(options: {
  readonly fold: number;
  readonly control: readonly BlockSample[];
  readonly treatedTrials: number;
  readonly confidence: number;
  readonly assurance: number;
  readonly residual: Residual;
  readonly startsAt?: ((scale: number) => number) | undefined;
}): number | undefined {
  const { fold, treatedTrials, residual, startsAt } = options;
  const confidence = requireConfidence(options.confidence);
  const assurance = requireConfidence(options.assurance);
  if (!(fold > 0 && fold < Infinity)) throw new RangeError(`fold: expected a number above 0, got ${fold}`);
  if (!(treatedTrials > 0 && treatedTrials < Infinity)) {
    throw new RangeError(`treatedTrials: expected a number above 0, got ${treatedTrials}`);
  }
  const totals = blockTotals(options.control);
  const estimate = dispersion(options.control);
  if (estimate === undefined) return undefined;

  /** What an unlucky run of `scale` times this length claims. */
  const claimed = (scale: number): number => {
    const blocks = totals.blocks * scale;
    const starts = estimate.starts > 0 ? (startsAt?.(scale) ?? Math.floor(estimate.starts * scale)) : 0;
    // With fewer starts a claim would hold for them alone.
    if (blocks < 2 || (estimate.starts > 0 && starts < STARTS_MIN)) return 0;
    const degrees = starts > 0 ? degreesOfStarts(starts) : degreesOf(Math.floor(blocks));
    // Of starts that are longer instead of more, each has more hits to vary.
    const stretch = starts > 0 ? (scale * estimate.starts) / starts : 1;
    // The ratio of the two estimates of the design effect is an F variable.
    const share = betaQuantile({ p: assurance, a: degrees / 2, b: estimate.degrees / 2 });
    const unlucky = (share / (1 - share)) * (estimate.degrees / degrees);
    const designEffect = 1 + (estimate.designEffect - 1) * stretch * unlucky;
    // Both runs' rates are uncertain: the squared variations of their hits add up.
    const variation = (estimate.designEffect / totals.hits) * (1 + stretch / scale);
    const hits = totals.hits * scale * gammaQuantile({ p: 1 - assurance, shape: 1 / variation }) * variation;
    if (hits < 1) return 0;
    const control = evidenceOf(
      { trials: totals.trials * scale, hits },
      {
        designEffect,
        degrees,
        starts,
        unitsHit: estimate.unitsHit * (starts > 0 ? starts / estimate.starts : scale),
      },
      confidence,
    );
    const treated = { trials: treatedTrials * scale, hits: 0, designEffect: 1 };
    return foldAtLeast({ control, treated, confidence, residual }) ?? 0;
  };
  let high = 1 / totals.blocks;
  while (claimed(high) < fold) {
    high *= 1.25;
    if (high > SCALE_MAX) return undefined;
  }
  let low = high / 1.25;
  for (let halving = 0; halving < 20; halving += 1) {
    const middle = (low + high) / 2;
    if (claimed(middle) < fold) low = middle;
    else high = middle;
  }
  return high;
}
