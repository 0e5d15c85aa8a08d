import { describe, expect, it } from 'vitest';
import { type Generation, generations, scenarios } from '../../../src/catalog/registry.ts';
import { historyReport } from '../../../src/report/history-report.ts';
import { plain } from '../../../src/report/paint.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { belongs, racesOf } from '../../../src/study/history.ts';
import type {
  HistoryProof,
  HistoryResult,
  HistoryRow,
  MatrixCell,
} from '../../../src/study/history-result.ts';
import { twoKernels } from '../../helpers/two-kernels.ts';

const newRace: Scenario = {
  ...twoKernels,
  history: { year: 2012, commit: null, title: 'a title', symptom: 'a symptom', breaks: ['Q7'] },
  subject: {
    ...twoKernels.subject,
    strategies: twoKernels.subject.strategies.filter(({ name }) => name !== 'upstream'),
  },
};
const next: Generation = {
  name: 'v9.9',
  scenarios: [newRace],
  fixes: ['put-above-two'],
  takesPlugIns: false,
};
const both = [...generations, next];

describe('races of several generations', () => {
  it('are shown together, oldest first, and those of one year as their generations are', () => {
    const races = racesOf(both);
    const years = races.map(({ entry }) => entry.year);

    expect(races.length).toBe(racesOf(generations).length + 1);
    expect(years).toEqual(years.toSorted((one, other) => one - other));
    const of2012 = races.filter(({ entry }) => entry.year === 2012).map(({ generation }) => generation.name);
    expect(of2012.length).toBeGreaterThan(1);
    expect(of2012.at(-1)).toBe('v9.9');
  });

  it('are those of the project, each once', () => {
    const told = scenarios.filter(({ history }) => history !== undefined).map(({ name }) => name);

    expect(
      racesOf(generations)
        .map(({ scenario }) => scenario.name)
        .toSorted(),
    ).toEqual(told.toSorted());
  });

  it('are tried with the strategies of their own kernels, and with those of users where their interface is', () => {
    const races = racesOf(both);
    const triedIn = (strategy: string): Set<string> =>
      new Set(races.filter((race) => belongs(strategy, race)).map(({ generation }) => generation.name));

    expect(triedIn('upstream')).toEqual(new Set(['v5.7']));
    expect(triedIn('put-above-two')).toEqual(new Set(['v5.7', 'v9.9']));
    expect(triedIn('./my-fix.mjs')).toEqual(new Set(['v5.7']));
    expect(triedIn('no-such-fix')).toEqual(new Set());
  });
});

describe('every generation', () => {
  it.each(generations)('$name has fixes that each belong to some race of it', (generation) => {
    const races = racesOf([generation]);

    expect(generation.fixes.length).toBeGreaterThan(0);
    for (const fix of generation.fixes) expect(races.some((race) => belongs(fix, race))).toBe(true);
  });
});

describe('the report', () => {
  const proof: HistoryProof = {
    strategy: 'none',
    verdict: 'holds',
    invariants: [],
    witness: null,
    states: 1,
    complete: true,
    reason: null,
  };
  const row = (scenario: string, generation: string | undefined): HistoryRow => ({
    verdict: 'as-declared',
    scenario,
    ...(generation !== undefined && { generation }),
    year: 2020,
    commit: null,
    title: 'a title',
    symptom: 'a symptom',
    breaks: ['B1'],
    start: 'held',
    actors: 'path=2',
    pages: 1,
    before: { ...proof, strategy: 'old', verdict: 'violated', invariants: ['B1'] },
    after: proof,
  });
  const ok: MatrixCell = { verdict: 'holds', invariants: [], states: 1, complete: true };
  const resultOf = (rows: readonly HistoryRow[]): HistoryResult => ({
    schema: 'ebtorture.history/1',
    verdict: 'as-declared',
    isInterrupted: false,
    config: { exploreMs: 1, hardwareMs: null, seed: 1, agrees: false },
    rows,
    matrix: [
      { strategy: 'old-fix', cells: [ok, null, ok] },
      { strategy: 'new-fix', cells: [null, ok, null] },
    ],
    elapsedMs: 1,
  });

  it('has a matrix of each generation, with its own races and fixes', () => {
    const text = historyReport(resultOf([row('a', 'v5.7'), row('b', 'v9.9'), row('c', 'v5.7')]), plain);
    const [, older = '', newer = ''] = text.split(/^Kernels of v\d\.\d:$/m);

    expect(older).toMatch(/^ +1 +3\n/m);
    expect(older).toMatch(/^ +old-fix +ok +ok$/m);
    expect(older).not.toContain('new-fix');
    expect(newer).toMatch(/^ +2\n/m);
    expect(newer).toMatch(/^ +new-fix +ok$/m);
    expect(newer).not.toContain('old-fix');
  });

  it('has one matrix where there is one generation, or a saved result that tells of none', () => {
    for (const name of ['v5.7', undefined]) {
      const text = historyReport(resultOf(['a', 'b', 'c'].map((race) => row(race, name))), plain);

      expect(text).not.toContain('Kernels of');
      expect(text).toMatch(/^ +old-fix +ok +ok$/m);
      expect(text).toMatch(/^ +new-fix +ok *$/m);
    }
  });
});
