/**
 * "Had the fix left 1/1000 of the original rate, this run would have shown it with probability ...": the
 * chance that the treated exposure holds at least one violation, at effective sizes. A silent arm means
 * little where this is small.
 */

import { blockTotals, type BlockSample } from './block.ts';
import { designEffectIn, type Residual } from './control-evidence.ts';
import { dispersion } from './design-effect.ts';

/** What the treated arm would have shown. */
export interface Power {
  /** Probability of at least one violation, from 0 to 1. */
  readonly probability: number;
  /** Expected violations in the treated exposure. */
  readonly hitsExpected: number;
  /** Expected number of independent clusters of violations; equals `hitsExpected` without overdispersion. */
  readonly clustersExpected: number;
}

/**
 * The probability that the treated arm would have violated at least once at `fraction` of the control's
 * measured rate.
 *
 * Uses the control's point estimates of rate and design effect; it plans and qualifies, it does not test.
 *
 * @param options.control - Blocks of the control in time order.
 * @param options.treatedTrials - Trials of the treated arm, 0 or above.
 * @param options.fraction - Share of the control's rate that is left over, from 0 to 1; 0.001 for a
 *   thousandth.
 * @param options.residual - How the left-over violations would arrive.
 * @returns `undefined` when the control cannot tell: no hits (or nothing but hits), or fewer than two blocks.
 * @throws {RangeError} If a block is malformed or an option is outside its range.
 */
export function detectionPower(options: {
  readonly control: readonly BlockSample[];
  readonly treatedTrials: number;
  readonly fraction: number;
  readonly residual: Residual;
}): Power | undefined {
  const { treatedTrials, fraction, residual } = options;
  if (!(treatedTrials >= 0 && treatedTrials < Infinity)) {
    throw new RangeError(`treatedTrials: expected a number of 0 or above, got ${treatedTrials}`);
  }
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`fraction: expected a number from 0 to 1, got ${fraction}`);
  }
  const { trials, hits } = blockTotals(options.control);
  const estimate = dispersion(options.control);
  if (estimate === undefined) return undefined;

  const rate = (hits / trials) * fraction;
  const hitsExpected = rate * treatedTrials;
  // Minus the logarithm of the probability of silence.
  let evidence: number;
  if (residual === 'clustered') {
    const { designEffect, starts } = estimate;
    evidence =
      -Math.log1p(-rate) * (treatedTrials / designEffectIn({ designEffect, starts, trials }, treatedTrials));
  } else {
    // Gamma-mixed Poisson: (1 + mean / shape)^-shape, where 1 / shape is the squared variation of the arm's
    // mean rate.
    const share = estimate.starts > 0 ? 1 : trials / treatedTrials;
    const variation = ((estimate.designEffect - 1) / hits) * share;
    evidence = variation * hitsExpected > 0 ? Math.log1p(hitsExpected * variation) / variation : hitsExpected;
  }
  return { probability: -Math.expm1(-evidence), hitsExpected, clustersExpected: evidence };
}
