/** Circles of kinds of locks, in searches: planted ones that deadlock and that cannot, and their repaired twins. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { scenarioNamed, scenarios } from '../../src/catalog/registry.ts';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { exploreOnThreads } from '../../src/explore/explore-on-threads.ts';
import { NO_REDUCTIONS } from '../../src/explore/search/session.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { LockCycle } from '../../src/memory/lock-order.ts';
import { exploreReport } from '../../src/report/explore-report.ts';
import { plain } from '../../src/report/paint.ts';
import { controlOf } from '../../src/scenario/promises.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import {
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';
import { fixed, idsOf, search } from '../helpers/searched-plug-in.ts';

const SOURCE = './test/stress/scenarios/lock-order.mjs';
await loadScenario(SOURCE);
const scenario = scenarioNamed(SOURCE);

const circlesOf = ({ lockOrder = [] }: Pick<ExploreResult, 'lockOrder'>): readonly string[] =>
  lockOrder.map(({ locks }) => locks.join(' > '));

/** With all reductions, and without any, which must come to the same. */
function searched(start: string): ExploreResult {
  const setting = resolveSetting({ scenario, start, pages: 2 });
  const limits = { countStatesMax: 0 };
  const reduced = explore({ setting, strategy: none, limits });
  const full = explore({ setting, strategy: none, limits, reductions: NO_REDUCTIONS });
  expect(full.lockOrder).toEqual(reduced.lockOrder);
  expect(idsOf(full)).toEqual(idsOf(reduced));
  return reduced;
}

/** Takes the locks of releasepage the other way around, or as releasepage does: under the page lock, or before it. */
function taking(order: 'inverted' | 'as releasepage', where: 'gated' | 'bare'): Strategy {
  return fixed(
    'taking',
    (Base) =>
      class extends Base {
        protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
          super.setIoPages(eb, numReads);
          if (where === 'gated') this.#take(eb);
        }

        override readExtentBufferPages(eb: ExtentBuffer, wait: 0 | 1): number {
          if (where === 'bare') this.#take(eb);
          return super.readExtentBufferPages(eb, wait);
        }

        #take(eb: ExtentBuffer): void {
          const locks = [eb + EB_REFS_LOCK, this.fsInfo + FS_PRIVATE_LOCK];
          if (order === 'as releasepage') locks.reverse();
          for (const lock of locks) this.mem.spinLock(lock);
          for (const lock of locks.toReversed()) this.mem.spinUnlock(lock);
        }
      },
  );
}

describe('two locks that are taken both ways', () => {
  it('are found where the page lock keeps their holders apart', () => {
    const result = search(taking('inverted', 'gated'));

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
    expect(result.lockOrder).toEqual<readonly LockCycle[]>([
      {
        locks: ['eb.refs_lock', 'private_lock'],
        nestings: [
          {
            actor: 'finder',
            held: {
              lock: 'eb.refs_lock',
              operation: 'spin_lock',
              functions: ['read_extent_buffer_pages', 'set_io_pages'],
            },
            taken: {
              lock: 'private_lock',
              operation: 'spin_lock',
              functions: ['read_extent_buffer_pages', 'set_io_pages'],
            },
          },
          {
            actor: 'reclaim',
            held: {
              lock: 'private_lock',
              operation: 'spin_lock',
              functions: ['btree_releasepage', 'try_release_extent_buffer'],
            },
            taken: {
              lock: 'eb.refs_lock',
              operation: 'spin_lock',
              functions: ['btree_releasepage', 'try_release_extent_buffer'],
            },
          },
        ],
      },
    ]);
  });

  it('are found beside the deadlock where nothing keeps them apart', () => {
    const result = search(taking('inverted', 'bare'));

    expect(idsOf(result)).toEqual(['deadlock']);
    expect(circlesOf(result)).toEqual(['eb.refs_lock > private_lock']);
  });

  it.each(['gated', 'bare'] as const)('are none in their repaired twin: %s', (where) => {
    const result = search(taking('as releasepage', where));

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
    expect(result).not.toHaveProperty('lockOrder');
  });

  it('are the same on threads', async () => {
    const setting = settingFor('primed', 'finder=2,reclaim=1', allOr(2, 1));
    const strategy = taking('inverted', 'gated');
    const limits = { countStatesMax: 0 };
    const one = explore({ setting, strategy, limits });
    const threads = await exploreOnThreads({ setting, strategy, limits, threads: 2, inlineStatesMax: 100 });

    expect(circlesOf(one)).toEqual(['eb.refs_lock > private_lock']);
    expect(threads.lockOrder).toEqual(one.lockOrder);
  });

  it('are known of a search that a limit has ended', () => {
    const setting = settingFor('primed', 'finder=1,reclaim=1');
    const result = explore({ setting, strategy: taking('inverted', 'gated'), limits: { stepsMax: 400 } });

    expect(result).toMatchObject({ verdict: 'bounded', complete: false });
    expect(circlesOf(result)).toEqual(['eb.refs_lock > private_lock']);
  });
});

describe('the built-in strategies', () => {
  const settings = [
    ['primed', 'finder=1,reclaim=1', 2],
    ['primed', 'finder=1,reclaim=1,end-io=1', 1],
    ['cold', 'read=1,reclaim=1,end-io=1', 1],
  ] as const;

  it.each(
    extentBuffer.strategies.flatMap((strategy, index) =>
      settings
        .filter((_, number) => allOr(true, (index + number) % settings.length === 0))
        .map(([start, actors, pages]) => ({ strategy, start, actors, pages })),
    ),
  )('take no locks in a circle: $strategy.name, $start, $actors', ({ strategy, start, actors, pages }) => {
    const setting = settingFor(start, actors, pages);
    const result = explore({ setting, strategy, limits: { countStatesMax: 0, witnessStatesMax: 0 } });

    expect(result.complete).toBe(true);
    expect(result).not.toHaveProperty('lockOrder');
  });
});

describe('the controls of all scenarios', () => {
  const controls = scenarios.flatMap((of) => of.starts.map(({ name: start }) => ({ of, start })));
  const isDeadlock = ({ history }: Scenario): boolean => history?.breaks.includes('deadlock') === true;
  const searchedControl = async (of: Scenario, start: string): Promise<ExploreResult> =>
    explore({
      setting: resolveSetting({ scenario: of, start, pages: allOr(2, of.pages) }),
      strategy: await loadStrategy(controlOf(of), of.subject),
      limits: { countStatesMax: 0, witnessStatesMax: 0 },
    });

  it.each(controls.filter(({ of }) => !isDeadlock(of)))(
    'take no locks in a circle: $of.name, $start',
    async ({ of, start }) => {
      const result = await searchedControl(of, start);

      expect(result.complete).toBe(true);
      expect(result).not.toHaveProperty('lockOrder');
    },
  );

  it.each(controls.filter(({ of }) => isDeadlock(of)))(
    'take locks in a circle where that is the race: $of.name, $start',
    async ({ of, start }) => {
      expect(circlesOf(await searchedControl(of, start))).toEqual(['eb.refs_lock > xa_lock']);
    },
  );
});

describe('a circle', () => {
  it.each([
    ['gated', 'holds', ['eb.refs_lock > private_lock']],
    ['bare', 'violated', ['eb.refs_lock > private_lock']],
    ['taken-by-chance', 'violated', ['fs.own0 > fs.own1']],
    ['reading', 'holds', ['fs.own0 > fs.own1']],
    ['nested', 'holds', ['eb.refs_lock']],
    ['pages-backward', 'holds', ['page.flags:LOCKED']],
    ['page-awaited', 'violated', ['fs.own1 > page.flags:LOCKED']],
    ['handed-over-late', 'violated', ['fs.own1 > page.flags:LOCKED']],
  ])('is found: %s', (start, verdict, circles) => {
    const result = searched(start);

    expect(result.verdict).toBe(verdict);
    expect(idsOf(result)).toEqual(verdict === 'violated' ? ['deadlock'] : []);
    expect(circlesOf(result)).toEqual(circles);
  });

  it.each(['gated-in-order', 'tried', 'pages', 'handed-over'])('is none: %s', (start) => {
    const result = searched(start);

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
    expect(result).not.toHaveProperty('lockOrder');
  });
});

describe('the report of a search', () => {
  const reported = (start: string): string =>
    exploreReport(
      searched(start),
      resolveSetting({ scenario, start, pages: 2 }).actors.map(({ label }) => label),
      plain,
    );

  it('has both stacks of a circle, and says that it is no violation', () => {
    const text = reported('gated');

    expect(text).toContain(
      [
        'INTERESTING: possible circular locking (eb.refs_lock > private_lock >',
        'eb.refs_lock)',
        '   gated-up wants private_lock: gated-up > spin_lock()',
        '      while it holds eb.refs_lock: gated-up > spin_lock()',
        '   gated-down wants eb.refs_lock: gated-down > spin_lock()',
        '      while it holds private_lock: gated-down > spin_lock()',
        '',
        'That is no violation, and the verdict is the same without it:',
      ].join('\n'),
    );
    expect(text).toContain('Verdict: HOLDS');
  });

  it('calls a kind inside of itself recursive', () => {
    expect(reported('nested')).toContain('possible recursive locking (eb.refs_lock > eb.refs_lock)');
  });

  it('says nothing where there is none', () => {
    expect(reported('pages')).not.toContain('INTERESTING');
  });
});
