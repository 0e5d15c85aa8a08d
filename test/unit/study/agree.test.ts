import { describe, expect, it } from 'vitest';
import { agreementLines } from '../../../src/report/agree-report.ts';
import { plain } from '../../../src/report/paint.ts';
import { compareReport } from '../../../src/report/run-report.ts';
import { agreedOf, agreementOf, type Explored, worst } from '../../../src/study/agreement.ts';
import type { ArmResult } from '../../../src/stress/result/result.ts';
import { asDeclared } from '../report/sample-results.ts';

const explored: Explored = {
  outcomes: ['read', 'released', 'skipped', 'stripped', 'idle', 'B1'],
  states: 1234,
  incomplete: null,
};

/** What violations of the scenario end as; another one may call it otherwise. */
const FORBIDDEN = 'bug';

function hardware(
  counts: Readonly<Record<string, number>>,
  byInvariant: Readonly<Record<string, number>> = {},
): Pick<ArmResult, 'strategy' | 'outcomes' | 'violations'> {
  const outcomes = Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [
      name,
      { count, grade: name === FORBIDDEN ? ('FORBIDDEN' as const) : ('ACCEPTABLE' as const) },
    ]),
  );
  const total = Object.values(byInvariant).reduce((sum, count) => sum + count, 0);
  return { strategy: 'none', outcomes, violations: { total, byInvariant } };
}

describe('agreementOf', () => {
  it('reports a planted outcome that no interleaving has, and passes the repaired twin', () => {
    const planted = agreementOf(hardware({ bug: 3, read: 90, rescued: 1 }, { B1: 3 }), explored);
    const repaired = agreementOf(hardware({ bug: 3, read: 90, rescued: 0 }, { B1: 3 }), explored);

    expect(planted).toMatchObject({ verdict: 'disagrees', unexplored: ['rescued'] });
    expect(repaired).toMatchObject({
      verdict: 'agrees',
      seen: ['read', 'B1'],
      neverSeen: ['released', 'skipped', 'stripped', 'idle'],
      unexplored: [],
    });
  });

  it('reports a planted violation that no interleaving has, although it has others', () => {
    expect(agreementOf(hardware({ bug: 4 }, { B1: 3, Q2: 1 }), explored)).toMatchObject({
      verdict: 'disagrees',
      unexplored: ['Q2'],
    });
  });

  it('goes by the grade of an outcome, whatever its name', () => {
    const graded = (grade: 'FORBIDDEN' | 'ACCEPTABLE', name: string): string[] => [
      ...agreementOf(
        {
          strategy: 'none',
          outcomes: { [name]: { count: 3, grade } },
          violations: { total: 3, byInvariant: { B1: 3 } },
        },
        explored,
      ).unexplored,
    ];

    expect(graded('FORBIDDEN', 'lost-write')).toEqual([]);
    expect(graded('ACCEPTABLE', 'bug')).toEqual(['bug']);
  });

  it('shows nothing where the search was not complete', () => {
    const bounded: Explored = { ...explored, incomplete: 'the limit of states ended it' };

    expect(agreementOf(hardware({ read: 1 }), bounded).verdict).toBe('partial');
    expect(agreementOf(hardware({ rescued: 1 }), bounded)).toMatchObject({
      verdict: 'partial',
      unexplored: ['rescued'],
    });
  });

  it('finds a planted outcome of threads that is outside of x86-TSO, and says which are outside of sc', () => {
    const both: Explored = {
      ...explored,
      sequential: { outcomes: ['read', 'released', 'skipped'], states: 900, incomplete: null },
    };
    const beyond = agreementOf(hardware({ bug: 3, read: 90 }, { B1: 3 }), both);
    const outside = agreementOf(hardware({ read: 90, rescued: 1 }), both);

    expect(beyond).toMatchObject({
      verdict: 'agrees',
      sequential: { missing: [], seenBeyond: ['B1'], states: 900 },
    });
    expect(outside).toMatchObject({ verdict: 'disagrees', unexplored: ['rescued'] });
  });

  it('finds a planted outcome of sc that a search under x86-TSO has lost', () => {
    const reached = { outcomes: ['read', 'rescued'], states: 900, incomplete: null };
    const lost = agreementOf(hardware({ read: 1 }), { ...explored, sequential: reached });
    const bounded = { ...explored, incomplete: 'the limit of states ended it', sequential: reached };
    const cut = { ...explored, sequential: { ...reached, outcomes: ['read'], incomplete: 'time' } };

    expect(lost).toMatchObject({ verdict: 'disagrees', sequential: { missing: ['rescued'] } });
    // What was not searched to its end has lost nothing yet.
    expect(agreementOf(hardware({ read: 1 }), bounded).verdict).toBe('partial');
    expect(agreementOf(hardware({ read: 1 }), cut).verdict).toBe('partial');
  });

  it('holds nothing against a search that threads did which are no x86-64 to the eye', () => {
    const reached = [{ reached: { ...explored, elapsedMs: 1 } }, { reached: { ...explored, elapsedMs: 1 } }];
    const shown = (shows: 'x86' | 'other-order'): string | undefined =>
      agreedOf(
        {
          ...asDeclared,
          arms: asDeclared.arms.map((arm) => ({ ...arm, ...hardware({ rescued: 1 }) })),
          calibration: { tests: [], shows, control: null },
        },
        asDeclared.arms.map((_, arm) => reached[arm] ?? reached[0]),
      ).agreement?.verdict;

    expect(shown('x86')).toBe('disagrees');
    expect(shown('other-order')).toBe('partial');
  });

  it('is as good as its worst arm', () => {
    const agrees = agreementOf(hardware({ read: 1 }), explored);
    const disagrees = agreementOf(hardware({ rescued: 1 }), explored);
    const partial = agreementOf(hardware({ read: 1 }), { ...explored, incomplete: 'time' });

    expect(worst([agrees, agrees])).toBe('agrees');
    expect(worst([agrees, partial])).toBe('partial');
    expect(worst([partial, disagrees, agrees])).toBe('disagrees');
  });
});

describe('the report of an agreement', () => {
  const arms = [
    agreementOf(hardware({ read: 1 }), explored),
    agreementOf({ ...hardware({ read: 1, rescued: 2 }), strategy: 'upstream' }, explored),
    agreementOf(
      { ...hardware({ idle: 2 }), strategy: 'early-check' },
      { ...explored, incomplete: 'the limit of time ended it' },
    ),
  ];
  const agreement = { verdict: worst(arms), arms, elapsedMs: 12 };

  it('is loud where the engines disagree', () => {
    expect(agreementLines(agreement, plain)).toEqual([
      'Agreement with explore, under the same setting:',
      '  none: 1 of the 6 outcomes that 1,234 states lead to were seen, and no other;',
      '  never seen here: released, skipped, stripped, idle and B1.',
      '  upstream: DISAGREES: the hardware showed rescued, which NO interleaving of the',
      '  model leads to; never seen here: released, skipped, stripped, idle and B1.',
      '  early-check: PARTIAL, the search was not complete (the limit of time ended',
      '  it); never seen here: read, released, skipped, stripped and B1.',
      'The engines DISAGREE: the model or an engine is wrong, and no figure of this run',
      'can be trusted. Please report it, with all of this.',
    ]);
  });

  it('names the ordering, and what only stores that wait have led to', () => {
    const arm = agreementOf(hardware({ bug: 3, read: 1 }, { B1: 3 }), {
      ...explored,
      sequential: { outcomes: ['read'], states: 900, incomplete: null },
    });

    expect(agreementLines({ verdict: 'agrees', arms: [arm], elapsedMs: 1, ordering: 'x86' }, plain)).toEqual([
      'Agreement with explore, under the same setting, both under x86-TSO:',
      '  none: 2 of the 6 outcomes that 1,234 states lead to were seen, and no other;',
      '  never seen here: released, skipped, stripped and idle. All that 900 states',
      '  lead to with every store visible at once is among them; seen here and only',
      '  where stores wait: B1.',
      'The engines AGREE.',
    ]);
  });

  it('stands in that of the comparison, whose command asks for it again', () => {
    const text = compareReport({ ...asDeclared, agreement }, plain);

    expect(text).toContain('The engines DISAGREE');
    expect(text).toMatch(/--agree\n$/);
    expect(compareReport(asDeclared, plain)).not.toMatch(/agree/i);
  });
});
