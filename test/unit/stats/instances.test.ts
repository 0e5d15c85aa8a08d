import { describe, expect, it } from 'vitest';
import { type BlockSample, blockTotals } from '../../../src/stats/block.ts';
import { dispersion } from '../../../src/stats/design-effect.ts';
import { zeroAfterPValue } from '../../../src/stats/permutation.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { rateInterval } from '../../../src/stats/rate-interval.ts';
import { reductionAtLeast } from '../../../src/stats/reduction.ts';
import { type InstancesBlock, instancesBlocks, type InstancesProcess } from './synthetic-blocks.ts';
import { leeway, runsOf } from '../../helpers/calibration.ts';

const confidence = 0.95;
const ALL = 2000;
const RUNS = runsOf(ALL);

const process: InstancesProcess = {
  instances: 8,
  starts: 8,
  blocks: 2,
  trials: 1e4,
  rate: 3e-2,
  between: 0.25,
  variation: 0.1,
  shared: 0,
};

/** Makes of the blocks of a run what the statistics are given. */
type Treatment = (
  blocks: readonly InstancesBlock[],
  process: InstancesProcess,
) => readonly (BlockSample & { readonly start: number })[];

/** What the project does: a start of the threads is the cluster, and its instances are added up block by block. */
const addedUp: Treatment = (blocks) => blocks;

/** The planted bug: each instance as a machine of its own, whose starts are further ones. */
const asIndependent: Treatment = (blocks, { instances, starts, trials }) =>
  Array.from({ length: instances }, (_, instance) =>
    blocks.map(({ hitsOf, start }) => ({
      trials,
      hits: hitsOf[instance] ?? 0,
      start: instance * starts + start,
    })),
  ).flat();

function coverage(setting: InstancesProcess, treatment: Treatment): number {
  const prng = new Prng(17);
  let covered = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const blocks = treatment(instancesBlocks(prng, setting), setting);
    const { low, high } = rateInterval({ blocks, confidence });
    if (low <= setting.rate && setting.rate <= high) covered += 1;
  }
  return covered / RUNS;
}

const correlations = [0, 0.5, 0.95];

/** The cases of several correlations. */
function each<T>(cases: readonly [string, T][], shared: readonly number[]): [string, number, T][] {
  return cases.flatMap(([name, change]) => shared.map((part): [string, number, T] => [name, part, change]));
}

describe('coverage of rateInterval where instances are correlated', () => {
  // Seeds are fixed; the standard error of a share of 2,000 runs is 0.5 points.
  it.each(
    each<Partial<InstancesProcess>>(
      [
        ['2 instances', { instances: 2 }],
        ['8 instances', {}],
        ['64 instances', { instances: 64 }],
        ['five starts', { starts: 5 }],
        ['32 starts that differ', { starts: 32, between: 0.5, trials: 1e3 }],
        ['starts that differ much', { starts: 12, between: 0.9, variation: 0.3, instances: 4 }],
        ['some fifty violations', { rate: 4e-5 }],
        ['a single start, of which alone it speaks', { starts: 1, blocks: 40, between: 0, variation: 0.5 }],
        ['three starts, of which alone it speaks', { starts: 3, blocks: 14, between: 0, variation: 0.5 }],
      ],
      correlations,
    ),
  )('is 93 to 97 percent for %s, correlated %d', (_, shared, change) => {
    const covered = coverage({ ...process, ...change, shared }, addedUp);
    expect(covered).toBeGreaterThanOrEqual(0.93 - leeway(0.95, ALL));
    expect(covered).toBeLessThanOrEqual(0.97 + leeway(0.95, ALL));
  });

  // Six violations a run: counts are whole numbers, and how much they vary is hardly known, so that intervals are on the safe side.
  it.each(
    each(
      [
        ['2 instances', 2],
        ['8 instances', 8],
        ['64 instances', 64],
      ],
      correlations,
    ),
  )(
    'is at least 93 percent where %s, correlated %d, have a handful of violations',
    (_, shared, instances) => {
      const { starts, blocks, trials } = process;
      const rate = 6 / (instances * starts * blocks * trials);
      const covered = coverage({ ...process, instances, shared, rate, between: 0.5 }, addedUp);
      expect(covered).toBeGreaterThanOrEqual(0.93 - leeway(0.95, ALL));
      expect(covered).toBeLessThanOrEqual(0.99 + leeway(0.99, ALL));
    },
  );

  it('is a check that instances taken as independent pass where they are', () => {
    const covered = coverage(process, asIndependent);
    expect(covered).toBeGreaterThanOrEqual(0.93 - leeway(0.95, ALL));
    expect(covered).toBeLessThanOrEqual(0.97 + leeway(0.95, ALL));
  });

  it.each(
    each<[Partial<InstancesProcess>, number]>(
      [
        ['2 instances', [{ instances: 2 }, 0.93]],
        ['8 instances', [{}, 0.7]],
        ['64 instances', [{ instances: 64 }, 0.3]],
        ['a single start', [{ starts: 1, blocks: 40, between: 0, variation: 0.5 }, 0.75]],
      ],
      correlations.slice(1),
    ),
  )('is a check that instances taken as independent fail: %s, correlated %d', (_, shared, [change, most]) => {
    expect(coverage({ ...process, ...change, shared }, asIndependent)).toBeLessThan(most - leeway(0.95, ALL));
  });
});

describe('what more instances are worth', () => {
  /** Width of the interval on a logarithmic scale: its median over runs. */
  const width = (instances: number, shared: number): number => {
    const prng = new Prng(19);
    const setting = { ...process, starts: 12, instances, shared };
    const widths = Array.from({ length: 100 }, () => {
      const { low, high } = rateInterval({ blocks: instancesBlocks(prng, setting), confidence });
      return Math.log(high / low);
    });
    return widths.toSorted((a, b) => a - b)[50] ?? 0;
  };

  it('is what the data support: all of them where they are independent, next to nothing where they are as one', () => {
    // Sixteen times the instances: a quarter of the width.
    expect(width(16, 0) / width(1, 0)).toBeLessThan(0.35);
    expect(width(16, 0.95) / width(1, 0.95)).toBeGreaterThan(0.85);
    expect(width(16, 0.5) / width(1, 0.5)).toBeGreaterThan(0.6);
  });
});

describe('claims where instances are correlated', () => {
  /** Share of the runs without any difference of the arms in which the silent one is claimed to be better. */
  const claimed = (setting: InstancesProcess, treatment: Treatment): number => {
    const prng = new Prng(43);
    let claims = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const draw = (): readonly BlockSample[] => treatment(instancesBlocks(prng, setting), setting);
      const [control, treated] = [draw(), draw()];
      const { fold = 0 } = reductionAtLeast({ control, treated, confidence, residual: 'thinned' }) ?? {};
      if (fold > 1) claims += 1;
    }
    return claims / RUNS;
  };
  // Seven of eight starts are silent, whatever the number of instances.
  const silent = { ...process, rate: 3e-4, between: 12, instances: 8, shared: 0.95 };

  it.each([
    ['most starts are silent', silent],
    ['violations are few', { ...process, rate: 3e-6, between: 1, shared: 0.95 }],
    ['instances are many', { ...process, instances: 64, rate: 1e-6, between: 2, shared: 0.5 }],
    ['there is one start of silent blocks', { ...silent, starts: 1, blocks: 24, between: 0, variation: 8 }],
  ])('are made in at most 5 percent where nothing differs and %s', (_, setting) => {
    expect(claimed(setting, addedUp)).toBeLessThanOrEqual(0.05 + leeway(0.05, ALL));
  });

  it('are made in many more where instances are taken as independent', () => {
    expect(claimed(silent, asIndependent)).toBeGreaterThan(0.1);
  });

  it('of a zero bound are wrong in at most 5 percent, and in more where instances are taken as independent', () => {
    const setting = { ...process, rate: 3e-4, between: 6, instances: 16, shared: 0.95 };
    const wrong = (treatment: Treatment): number => {
      const prng = new Prng(47);
      let below = 0;
      for (let run = 0; run < RUNS; run += 1) {
        const control = treatment(instancesBlocks(prng, setting), setting);
        const treated = treatment(instancesBlocks(prng, setting), setting);
        const effect = dispersion(control)?.designEffect;
        if (effect === undefined || blockTotals(treated).hits > 0) continue;
        const { high } = rateInterval({ blocks: treated, confidence, designEffect: effect });
        if (high < setting.rate) below += 1;
      }
      return below / RUNS;
    };
    expect(wrong(addedUp)).toBeLessThanOrEqual(0.05 + leeway(0.05, ALL));
    expect(wrong(asIndependent)).toBeGreaterThan(0.055 - leeway(0.06, ALL));
  });

  it('count a start once, however many of its instances have violated', () => {
    const draw = (hits: number): InstancesBlock[] =>
      Array.from({ length: 6 }, (_, start) => ({
        trials: 8 * process.trials,
        hits: 8 * hits,
        start,
        hitsOf: Array.from({ length: 8 }, () => hits),
      }));
    const [control, treated] = [draw(3), draw(0)];
    expect(zeroAfterPValue({ control, treated })).toBe(0.5 ** 6);
    const apart = (blocks: readonly InstancesBlock[]): readonly BlockSample[] =>
      asIndependent(blocks, { ...process, starts: 6 });
    expect(zeroAfterPValue({ control: apart(control), treated: apart(treated) })).toBe(0.5 ** 48);
  });
});
