import { describe, expect, it } from 'vitest';
import { decisionTable } from '../../../src/report/page/section/decision.ts';
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
