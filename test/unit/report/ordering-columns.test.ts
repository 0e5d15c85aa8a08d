import { describe, expect, it } from 'vitest';
import { decisionTable } from '../../../src/report/page/section/decision.ts';
import { orderingColumns } from '../../../src/report/ordering-columns.ts';
import { plain } from '../../../src/report/paint.ts';
import { compareReport } from '../../../src/report/run-report.ts';
import { comparedInAll } from './sample-orderings.ts';
import { asDeclared } from './sample-results.ts';

describe('the page of a decision in all orderings', () => {
  const result = comparedInAll();
  const fix = result.arms.find(({ expectation }) => expectation === 'holds');
  const text = compareReport(result, plain);

  it('has one column per ordering, of explore and of threads', () => {
    expect(text).toMatch(/explore -+ +threads, \/M/);
    expect(text).toMatch(/sc +x86 +lkmm +sc +x86/);
    expect(text).toMatch(/holds +B1 +holds +<42 +0\?/);
    expect(decisionTable(result)).toMatch(/explore, sc.*explore, x86.*explore, lkmm.*threads, \/M, x86/s);
  });

  it('has no rate of 0 beside violations that no rate has in it', () => {
    const first = orderingColumns(result.arms).find(({ column }) => column.group.startsWith('threads'));
    const arm = result.arms.find(({ expectation }) => expectation === 'violates');
    const orderings = arm?.orderings?.map((each) =>
      each.hardware === undefined
        ? each
        : {
            ...each,
            hardware: {
              ...each.hardware,
              verdict: 'violated' as const,
              violations: { total: 2, byInvariant: { B1: 2 } },
              rate: { ...each.hardware.rate, perMillion: 0, low: 0, high: 40 },
            },
          },
    );
    if (arm === undefined || orderings === undefined) throw new Error('there is no control');

    expect(first?.cellOf({ ...arm, orderings }).text).toBe('seen');
  });

  it('names the ordering of its verdict, and what does not hold in another one', () => {
    expect(text).toMatch(/Verdict: AS DECLARED with every store visible at once\./);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      `Declared to hold, and violated under x86-TSO: ${fix?.strategy ?? ''} (B1).`,
    );
  });

  it('counts what is violated in one of them as unsafe', () => {
    const place = result.arms.findIndex((arm) => arm === fix);

    expect(result.decision?.find(({ arm }) => arm === place)?.safety).toBe('unsafe');
  });

  it('says nothing of orderings that nobody asked for', () => {
    expect(compareReport(asDeclared, plain)).not.toMatch(/lkmm|visible at once/);
  });
});
