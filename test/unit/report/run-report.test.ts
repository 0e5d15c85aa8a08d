import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from '../../../src/report/paint.ts';
import { ledByVerdict } from '../../../src/report/report-text.ts';
import { compareReport, stressReport } from '../../../src/report/run-report.ts';
import type { ArmResult, CompareResult } from '../../../src/stress/result/result.ts';
import type { Comparison, Silence } from '../../../src/stress/result/comparison-result.ts';
import type { ClassResult } from '../../../src/stress/result/class-result.ts';
import { placesOfThirtyTwo } from './sample-places.ts';
import {
  asDeclared,
  fixViolated,
  interrupted,
  silentControl,
  stressClean,
  stressUncontrolled,
} from './sample-results.ts';

const count = fc.oneof(
  fc.constantFrom(0, 1, 999, 1000, 999_999, 1e9, 1e15),
  fc.integer({ min: 0, max: 1e15 }),
);
const real = fc.oneof(
  fc.constantFrom(0, 1e-12, 1e6, Number.NaN, Number.POSITIVE_INFINITY),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
);
const name = fc.oneof(
  fc.constantFrom('none', 'upstream', 'locked-io-pages'),
  fc.stringMatching(/^\.\/[a-z/-]{1,200}\.mjs$/),
);
const grade = fc.constantFrom('ACCEPTABLE' as const, 'INTERESTING' as const, 'FORBIDDEN' as const);
const ids = ['B1', 'B2', 'B5', 'UAF', 'Q1', 'Q3', 'X9'];

const arm: fc.Arbitrary<ArmResult> = fc.record({
  strategy: name,
  expectation: fc.constantFrom('violates' as const, 'holds' as const),
  isControl: fc.boolean(),
  trials: count,
  violations: fc.record({ total: count, byInvariant: fc.dictionary(fc.constantFrom(...ids), count) }),
  nearMisses: fc.record({
    total: count,
    byKind: fc.dictionary(fc.constantFrom('dyingFound', 'treeRefStripped'), count),
  }),
  rescues: count,
  treeRefStripped: count,
  outcomes: fc.dictionary(
    fc.constantFrom('bug', 'rescued', 'read-failed', 'read'),
    fc.record({ count, grade }),
  ),
  rate: fc.record({
    perMillion: real,
    low: real,
    high: real,
    confidence: fc.constantFrom(0.95, 0.999),
    designEffect: fc.option(real),
    starts: fc.nat(32),
    blocks: count,
    blockQuantiles: fc.option(fc.record({ low: real, median: real, high: real })),
  }),
  rejected: fc.record({
    blocks: fc.record({ 'warm-up': count, apart: count, busy: count, stolen: count, short: count }),
    trials: count,
    violations: count,
  }),
  trialsPerSecond: real,
  verdict: fc.constantFrom('violated' as const, 'clean' as const, 'inconclusive' as const),
  blockResults: fc.constant([]),
});

const result: fc.Arbitrary<CompareResult> = fc
  .record({
    arms: fc.array(arm, { maxLength: 7 }),
    real,
    isInterrupted: fc.boolean(),
    elapsedMs: real,
    notice: fc.string(),
  })
  .chain(({ arms, real: factor, isInterrupted, elapsedMs, notice }) => {
    const comparisons = arms.flatMap(({ strategy }): Comparison[] => [
      {
        control: arms[0]?.strategy ?? 'none',
        strategy,
        reductionAtLeast: factor,
        reductionAtLeastInBursts: factor,
        pValue: factor,
        pValueHolm: factor,
        silence: {
          fold: factor,
          power: factor,
          powerInBursts: factor,
          lengthMs: factor,
          lengthInBurstsMs: null,
        },
        throughputRatio: { median: factor, low: factor, high: factor },
      },
    ]);
    return fc.record({
      schema: fc.constant('ebtorture.compare/1' as const),
      environment: fc.constant({ ...asDeclared.environment, cpuModel: `${notice} `.repeat(8) }),
      config: fc.constantFrom(asDeclared.config, fixViolated.config),
      arms: fc.constant(arms),
      comparisons: fc.constant(comparisons),
      placements: fc.constantFrom(asDeclared.placements, [
        { roundTripNs: factor, blocks: 7, rates: arms.map(({ rate }) => rate) },
        { roundTripNs: elapsedMs, blocks: 1e9, rates: arms.map(() => null) },
      ]),
      isBusyHost: fc.boolean(),
      starts: fc.nat(32),
      stopping: fc.constantFrom(asDeclared.stopping, {
        rule: 'decided' as const,
        looks: 3,
        confidence: 0.99,
        isDecided: false,
      }),
      elapsedMs: fc.constant(elapsedMs),
      startup: fc.constant({ firstTrialMs: null, firstViolationMs: null }),
      isInterrupted: fc.constant(isInterrupted),
      notices: fc.constant([notice]),
      verdict: fc.constantFrom('as-declared' as const, 'not-as-declared' as const, 'inconclusive' as const),
    });
  });

/** The same with two placements, in which every arm has what it has in the whole run. */
function placedAs(generated: CompareResult, size: number): CompareResult {
  const ofClass = (placement: ClassResult['placement']): ClassResult => ({
    placement,
    starts: 3,
    roundTripNs: size,
    arms: generated.arms.map(({ trials, violations: { total }, rate }) => ({
      trials,
      violations: total,
      rate,
      trialsPerSecond: size,
      violationsPerSecond: size,
    })),
    claims: generated.comparisons,
  });
  const disturbance = {
    pairs: 6,
    starts: 0,
    throughput: { median: size, low: size, high: size },
    rate: { ratio: null, low: size, high: null },
  };
  const disturbed = (each: ArmResult): ArmResult => ({ ...each, instances: [], disturbance });
  return {
    ...generated,
    arms: generated.arms.map(disturbed),
    classes: [ofClass('sibling'), ofClass('far')],
    places: placesOfThirtyTwo,
  };
}

/** All lines but those of the command to run it again, which are never cut. */
function reportLines(text: string): string[] {
  const lines = text.split('\n');
  return lines.slice(0, lines.indexOf('Run it again:'));
}

describe('compareReport', () => {
  it('fits 80 columns whatever was measured', () => {
    fc.assert(
      fc.property(result, (generated) => {
        const tooWide = reportLines(compareReport(generated, plain)).filter((line) => line.length > 80);

        expect(tooWide).toEqual([]);
      }),
    );
  });

  it('fits 80 columns whatever was measured in several placements', () => {
    fc.assert(
      fc.property(result, real, (generated, size) => {
        const lines = reportLines(compareReport(placedAs(generated, size), plain));

        expect(lines.filter((line) => line.length > 80)).toEqual([]);
        expect(lines.filter((line) => line.includes('undefined'))).toEqual([]);
      }),
    );
  });

  it('shows every arm in its table and its column, in at most 80 columns, also beside arms of the same name', () => {
    const [first] = asDeclared.arms;
    const long = 'a-strategy-with-quite-a-long-name';
    const arms = [first, first].flatMap((same) => (same === undefined ? [] : [{ ...same, strategy: long }]));
    const text = compareReport({ ...asDeclared, arms, comparisons: [] }, plain);

    // Once in the table and once above the column each; the table cuts their beginning.
    expect(text.match(/\.\.\.\S*long-name(?! #2)/g)).toHaveLength(2);
    expect(text.match(/\.\.\.\S*long-name #2/g)).toHaveLength(2);
  });

  it('is plain ASCII without escape sequences unless it is painted', () => {
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(compareReport(fixViolated, plain)).toMatch(/^[\n\u0020-\u007e]*$/);
  });

  it('paints verdict words and nothing else', () => {
    const painted: string[] = [];
    const text = compareReport(fixViolated, (tone, word) => {
      painted.push(`${tone} ${word}`);
      return `<${word}>`;
    });

    expect(painted).toEqual(['bad NOT AS DECLARED', 'good violated', 'good clean', 'bad violated']);
    expect(text.replaceAll(/<([^>]*)>/g, '$1').split('\n')).toHaveLength(
      compareReport(fixViolated, plain).split('\n').length,
    );
  });

  it('begins with its verdict where it is longer than a screen', () => {
    const lines = compareReport(fixViolated, plain).split('\n');
    const last = lines.lastIndexOf(lines[0] ?? '');
    expect(lines[0]).toMatch(/^Verdict: NOT AS DECLARED\. /);
    expect(last).toBeGreaterThan(24);
    expect(lines[1]).toBe(lines[last + 1]);
    expect(ledByVerdict(['Verdict: X.'], [['short']])).toBe('short\n');
  });

  it('has the verdict, the table and the command alone where it is to be brief', () => {
    const whole = compareReport(fixViolated, plain);
    const brief = compareReport(fixViolated, plain, true);
    expect(brief.split('\n').length).toBeLessThan(20);
    expect(brief).toMatch(
      /^Verdict: NOT AS DECLARED\.[^]*\n\n +-+ ?trials [^]*\n\nRun it again:\n +ebtorture compare /,
    );
    for (const line of brief.split('\n')) expect(whole.split('\n')).toContain(line);
    expect(stressReport(stressClean, plain, true)).toMatch(/^Verdict: CLEAN\. [^]*\nRun it again:\n/);
    expect(compareReport({ ...fixViolated, arms: [] }, plain, true)).toContain('Nothing was measured.');
  });

  it('shows a zero as the bound of its rate', () => {
    expect(compareReport(asDeclared, plain)).toMatch(/^ {2}upstream .* 0 {2}< 1\.94 .* clean$/m);
  });

  it('shows no bound of a rate beside violations that it would deny', () => {
    const arms = asDeclared.arms.map((each) =>
      each.strategy === 'none'
        ? { ...each, rate: { ...each.rate, perMillion: 0, low: 0, high: 950_000 } }
        : each,
    );
    const row = compareReport({ ...asDeclared, arms }, plain)
      .split('\n')
      .find((line) => /^ {2}none +31\.4M/.test(line));
    expect(row).toMatch(/123k +seen, no rate +/);
    expect(row).not.toContain('<');
  });

  it('compares a fix with the kernel before it only, once', () => {
    const text = compareReport(asDeclared, plain).replaceAll('\n', ' ');

    expect(text.match(/-fold fewer/g)).toHaveLength(1);
    expect(text).toContain(
      'upstream: 0 violations in 30.1M trials while none had 123,456 in 31.4M: at least 36,100-fold fewer (95 %, ' +
        'p < 1e-6) if what is left is spread as the violations of none are, 1,770-fold if it came in bursts as large ' +
        'as theirs. Had it left 1/1,000 of the rate of none, this run would have shown it with probability >0.999 (in ' +
        'bursts 0.998). A 1,000-fold claim takes a run of 2s (in bursts 9s). Throughput 0.96x of none [0.94, 0.98].',
    );
  });

  it('names the starts that a plan needs beyond those of any long run, unless it is too long anyway', () => {
    const textWith = (change: Partial<Silence>): string => {
      const comparisons = asDeclared.comparisons.map((each) => ({
        ...each,
        silence: each.silence === null ? null : { ...each.silence, ...change },
      }));
      return compareReport({ ...asDeclared, comparisons }, plain).replaceAll('\n', ' ');
    };

    expect(textWith({ lengthInBurstsMs: 2_700_000, startsInBursts: 2149 })).toContain(
      'a run of 2s (in bursts 45m with --starts 2149).',
    );
    expect(textWith({ lengthInBurstsMs: 9e12, startsInBursts: 10_000 })).toContain(
      '(in bursts over 30 days).',
    );
  });

  it('says so when the outcomes do not add up', () => {
    const arms = asDeclared.arms.map((each) =>
      each.strategy === 'upstream' ? { ...each, trials: 1 } : each,
    );

    expect(compareReport({ ...asDeclared, arms }, plain)).toContain('The outcomes of upstream DO NOT add up');
    expect(compareReport(asDeclared, plain)).toContain('the outcomes of every arm add up to its trials.');
  });

  it('names the labels of raised rates in the header', () => {
    expect(compareReport(fixViolated, plain).replaceAll(/\s+/g, ' ')).toContain(
      'delayed: find:ref=200ns, releasepage:checked=500ns; jittered up to 300 ns; stalled at 0.01 % of the ' +
        'points up to 1,000 us; trylock failing 10 %: RATES ARE NOT NATURAL',
    );
    expect(compareReport(asDeclared, plain)).toContain('rates      natural');
  });

  it('names what fails in the header', () => {
    const failing = { ...asDeclared.config, actors: 'read=1,end-io=1', readFail: 0.05, setupFail: 0.1 };

    expect(compareReport({ ...asDeclared, config: failing }, plain).replaceAll(/\s+/g, ' ')).toContain(
      'actors read=1,end-io=1; 5 % of the reads fail; 10 % of the pages to be read cannot be set up',
    );
  });

  it('tells a silent control from an interrupted run, and says what to do', () => {
    const silent = compareReport(silentControl, plain).replaceAll('\n', ' ');
    const early = compareReport(interrupted, plain).replaceAll('\n', ' ');

    expect(silent).toContain(
      'The control none stayed silent, so that a zero says nothing: run longer (--duration 15s)',
    );
    expect(early).toContain('It was interrupted before every arm had run');
  });

  it('does not advise what is in use already', () => {
    const raised = { ...silentControl, config: { ...silentControl.config, trylockFail: 0.2 } };
    const both = { ...raised, config: { ...raised.config, delays: { 'find:ref': 1 } } };
    const advice = (each: CompareResult): string => compareReport(each, plain).replaceAll('\n', ' ');

    expect(advice(silentControl)).toContain('with --trylock-fail 0.1.');
    expect(advice(raised)).toContain('with --delay releasepage:checked=200.');
    expect(advice(both)).toContain('run longer (--duration 15s). ');
  });

  it('ends with the command that runs it again', () => {
    expect(compareReport(asDeclared, plain)).toMatch(
      /\n {2}ebtorture compare --duration 10s --seed 3735928559\n$/,
    );
  });
});

describe('stressReport', () => {
  it('shows the control in one line beside the strategy', () => {
    expect(stressReport(stressClean, plain).match(/^ {2}none +\d/gm)).toHaveLength(1);
  });

  it('gives --no-control again where none ran', () => {
    expect(stressReport(stressUncontrolled, plain)).toMatch(/--no-control\n$/);
    expect(stressReport(stressClean, plain)).not.toContain('--no-control');
  });
});
