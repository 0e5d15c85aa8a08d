import { describe, expect, it } from 'vitest';
import { mergeReport, mergeVerdict } from '../../../../src/report/merge-report.ts';
import { plain } from '../../../../src/report/paint.ts';
import { objectionTo } from '../../../../src/schema/objection.ts';
import { binomialInterval } from '../../../../src/stats/interval.ts';
import { permutationPValue } from '../../../../src/stats/permutation.ts';
import { Prng } from '../../../../src/stats/prng.ts';
import type { MergedRunResult } from '../../../../src/study/merge/merged-run-result.ts';
import { mergedRuns, type RunPart } from '../../../../src/study/merge/merged-run.ts';
import { leeway, runsOf } from '../../../helpers/calibration.ts';
import { blocksOf, runPart } from '../../../helpers/run-parts.ts';
import { twoLevelBlocks } from '../../stats/synthetic-blocks.ts';

const A = { host: 'alpha' };
const B = { host: 'beta' };
const many = (starts: number, hits: number): number[][] => Array.from({ length: starts }, () => [hits, hits]);
/** A control that violates and a fix that does not. */
const DECLARED = [blocksOf(1000, many(6, 20)), blocksOf(1000, many(6, 0))] as const;

function merge(...parts: readonly [RunPart, ...RunPart[]]): MergedRunResult {
  return mergedRuns(parts);
}

describe('shards of one machine', () => {
  const shards = [1, 2, 3].map((index) =>
    runPart({
      named: `${index}.jsonl`,
      shard: { index, of: 3 },
      machine: { ...A, startedAt: `2026-11-29T13:0${index}:00.000+01:00` },
      arms: DECLARED,
    }),
  ) as [RunPart, ...RunPart[]];
  const result = merge(...shards);

  it('are one run with the starts, trials and outcomes of all of them', () => {
    const [stratum] = result.strata;

    expect(result.strata).toHaveLength(1);
    expect(stratum?.result.starts).toBe(18);
    expect(stratum?.result.arms.map(({ trials, violations }) => [trials, violations.total])).toEqual([
      [36_000, 720],
      [36_000, 0],
    ]);
    for (const { trials, outcomes } of stratum?.result.arms ?? [])
      expect(Object.values(outcomes).reduce((sum, { count }) => sum + count, 0)).toBe(trials);
    expect(result.elapsedMs).toBe(3 * 24 * 200);
    expect(stratum?.result.arms.map(({ rate }) => rate.starts)).toEqual([18, 18]);
    expect(result).toMatchObject({
      verdict: 'as-declared',
      isInterrupted: false,
      shards: { of: 3, missing: [], cut: [] },
      arms: [{ verdict: 'violated' }, { verdict: 'clean' }],
    });
  });

  it('give no block the order, round or start of another', () => {
    const blocks = (result.strata[0]?.result.arms ?? []).flatMap(({ blockResults }) => blockResults);

    expect(new Set(blocks.map(({ order }) => order)).size).toBe(72);
    expect(new Set(blocks.map(({ round }) => round)).size).toBe(36);
    expect(new Set(blocks.map(({ start }) => start)).size).toBe(18);
  });

  it('come to the same in any order of the files', () => {
    expect(merge(...(shards.toReversed() as [RunPart, ...RunPart[]])).strata[0]?.result).toEqual(
      result.strata[0]?.result,
    );
  });

  it('are a document as its schema says, which the report of it shows whole', () => {
    expect(objectionTo('merge', JSON.parse(JSON.stringify(result)))).toBeUndefined();
    expect(mergeReport(result, plain)).toContain('all 3, of seed 7');
  });

  it('say which of them are missing, and which were cut', () => {
    const [first, second] = shards;
    const part = { ...second, verdict: undefined } as RunPart;
    const some = merge(first, part);

    expect(some).toMatchObject({ isInterrupted: true, shards: { of: 3, missing: [3], cut: [2] } });
    expect(mergeReport(some, plain).replaceAll(/\s+/g, ' ')).toContain(
      '2 of 3: NOT COMPLETE, 3 is missing, 2 was cut before the end',
    );
  });

  it('say that they ran at the same time', () => {
    const now = shards.map((part) =>
      runPart({
        ...part,
        machine: A,
        shard: part.header.head.config.shard ?? { index: 1, of: 3 },
        arms: DECLARED,
      }),
    );

    expect(merge(...(now as [RunPart, ...RunPart[]])).notices.join()).toContain('at the same time');
    expect(result.notices).toEqual([]);
  });
});

describe('intervals of shards', () => {
  const ALL = 2000;
  const RATE = 1e-3;
  /** Starts that differ by a quarter of the rate, as they were measured to. */
  const process = {
    starts: 8,
    blocks: 2,
    trials: 3e5,
    rate: RATE,
    between: 0.25,
    variation: 0.02,
    correlation: 0,
  };

  it('cover the rate as often as they say, where trials added up without their starts do not', () => {
    const prng = new Prng(23);
    let covered = 0;
    let coveredByTrials = 0;
    const runs = runsOf(ALL);
    for (let run = 0; run < runs; run++) {
      const parts = [1, 2, 3, 4].map((index) => {
        const control = twoLevelBlocks(prng, process);
        return runPart({
          shard: { index, of: 4 },
          machine: A,
          arms: [control, control.map((block) => Object.assign({}, block, { hits: 0 }))],
        });
      });
      const [arm] = merge(...(parts as [RunPart, ...RunPart[]])).strata[0]?.result.arms ?? [];
      if (arm === undefined) throw new Error('there is no arm');
      if (arm.rate.low <= RATE * 1e6 && RATE * 1e6 <= arm.rate.high) covered++;
      const { low, high } = binomialInterval({
        hits: arm.violations.total,
        trials: arm.trials,
        confidence: 0.95,
      });
      if (low <= RATE && RATE <= high) coveredByTrials++;
    }

    expect(covered / runs).toBeGreaterThan(0.92 - leeway(0.95, ALL));
    expect(coveredByTrials / runs).toBeLessThan(0.6);
  });
});

describe('strata', () => {
  it('are told from each other by host, processor, kernel, Node and placement, and never pooled', () => {
    const machines = [
      A,
      B,
      { ...A, cpuModel: 'another' },
      { ...A, kernelRelease: '7.2.0' },
      { ...A, node: '24.0.0' },
    ];
    const parts = machines.map((machine, seed) => runPart({ machine, seed, arms: DECLARED }));
    const { strata, arms } = merge(...(parts as [RunPart, ...RunPart[]]));

    expect(strata.map(({ name }) => name)).toEqual(['alpha #1', 'beta', 'alpha #2', 'alpha #3', 'alpha #4']);
    expect(strata.map(({ result }) => result.arms[0]?.trials)).toEqual(strata.map(() => 12_000));
    // An arm over all of them has a verdict, and no count and no rate.
    for (const arm of arms) expect(Object.keys(arm)).not.toContain('trials');
  });

  it('of one host whose actors lay to each other in another way are different ones', () => {
    const part = runPart({ machine: A, seed: 1, arms: DECLARED });
    const placed = (placement: 'near' | 'spread', processor: number, seed: number): RunPart => {
      const own = runPart({ machine: A, seed, arms: DECLARED });
      const instances = [{ processors: [processor, processor + 1], distance: null }];
      const plan = {
        placement,
        instances,
        actorsPerProcessor: 1,
        isMet: 'yes',
        unmet: null,
        unpinned: null,
        idle: [],
        notes: [],
      } as const;
      return {
        ...own,
        header: { ...own.header, head: { ...own.header.head, placement: { classes: [plan] } } },
      };
    };
    const result = merge(part, placed('near', 0, 2), placed('near', 2, 3), placed('spread', 0, 4));

    expect(result.strata.map(({ parts }) => parts.map(({ seed }) => seed))).toEqual([[1], [2, 3], [4]]);
    expect(result.notices.join()).toContain('different processors');
  });

  it('show violations that the trials of another machine would hide', () => {
    const quiet = runPart({
      machine: A,
      seed: 1,
      arms: [blocksOf(1e8, many(6, 20)), blocksOf(1e8, many(6, 0))],
    });
    const broken = runPart({
      machine: B,
      seed: 2,
      arms: [blocksOf(1000, many(6, 20)), blocksOf(1000, [...many(5, 0), [0, 3]])],
    });
    const result = merge(quiet, broken);

    // Pooled, that is 3 in 1.2e9, far below the control.
    expect(result).toMatchObject({ verdict: 'not-as-declared', arms: [{}, { verdict: 'violated' }] });
    expect(mergeVerdict(result).reasons).toContain(
      'upstream is declared to hold, and has 3 violations in 12.0k trials on beta.',
    );
    expect(result.strata[1]?.result.arms[1]?.rate.perMillion).toBeCloseTo(250);
    expect(result.strata[0]?.result.verdict).toBe('as-declared');
  });

  it('have no bound beside violations that all lie in blocks which count for no rate', () => {
    const result = merge(runPart({ seed: 1, arms: DECLARED }), runPart({ seed: 2, arms: DECLARED }));
    const strata = result.strata.map((stratum): typeof stratum => ({
      ...stratum,
      result: {
        ...stratum.result,
        arms: stratum.result.arms.map((arm) =>
          arm.expectation === 'holds' ? { ...arm, violations: { total: 2, byInvariant: { B1: 2 } } } : arm,
        ),
      } as typeof stratum.result,
    }));

    expect(mergeReport(result, plain)).toMatch(/ 0 {2}< [\d.k]+ /);
    expect(mergeReport({ ...result, strata }, plain)).toMatch(/ 2 {2}seen, no rate /);
  });

  it('claim no reduction that comes of adding up machines', () => {
    // On either machine both arms violate alike; the control ran more where the rate is high.
    const high = [blocksOf(100_000, many(8, 1000)), blocksOf(1000, many(8, 10))] as const;
    const low = [
      blocksOf(
        1000,
        many(8, 0).map((_, start) => [start % 2, 0]),
      ),
      blocksOf(100_000, many(8, 25)),
    ] as const;
    const parts = [
      runPart({ machine: A, seed: 1, arms: high }),
      runPart({ machine: B, seed: 2, arms: low }),
    ] as const;
    const result = merge(...parts);
    const pooled = (arm: 0 | 1): { trials: number; hits: number; start: number | undefined }[] =>
      [
        ...high[arm],
        ...low[arm].map((block) => Object.assign({}, block, { start: (block.start ?? 0) + 8 })),
      ].map(({ trials, hits, start }) => ({ trials, hits, start }));
    const hits = (arm: 0 | 1): number => pooled(arm).reduce((sum, block) => sum + block.hits, 0);
    const trials = (arm: 0 | 1): number => pooled(arm).reduce((sum, block) => sum + block.trials, 0);

    expect(hits(0) / trials(0)).toBeGreaterThan(10 * (hits(1) / trials(1)));
    expect(permutationPValue({ control: pooled(0), treated: pooled(1), prng: new Prng(1) })).toBeLessThan(
      0.05,
    );
    for (const { pValueHolm } of result.comparisons) expect(pValueHolm).toBeGreaterThan(0.05);
  });

  it('have p-values that are adjusted for how many of them there are', () => {
    const parts = [1, 2, 3].map((seed) => runPart({ machine: { host: `m${seed}` }, seed, arms: DECLARED }));
    const [own] = merge(parts[0] as RunPart).comparisons;
    const all = merge(...(parts as [RunPart, ...RunPart[]]));

    expect(own?.pValueHolm).toBe(own?.pValue);
    for (const { pValue, pValueHolm } of all.comparisons) expect(pValueHolm).toBeCloseTo(3 * (pValue ?? NaN));
    const alone = merge(parts[0] as RunPart).strata[0]?.result.comparisons[0]?.reductionAtLeast ?? 0;
    for (const { result } of all.strata) expect(result.comparisons[0]?.reductionAtLeast).toBeLessThan(alone);
  });
});

describe('a control', () => {
  const silent = [blocksOf(1000, many(6, 0)), blocksOf(1000, many(6, 0))] as const;

  it('of one machine is none for another, where a zero then says nothing', () => {
    const result = merge(
      runPart({ machine: A, seed: 1, arms: DECLARED }),
      runPart({ machine: B, seed: 2, arms: silent }),
    );

    expect(result.verdict).toBe('inconclusive');
    expect(result.arms).toEqual([
      {
        strategy: 'none',
        expectation: 'violates',
        isControl: false,
        verdict: 'violated',
        inconclusiveIn: ['beta'],
      },
      {
        strategy: 'upstream',
        expectation: 'holds',
        isControl: false,
        verdict: 'inconclusive',
        inconclusiveIn: ['beta'],
      },
    ]);
    expect(mergeVerdict(result).reasons).toEqual([
      'On alpha: as declared.',
      'On beta: inconclusive.',
      'The control none stayed silent on beta, where a zero beside it says nothing, though it violated elsewhere.',
    ]);
    expect(mergeReport(result, plain)).toMatch(/^Verdict: INCONCLUSIVE\./);
  });

  it('that was silent in one shard has violated in the other of the same machine: they are one run', () => {
    const result = merge(
      runPart({ machine: A, shard: { index: 1, of: 2 }, arms: DECLARED }),
      runPart({ machine: A, shard: { index: 2, of: 2 }, arms: silent }),
    );

    expect(result.verdict).toBe('as-declared');
  });

  it('leaves all undecided where it was silent everywhere', () => {
    const result = merge(
      runPart({ machine: A, seed: 1, arms: silent }),
      runPart({ machine: B, seed: 2, arms: silent }),
    );

    expect(result).toMatchObject({
      verdict: 'inconclusive',
      arms: [{ verdict: 'inconclusive' }, { verdict: 'inconclusive' }],
    });
  });
});

describe('runs of stress', () => {
  it('have the verdict of the strategy, on every machine', () => {
    const stress = (part: ReturnType<typeof runPart>): RunPart => {
      const { asks: _asks, ...header } = part.header;
      return { ...part, header: { ...header, command: 'stress' } };
    };
    const result = merge(
      stress(runPart({ machine: A, seed: 1, arms: DECLARED })),
      stress(runPart({ machine: B, seed: 2, arms: [DECLARED[1], DECLARED[1]] })),
    );

    expect(result).toMatchObject({ command: 'stress', verdict: 'violated' });
    expect(result.strata.map((stratum) => stratum.result.verdict)).toEqual(['violated', 'inconclusive']);
    expect(objectionTo('merge', JSON.parse(JSON.stringify(result)))).toBeUndefined();
    expect(mergeReport(result, plain)).toContain('ebtorture stress');
  });
});

describe('runs that do not add up', () => {
  it('are those in every ordering, and of litmus tests: what else they have is of one run', () => {
    const part = runPart({ arms: DECLARED });
    const other = runPart({ seed: 8, arms: DECLARED });
    const inAll = ({ header, ...rest }: typeof part): typeof part => ({
      ...rest,
      header: { ...header, asks: { ...header.asks, orderings: true } },
    });
    const ofTest = ({ header, ...rest }: typeof part): typeof part => {
      const { graded } = header.head;
      const litmus = { test: 'SB', quantifier: 'exists', condition: '0:r0=0' } as const;
      return { ...rest, header: { ...header, head: { ...header.head, graded: { ...graded, litmus } } } };
    };

    expect(() => merge(inAll(part), inAll(other))).toThrow('merge runs without --orderings');
    expect(() => merge(ofTest(part), ofTest(other))).toThrow('it is of a litmus test');
  });

  it.each([
    [{ until: 'violation' } as const, /run\.jsonl: it was to end at what it saw \(--until violation\)/],
    [{ until: 'decided' } as const, /--until decided/],
    [{ tune: true } as const, /--tune/],
  ])('are refused: %o', (config, message) => {
    expect(() =>
      merge(runPart({ config, arms: DECLARED }), runPart({ seed: 8, config, arms: DECLARED })),
    ).toThrow(message);
  });
});
