import { describe, expect, it } from 'vitest';
import { blockTotals, type BlockSample } from '../../../src/stats/block.ts';
import { permutationPValue, zeroAfterPValue, type RoundBlock } from '../../../src/stats/permutation.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { normalProbability } from '../../../src/stats/student.ts';
import { repeatedBlock, burstBlocks, syntheticBlocks, type RateProcess } from './synthetic-blocks.ts';

/** The wrong test to catch: two proportions of independent trials. */
function naivePValue(control: readonly BlockSample[], treated: readonly BlockSample[]): number {
  const before = blockTotals(control);
  const after = blockTotals(treated);
  const pooled = (before.hits + after.hits) / (before.trials + after.trials);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / before.trials + 1 / after.trials));
  return 1 - normalProbability((before.hits / before.trials - after.hits / after.trials) / error);
}

/** Two arms of one correlated host, shuffled within rounds of two; `fold` divides the treated rate. */
function interleaved(prng: Prng, fold: number): { control: RoundBlock[]; treated: RoundBlock[] } {
  const process: RateProcess = { blocks: 30, trials: 1e5, rate: 1e-3, variation: 1, correlation: 0.7 };
  const control: RoundBlock[] = [];
  const treated: RoundBlock[] = [];
  for (const [index, block] of syntheticBlocks(prng, process).entries()) {
    const round = Math.floor(index / 2);
    const isLast = index % 2 === 1;
    const isControl = isLast ? treated.length > control.length : prng.nextBelow(2) === 0;
    if (isControl) control.push({ ...block, round });
    else treated.push({ ...block, hits: Math.round(block.hits / fold), round });
  }
  return { control, treated };
}

function inRound(block: BlockSample, round: number): RoundBlock {
  return { ...block, round };
}

function withoutRounds(blocks: readonly RoundBlock[]): BlockSample[] {
  return blocks.map(({ trials, hits }) => ({ trials, hits }));
}

describe('permutationPValue', () => {
  it('rejects at most the nominal 5 % without a difference, where independent trials reject far more', () => {
    // 600 runs: the standard error is 0.9 points, the limit allows two of them.
    const prng = new Prng(31);
    let rejected = 0;
    let rejectedUnrounded = 0;
    let rejectedNaively = 0;
    for (let run = 0; run < 600; run += 1) {
      const { control, treated } = interleaved(prng, 1);
      if (permutationPValue({ control, treated, prng, permutations: 199 }) <= 0.05) rejected += 1;
      const pooled = {
        control: withoutRounds(control),
        treated: withoutRounds(treated),
        prng,
        permutations: 199,
      };
      if (permutationPValue(pooled) <= 0.05) rejectedUnrounded += 1;
      if (naivePValue(control, treated) <= 0.05) rejectedNaively += 1;
    }
    expect(rejected / 600).toBeLessThanOrEqual(0.068);
    expect(rejectedUnrounded / 600).toBeLessThanOrEqual(0.068);
    expect(rejectedNaively / 600).toBeGreaterThan(0.3);
  });

  it('detects a planted reduction', () => {
    const prng = new Prng(37);
    const { control, treated } = interleaved(prng, 1000);
    expect(permutationPValue({ control, treated, prng, permutations: 999 })).toBe(0.001);
    expect(permutationPValue({ control: treated, treated: control, prng, permutations: 999 })).toBe(1);
    expect(
      permutationPValue({
        control: treated,
        treated: control,
        prng,
        permutations: 999,
        alternative: 'different',
      }),
    ).toBe(0.001);
  });

  it('meets the exact count on a case small enough to enumerate', () => {
    // Three against three, all control blocks above: 1 of 20 assignments is as extreme. 4 standard errors =
    // 0.009.
    const control = [7, 8, 9].map((hits) => ({ trials: 100, hits }));
    const treated = [1, 2, 3].map((hits) => ({ trials: 100, hits }));
    const pooled = permutationPValue({ control, treated, prng: new Prng(1) });
    expect(Math.abs(pooled - 1 / 20)).toBeLessThan(0.009);
    // Within three rounds of two it is 1 of 8: labels must not leave their round.
    const rounds = permutationPValue({
      control: control.map(inRound),
      treated: treated.map(inRound),
      prng: new Prng(1),
    });
    expect(Math.abs(rounds - 1 / 8)).toBeLessThan(0.014);
  });

  it('is 1 when nothing ever hits, and refuses an arm without trials', () => {
    const silent = repeatedBlock(5, { trials: 100, hits: 0 });
    expect(permutationPValue({ control: silent, treated: silent, prng: new Prng(1), permutations: 99 })).toBe(
      1,
    );
    expect(() => permutationPValue({ control: silent, treated: [], prng: new Prng(1) })).toThrow(/treated/);
    expect(() =>
      permutationPValue({ control: silent, treated: silent, prng: new Prng(1), permutations: 0 }),
    ).toThrow(/permutations/);
  });
});

describe('zeroAfterPValue', () => {
  it('is (n0 / (n0 + n1))^x for independent hits, and at most a power of the blocks that hit', () => {
    const silent = [{ trials: 3000, hits: 0 }];
    const single = [1, 1, 0, 1, 0, 1].map((hits) => ({ trials: 500, hits }));
    expect(zeroAfterPValue({ control: single, treated: silent })).toBeCloseTo(0.5 ** 4, 12);
    const many = [100, 100, 100].map((hits) => ({ trials: 1000, hits }));
    expect(zeroAfterPValue({ control: many, treated: silent })).toBeCloseTo(0.5 ** 3, 12);
  });

  it('rejects at most the nominal 5 % among bursts without a difference', () => {
    // Half of the treated exposure lies in silent blocks; counting hits one by one would reject in 17 % of
    // the runs.
    const prng = new Prng(41);
    let rejected = 0;
    let rejectedNaively = 0;
    for (let run = 0; run < 2000; run += 1) {
      const control = burstBlocks(prng, { blocks: 30, share: 0.05 });
      const treated = burstBlocks(prng, { blocks: 30, share: 0.05 });
      if (treated.some((block) => block.hits > 0)) continue;
      if ((zeroAfterPValue({ control, treated }) ?? 1) <= 0.05) rejected += 1;
      if (0.5 ** blockTotals(control).hits <= 0.05) rejectedNaively += 1;
    }
    expect(rejected / 2000).toBeLessThanOrEqual(0.05);
    expect(rejectedNaively / 2000).toBeGreaterThan(0.12);
  });

  it('is undefined on a silent control and refuses a treated arm that hit', () => {
    const silent = [
      { trials: 10, hits: 0 },
      { trials: 10, hits: 0 },
    ];
    const hit = [
      { trials: 10, hits: 1 },
      { trials: 10, hits: 2 },
    ];
    expect(zeroAfterPValue({ control: silent, treated: silent })).toBeUndefined();
    expect(() => zeroAfterPValue({ control: hit, treated: hit })).toThrow(/permutationPValue/);
  });
});
