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
import { cautiousDesignEffect, dispersion, type Dispersion } from './design-effect.ts';
import { startsCounted, startTotals } from './start-totals.ts';

/**
 * How the violations a fix leaves over would arrive.
 *
 * - `thinned`: each violation of the control survives the fix with the same small probability, on its own,
 *   whatever the host does at the moment. This is what a narrower window does, and what the overdispersion of
 *   a mixed count predicts: it comes from block rates that move, so that it shrinks with the rate, D(q) = 1 +
 *   (D - 1) / q, while the variation between blocks stays, and is accounted for. The rare control `early-check`
 *   settles nothing: from run to run its design effect lies far below that of `none`, or above it (`compare`
 *   prints both). So this is an assumption: claims name it, and the other bound stands beside them.
 * - `clustered`: in bursts as large as the control's, only rarer. The silent arm then keeps the control's
 *   design effect, and a claim cannot exceed a third of the control's effective hits, however many trials
 *   they took. It is the bound for those who do not believe in a proportional rest, and is reported beside.
 */
export type Residual = 'clustered' | 'thinned';

/** What the control contributes: its totals and the effective sizes of its hits. */
export interface ControlEvidence {
  readonly totals: Pick<BlockTotals, 'trials' | 'hits'>;
  /** Design effect, inflated for the uncertainty of its estimate. */
  readonly designEffect: number;
  readonly hitsEffective: number;
  /**
   * Starts of the threads that the design effect rests on; 0 where it rests on blocks. All arms of a run share its starts, so
   * that an arm with more trials has more in each of them, not more of them.
   */
  readonly starts: number;
  /** Bursts that are sure to be different ones: hits over the estimated design effect, at most one per block or start. */
  readonly clusters: number;
  /** Starts in which it has hits; 0 where the design effect rests on blocks. */
  readonly startsHit: number;
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
  return estimate === undefined ? undefined : evidenceOf(totals, estimate, confidence);
}

/** The evidence of totals whose dispersion is known. */
export function evidenceOf(
  totals: Pick<BlockTotals, 'trials' | 'hits'>,
  estimate: Omit<Dispersion, 'lagOneCorrelation'>,
  confidence: number,
): ControlEvidence {
  const designEffect = cautiousDesignEffect(estimate, confidence);
  return {
    totals,
    designEffect,
    starts: estimate.starts,
    hitsEffective: totals.hits / designEffect,
    clusters: Math.min(totals.hits / estimate.designEffect, estimate.unitsHit),
    startsHit: estimate.starts > 0 ? estimate.unitsHit : 0,
  };
}

/**
 * The starts of the threads that both arms have blocks in, and in which the control has hits. What a start makes of an arm is
 * its own, so that without a difference between the arms either might have been the silent one of each such start, however
 * large its bursts are: one fair coin per start.
 */
export function startsHitBeside(control: readonly BlockSample[], treated: readonly BlockSample[]): number {
  if (startsCounted(control) === 0) return 0;
  const shared = new Set(startTotals(treated).map(({ start }) => start));
  return startTotals(control).filter(({ hits, start }) => hits > 0 && shared.has(start)).length;
}

/**
 * How often chance must have gone against the control for an arm with so many hits: for none, once in each start with hits;
 * otherwise, and where starts are not known, once in each burst that is sure to be a different one.
 */
export function coinsAgainst(
  { clusters, startsHit }: Pick<ControlEvidence, 'clusters' | 'startsHit'>,
  treatedHits: number,
): number {
  return treatedHits === 0 && startsHit > 0 ? startsHit : clusters;
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
  const { totals, designEffect, starts } = options.control;
  const share = starts > 0 ? 1 : totals.trials / options.treatedTrials;
  return ((designEffect - 1) / totals.hits) * share;
}

/**
 * The design effect of an arm that varies as much as another one. Between blocks it is the same; between starts of the
 * threads, which all arms share, it grows with the trials that the arm has in each of them.
 */
export function designEffectIn(
  { designEffect, starts, trials }: Pick<Dispersion, 'designEffect' | 'starts'> & { readonly trials: number },
  treatedTrials: number,
): number {
  return starts > 0 ? 1 + (designEffect - 1) * (treatedTrials / trials) : designEffect;
}

/**
 * The control's share of the exposure of both arms: that of the trials; of shared starts one half, unless the control has more
 * of the trials in each, and so more chances of a rare hit.
 */
export function exposureShare(starts: number, trials: number, treatedTrials: number): number {
  const share = trials / (trials + treatedTrials);
  return starts > 0 ? Math.max(0.5, share) : share;
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
