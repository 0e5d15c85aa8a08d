/** Blocks with a known true rate, overdispersion and autocorrelation, to test what the intervals claim. */

import type { BlockSample } from '../../../src/stats/block.ts';
import type { Prng } from '../../../src/stats/prng.ts';

function normal(prng: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - prng.nextFloat())) * Math.cos(2 * Math.PI * prng.nextFloat());
}

/** Gamma variable with unit scale (Marsaglia and Tsang 2000, with their power for shapes below 1). */
export function gammaVariate(prng: Prng, shape: number): number {
  if (shape < 1) return gammaVariate(prng, shape + 1) * (1 - prng.nextFloat()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(prng);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - prng.nextFloat()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Poisson variable: by multiplication below 30, by Ahrens and Dieter's gamma reduction above. */
function poissonVariate(prng: Prng, mean: number): number {
  let left = mean;
  let count = 0;
  while (left > 30) {
    const steps = Math.floor(left * 0.875);
    const wait = gammaVariate(prng, steps);
    if (wait > left) {
      // `steps` arrivals take longer than `left`: the first steps - 1 of them are uniform over the wait.
      let inside = 0;
      for (let arrival = 1; arrival < steps; arrival += 1) if (prng.nextFloat() * wait < left) inside += 1;
      return count + inside;
    }
    count += steps;
    left -= wait;
  }
  let product = 1 - prng.nextFloat();
  const limit = Math.exp(-left);
  while (product > limit) {
    count += 1;
    product *= 1 - prng.nextFloat();
  }
  return count;
}

/** How block rates vary around the true rate. */
export interface RateProcess {
  /** Blocks of one run. */
  readonly blocks: number;
  /** Mean trials of a block. */
  readonly trials: number;
  /** True rate per trial. */
  readonly rate: number;
  /** Coefficient of variation of the block rates; 0 for a constant rate. */
  readonly variation: number;
  /** Lag-1 autocorrelation of the block rates (those of AR(1)), from 0. */
  readonly correlation: number;
  /** Ratio of the largest to the smallest block size; 1 by default. */
  readonly sizeRatio?: number;
}

/**
 * One run: rates follow the autoregressive gamma process (Gourieroux and Jasiak 2006), whose marginal is
 * exactly gamma and whose autocorrelation is exactly `correlation`^lag; hits are Poisson given the rate.
 */
export function syntheticBlocks(prng: Prng, process: RateProcess): BlockSample[] {
  const { rate, variation, correlation, sizeRatio = 1 } = process;
  const shape = 1 / variation ** 2;
  let state = variation === 0 ? 1 : gammaVariate(prng, shape) / shape;
  return Array.from({ length: process.blocks }, () => {
    if (variation > 0) {
      const mixing =
        correlation === 0 ? 0 : poissonVariate(prng, (state * shape * correlation) / (1 - correlation));
      state = (gammaVariate(prng, shape + mixing) * (1 - correlation)) / shape;
    }
    // Sizes uniform between two ends with mean 1.
    const smallest = 2 / (1 + sizeRatio);
    const trials = Math.round(process.trials * smallest * (1 + (sizeRatio - 1) * prng.nextFloat()));
    return { trials, hits: Math.min(trials, poissonVariate(prng, trials * rate * state)) };
  });
}

/** Rates that flip between two values with a fixed ratio, each holding half of the time. */
export interface TwoStateProcess {
  readonly blocks: number;
  readonly trials: number;
  /** True mean rate per trial. */
  readonly rate: number;
  /** The higher rate over the lower one. */
  readonly ratio: number;
  /** Probability that the next block keeps the state instead of drawing it anew. */
  readonly stay: number;
}

/** One run on a host that moves its virtual cores. */
export function twoStateBlocks(prng: Prng, process: TwoStateProcess): BlockSample[] {
  const { blocks, trials, rate, ratio, stay } = process;
  const lower = (2 * rate) / (1 + ratio);
  let isHigh = prng.nextFloat() < 0.5;
  return Array.from({ length: blocks }, () => {
    if (prng.nextFloat() >= stay) isHigh = prng.nextFloat() < 0.5;
    return { trials, hits: poissonVariate(prng, trials * (isHigh ? lower * ratio : lower)) };
  });
}

/** Blocks of 100,000 trials of which a share holds a burst of 90 to 109 hits and the others none. */
export function burstBlocks(
  prng: Prng,
  process: { readonly blocks: number; readonly share: number },
): BlockSample[] {
  return Array.from({ length: process.blocks }, () => ({
    trials: 100_000,
    hits: prng.nextFloat() < process.share ? 90 + prng.nextBelow(20) : 0,
  }));
}

/** An arm of `count` equal blocks. */
export function repeatedBlock(count: number, block: BlockSample): BlockSample[] {
  return Array.from({ length: count }, () => block);
}

/** Rates that a start of the threads sets, and that blocks vary around. */
export interface TwoLevelProcess extends Omit<RateProcess, 'blocks' | 'sizeRatio'> {
  readonly starts: number;
  /** Blocks of each start. */
  readonly blocks: number;
  /** Coefficient of variation of the rates of starts; `variation` and `correlation` are those within a start. */
  readonly between: number;
}

/** One run of several starts, whose rates are gamma variables. */
export function twoLevelBlocks(prng: Prng, process: TwoLevelProcess): BlockSample[] {
  const { starts, between, rate } = process;
  const shape = 1 / between ** 2;
  return Array.from({ length: starts }, (_, start) => {
    const ofStart = (rate * gammaVariate(prng, shape)) / shape;
    return syntheticBlocks(prng, { ...process, rate: ofStart }).map(({ trials, hits }) => ({
      trials,
      hits,
      start,
    }));
  }).flat();
}

/** Rates that a start of the threads and the mood of a block set for each of several instances, which have part of both in common. */
export interface InstancesProcess extends Omit<TwoLevelProcess, 'correlation'> {
  readonly instances: number;
  /** Correlation of the rates of two instances, of starts and of blocks within a start; from 0 to 1. */
  readonly shared: number;
}

/** A block of several instances. */
export interface InstancesBlock extends BlockSample {
  readonly start: number;
  /** The hits of each; all have equally many trials. */
  readonly hitsOf: readonly number[];
}

/** One run; `trials` are those of each instance in a block. */
export function instancesBlocks(prng: Prng, process: InstancesProcess): InstancesBlock[] {
  const { instances, starts, blocks, trials, rate, between, variation, shared } = process;
  return Array.from({ length: starts }, (_, start) => {
    const ofStart = correlatedVariates(prng, { count: instances, variation: between, shared });
    return Array.from({ length: blocks }, (): InstancesBlock => {
      const moods = correlatedVariates(prng, { count: instances, variation, shared });
      const hitsOf = ofStart.map((own, instance) =>
        Math.min(trials, poissonVariate(prng, trials * rate * own * (moods[instance] ?? 1))),
      );
      return { trials: trials * instances, hits: hitsOf.reduce((sum, hits) => sum + hits, 0), start, hitsOf };
    });
  }).flat();
}

/** Gamma variables of mean 1: each is the sum of one that all share and one of its own, so that any two correlate as `shared` says. */
function correlatedVariates(
  prng: Prng,
  options: { readonly count: number; readonly variation: number; readonly shared: number },
): number[] {
  const { count, variation, shared } = options;
  if (variation === 0) return Array.from({ length: count }, () => 1);
  const shape = 1 / variation ** 2;
  const part = (share: number): number => (share === 0 ? 0 : gammaVariate(prng, share * shape) / shape);
  const common = part(shared);
  return Array.from({ length: count }, () => common + part(1 - shared));
}
