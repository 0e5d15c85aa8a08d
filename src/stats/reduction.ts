/**
 * "At least q-fold fewer": a lower confidence bound of the control's rate over the treated arm's rate, which
 * also speaks when the treated arm violated nothing.
 *
 * The treated count is compared with what the control predicts for it. That prediction is uncertain like a
 * gamma variable, so that the treated count is negative binomial with a shape K that stands for the effective
 * number of control hits; the bound is the rate at which a count as low as the one seen has probability 1 -
 * confidence. For independent trials this is the exact conditional test of two Poisson rates (Przyborowski
 * and Wilenski, Biometrika 31, 1940). Without treated hits and with equal exposures it is 1 / ((1 -
 * confidence)^(-1/K) - 1), about K / 3 at 95 %: a q-fold reduction takes about 3q effective control hits
 * (4.6q at 99 %).
 *
 * An arm of zeros does not tell how its violations would arrive, so this has to be assumed, and matters by
 * orders of magnitude; see {@link Residual}. Hits that chance alone may have withheld from the treated arm prove
 * no thinning: as long as the exact test of that ({@link coinsAgainst}) is not significant, the thinned claim is
 * no larger than the clustered one. Without it, up to 9 % instead of 5 % of the runs claim a reduction where
 * bursts are rare and there is none.
 */

import { betaTails } from './beta.ts';
import { blockTotals, type BlockSample } from './block.ts';
import { requireConfidence } from './confidence.ts';
import {
  coinsAgainst,
  controlEvidence,
  type ControlEvidence,
  countMax,
  designEffectIn,
  exposureShare,
  predictedVariation,
  predictionShape,
  type Residual,
  startsHitBeside,
} from './control-evidence.ts';
import { cautiousDesignEffect, dispersion } from './design-effect.ts';

/** A demonstrated reduction. */
export interface Reduction {
  /** Control rate over treated rate is at least this; above 0, below 1 if the fix may have made it worse. */
  readonly fold: number;
  /** One-sided confidence of the claim. */
  readonly confidence: number;
  /** The assumption the claim rests on. */
  readonly residual: Residual;
  /** Control hits divided by the control's design effect (inflated for its uncertainty). */
  readonly controlHitsEffective: number;
}

/**
 * The largest fold by which the run shows the treated arm to violate less often than the control.
 *
 * @param options.control - Blocks of the control in time order.
 * @param options.treated - Blocks of the treated arm, interleaved with the control's.
 * @param options.confidence - One-sided, such as 0.95.
 * @param options.residual - How left-over violations would arrive: the assumption of the claim.
 * @returns `undefined` when nothing can be said: the control never hit (or always), has fewer than two
 *   blocks, or the treated arm has no trials.
 * @throws {RangeError} If a block is malformed or `confidence` is outside its range.
 */
export function reductionAtLeast(options: {
  readonly control: readonly BlockSample[];
  readonly treated: readonly BlockSample[];
  readonly confidence: number;
  readonly residual: Residual;
}): Reduction | undefined {
  const { residual } = options;
  const confidence = requireConfidence(options.confidence);
  const treated = blockTotals(options.treated);
  const evidence = controlEvidence(options.control, confidence);
  if (evidence === undefined || treated.trials === 0) return undefined;
  const control = { ...evidence, startsHit: startsHitBeside(options.control, options.treated) };

  const own = cautiousDesignEffect(dispersion(options.treated), confidence);
  const fold = foldAtLeast({ control, treated: { ...treated, designEffect: own }, confidence, residual });
  if (fold === undefined) return undefined;
  return { fold, confidence, residual, controlHitsEffective: control.hitsEffective };
}

/** The claim of given evidence: see {@link reductionAtLeast}. */
export function foldAtLeast(options: {
  readonly control: ControlEvidence;
  readonly treated: { readonly trials: number; readonly hits: number; readonly designEffect: number };
  readonly confidence: number;
  readonly residual: Residual;
}): number | undefined {
  const { control, treated, confidence, residual } = options;
  const shape = predictionShape({ control, treatedTrials: treated.trials, residual });
  const { totals, starts, designEffect } = control;
  const burst = designEffectIn({ designEffect, starts, trials: totals.trials }, treated.trials);
  // Hits that come in clusters count once per cluster: of the control's size, or, for thinned rates, of the
  // size beyond what the changing rates of the control already explain.
  const explained =
    residual === 'clustered'
      ? 1
      : 1 + treated.hits * predictedVariation({ control, treatedTrials: treated.trials });
  const cluster = Math.max(1, treated.designEffect / explained, residual === 'clustered' ? burst : 1);
  const predicted = totals.hits * (treated.trials / totals.trials);
  const ratioMax = (cluster * countMax({ shape, hits: treated.hits / cluster, confidence })) / predicted;
  if (!(ratioMax > 0 && ratioMax < Infinity)) return undefined;
  const fold = 1 / ratioMax;
  if (residual === 'clustered' || fold <= 1) return fold;
  const share = exposureShare(starts, totals.trials, treated.trials);
  const byChance = betaTails(share, coinsAgainst(control, treated.hits), treated.hits / burst + 1).lower;
  if (byChance <= 1 - confidence) return fold;
  return Math.min(fold, foldAtLeast({ ...options, residual: 'clustered' }) ?? 1);
}
