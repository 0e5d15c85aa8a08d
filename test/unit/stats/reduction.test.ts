import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaQuantile } from '../../../src/stats/beta.ts';
import { blockTotals, type BlockSample } from '../../../src/stats/block.ts';
import type { Residual } from '../../../src/stats/control-evidence.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { reductionAtLeast } from '../../../src/stats/reduction.ts';
import { repeatedBlock, burstBlocks, syntheticBlocks, type RateProcess } from './synthetic-blocks.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';

const confidence = 0.95;
const noisy: RateProcess = { blocks: 40, trials: 1e5, rate: 1e-2, variation: 1, correlation: 0.5 };
const steady: RateProcess = { blocks: 40, trials: 1e5, rate: 1e-2, variation: 0, correlation: 0 };

function ours(residual: Residual) {
  return (control: readonly BlockSample[], treated: readonly BlockSample[]): number =>
    reductionAtLeast({ control, treated, confidence, residual })?.fold ?? 0;
}

/** The wrong formula to catch: the exact bound with every hit counted as independent. */
function naive(control: readonly BlockSample[], treated: readonly BlockSample[]): number {
  const before = blockTotals(control);
  const after = blockTotals(treated);
  const share = betaQuantile({ p: 1 - confidence, a: before.hits, b: after.hits + 1 });
  return ((share / (1 - share)) * after.trials) / before.trials;
}

/** Share of runs that claim more than the true fold. */
function overclaims(
  process: RateProcess,
  fold: number,
  claim: (control: readonly BlockSample[], treated: readonly BlockSample[]) => number,
): number {
  const prng = new Prng(11);
  const runs = runsOf(1000);
  let over = 0;
  for (let run = 0; run < runs; run += 1) {
    const control = syntheticBlocks(prng, process);
    if (claim(control, syntheticBlocks(prng, { ...process, rate: process.rate / fold })) > fold) over += 1;
  }
  return over / runs;
}

/** One block with hits and `blocks` without. */
function hitsThenSilence(hits: number, blocks: number): BlockSample[] {
  return [{ trials: 100_000, hits }, ...repeatedBlock(blocks, { trials: 100_000, hits: 0 })];
}

describe('overclaiming of reductionAtLeast', () => {
  it('is a check that independent trials fail by far and pass where they are independent', () => {
    expect(overclaims(noisy, 1, naive)).toBeGreaterThan(0.4 - leeway(0.4, 1000));
    expect(overclaims(noisy, 10, naive)).toBeGreaterThan(0.4 - leeway(0.4, 1000));
    expect(overclaims(steady, 10, naive)).toBeLessThan(0.07 + leeway(0.05, 1000));
  });

  // The nominal value is 5 %, the standard error of 1,000 runs 0.7 points; seeds are fixed.
  it.each<[Residual, number, RateProcess]>([
    ['clustered', 1, noisy],
    ['clustered', 10, noisy],
    ['clustered', 10, steady],
    ['thinned', 1, noisy],
    ['thinned', 10, noisy],
    ['thinned', 300, noisy],
    ['thinned', 300, { ...steady, blocks: 20 }],
    ['thinned', 30_000, { ...noisy, blocks: 20, trials: 1e6 }],
  ])('is at most the nominal 5 percent with %s residuals at a true fold of %d', (residual, fold, process) => {
    expect(overclaims(process, fold, ours(residual))).toBeLessThanOrEqual(0.05 + leeway(0.05, 1000));
  });

  it('stays nominal when a steady control meets a fix that fails in bursts', () => {
    // The treated arm's own clusters must count: without them 43 % of the claims are too high.
    const prng = new Prng(13);
    const fold = 1e-2 / ((0.3 * 99.5) / 100_000);
    const runs = runsOf(1000);
    const over = { clustered: 0, thinned: 0 };
    for (let run = 0; run < runs; run += 1) {
      const control = syntheticBlocks(prng, steady);
      const treated = burstBlocks(prng, { blocks: 40, share: 0.3 });
      for (const residual of ['clustered', 'thinned'] as const) {
        if (ours(residual)(control, treated) > fold) over[residual] += 1;
      }
    }
    expect(over.clustered / runs).toBeLessThanOrEqual(0.06 + leeway(0.05, 1000));
    expect(over.thinned / runs).toBeLessThanOrEqual(0.06 + leeway(0.05, 1000));
  });

  it.each([
    [30, 0.02],
    [100, 0.02],
    [30, 0.05],
    [100, 0.1],
  ])(
    'stays nominal where nothing differs and rare bursts leave the treated arm silent: %d blocks, %f',
    (blocks, share) => {
      // Without the test over the control's bursts thinned claims exceed 1 in up to 9 % of these runs.
      const prng = new Prng(5);
      const over = { clustered: 0, thinned: 0 };
      const runs = runsOf(2000);
      for (let run = 0; run < runs; run += 1) {
        const control = burstBlocks(prng, { blocks, share });
        const treated = burstBlocks(prng, { blocks, share });
        for (const residual of ['clustered', 'thinned'] as const) {
          if (ours(residual)(control, treated) > 1) over[residual] += 1;
        }
      }
      expect(over.clustered / runs).toBeLessThanOrEqual(0.05 + leeway(0.05, 2000));
      expect(over.thinned / runs).toBeLessThanOrEqual(0.05 + leeway(0.05, 2000));
    },
  );

  it('is not covered by the thinned claim when a fix fails in bursts that the control does not have', () => {
    // The stated condition matters: a block in fifty fails as often as the control, the others never.
    const prng = new Prng(19);
    const fold = 1e-2 / ((0.02 * 99.5) / 100_000);
    const over = { clustered: 0, thinned: 0 };
    for (let run = 0; run < 500; run += 1) {
      const control = syntheticBlocks(prng, { ...noisy, blocks: 20 });
      const treated = burstBlocks(prng, { blocks: 20, share: 0.02 });
      for (const residual of ['clustered', 'thinned'] as const) {
        if (ours(residual)(control, treated) > fold) over[residual] += 1;
      }
    }
    expect(over.clustered / 500).toBeLessThanOrEqual(0.05);
    expect(over.thinned / 500).toBeGreaterThan(0.05);
  });
});

describe('reductionAtLeast', () => {
  it('detects a planted 1000-fold reduction', () => {
    const prng = new Prng(2);
    const control = syntheticBlocks(prng, noisy);
    const treated = syntheticBlocks(prng, { ...noisy, rate: noisy.rate / 1000 });
    const clustered = reductionAtLeast({ control, treated, confidence, residual: 'clustered' });
    const thinned = reductionAtLeast({ control, treated, confidence, residual: 'thinned' });
    // 40 correlated blocks are worth about ten clusters: three-fold is all that clusters allow to say.
    expect(clustered?.fold).toBeGreaterThan(2);
    expect(thinned?.fold).toBeGreaterThan(200);
    expect(thinned?.fold).toBeLessThan(1000);
  });

  it('says about a third of the control hits when trials are independent and nothing is left', () => {
    const control = repeatedBlock(20, { trials: 1e6, hits: 600 });
    const treated = repeatedBlock(20, { trials: 1e6, hits: 0 });
    const result = reductionAtLeast({ control, treated, confidence, residual: 'clustered' });
    expect(result?.controlHitsEffective).toBe(12_000);
    expect(result?.fold).toBeCloseTo(1 / (0.05 ** (-1 / 12_000) - 1), 6);
    expect(result?.fold).toBeGreaterThan(4000);
    const stricter = reductionAtLeast({ control, treated, confidence: 0.99, residual: 'clustered' });
    expect(stricter?.fold).toBeCloseTo(12_000 / 4.605, -1);
  });

  it('claims less with every treated hit and more with more exposure', () => {
    const control = syntheticBlocks(new Prng(8), noisy);
    for (const claim of [ours('clustered'), ours('thinned')]) {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 20 }), (hits, blocks) => {
          const here = claim(control, hitsThenSilence(hits, blocks));
          expect(claim(control, hitsThenSilence(hits + 1, blocks))).toBeLessThan(here);
          const silent = claim(control, hitsThenSilence(0, blocks));
          expect(claim(control, hitsThenSilence(0, blocks + 1))).toBeGreaterThan(silent);
        }),
      );
    }
  });

  it('says nothing when the control is silent, single or the treated arm empty', () => {
    const silent = repeatedBlock(10, { trials: 1000, hits: 0 });
    const hit = [
      { trials: 1000, hits: 5 },
      { trials: 1000, hits: 6 },
    ];
    for (const residual of ['clustered', 'thinned'] as const) {
      const claim = (control: BlockSample[], treated: BlockSample[], level = confidence): unknown =>
        reductionAtLeast({ control, treated, confidence: level, residual });
      expect(claim(silent, silent)).toBeUndefined();
      expect(claim(hit.slice(1), silent)).toBeUndefined();
      expect(claim(hit, [])).toBeUndefined();
      expect(() => claim(hit, silent, 1)).toThrow(RangeError);
    }
  });
});
