import { describe, expect, it } from 'vitest';
import type { CompareResult } from '../../../../src/stress/result/result.ts';
import type { WindowResult } from '../../../../src/stress/window/window-result.ts';
import { diffResults } from '../../../../src/study/diff/diff.ts';
import type { DiffFigure, DiffResult } from '../../../../src/study/diff/diff-result.ts';
import { IncomparableError } from '../../../../src/study/diff/differences.ts';
import { leeway, runsOf } from '../../../helpers/calibration.ts';
import { type KnownMachine, knownRun } from '../../../helpers/measured-runs.ts';
import { windowOfNone } from '../../report/sample-window.ts';

const MARGIN = 0.1;
const ALL = 400;

function diffed(
  a: CompareResult | WindowResult,
  b: CompareResult | WindowResult,
  margin = MARGIN,
): DiffResult {
  const input = (
    file: string,
    document: CompareResult | WindowResult,
  ): Parameters<typeof diffResults>[0] => ({
    file,
    schema: document.schema,
    document,
  });
  return diffResults(input('a.json', a), input('b.json', b), { margin });
}

function figure({ figures }: DiffResult, subject: string, what: string): DiffFigure {
  const found = figures.find((each) => each.subject.startsWith(subject) && each.what.startsWith(what));
  if (found === undefined) throw new Error(`there is no figure of ${what} of ${subject}`);
  return found;
}

/** How often two runs come out as each verdict. */
function verdicts(a: Partial<KnownMachine>, b: Partial<KnownMachine>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let run = 0; run < runsOf(ALL); run += 1) {
    const { verdict } = diffed(knownRun(2 * run, a), knownRun(2 * run + 1, b));
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1 / runsOf(ALL));
  }
  return counts;
}

describe('two runs', () => {
  it('of one machine differ by chance in 5 % at most', () => {
    // Two of its figures vary, so that Holm has something to do; the third has no event on either side.
    expect(verdicts({}, {}).get('different') ?? 0).toBeLessThanOrEqual(0.05 + leeway(0.05, ALL));
    const uneven = { starts: 6, between: 0.5 };
    expect(verdicts(uneven, uneven).get('different') ?? 0).toBeLessThanOrEqual(0.05 + leeway(0.05, ALL));
  });

  it('differ where the rate doubles, or the speed halves', () => {
    const calm = { starts: 20, between: 0.2 };
    expect(verdicts(calm, { ...calm, rate: 8e-3 }).get('different') ?? 0).toBeGreaterThanOrEqual(0.95);
    expect(verdicts({}, { speed: 2.5e6 }).get('different') ?? 0).toBeGreaterThanOrEqual(0.95);
  });

  it('are the same where all that differs is within the margin', () => {
    const steady = { starts: 40, between: 0.02 };
    const result = diffed(knownRun(1, steady), knownRun(2, steady), 0.25);

    expect(result.verdict).toBe('same');
    expect(figure(result, 'none', 'violations')).toMatchObject({ verdict: 'same', reason: null });
    // Nothing to compare: bounds, and no ratio.
    expect(figure(result, 'upstream', 'violations')).toMatchObject({
      verdict: 'no-events',
      change: null,
      a: { value: 0 },
      b: { value: 0 },
    });
  });

  it('tell nothing where there is too little of them', () => {
    const small = diffed(knownRun(1, { starts: 3 }), knownRun(2, { starts: 3, rate: 8e-3 }));
    expect(small.verdict).toBe('not-told');
    expect(figure(small, 'none', 'violations').reason).toContain('3 starts of the threads');

    const few = diffed(knownRun(1, { starts: 5, rate: 1e-6 }), knownRun(2, { starts: 5, rate: 1e-6 }));
    expect(few.verdict).toBe('not-told');
  });

  it('have a bound, and no ratio of 0, where one of them has no violation', () => {
    const gone = diffed(knownRun(1), withoutViolations(knownRun(2)));
    const { change, verdict } = figure(gone, 'none', 'violations');

    expect(verdict).toBe('different');
    expect(change).toMatchObject({ value: null, from: 0 });
    expect(change?.to).toBeGreaterThan(0);
    expect(change?.to).toBeLessThan(0.1);
  });

  it('differ where a verdict has changed, whatever rates say', () => {
    const [a, b] = [knownRun(1), knownRun(2)];
    const flipped = {
      ...b,
      arms: b.arms.map((arm) => ({
        ...arm,
        ...(arm.strategy === 'upstream' && { verdict: 'violated' as const }),
      })),
    };
    const result = diffed(a, flipped);

    expect(diffed(a, b).verdict).not.toBe('different');
    expect(result.verdict).toBe('different');
    expect(result.facts).toContainEqual({
      subject: 'upstream',
      what: 'verdict',
      a: 'clean',
      b: 'violated',
      verdict: 'different',
      reason: null,
    });
  });

  it('are told apart by what they were measured with, and refused where they answer no common question', () => {
    const [a, b] = [knownRun(1), knownRun(2)];
    const elsewhere = {
      ...b,
      environment: { ...b.environment, node: '24.1.0', v8: '13.6', commit: 'fedcba987654' },
      config: { ...b.config, stride: 16, kernel: '6.12', scenario: `${b.config.scenario}@6.12` },
    };

    expect(diffed(a, elsewhere).differences).toEqual([
      { what: 'Node', a: '20.20.2', b: '24.1.0' },
      { what: 'commit', a: '1a2b3c4d5e6f', b: 'fedcba987654' },
      { what: 'kernel', a: '-', b: '6.12' },
      { what: 'stride', a: '64', b: '16' },
      { what: 'seed', a: '1', b: '2' },
    ]);
    for (const [part, message] of [
      [{ scenario: 'another' }, /differ in scenario: readahead-vs-releasepage and another/],
      [{ ordering: 'x86' as const }, /differ in ordering: sc and x86/],
      [{ trylockFail: 0.1 }, /differ in --trylock-fail: 0 and 0\.1/],
    ] as const) {
      const other = { ...b, config: { ...b.config, ...part } };
      expect(() => diffed(a, other)).toThrow(IncomparableError);
      expect(() => diffed(a, other)).toThrow(message);
    }
    expect(() => diffed(a, windowOfNone)).toThrow(/differ in their command: compare and window/);
  });

  it('are the same where they are one, and say what that is worth', () => {
    const result = diffed(knownRun(1), knownRun(1));
    expect(result.verdict).toBe('same');
    expect(result.notes[0]).toContain('one and the same result');
  });
});

describe('two windows', () => {
  it('differ where one is twice as wide, or elsewhere, and not where they are alike', () => {
    const wider = changed(windowOfNone, { times: 2 });
    expect(figure(diffed(windowOfNone, wider), 'none', 'width')).toMatchObject({ verdict: 'different' });
    expect(diffed(windowOfNone, changed(windowOfNone, { times: 1.001 })).verdict).not.toBe('different');
    const moved = diffed(windowOfNone, changed(windowOfNone, { byNs: 400 }));
    expect(figure(moved, 'none', 'peak')).toMatchObject({
      verdict: 'different',
      change: { kind: 'shift', value: 400 },
    });
    expect(figure(moved, 'none', 'width').verdict).not.toBe('different');
  });
});

function withoutViolations(run: CompareResult): CompareResult {
  return {
    ...run,
    arms: run.arms.map((arm) => ({
      ...arm,
      violations: { total: 0, byInvariant: {} },
      blockResults: arm.blockResults.map((block) => ({ ...block, violations: 0 })),
    })),
  };
}

/** The window as it would be, were it so many times as wide, or so much later. */
function changed(
  result: WindowResult,
  { times = 1, byNs = 0 }: { readonly times?: number; readonly byNs?: number },
): WindowResult {
  const at = (offsetNs: number): number => offsetNs * times + byNs;
  return {
    ...result,
    profiles: result.profiles.map((profile) => {
      const { violations } = profile;
      const { peak, widthNs, widthInterval, halfWidthNs } = violations;
      return {
        ...profile,
        points: profile.points.map((point) => ({ ...point, offsetNs: at(point.offsetNs) })),
        violations: {
          ...violations,
          peak: peak === null ? null : { ...peak, offsetNs: at(peak.offsetNs) },
          halfWidthNs: halfWidthNs === null ? null : halfWidthNs * times,
          widthNs: widthNs * times,
          widthInterval:
            widthInterval === null
              ? null
              : { ...widthInterval, low: widthInterval.low * times, high: widthInterval.high * times },
        },
      };
    }),
  };
}
