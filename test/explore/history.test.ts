/**
 * The races of other years: the kernel that had one violates what its commit names, the kernel that mended it holds in every schedule, and each
 * step of what mended it is there for something.
 */
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { NO_REDUCTIONS } from '../../src/explore/search/session.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import type { StartState } from '../../src/scenario/scenario.ts';
import { staleReuse } from '../../src/subject/extent-buffer/life/scenarios/stale-reuse.ts';
import { fixesOf2020 } from '../../src/subject/extent-buffer/life/strategies/fixes-of-2020.ts';
import { noHandshake } from '../../src/subject/extent-buffer/life/strategies/no-handshake.ts';
import type { LifeStrategy } from '../../src/subject/extent-buffer/life/strategy.ts';
import { EXTENT_BUFFER_STALE } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import { bufferAt, EB_BFLAGS } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { splitMutant } from '../../src/fix/mutation/mutation.ts';
import { lifePlantedBugs } from '../../src/subject/extent-buffer/life/planted-bugs.ts';
import { lifeInvariants } from '../../src/subject/extent-buffer/life/invariants.ts';
import { lifeScenarios } from '../../src/subject/extent-buffer/life/scenarios/registry.ts';
import { brokenIn, searched } from '../helpers/history.ts';
import { allOr, isFull } from '../helpers/full.ts';
import { removalsOf } from '../helpers/removals.ts';

const WARNS = 'is looked at by a WARN_ON only';
const LRU = 'is a mark for the lists of pages that reclaim looks at';
const REFUSES = 'writes nothing: the buffer stays dirty, or is left alone';
const SHOWS = 'is for whoever looks at the error';

interface Race {
  readonly scenario: string;
  /** What the control breaks, in the order of their ids. */
  readonly broken: readonly string[];
  /** The functions in which the fix is. */
  readonly functions: readonly string[];
  /** Removals that nothing notices, by step, and why. */
  readonly equivalent: Readonly<Record<string, string>>;
}

const races: readonly Race[] = [
  {
    scenario: 'private-of-new-buffer',
    broken: ['B3', 'Q2', 'Q5', 'UAF'],
    functions: ['alloc_extent_buffer', 'find_or_create_page'],
    equivalent: {
      'alloc_extent_buffer/test_bit.page.flags.DIRTY/false': WARNS,
      'alloc_extent_buffer/test_bit.page.flags.UPTODATE/false': 'no page is up to date before it is read',
      'find_or_create_page/test_bit.page.flags.REFERENCED/true': LRU,
      'find_or_create_page/test_bit.page.flags.REFERENCED/false': LRU,
      'find_or_create_page/set_bit.page.flags.REFERENCED/drop': LRU,
    },
  },
  {
    scenario: 'dying-buffer',
    broken: ['B1', 'B2', 'Q6', 'UAF'],
    functions: ['attach_extent_buffer_page'],
    equivalent: {
      'attach_extent_buffer_page/test_bit.page.flags.PRIVATE.2/false':
        'nobody else attaches under the lock of the page',
      'attach_extent_buffer_page/atomic_inc_not_zero.eb.refs/false':
        'a buffer that is met here has no references',
      'attach_extent_buffer_page/test_bit.page.flags.DIRTY/false': WARNS,
    },
  },
  {
    scenario: 'dirty-vs-releasepage',
    broken: ['B1', 'B8'],
    functions: ['check_buffer_tree_ref'],
    equivalent: {},
  },
  {
    scenario: 'writeback-gap',
    broken: ['B1'],
    functions: ['start_writeback'],
    equivalent: { 'start_writeback/test_and_clear_bit.eb.bflags.DIRTY/false': REFUSES },
  },
  {
    scenario: 'writeback-private',
    broken: ['B4', 'UAF'],
    functions: ['take_extent_buffer_of'],
    equivalent: {
      'take_extent_buffer_of/test_bit.page.flags.PRIVATE/true': 'is asked again under the lock',
      'take_extent_buffer_of/test_bit.page.flags.PRIVATE/false': REFUSES,
      'take_extent_buffer_of/test_bit.page.flags.PRIVATE.2/false': REFUSES,
      'take_extent_buffer_of/atomic_inc_not_zero.eb.refs/false': REFUSES,
    },
  },
  {
    scenario: 'last-puts',
    broken: ['Q7'],
    functions: ['free_extent_buffer'],
    equivalent: {
      'free_extent_buffer/atomic_read.eb.refs/as-2': 'takes the lock always',
      'free_extent_buffer/atomic_read.eb.refs/as-3': 'takes the lock always',
      'free_extent_buffer/atomic_read.eb.refs/as-4': 'fails to exchange what is not 4, and looks again',
      'free_extent_buffer/test_bit.eb.bflags.UNMAPPED/false': 'no buffer is unmapped',
      'free_extent_buffer/test_bit.eb.bflags.UNMAPPED.2/false': 'no buffer is unmapped',
      'free_extent_buffer/atomic_read.eb.refs.2/as-2':
        'lets another one than the last take the reference of the tree',
      'free_extent_buffer/atomic_read.eb.refs.3/as-2':
        'lets another one than the last take the reference of the tree',
      'free_extent_buffer/test_bit.eb.bflags.STALE/true': 'gives up a buffer that could have been kept',
      'free_extent_buffer/test_and_clear_bit.eb.bflags.TREE_REF/true':
        'is set whenever refs are 2 and one is left',
    },
  },
  {
    scenario: 'stale-read-over-dirty',
    broken: ['Q6'],
    functions: ['verify_parent_transid', 'extent_buffer_under_io'],
    equivalent: {
      'extent_buffer_under_io/atomic_read.eb.io_pages/as-0': 'the buffer is dirty and not being written',
      'extent_buffer_under_io/test_bit.eb.bflags.WRITEBACK/true': 'the buffer is under IO',
      'extent_buffer_under_io/test_bit.eb.bflags.WRITEBACK/false':
        'the buffer is dirty and not being written',
      'extent_buffer_under_io/test_bit.eb.bflags.DIRTY/true': 'the buffer is dirty',
    },
  },
  {
    scenario: 'stale-reuse',
    broken: ['B1', 'B8'],
    functions: ['find_extent_buffer'],
    equivalent: { 'find_extent_buffer/test_bit.eb.bflags.STALE/true': 'waits for every buffer' },
  },
  {
    scenario: 'page-outside-bio',
    broken: ['Q5'],
    functions: ['submit_reads'],
    equivalent: {
      'submit_reads/test_bit.page.flags.UPTODATE/false': 'no page is up to date before it is read',
      'submit_reads/clear_bit.page.flags.ERROR/drop': SHOWS,
    },
  },
  {
    scenario: 'counted-before-locked',
    broken: ['Q5'],
    functions: ['read_extent_buffer_pages', 'lock_extent_buffer_pages'],
    equivalent: {
      'read_extent_buffer_pages/test_bit.eb.bflags.UPTODATE/true': 'never reads',
      'read_extent_buffer_pages/test_bit.eb.bflags.UPTODATE/false': 'is found out with the pages locked',
      'read_extent_buffer_pages/test_bit.page.flags.UPTODATE/false':
        'the read that failed has left no page up to date',
      'read_extent_buffer_pages/clear_bit.eb.bflags.READ_ERR/drop':
        'fails every further read: the reader has no buffer to put',
      'read_extent_buffer_pages/WRITE_ONCE.eb.read_mirror/drop': SHOWS,
    },
  },
  {
    scenario: 'failed-flush',
    broken: ['Q5'],
    functions: ['undo_writeback', 'end_extent_buffer_writeback'],
    equivalent: {},
  },
  {
    scenario: 'write-error-vs-read',
    broken: ['Q5'],
    functions: ['read_extent_buffer_pages', 'set_btree_ioerr'],
    equivalent: {
      'set_btree_ioerr/set_bit.page.flags.ERROR/drop': SHOWS,
      'set_btree_ioerr/test_and_set_bit.eb.bflags.WRITE_ERR/true':
        'leaves UPTODATE set, so that nobody reads',
      'set_btree_ioerr/clear_bit.eb.bflags.UPTODATE/drop': 'leaves UPTODATE set, so that nobody reads',
      'read_extent_buffer_pages/test_bit.eb.bflags.UPTODATE/true': 'never reads',
      'read_extent_buffer_pages/test_bit.eb.bflags.WRITE_ERR/true': 'fails every read',
    },
  },
  {
    scenario: 'stale-reuse-by-page',
    broken: ['B1', 'B8'],
    functions: ['mark_extent_buffer_accessed'],
    equivalent: {
      'mark_extent_buffer_accessed/test_bit.page.flags.REFERENCED/true': LRU,
      'mark_extent_buffer_accessed/test_bit.page.flags.REFERENCED/false': LRU,
      'mark_extent_buffer_accessed/test_bit.eb.bflags.STALE/true': 'waits for every buffer',
    },
  },
];

describe('a write that is completed by somebody else', () => {
  it.each([
    ['writeback-gap', 'gap-before-writeback', 'locked-transition', 'committer=1,reclaim=1,end-io=1'],
    ['writeback-private', 'private-unlocked', 'private-locked', 'writer=2,reclaim=1,end-io=1'],
  ])('changes nothing for %s', async (scenario, control, fix, actors) => {
    expect(await searched({ scenario, strategy: control, actors })).toMatchObject({ verdict: 'violated' });
    expect(await searched({ scenario, strategy: fix, actors })).toMatchObject({
      verdict: 'holds',
      complete: true,
    });
  });
});

it('a flush that fails keeps a commit waiting for ever', async () => {
  const setting = {
    scenario: 'failed-flush',
    actors: 'failing-writer=1,reclaim=1,sync-writer=1,end-io=1',
  };

  expect(brokenIn(await searched({ ...setting, strategy: 'writeback-left-set' }))).toStrictEqual([
    'deadlock',
  ]);
  expect(await searched({ ...setting, strategy: 'none' })).toMatchObject({
    verdict: 'holds',
    complete: true,
  });
});

it('the look at IO that spares a dirty buffer misses one that is on its way to writeback', async () => {
  const result = await searched({
    scenario: 'stale-read-over-dirty',
    strategy: 'none',
    actors: 'sender=1,writer=1,end-io=1',
  });

  expect(brokenIn(result).toSorted()).toStrictEqual(['Q5', 'Q6']);
});

describe('the handshake of 2015 and the fix of 2020', () => {
  const limits = { countStatesMax: 0, witnessStatesMax: 0 };
  const fixed = lifeOfUpstream();

  it('are both needed: without the handshake the fix of 2020 does not mend the reuse of a stale buffer', () => {
    const withoutHandshake: LifeStrategy = {
      ...noHandshake,
      name: 'upstream without handshake',
      extend: (Base) => noHandshake.extend(fixed.extend(Base)),
    };

    for (const { name: start } of staleReuse.starts) {
      const setting = resolveSetting({ scenario: staleReuse, start });
      const broken = brokenIn(explore({ setting, strategy: withoutHandshake, limits })).toSorted();

      expect(broken).toStrictEqual(['B1', 'B8']);
      expect(explore({ setting, strategy: fixed, limits })).toMatchObject({ complete: true, violations: [] });
    }
  });

  it.each([1, 2])('a stale buffer makes the race of 2020 impossible: %i pages', (pages) => {
    const [primed] = readaheadVsReleasepage.starts;
    if (primed === undefined) throw new RangeError('the scenario of 2020 has no start');
    const stale: StartState = {
      ...primed,
      name: 'stale',
      reset: (words, geometry, fs) => {
        primed.reset(words, geometry, fs);
        const bflags = bufferAt(fs, geometry, 0) + EB_BFLAGS;
        words[bflags] = (words[bflags] ?? 0) | (1 << EXTENT_BUFFER_STALE);
      },
    };
    const found = [primed, stale].map((start) => {
      const setting = resolveSetting({ scenario: { ...readaheadVsReleasepage, starts: [start] }, pages });
      return explore({ setting, strategy: none, limits });
    });

    expect(found).toMatchObject([
      { verdict: 'violated', complete: true },
      { verdict: 'holds', complete: true },
    ]);
  });
});

function lifeOfUpstream(): LifeStrategy {
  const found = fixesOf2020.find(({ name }) => name === 'upstream');
  if (found === undefined) throw new RangeError('there is no upstream');
  return found;
}

/** Whose steps are removed where not everything is run. */
const PART = new Set(['stale-reuse', 'writeback-gap', 'dying-buffer', 'failed-flush']);

/** Not a race, but what was thought to be one: see test/explore/write-guards.test.ts. */
const NO_RACE = 'writeback-vs-releasepage';

it('plays every race that there is', () => {
  expect([...races.map(({ scenario }) => scenario), NO_RACE].toSorted()).toStrictEqual(
    lifeScenarios.map(({ name }) => name).toSorted(),
  );
});

describe('the planted bugs of changed and written buffers', () => {
  const own = Object.entries(lifePlantedBugs).filter(([, { scenario }]) =>
    lifeScenarios.some(({ name }) => name === scenario),
  );

  it('are those of the invariants that v5.7 has not', () => {
    expect(own.map(([id]) => id)).toStrictEqual(lifeInvariants.slice(-6).map(({ id }) => id));
    expect(lifeInvariants.filter(({ id }) => lifePlantedBugs[id] === undefined)).toStrictEqual([]);
  });

  it.each(own)('break %s, and without them nothing is broken', async (id, bug) => {
    const { scenario = '', strategy, start, actors, pages } = bug;
    const setting = { scenario, start, actors, pages };
    const planted = await searched({ ...setting, strategy });
    const repaired = await searched({
      ...setting,
      strategy: bug.repaired ?? splitMutant(strategy)?.strategy ?? 'upstream',
    });

    expect(brokenIn(planted)).toContain(id);
    expect(repaired).toMatchObject({ verdict: 'holds', complete: true });
  });
});

describe.each(races)('$scenario', ({ scenario, broken, functions, equivalent }) => {
  const declared = lifeScenarios.find(({ name }) => name === scenario);
  const { control = 'none', fix = 'upstream', promises = {}, starts = [] } = declared ?? {};
  /** Three allocations take seconds to be searched. */
  const isLarge = scenario === 'stale-reuse-by-page';

  it('violates in the kernel that had it', async () => {
    const result = await searched({ scenario, strategy: control });

    expect(result).toMatchObject({ verdict: 'violated', complete: true });
    expect(brokenIn(result).toSorted()).toStrictEqual(broken);
    for (const { witness } of result.violations) expect(witness).not.toBeNull();
  });

  it('holds in the kernel that mended it', async () => {
    const result = await searched({ scenario, strategy: fix });

    expect(result).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
  });

  const names = Object.keys(promises);
  const usual = names.filter((name) => [control, fix, 'none', 'upstream', 'handshake-find'].includes(name));

  it.each(
    starts.flatMap(({ name: start }) =>
      allOr(names, isLarge ? [control, fix] : usual).map((strategy) => ({ start, strategy })),
    ),
  )('keeps what $strategy promises from $start', async ({ start, strategy }) => {
    const { verdict, complete } = await searched({ scenario, strategy, start, isBrief: true });

    expect(complete).toBe(true);
    // A fix of another race has no step of its own here.
    const kept = promises[strategy] === 'holds' ? ['holds', 'vacuous'] : ['violated'];
    expect(kept).toContain(verdict);
  });

  it.each(allOr([control, fix], isLarge ? [] : [control, fix]))(
    'is searched no less for what the reductions leave out: %s',
    async (strategy) => {
      const whole = await searched({ scenario, strategy, isBrief: true, reductions: NO_REDUCTIONS });
      const reduced = await searched({ scenario, strategy, isBrief: true });

      const findings = ({ verdict, complete, violations, outcomes }: ExploreResult): unknown => ({
        verdict,
        complete,
        broken: violations.map(({ invariant }) => invariant).toSorted(),
        outcomes: outcomes.map(({ name }) => name).toSorted(),
      });
      expect(findings(reduced)).toStrictEqual(findings(whole));
    },
  );

  it.runIf(isFull || PART.has(scenario))(
    'rests on every step of the fix, but for those that nothing can notice',
    async () => {
      const removals = Object.entries(await removalsOf(scenario, fix, functions));
      const unnoticed = removals.filter(([, broke]) => broke === 'holds' || broke === 'vacuous');

      expect(unnoticed.map(([id]) => id).toSorted()).toStrictEqual(Object.keys(equivalent).toSorted());
      expect(removals.length).toBeGreaterThan(unnoticed.length);
    },
  );
});
