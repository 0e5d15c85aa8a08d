/** Read-write locks, waits for a bit and what a counter falls to, in searches. */
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { NO_CHANCES, type Reductions } from '../../src/explore/search/session.ts';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';

const SOURCE = './test/stress/scenarios/tree-lock.mjs';
await loadScenario(SOURCE);
const scenario = scenarioNamed(SOURCE);

const combinations: readonly Reductions[] = [false, true].flatMap((symmetry) =>
  [false, true].flatMap((partialOrder) =>
    [false, true].map((mergeValues) => ({ symmetry, partialOrder, mergeValues })),
  ),
);

/** What every combination of reductions finds, which must be the same. */
function searched(start: string): ExploreResult {
  const setting = resolveSetting({ scenario, start, pages: 1 });
  const all = combinations.map((reductions) => explore({ setting, strategy: none, reductions }));
  const findings = all.map(({ verdict, complete, violations, outcomes, interleavings }) =>
    JSON.stringify([
      verdict,
      complete,
      violations.map(({ invariant }) => invariant),
      outcomes,
      interleavings,
    ]),
  );
  expect(new Set(findings).size).toBe(1);
  const last = all.at(-1);
  if (last === undefined) throw new Error('nothing was searched');
  return last;
}

const namesOf = ({ outcomes }: ExploreResult): readonly string[] => outcomes.map(({ name }) => name);
const idsOf = ({ violations }: ExploreResult): readonly string[] =>
  violations.map(({ invariant }) => invariant);

describe('a read-write lock', () => {
  it.each([
    ['locked', ['old', 'new', 'both', 'busy']],
    ['tried', ['old', 'new', 'both', 'busy']],
    ['retried', ['old', 'new']],
    ['spinning-trier', ['neither']],
    ['buffer', ['old', 'new', 'both']],
    ['freed', ['old', 'new', 'both', 'busy']],
  ])('keeps writers from all others: %s', (start, outcomes) => {
    const result = searched(start);

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
    expect(namesOf(result)).toEqual(outcomes);
  });

  it.each(['bare', 'read-locked'])('is missed where a writer does without: %s', (start) => {
    const result = searched(start);

    expect(result.verdict).toBe('violated');
    expect(idsOf(result)).toEqual(['TORN']);
    expect(result.violations[0]?.witness?.preemptions).toBe(1);
  });

  it('is gone with its buffer', () => {
    expect(idsOf(searched('freed-too-early'))).toEqual(['UAF']);
  });

  it('deadlocks where two readers want to write, which both hold it', () => {
    const { violations } = searched('upgrade');
    const setting = resolveSetting({ scenario, start: 'upgrade', pages: 1 });
    const moves = [0, 1].map((actor) => ({ actor, choice: 0 }));

    expect(violations.map(({ invariant }) => invariant)).toContain('deadlock');
    const { steps, end } = replaySchedule({ setting, strategy: none, moves, chances: NO_CHANCES });
    const owner = 'upgrader#0, upgrader#1';
    expect(steps.map(({ operation, after }) => [operation, after.locks])).toEqual([
      ['down_read', [{ name: 'fs.own0', owner: 'upgrader#0' }]],
      ['down_read', [{ name: 'fs.own0', owner }]],
    ]);
    expect(end).toMatchObject({
      kind: 'deadlock',
      blocked: [0, 1].map((actor) => ({ actor, operation: 'down_write', field: 'fs.own0', owner })),
    });
  });

  it('is given back by one of its readers and held by the other', () => {
    const setting = resolveSetting({
      scenario,
      start: 'locked',
      pages: 1,
      actors: [{ role: 'reader', count: 2 }],
    });
    const moves = [0, 1, 1, 1, 1].map((actor) => ({ actor, choice: 0 }));
    const { steps } = replaySchedule({ setting, strategy: none, moves, chances: NO_CHANCES });

    expect(steps[1]?.after.locks).toEqual([{ name: 'fs.own0', owner: 'reader#0, reader#1' }]);
    expect(steps[4]).toMatchObject({
      operation: 'up_read',
      changes: [{ word: 'fs.own0', before: '2', after: '1' }],
      after: { locks: [{ name: 'fs.own0', owner: 'reader#0' }] },
    });
  });

  it.each([
    ['locked', { writer: 2, reader: 3 }, 2 / 3],
    ['locked', { reader: 4 }, 1 / 30],
    ['freed', {}, 2 / 3],
  ])('leaves orders out that nobody can tell: %s, %o', (start, counts, share) => {
    const actors = Object.entries(counts).map(([role, count]) => ({ role, count }));
    const setting = resolveSetting({ scenario, start, pages: 1, ...(actors.length > 0 && { actors }) });
    const [reduced = 0, full = 0] = [true, false].map((partialOrder) => {
      const reductions = { symmetry: false, partialOrder, mergeValues: true };
      return explore({ setting, strategy: none, reductions, limits: { countStatesMax: 0 } }).states;
    });

    expect(reduced).toBeLessThan(share * full);
  });
});

describe('a wait for a bit', () => {
  it('is over when the last completion has cleared it', () => {
    const result = searched('completed');

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
    expect(namesOf(result)).toEqual(['new']);
  });

  it('is over early where one clears it before it has counted', () => {
    expect(idsOf(searched('completed-early'))).toEqual(['EARLY']);
  });
});

describe('what no actor may do with a read-write lock', () => {
  it.each([
    ['keeper', 'L4'],
    ['writing-keeper', 'L4'],
    ['giver', 'L1'],
    ['wrong-giver', 'L1'],
    ['giver-of-another', 'L1'],
    ['giver-of-a-failure', 'L1'],
    ['spinning-sleeper', 'L3'],
    ['reading-sleeper', 'L3'],
    ['waiting-sleeper', 'L3'],
  ])('is violated by %s: %s', (start, id) => {
    expect(idsOf(searched(start))).toEqual([id]);
  });
});
