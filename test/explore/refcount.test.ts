/** Reference counts that callers judge by the value before, and a bit that is cleared for who waits for it, in searches. */
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { NO_CHANCES, type Reductions } from '../../src/explore/search/session.ts';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';

const SOURCE = './test/stress/scenarios/refcount.mjs';
await loadScenario(SOURCE);
const scenario = scenarioNamed(SOURCE);

const combinations: readonly Reductions[] = [false, true].flatMap((symmetry) =>
  [false, true].flatMap((partialOrder) =>
    [false, true].map((mergeValues) => ({ symmetry, partialOrder, mergeValues })),
  ),
);

/** What every combination of reductions finds, which must be the same. */
async function searched(start: string, name: string): Promise<ExploreResult> {
  const setting = resolveSetting({ scenario, start, pages: 1 });
  const strategy = await loadStrategy(name, scenario.subject);
  const all = combinations.map((reductions) => explore({ setting, strategy, reductions }));
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

const idsOf = ({ violations }: ExploreResult): readonly string[] =>
  violations.map(({ invariant }) => invariant);

describe.each(['cached', 'new'])('a reference count, %s', (start) => {
  it('is raised from 0 where a look-up does not look at it', async () => {
    expect(idsOf(await searched(start, 'none'))).toEqual(['FROM-ZERO']);
  });

  it('is not where it does', async () => {
    const result = await searched(start, 'try-get');

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
    expect(result.outcomes.map(({ name }) => name)).toEqual(['used', 'missed']);
  });
});

describe('a mutant', () => {
  it.each([
    ['cached', 'folio_try_get/refcount_inc_not_zero.folio.refs/split', 'UAF'],
    ['cached', 'folio_end_writeback/clear_and_wake_up_bit.folio.flags.writeback/drop', 'deadlock'],
    ['new', 'filemap_add_folio/refcount_set.folio.refs/drop', 'FROM-ZERO'],
    ['new', 'folio_get/refcount_inc.folio.refs/drop', 'UNDERFLOW'],
    ['new', 'folio_get/refcount_inc.folio.refs/split', 'UNDERFLOW'],
    ['new', 'folio_put/refcount_dec_and_test.folio.refs/split', 'UNDERFLOW'],
    ['cached', 'folio_end_writeback/refcount_read.folio.refs/as-0', 'BUSY'],
  ])('is told by what it violates: %s, %s', async (start, mutation, id) => {
    expect(idsOf(await searched(start, `try-get~${mutation}`))).toContain(id);
  });
});

it('steps have the names of the kernel, and counts the value before', async () => {
  const setting = resolveSetting({ scenario, start: 'new', pages: 1 });
  const strategy = await loadStrategy('try-get', scenario.subject);
  const moves = [1, 1, 1, 0, 0, 0, 0, 0].map((actor) => ({ actor, choice: 0 }));
  const { steps } = replaySchedule({ setting, strategy, moves, chances: NO_CHANCES });

  expect(steps.map(({ operation, field, result }) => `${operation} ${field ?? ''} ${result ?? ''}`)).toEqual([
    'refcount_set folio0.refs ',
    'refcount_inc folio0.refs 1',
    'refcount_dec folio0.refs 2',
    'rcu_read_lock  ',
    'READ_ONCE slot folio0',
    'refcount_inc_not_zero folio0.refs true',
    'rcu_read_unlock  ',
    'refcount_dec_and_test folio0.refs 2',
  ]);
});
