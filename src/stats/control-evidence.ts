/**
 * What a control says about an arm that is expected to be nearly silent: its effective hits, and how
 * uncertain they leave the number of violations the other arm would have shown at the control's rate. Shared
 * by claims, plans and their power.
 *
 * An arm of zeros does not tell how its violations would arrive, so this has to be assumed, and matters by
 * orders of magnitude; see {@link Residual}.
 */

import { betaQuantile } from './beta.ts';
import { blockTotals, type BlockSample, type BlockTotals } from './block.ts';
import { cautiousDesignEffect, dispersion } from './design-effect.ts';

/**
 * How the violations a fix leaves over would arrive.
 *
 * - `clustered`: in bursts as large as the control's, only rarer; the treated arm has the control's design
 *   effect. The cautious reading of n_eff = trials / D, and the right one if a fix might fail altogether in
 *   some rare condition of the host. A claim cannot exceed about a third of the effective number of blocks.
 * - `thinned`: each violation survives the fix with the same small probability, whatever the host does at the
 *   moment; rates of both arms rise and fall together. The claim then grows with the hits, and must be
 *   reported with this condition.
 */
export type Residual = 'clustered' | 'thinned';

/** What the control contributes: its totals and the effective sizes of its hits. */
export interface ControlEvidence {
  readonly totals: BlockTotals;
  /** Design effect, inflated for the uncertainty of its estimate. */
  readonly designEffect: number;
  readonly hitsEffective: number;
}

/**
 * The evidence of a control's blocks in time order.
 *
 * @returns `undefined` when they cannot tell: no hits, nothing but hits, or fewer than two blocks with
 *   trials.
 * @throws {RangeError} If a block is malformed.
 */
export function controlEvidence(
  blocks: readonly BlockSample[],
  confidence: number,
): ControlEvidence | undefined {
  const totals = blockTotals(blocks);
  const estimate = dispersion(blocks);
  if (estimate === undefined) return undefined;
  const designEffect = cautiousDesignEffect(estimate, confidence);
  return { totals, designEffect, hitsEffective: totals.hits / designEffect };
}

/**
 * Gamma shape of the treated arm's predicted count: the control's effective hits, and for thinned rates also
 * the host conditions that the treated arm will meet on its own (1/K adds up; independent conditions are the
 * cautious case).
 */
export function predictionShape(options: {
  readonly control: ControlEvidence;
  readonly treatedTrials: number;
  readonly residual: Residual;
}): number {
  const { control, residual } = options;
  return residual === 'clustered'
    ? control.hitsEffective
    : 1 / (1 / control.hitsEffective + predictedVariation(options));
}

/** Squared coefficient of variation of the treated arm's mean rate, predicted from the control's blocks. */
export function predictedVariation(options: {
  readonly control: ControlEvidence;
  readonly treatedTrials: number;
}): number {
  const { totals, designEffect } = options.control;
  return ((designEffect - 1) / totals.hits) * (totals.trials / options.treatedTrials);
}

/** The mean at which a negative binomial count is `hits` or fewer with probability 1 - confidence. */
export function countMax(options: {
  readonly shape: number;
  readonly hits: number;
  readonly confidence: number;
}): number {
  const { shape, hits, confidence } = options;
  if (hits === 0) return shape * Math.expm1(-Math.log1p(-confidence) / shape);
  const share = betaQuantile({ p: 1 - confidence, a: shape, b: hits + 1 });
  return (shape * (1 - share)) / share;
}
