/**
 * How many trials it takes to be worth one independent trial. The design effect D is the variance of an arm's
 * hit count over the variance it would have if trials were independent; n_eff = trials / D.
 *
 * D comes from the residuals e_i = hits_i - trials_i p of the blocks in time order (p is the pooled rate), so
 * that it is the variance of the pooled rate itself, whatever the sizes of the blocks. Pearson's sum of e_i^2
 * / (trials_i p) / (k - 1) is the same for equal blocks; for unequal ones it is too small as soon as rates,
 * not counts, vary from block to block.
 *
 * Neighbouring blocks are correlated (lag-1 up to 0.83 was measured), so the plain sum of squares is too
 * small. The sum is taken over the lowest frequencies only: the equal-weighted cosine estimate with B = 0.4
 * k^(2/3) cosines of Lazarus, Lewis, Stock and Watson ("HAR inference: recommendations for practice", JBES
 * 36, 2018). It assumes no model of the correlation and its uncertainty is known: B degrees of freedom, which
 * intervals must use. What it still misses with few blocks is added back as if the rates were a first-order
 * autoregression under Poisson noise, with the lag-1 coefficient corrected for its small-sample bias, taken
 * as 0 if negative and capped at 0.8.
 *
 * Blocks of five or more starts of the threads are added up first (start-totals.ts), and the estimate is made of those few
 * totals: see {@link StartsAre}.
 */

import { blockTotals, type BlockSample } from './block.ts';
import { startsCounted, startTotals } from './start-totals.ts';
import { normalMultiplier, studentMultiplier } from './student.ts';

/**
 * What starts of the threads are to each other.
 *
 * - `independent`: each is compiled anew, so that half of all cosines are used: as many degrees of freedom as a correlation
 *   of 0.3, which the host may add, still leaves (test/unit/stats/two-level.test.ts). For comparisons: their arms share the
 *   starts, and what the host does hits both alike.
 * - `drifting`: the host drifts slower than a run can see, so that they count like neighboring blocks. For rates, which are to hold
 *   for the next run, too: of 198 pairs of intervals from 12 runs of 10 s, 82 % met with half of all cosines, and 94 % with those
 *   two (round trip 280 ns, Intel, November 2026).
 */
export type StartsAre = 'independent' | 'drifting';

/** Cosines per k^(2/3) blocks. */
const COSINES = 0.4;

/** Below this number of blocks a lag-1 coefficient is noise. */
const BLOCKS_FOR_CORRELATION = 8;
/** The same for starts, whose correlation is small: correcting that of eight would do nothing but add noise. */
const STARTS_FOR_CORRELATION = 12;

/** A larger coefficient cannot be told from a trend with tens of blocks. */
const CORRELATION_MAX = 0.8;

/** The estimated overdispersion of one arm. */
export interface Dispersion {
  /** Variance of the hit count over its binomial value, at least 1. */
  readonly designEffect: number;
  /** Degrees of freedom of that estimate, from 1; what a Student multiplier must use. */
  readonly degrees: number;
  /** Lag-1 autocorrelation of the residuals as observed, from -1 to 1. */
  readonly lagOneCorrelation: number;
  /** Starts of the threads that it rests on; 0 where it rests on blocks, and holds for their starts only. */
  readonly starts: number;
  /** Of those starts or blocks, how many have hits. */
  readonly unitsHit: number;
}

/**
 * Estimates the overdispersion of one arm from its blocks in time order.
 *
 * @param startsAre - What starts of the threads are to each other.
 * @returns `undefined` when the blocks cannot tell: fewer than two with trials, no hit at all, or nothing but
 *   hits.
 * @throws {RangeError} If a block is malformed.
 */
export function dispersion(
  blocks: readonly BlockSample[],
  startsAre: StartsAre = 'independent',
): Dispersion | undefined {
  const { trials, hits, blocks: counted } = blockTotals(blocks);
  if (counted < 2 || hits === 0 || hits === trials) return undefined;
  const rate = hits / trials;
  const starts = startsCounted(blocks);
  const units = starts > 0 ? startTotals(blocks) : blocks.filter((block) => block.trials > 0);
  const k = units.length;
  const residuals = units.map((unit) => unit.hits - unit.trials * rate);
  const binomialVariance = hits * (1 - rate);

  let squares = 0;
  let products = 0;
  let before = 0;
  for (const residual of residuals) {
    squares += residual * residual;
    products += residual * before;
    before = residual;
  }
  // Equal up to rounding when every block has exactly the pooled rate.
  const lagOneCorrelation = squares > 0 ? products / squares : 0;
  const marginal = (squares * k) / (k - 1) / binomialVariance;

  const cosines = starts > 0 && startsAre === 'independent' ? degreesOfStarts(starts) : degreesOf(k);
  const lowFrequency = (cosineSpectrum(residuals, cosines) * k) / binomialVariance;
  const isCorrected = k >= (starts > 0 ? STARTS_FOR_CORRELATION : BLOCKS_FOR_CORRELATION);
  const captured = isCorrected ? capturedShare({ k, cosines, marginal, lagOneCorrelation }) : 1;
  return {
    designEffect: Math.max(1, lowFrequency / captured),
    degrees: cosines,
    lagOneCorrelation,
    starts,
    unitsHit: units.filter((unit) => unit.hits > 0).length,
  };
}

/** Degrees of freedom of the estimate that `blocks` blocks give, or as many drifting starts, from 1. */
export function degreesOf(blocks: number): number {
  return Math.max(1, Math.min(blocks - 1, Math.max(2, Math.round(COSINES * blocks ** (2 / 3)))));
}

/** Degrees of freedom of the estimate that `starts` independent starts of the threads give, from 1. */
export function degreesOfStarts(starts: number): number {
  return Math.max(1, Math.ceil(starts / 2));
}

/**
 * The design effect alone; see {@link dispersion}.
 *
 * @returns At least 1, or `undefined` when the blocks cannot tell.
 * @throws {RangeError} If a block is malformed.
 */
export function designEffect(blocks: readonly BlockSample[]): number | undefined {
  return dispersion(blocks)?.designEffect;
}

/**
 * The design effect with its excess over 1 inflated for the uncertainty of the estimate: 1 + (D - 1) (t /
 * z)^2. The part of the variance that is binomial needs no estimate.
 *
 * @returns 1 if nothing was estimated.
 */
export function cautiousDesignEffect(
  estimate: Pick<Dispersion, 'designEffect' | 'degrees'> | undefined,
  confidence: number,
): number {
  if (estimate === undefined || estimate.designEffect === 1) return 1;
  const student = studentMultiplier({ confidence, degrees: estimate.degrees });
  return 1 + (estimate.designEffect - 1) * (student / normalMultiplier(confidence)) ** 2;
}

/** Long-run variance per block: mean squared projection of the residuals on the lowest cosines. */
function cosineSpectrum(residuals: readonly number[], cosines: number): number {
  const k = residuals.length;
  let sum = 0;
  for (let frequency = 1; frequency <= cosines; frequency += 1) {
    let projection = 0;
    for (const [index, residual] of residuals.entries()) {
      projection += residual * Math.cos((Math.PI * frequency * (index + 0.5)) / k);
    }
    sum += (2 / k) * projection * projection;
  }
  return sum / cosines;
}

/** The share of the long-run variance that the lowest cosines see of an AR(1) process under Poisson noise. */
function capturedShare(options: {
  readonly k: number;
  readonly cosines: number;
  readonly marginal: number;
  readonly lagOneCorrelation: number;
}): number {
  const { k, cosines, marginal, lagOneCorrelation } = options;
  if (marginal <= 1) return 1;
  // The sample coefficient is too small by about (1 + 3 r) / k (Marriott and Pope, Biometrika 41, 1954), and
  // Poisson noise dilutes it by the share of the variance that is not overdispersion.
  const unbiased = (k * lagOneCorrelation + 1) / (k - 3);
  const share = 1 - 1 / marginal;
  const correlation = Math.min(CORRELATION_MAX, Math.max(0, unbiased / share));
  const spectrum = (angle: number): number =>
    1 - share + (share * (1 - correlation ** 2)) / (1 - 2 * correlation * Math.cos(angle) + correlation ** 2);
  let sum = 0;
  for (let frequency = 1; frequency <= cosines; frequency += 1) sum += spectrum((Math.PI * frequency) / k);
  return sum / cosines / spectrum(0);
}
