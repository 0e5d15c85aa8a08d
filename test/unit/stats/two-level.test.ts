import { describe, expect, it } from 'vitest';
import type { BlockSample } from '../../../src/stats/block.ts';
import { blockTotals } from '../../../src/stats/block.ts';
import { designEffectIn } from '../../../src/stats/control-evidence.ts';
import { dispersion } from '../../../src/stats/design-effect.ts';
import { binomialInterval } from '../../../src/stats/interval.ts';
import { permutationPValue } from '../../../src/stats/permutation.ts';
import { detectionPower } from '../../../src/stats/power.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { rateInterval } from '../../../src/stats/rate-interval.ts';
import { lengthForReduction } from '../../../src/stats/reduction-plan.ts';
import { reductionAtLeast } from '../../../src/stats/reduction.ts';
import { type TwoLevelProcess, twoLevelBlocks } from './synthetic-blocks.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';

const confidence = 0.95;
const ALL = 2000;
const RUNS = runsOf(ALL);

/** What was measured: starts of `none` differ by a quarter of the rate, its blocks within a start by 2 %. */
const measured: TwoLevelProcess = {
  starts: 8,
  blocks: 2,
  trials: 3e5,
  rate: 3e-2,
  between: 0.25,
  variation: 0.02,
  correlation: 0,
};

/** The old unit: blocks that do not know their starts. */
function oneLevel(blocks: readonly BlockSample[]): BlockSample[] {
  return blocks.map(({ trials, hits }) => ({ trials, hits }));
}

function coverage(
  process: TwoLevelProcess,
  change: (blocks: readonly BlockSample[]) => readonly BlockSample[],
): number {
  const prng = new Prng(17);
  let covered = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const { low, high } = rateInterval({ blocks: change(twoLevelBlocks(prng, process)), confidence });
    if (low <= process.rate && process.rate <= high) covered += 1;
  }
  return covered / RUNS;
}

describe('coverage of rateInterval where starts differ', () => {
  it('is a check that one start fails by far, however many blocks it has', () => {
    expect(coverage({ ...measured, starts: 1, blocks: 16 }, (blocks) => blocks)).toBeLessThan(0.2);
    expect(coverage({ ...measured, starts: 4, blocks: 16 }, (blocks) => blocks)).toBeLessThan(
      0.92 + leeway(0.9, ALL),
    );
  });

  // Seeds are fixed; the standard error of a share of 2,000 runs is 0.5 points.
  it.each<[string, Partial<TwoLevelProcess>]>([
    ['what was measured', {}],
    ['five starts', { starts: 5 }],
    ['six starts of many blocks', { starts: 6, blocks: 10, variation: 0.3, correlation: 0.5 }],
    ['32 starts', { starts: 32, blocks: 1 }],
    ['starts that differ much', { between: 0.9, starts: 12 }],
    ['starts that differ less than their blocks', { between: 0.1, variation: 0.3 }],
    ['few violations', { rate: 1e-5 }],
    ['a long run', { starts: 32, blocks: 40, variation: 0.3, correlation: 0.6, trials: 1e5 }],
  ])('is 93 to 97 percent for %s', (_, change) => {
    const covered = coverage({ ...measured, ...change }, (blocks) => blocks);
    expect(covered).toBeGreaterThanOrEqual(0.93 - leeway(0.95, ALL));
    expect(covered).toBeLessThanOrEqual(0.97 + leeway(0.95, ALL));
  });
});

describe('intervals of runs on a host that drifts', () => {
  // Ten starts of one arm, which differ by 7 %; the host holds a whole run up or down by 5.6 %, as it was measured.
  const ofRun = (prng: Prng): BlockSample[] => {
    const host = twoLevelBlocks(prng, { ...measured, starts: 1, blocks: 1, between: 0.056, trials: 1e9 });
    const rate = (host[0]?.hits ?? 0) / 1e9;
    return twoLevelBlocks(prng, { ...measured, starts: 10, blocks: 1, between: 0.074, rate });
  };
  const meeting = (change: (blocks: BlockSample[]) => BlockSample[]): number => {
    const prng = new Prng(31);
    let met = 0;
    for (let pair = 0; pair < RUNS; pair += 1) {
      const [one, other] = [0, 1].map(() => rateInterval({ blocks: change(ofRun(prng)), confidence }));
      if (one !== undefined && other !== undefined && one.low <= other.high && other.low <= one.high)
        met += 1;
    }
    return met / RUNS;
  };

  it('meet in more than nine of ten pairs, which those of blocks within a start do not', () => {
    expect(meeting((blocks) => blocks)).toBeGreaterThan(0.9 - leeway(0.9, ALL));
    // As if each start had a hundred: what differs between starts is known to a tenth of its size.
    const split = (blocks: BlockSample[]): BlockSample[] =>
      blocks.flatMap(({ trials, hits }) =>
        Array.from({ length: 100 }, (_, part) => ({
          trials: trials / 100,
          hits: Math.round(hits / 100),
          start: part,
        })),
      );
    expect(meeting(split)).toBeLessThan(0.6);
  });
});

describe('the interval of a host that moves its cores once', () => {
  // Seen: five starts at 1,400 violations per million, then five at 19,000.
  const moved = [1.3, 1.3, 1.4, 1.5, 1.5, 18.2, 17.8, 19.5, 19.3, 19.5].map(
    (perThousand, start): BlockSample => ({ trials: 3e5, hits: 300 * perThousand, start }),
  );

  it('holds both rates and ends not far beyond them', () => {
    const { low, high } = rateInterval({ blocks: moved, confidence });
    expect(low).toBeGreaterThan(1.3e-3 / 2);
    expect(low).toBeLessThan(1.5e-3);
    expect(high).toBeGreaterThan(19.3e-3);
    expect(high).toBeLessThan(2 * 19.5e-3);
  });

  it('is never narrower than counting alone leaves it', () => {
    const even = moved.map(({ trials, start }): BlockSample => ({ trials, hits: 7, start }));
    const { low, high } = rateInterval({ blocks: even, confidence });
    expect([low, high]).toEqual(Object.values(binomialInterval({ hits: 70, trials: 3e6, confidence })));
  });
});

describe('claims where starts differ', () => {
  // A fix with eight times the control's trials, as `stress` has them: its starts are the same ones, not eight times as many.
  it.each([
    ['thinned', 10, 1],
    ['thinned', 300, 1],
    ['thinned', 300, 8],
    ['clustered', 10, 1],
    ['clustered', 10, 8],
    ['clustered', 1, 8],
  ] as const)(
    'are too high in at most 5 percent: %s, %d-fold, %d times the trials',
    (residual, fold, times) => {
      const prng = new Prng(23);
      const process = { ...measured, trials: 3e4, between: 0.5 };
      const runs = runsOf(1000);
      let over = 0;
      for (let run = 0; run < runs; run += 1) {
        const control = twoLevelBlocks(prng, process);
        const treated = twoLevelBlocks(prng, {
          ...process,
          trials: times * process.trials,
          rate: process.rate / fold,
        });
        if ((reductionAtLeast({ control, treated, confidence, residual })?.fold ?? 0) > fold) over += 1;
      }
      expect(over / runs).toBeLessThanOrEqual(0.05 + leeway(0.05, 1000));
    },
  );

  it('are made where eight starts differ more than twentyfold, and the fix is silent in all of them', () => {
    const prng = new Prng(41);
    const runs = runsOf(500);
    let made = 0;
    for (let run = 0; run < runs; run += 1) {
      const control = twoLevelBlocks(prng, { ...measured, between: 1 });
      const treated = control.map((block) => ({ ...block, hits: 0 }));
      const { fold = 0 } = reductionAtLeast({ control, treated, confidence, residual: 'thinned' }) ?? {};
      if (fold > 100) made += 1;
    }
    expect(made / runs).toBeGreaterThan(0.97 - leeway(0.97, 500));
  });

  it.each([
    ['violations are few', { rate: 1e-6, between: 1 }],
    ['starts with violations are few', { rate: 3e-6, between: 4 }],
    ['most starts are silent', { rate: 3e-4, between: 12 }],
  ] as const)('are made in at most 5 percent where nothing differs and %s', (_, change) => {
    const prng = new Prng(43);
    const runs = runsOf(2000);
    let claimed = 0;
    let silent = 0;
    for (let run = 0; run < runs; run += 1) {
      const control = twoLevelBlocks(prng, { ...measured, ...change });
      const treated = twoLevelBlocks(prng, { ...measured, ...change });
      if (blockTotals(treated).hits === 0 && blockTotals(control).hits > 0) silent += 1;
      const { fold = 0 } = reductionAtLeast({ control, treated, confidence, residual: 'thinned' }) ?? {};
      if (fold > 1) claimed += 1;
    }
    expect(silent / runs).toBeGreaterThan(0.01 - leeway(0.01, 2000));
    expect(claimed / runs).toBeLessThanOrEqual(0.05 + leeway(0.05, 2000));
  });

  it('are made by nine of ten runs of the planned length', () => {
    const prng = new Prng(29);
    const process = { ...measured, trials: 1e4, rate: 1e-2 };
    const startsAt = (scale: number): number => Math.min(32, Math.floor(8 * scale));
    const runs = 200;
    let made = 0;
    for (let run = 0; run < runs; run += 1) {
      const first = twoLevelBlocks(prng, process);
      const plan = { fold: 1000, control: first, treatedTrials: blockTotals(first).trials, confidence };
      const length = lengthForReduction({ ...plan, assurance: 0.9, residual: 'thinned', startsAt });
      if (length === undefined) continue;
      const starts = startsAt(length);
      const trials = Math.round((process.trials * 8 * length) / starts);
      const control = twoLevelBlocks(prng, { ...process, starts, trials });
      const treated = control.map((block) => ({ ...block, hits: 0 }));
      if ((reductionAtLeast({ control, treated, confidence, residual: 'thinned' })?.fold ?? 0) >= 1000)
        made += 1;
    }
    expect(made / runs).toBeGreaterThan(0.86);
  });

  it('are made by nine of ten runs of the planned length and starts, if what is left comes in bursts', () => {
    const prng = new Prng(31);
    const process = { ...measured, blocks: 1 };
    const runs = 200;
    let made = 0;
    let planned = 0;
    for (let run = 0; run < runs; run += 1) {
      const first = twoLevelBlocks(prng, process);
      const { trials } = blockTotals(first);
      const plan = { fold: 100, control: first, treatedTrials: trials, confidence, assurance: 0.9 };
      const startsAt = (scale: number): number => Math.floor(8 * scale);
      const length = lengthForReduction({ ...plan, residual: 'clustered', startsAt });
      if (length === undefined) continue;
      planned += 1;
      const control = twoLevelBlocks(prng, { ...process, starts: Math.ceil(8 * length) });
      const treated = control.map((block) => ({ ...block, hits: 0 }));
      if ((reductionAtLeast({ control, treated, confidence, residual: 'clustered' })?.fold ?? 0) >= 100)
        made += 1;
    }
    expect(planned).toBeGreaterThan(0.95 * runs);
    expect(made / planned).toBeGreaterThan(0.86);
  });

  it('plan no run with too few starts for them, and none where more time brings no more starts', () => {
    const control = twoLevelBlocks(new Prng(3), measured);
    const plan = { control, treatedTrials: blockTotals(control).trials, confidence, assurance: 0.9 };
    const thinned = lengthForReduction({ ...plan, fold: 10, residual: 'thinned' });
    expect(thinned).toBeGreaterThanOrEqual(5 / 8);
    const bounded = { ...plan, fold: 1000, residual: 'clustered' as const };
    expect(lengthForReduction({ ...bounded, startsAt: () => 32 })).toBeUndefined();
    expect(lengthForReduction(bounded)).toBeGreaterThan(10);
  });
});

describe('exchanging labels where starts differ', () => {
  it('finds a difference in at most 5 percent of the runs without one, which single blocks do not', () => {
    const prng = new Prng(37);
    const runs = runsOf(400);
    let found = 0;
    let foundByBlock = 0;
    for (let run = 0; run < runs; run += 1) {
      const draw = (): (BlockSample & { round: number })[] =>
        twoLevelBlocks(prng, { ...measured, blocks: 6 }).map(({ trials, hits, start }, round) => ({
          trials,
          hits,
          start,
          round,
        }));
      const [control, treated] = [draw(), draw()];
      const free = (blocks: readonly (BlockSample & { round: number })[]): typeof control =>
        blocks.map(({ trials, hits, round }) => ({ trials, hits, round }));
      const permutations = 499;
      if (permutationPValue({ control, treated, prng, permutations }) <= 0.05) found += 1;
      const byBlock = { control: free(control), treated: free(treated), prng, permutations };
      if (permutationPValue(byBlock) <= 0.05) foundByBlock += 1;
    }
    expect(found / runs).toBeLessThanOrEqual(0.07 + leeway(0.05, 400));
    expect(foundByBlock / runs).toBeGreaterThan(0.15 - leeway(0.15, 400));
  });
});

describe('the design effect of starts', () => {
  it('is what the totals of starts vary by, and grows with the trials in each', () => {
    const control = twoLevelBlocks(new Prng(5), { ...measured, starts: 400 });
    const estimate = dispersion(control);
    // 18,000 hits per start that differ by a quarter of the rate: 1 + 18,000 / 16.
    expect(Math.abs((estimate?.designEffect ?? 0) / 1126 - 1)).toBeLessThan(0.25);
    expect(estimate).toMatchObject({ starts: 400, unitsHit: 400, degrees: 200 });
    expect(designEffectIn({ designEffect: 101, starts: 8, trials: 1000 }, 4000)).toBe(401);
    expect(designEffectIn({ designEffect: 101, starts: 0, trials: 1000 }, 4000)).toBe(101);
  });

  it('rests on blocks where starts are few', () => {
    const blocks = twoLevelBlocks(new Prng(5), { ...measured, starts: 4 });
    expect(dispersion(blocks)).toEqual(dispersion(oneLevel(blocks)));
  });

  it('leaves a fix with eight times the trials no more chance to show bursts', () => {
    const control = twoLevelBlocks(new Prng(5), measured);
    const { trials } = blockTotals(control);
    const power = (treatedTrials: number): number =>
      detectionPower({ control, treatedTrials, fraction: 0.01, residual: 'clustered' })?.probability ?? 0;
    expect(power(8 * trials) / power(trials)).toBeLessThan(1.01);
  });
});
