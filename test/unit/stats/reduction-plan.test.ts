import { describe, expect, it } from 'vitest';
import { blockTotals, type BlockSample } from '../../../src/stats/block.ts';
import type { Residual } from '../../../src/stats/control-evidence.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { lengthForReduction } from '../../../src/stats/reduction-plan.ts';
import { reductionAtLeast } from '../../../src/stats/reduction.ts';
import { repeatedBlock, syntheticBlocks, type RateProcess } from './synthetic-blocks.ts';

const confidence = 0.95;
const assurance = 0.9;
const calm: RateProcess = { blocks: 13, trials: 4e5, rate: 2e-2, variation: 0.3, correlation: 0.3 };
const rare: RateProcess = { blocks: 40, trials: 4e5, rate: 1e-4, variation: 0.5, correlation: 0.3 };

function lengthOf(control: readonly BlockSample[], fold: number, residual: Residual): number | undefined {
  const treatedTrials = blockTotals(control).trials;
  return lengthForReduction({ fold, control, treatedTrials, confidence, assurance, residual });
}

describe('lengthForReduction', () => {
  it.each<[Residual, number, RateProcess]>([
    ['thinned', 1000, calm],
    ['thinned', 1000, rare],
    ['clustered', 20, calm],
    ['clustered', 20, rare],
  ])('plans runs that make the claim nine times in ten: %s, %d-fold', (residual, fold, process) => {
    const prng = new Prng(31);
    const runs = 200;
    let made = 0;
    for (let run = 0; run < runs; run += 1) {
      const length = lengthOf(syntheticBlocks(prng, process), fold, residual) ?? Infinity;
      const control = syntheticBlocks(prng, { ...process, blocks: Math.ceil(length * process.blocks) });
      const treated = control.map(({ trials }) => ({ trials, hits: 0 }));
      const claim = reductionAtLeast({ control, treated, confidence, residual });
      if ((claim?.fold ?? 0) >= fold) made += 1;
    }
    // Two standard errors below 0.9; always making it would be a plan that is too long to be of use.
    expect(made / runs).toBeGreaterThan(0.86);
  });

  it('takes about 3 times the fold in control hits where blocks are many and trials independent', () => {
    const control = repeatedBlock(400, { trials: 1e5, hits: 20 });
    for (const residual of ['thinned', 'clustered'] as const) {
      const hits = 8000 * (lengthOf(control, 1000, residual) ?? 0);
      expect(hits).toBeGreaterThan(3000);
      expect(hits).toBeLessThan(3300);
    }
  });

  it('takes longer for more, and longer still where violations may come in bursts', () => {
    const control = syntheticBlocks(new Prng(4), { ...calm, blocks: 100 });
    const at = (fold: number, residual: Residual): number => lengthOf(control, fold, residual) ?? Infinity;
    expect(at(10_000, 'thinned')).toBeGreaterThan(at(100, 'thinned'));
    expect(at(1000, 'clustered')).toBeGreaterThan(10 * at(1000, 'thinned'));
  });

  it('plans nothing on a silent control and refuses a fold of 0', () => {
    const silent = repeatedBlock(10, { trials: 1000, hits: 0 });
    const hit = repeatedBlock(10, { trials: 1000, hits: 1 });
    expect(
      lengthForReduction({
        fold: 10,
        control: silent,
        treatedTrials: 1,
        confidence,
        assurance,
        residual: 'thinned',
      }),
    ).toBeUndefined();
    expect(() => lengthOf(hit, 0, 'thinned')).toThrow(/fold/);
    expect(() =>
      lengthForReduction({
        fold: 10,
        control: hit,
        treatedTrials: 0,
        confidence,
        assurance,
        residual: 'thinned',
      }),
    ).toThrow(/treatedTrials/);
  });
});
