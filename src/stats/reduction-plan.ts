/**
 * How long to run for a claim: the treated exposure that shows a q-fold reduction if it stays free of
 * violations. About 3q expected control violations at 95 %, 4.6q at 99 %: effective ones if residual
 * violations come in the control's clusters, plain ones if they are thinned.
 */

import type { BlockSample } from './block.ts';
import { requireConfidence } from './confidence.ts';
import { controlEvidence, countMax, predictionShape, type Residual } from './control-evidence.ts';

/** The exposure a planned claim needs. */
export interface ReductionPlan {
  /** Trials of the treated arm, all without a violation. */
  readonly trials: number;
  /** Those trials over the control's design effect, which is inflated for its uncertainty. */
  readonly trialsEffective: number;
  /** Violations the control would show in those trials; about 3 x fold for thinned residuals (95 %). */
  readonly controlHits: number;
  /** Those violations over the design effect; about 3 x fold for clustered residuals (95 %). */
  readonly controlHitsEffective: number;
}

/**
 * The treated exposure, free of violations, from which `reductionAtLeast` claims `fold`, given the
 * control's blocks.
 *
 * @param options.fold - The reduction to show, above 0.
 * @param options.control - Blocks of the control in time order.
 * @param options.confidence - One-sided, such as 0.95.
 * @param options.residual - Default `clustered`.
 * @returns `undefined` when the control cannot carry a claim; `trials` is Infinity if no exposure is enough.
 * @throws {RangeError} If a block is malformed or an option is outside its range.
 */
export function trialsForReduction(options: {
  readonly fold: number;
  readonly control: readonly BlockSample[];
  readonly confidence: number;
  readonly residual?: Residual | undefined;
}): ReductionPlan | undefined {
  const { fold, residual = 'clustered' } = options;
  const confidence = requireConfidence(options.confidence);
  if (!(fold > 0 && fold < Infinity)) throw new RangeError(`fold: expected a number above 0, got ${fold}`);
  const control = controlEvidence(options.control, confidence);
  if (control === undefined) return undefined;
  const { totals, designEffect } = control;

  const cluster = residual === 'clustered' ? designEffect : 1;
  const needed = (trials: number): number => {
    const shape = predictionShape({ control, treatedTrials: trials, residual });
    return (fold * cluster * countMax({ shape, hits: 0, confidence }) * totals.trials) / totals.hits;
  };
  // `needed` falls as the exposure grows, towards a positive limit: bisect where it meets the exposure.
  let low = needed(Number.MAX_VALUE);
  let high = low;
  while (needed(high) > high && high < Number.MAX_VALUE) high *= 2;
  for (let halving = 0; halving < 60 && high < Infinity; halving += 1) {
    const middle = low + (high - low) / 2;
    if (needed(middle) > middle) low = middle;
    else high = middle;
  }
  const controlHits = high * (totals.hits / totals.trials);
  return {
    trials: high,
    trialsEffective: high / designEffect,
    controlHits,
    controlHitsEffective: controlHits / designEffect,
  };
}
