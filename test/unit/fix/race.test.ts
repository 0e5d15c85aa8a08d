import { describe, expect, it } from 'vitest';
import { bioRef } from '../../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import { earlyCheck } from '../../../src/subject/extent-buffer/v5.7/strategies/early-check.ts';
import { modelOf } from '../../../src/fix/plug-in/load.ts';
import { lockedIoPages } from '../../../src/subject/extent-buffer/v5.7/strategies/locked-io-pages.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import type { ExtentBuffer } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { WAIT_NONE } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import { hooked } from '../../helpers/hooked-model.ts';
import { Script } from '../../helpers/scripted-actor.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

/** The seed's story with whole operations: the look-up falls between releasepage's test and its clearing of TREE_REF. */
function lookUpInsideOfReleasepage(strategy: Strategy): { verdict: string; notes: readonly string[] } {
  const world = new TestWorld();
  const finder = world.model(world.memory(0), modelOf(strategy));
  let found: ExtentBuffer | undefined;
  const Reclaim = hooked(
    { 'releasepage:checked': () => (found = finder.findExtentBuffer()) },
    modelOf(strategy),
  );
  const memory = world.memory(1);

  memory.lockPage(world.page(1));
  const isGone = world.model(memory, Reclaim).btreeReleasepage(world.page(1));
  memory.unlockPage(world.page(1));
  expect(isGone).toBe(false);
  expect(found).toBe(world.buffer(0));
  finder.readExtentBufferPages(world.buffer(0), WAIT_NONE);
  finder.freeExtentBuffer(world.buffer(0));

  return { verdict: world.verdict(), notes: noteNames(finder.notes) };
}

describe('a look-up between the test and the clearing of TREE_REF in releasepage', () => {
  it.each([none, lockedIoPages])('is released under IO with $name', (strategy) => {
    const { verdict, notes } = lookUpInsideOfReleasepage(strategy);

    expect(verdict).toBe('B1');
    expect(notes).toEqual(['Found', 'ReadStarted', 'LastPut']);
  });

  it.each([upstream, earlyCheck])(
    'is rescued with $name, since the check comes after releasepage',
    (strategy) => {
      const { verdict, notes } = lookUpInsideOfReleasepage(strategy);

      expect(verdict).toBe('none');
      expect(notes).toEqual(['Found', 'Rescued', 'ReadStarted']);
    },
  );
});

/** As above, but releasepage stands still until the finder is about to take the first page lock. */
function readBeginsInsideOfReleasepage(strategy: Strategy): Script {
  const script = new Script({ strategy });
  script.actor('reclaim').until('@releasepage:checked');
  script.actor('finder').until('trylock page0');
  script.actor('reclaim').finish();
  return script.finish();
}

describe('a releasepage that clears TREE_REF while a read is about to lock the pages', () => {
  it.each([none, lockedIoPages, earlyCheck])('is released under IO with $name', (strategy) => {
    const script = readBeginsInsideOfReleasepage(strategy);

    expect(script.verdict).toBe('B1');
    expect(script.actor('reclaim').notes).toEqual(['TreeRefStripped']);
    expect(script.actor('finder').notes).not.toContain('Rescued');
  });

  it('is rescued with upstream', () => {
    const script = readBeginsInsideOfReleasepage(upstream);

    expect(script.verdict).toBe('none');
    expect(script.actor('finder').notes).toEqual(['Found', 'Rescued', 'ReadStarted']);
  });
});

/**
 * kernel.md 2.1 from `cold`: CPU1 (readahead#0) wins the allocation but not the page lock that CPU2 (reclaim) holds,
 * so that its read gives up; CPU0 (readahead#1) comes between the test and the clearing of CPU2.
 */
function threeActors(strategy: Strategy, cpu0StartsBefore: boolean): Script {
  const script = new Script({ strategy, start: 'cold' });
  const [cpu1, cpu0, cpu2] = ['readahead#0', 'readahead#1', 'reclaim'].map((label) => script.actor(label));
  if (cpu0StartsBefore) cpu0?.until('slab alloc');
  cpu1?.until('trylock page0');
  cpu2?.until('@releasepage:locked');
  cpu1?.finish();
  cpu2?.until('@releasepage:checked');
  cpu0?.until('trylock page0');
  cpu2?.finish();
  return script.finish();
}

describe.each([
  ['finds the buffer in the tree', { cpu0StartsBefore: false, notes: ['Found'] }],
  [
    'has lost the allocation and finds it through page->private',
    { cpu0StartsBefore: true, notes: ['Missed', 'ExistsPage'] },
  ],
])('the story of three processors, where the third %s', (_how, { cpu0StartsBefore, notes }) => {
  it.each([none, earlyCheck, lockedIoPages])('ends in the BUG_ON with $name', (strategy) => {
    const script = threeActors(strategy, cpu0StartsBefore);

    expect(script.verdict).toBe('B1');
    expect(script.actor('readahead#0').notes).toEqual(['Missed', 'ReadSkipped', 'Allocated']);
    expect(script.actor('readahead#1').notes).toEqual(
      expect.arrayContaining([...notes, 'ReadStarted', 'LastPut']),
    );
  });

  it('ends with a completed read under upstream', () => {
    const script = threeActors(upstream, cpu0StartsBefore);

    expect(script.verdict).toBe('none');
    expect(script.actor('readahead#1').notes).toEqual(
      expect.arrayContaining([...notes, 'Rescued', 'ReadStarted', 'ReadCompleted']),
    );
    expect(script.world.bits('eb0.bflags')).toEqual(['UPTODATE', 'TREE_REF', 'IN_TREE']);
  });
});

/** The verdicts on all schedules in which each of two actors is interrupted at most once. */
function verdictsOfTwoSwitches(strategy: Strategy): Map<string, number> {
  const verdicts = new Map<string, number>();
  for (const [first, second] of [
    ['reclaim', 'finder'],
    ['finder', 'reclaim'],
  ] as const) {
    for (let taken = 0, isWhole = false; !isWhole; taken++) {
      for (let inserted = 0, isEnd = false; !isEnd; inserted++) {
        const script = new Script({ strategy, pages: 1 });
        script.actor(first).take(taken);
        isWhole = script.actor(first).isDone;
        isEnd = script.actor(second).take(inserted) < inserted || script.actor(second).isDone;
        script.actor(first).take(Infinity);
        const { verdict } = script.finish();
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      }
    }
  }
  return verdicts;
}

describe('all schedules with one interruption of each actor', () => {
  it.each(strategies)('keep what the strategy declares: $name', (strategy) => {
    const verdicts = verdictsOfTwoSwitches(strategy);

    expect([...verdicts.keys()].toSorted()).toEqual(
      strategy.expectation === 'violates' ? ['B1', 'none'] : ['none'],
    );
    expect(verdicts.get('none')).toBeGreaterThan(100);
  });
});

describe('a failed read, which names its buffer without a reference (kernel.md 1.12)', () => {
  it.each(strategies)(
    'touches it after a releasepage of a page already unlocked, unless the read has a reference of its own: $name',
    (strategy) => {
      const script = new Script({
        strategy,
        actors: [
          { role: 'finder', count: 1 },
          { role: 'reclaim', count: 2 },
          { role: 'end-io', count: 1 },
        ],
        status: 'io-error',
      });

      script.actor('finder').finish();
      script.actor('end-io').until('unlock page0').take(1);
      script.actor('end-io').until('rmw dec eb0.io_pages').take(1);
      script.actor('reclaim#1').finish();
      script.actor('end-io').until('rmw test_and_clear eb0.bflags:READAHEAD');

      expect(script.world.oops).toBe('none');
      expect(script.finish().verdict).toBe(strategy === bioRef ? 'none' : 'UAF');
    },
  );
});
