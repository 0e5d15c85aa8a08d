import { describe, expect, it } from 'vitest';
import { bioRef } from '../../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import { cmpxchgRelease } from '../../../src/subject/extent-buffer/v5.7/strategies/cmpxchg-release.ts';
import { earlyCheck } from '../../../src/subject/extent-buffer/v5.7/strategies/early-check.ts';
import { handshakeFind } from '../../../src/subject/extent-buffer/v5.7/strategies/handshake-find.ts';
import { modelOf } from '../../../src/fix/plug-in/load.ts';
import { lockedIoPages } from '../../../src/subject/extent-buffer/v5.7/strategies/locked-io-pages.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { recheckRelease } from '../../../src/subject/extent-buffer/v5.7/strategies/recheck-release.ts';
import type { ModelClass, Strategy } from '../../../src/fix/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { EB_REFS } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { OwnMailbox } from '../../../src/model/block-layer.ts';
import { WAIT_NONE } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import type { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { hooked } from '../../helpers/hooked-model.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

const LOCKLESS_CHECK = ['r eb0.refs -> 2', 'r eb0.bflags:TREE_REF -> true'];
const IO_PAGES_SET = 'w eb0.io_pages = 2';

/** The steps of a whole readahead of the primed buffer. */
function readaheadOf(strategy: Strategy): string[] {
  const Model = modelOf(strategy);
  return new TestWorld().trace((model) => model.readaheadTreeBlock(), { Model }).split('\n');
}

/** What no strategy leaves out: the steps before it, and from it on. */
function splitAt(steps: readonly string[], step: string): { before: string[]; from: string[] } {
  const index = steps.indexOf(step);
  expect(index).toBeGreaterThan(0);
  return { before: steps.slice(0, index), from: steps.slice(index) };
}

describe('the readahead of', () => {
  it('upstream is that of none with one check right after io_pages is set, and nothing else', () => {
    const { before, from } = splitAt(readaheadOf(none), IO_PAGES_SET);

    expect(readaheadOf(upstream)).toEqual([...before, IO_PAGES_SET, ...LOCKLESS_CHECK, ...from.slice(1)]);
  });

  it('early-check is that of none with one check right before the first page lock, and nothing else', () => {
    const { before, from } = splitAt(readaheadOf(none), 'trylock page0 -> true');

    expect(readaheadOf(earlyCheck)).toEqual([...before, ...LOCKLESS_CHECK, ...from]);
  });

  it('locked-io-pages is that of none with the refs_lock around the store, and nothing else', () => {
    const { before, from } = splitAt(readaheadOf(none), IO_PAGES_SET);

    expect(readaheadOf(lockedIoPages)).toEqual([
      ...before,
      'L(eb0.refs_lock)',
      IO_PAGES_SET,
      'U(eb0.refs_lock)',
      ...from.slice(1),
    ]);
  });
});

describe('the readahead of', () => {
  it('handshake-find is that of none with the refs_lock taken and dropped before the first look at TREE_REF', () => {
    const { before, from } = splitAt(readaheadOf(none), LOCKLESS_CHECK[0] ?? '');

    expect(readaheadOf(handshakeFind)).toEqual([...before, 'L(eb0.refs_lock)', 'U(eb0.refs_lock)', ...from]);
  });

  it('bio-ref is that of none with a reference taken at the submission, and nothing else', () => {
    const submitted = (strategy: Strategy): string[] => {
      const world = new TestWorld();
      const blockLayer = new OwnMailbox(world.memory(), 0);
      const act = (model: ExtentBufferModel): void => {
        model.readExtentBufferPages(world.buffer(0), WAIT_NONE);
        world.set({ 'eb0.refs': 2 });
        model.freeExtentBuffer(world.buffer(0));
      };
      return world.trace(act, { Model: modelOf(strategy), blockLayer }).split('\n');
    };
    const { before, from } = splitAt(submitted(none), 'r eb0.refs -> 2');

    expect(submitted(bioRef)).toEqual([...before, 'rmw inc eb0.refs', ...from]);
  });

  it.each([cmpxchgRelease, recheckRelease])('$name is that of none', (strategy) => {
    expect(readaheadOf(strategy)).toEqual(readaheadOf(none));
  });
});

/** The steps of a whole releasepage of the primed buffer, or of one that is no longer so. */
function releaseOf(Model?: ModelClass, state: Parameters<TestWorld['set']>[0] = {}): string[] {
  const world = new TestWorld().set(state);
  return world.trace((model) => model.btreeReleasepage(world.page(1)), Model && { Model }).split('\n');
}

describe.each([none, earlyCheck, lockedIoPages, upstream, handshakeFind, bioRef])(
  'the releasepage of $name',
  (strategy) => {
    it('is that of the kernel before the fix', () => {
      expect(releaseOf(modelOf(strategy))).toEqual(releaseOf());
    });
  },
);

describe.each([cmpxchgRelease, recheckRelease])('the releasepage of $name', (strategy) => {
  it.each([
    { what: 'of a page without a buffer', state: { 'page1.flags': [] } },
    { what: 'of a buffer in use', state: { 'eb0.refs': 2 } },
    { what: 'of a buffer under IO', state: { 'eb0.io_pages': 1 } },
  ])('$what is that of the kernel before the fix', ({ state }) => {
    expect(releaseOf(modelOf(strategy), state)).toEqual(releaseOf(undefined, state));
  });
});

describe('the releasepage of recheck-release', () => {
  const CLEARED = 'rmw test_and_clear eb0.bflags:TREE_REF -> true';

  it('is that of none with one more look at refs once TREE_REF is cleared', () => {
    const { before, from } = splitAt(releaseOf(), CLEARED);

    expect(releaseOf(modelOf(recheckRelease))).toEqual([
      ...before,
      CLEARED,
      'r eb0.refs -> 1',
      ...from.slice(1),
    ]);
  });

  it('puts TREE_REF back where somebody has come meanwhile, and refuses', () => {
    const { steps, isGone, world } = releaseWithFinder(recheckRelease);

    expect(splitAt(steps, CLEARED).from).toEqual([
      CLEARED,
      'r eb0.refs -> 2',
      'rmw set eb0.bflags:TREE_REF',
      'U(eb0.refs_lock)',
    ]);
    expect({ isGone, refs: world.get('eb0.refs'), bits: world.bits('eb0.bflags') }).toEqual({
      isGone: false,
      refs: 2,
      bits: ['TREE_REF', 'IN_TREE'],
    });
  });
});

describe('the releasepage of cmpxchg-release', () => {
  const TESTED = 'r eb0.bflags:TREE_REF -> true';

  it('claims the reference instead of clearing TREE_REF first, and releases as none does', () => {
    const { before } = splitAt(releaseOf(), 'rmw test_and_clear eb0.bflags:TREE_REF -> true');
    const { from } = splitAt(releaseOf(), 'rmw test_and_clear eb0.bflags:IN_TREE -> true');

    expect(releaseOf(modelOf(cmpxchgRelease))).toEqual([
      ...before,
      TESTED,
      'rmw cmpxchg eb0.refs 1 to 0 -> 1',
      'rmw clear eb0.bflags:TREE_REF',
      ...from,
    ]);
  });

  it('leaves TREE_REF alone where somebody has come meanwhile, and refuses', () => {
    const { steps, isGone, world } = releaseWithFinder(cmpxchgRelease);

    expect(splitAt(steps, TESTED).from).toEqual([
      TESTED,
      'rmw cmpxchg eb0.refs 1 to 0 -> 2',
      'U(eb0.refs_lock)',
    ]);
    expect({ isGone, refs: world.get('eb0.refs'), bits: world.bits('eb0.bflags') }).toEqual({
      isGone: false,
      refs: 2,
      bits: ['TREE_REF', 'IN_TREE'],
    });
  });

  it('leaves a reference alone that is somebody else has', () => {
    const steps = releaseOf(modelOf(cmpxchgRelease), { 'eb0.bflags': ['IN_TREE'] });

    expect(steps.slice(-2)).toEqual(['r eb0.bflags:TREE_REF -> false', 'U(eb0.refs_lock)']);
  });
});

/** A releasepage during which a finder takes its reference, between the test and the clearing of TREE_REF. */
function releaseWithFinder(strategy: Strategy): { steps: string[]; isGone: boolean; world: TestWorld } {
  const world = new TestWorld();
  const finder = world.memory(1);
  const Model = hooked(
    { 'releasepage:checked': () => finder.atomicIncNotZero(world.buffer(0) + EB_REFS) },
    modelOf(strategy),
  );
  let isGone = false;
  const trace = world.trace((model) => (isGone = model.btreeReleasepage(world.page(1))), { Model });
  return { steps: trace.split('\n'), isGone, world };
}

describe('the completion of bio-ref', () => {
  it('takes no reference of its own, and drops that of the read at its end', () => {
    const completionOf = (strategy: Strategy, refs: number): string[] => {
      const world = new TestWorld({ pages: 2 }).set({
        'eb0.refs': refs,
        'eb0.io_pages': 2,
        'page0.flags': ['LOCKED', 'PRIVATE'],
        'page1.flags': ['LOCKED', 'PRIVATE'],
      });
      const Model = modelOf(strategy);
      return world.trace((model) => model.endBioExtentReadpage(3, 'ok'), { Model }).split('\n');
    };
    const before = completionOf(none, 1);
    const put = before.slice(
      before.indexOf('r eb0.refs -> 2'),
      before.indexOf('rmw set page0.flags:UPTODATE'),
    );

    // Per page, the kernel before the fix takes a reference and drops it: this one, once for all pages, only drops it.
    const isOfReference = (step: string): boolean => put.includes(step) || step.includes('eb0.refs');
    expect(put.at(-1)).toBe('U(eb0.refs_lock)');
    const after = completionOf(bioRef, 2);
    expect(after[0]).toBe('r page0.private -> eb0');
    expect(after.slice(-put.length)).toEqual(put);
    expect(after.slice(1, -put.length)).toEqual(before.filter((step) => !isOfReference(step)));
  });
});

describe('the read of a buffer whose TREE_REF was stripped', () => {
  /** Reads a buffer whose one reference is the reader's own. */
  function readStripped(strategy: Strategy): { steps: string[]; notes: readonly string[]; refs: number } {
    const world = new TestWorld().set({ 'eb0.bflags': ['IN_TREE'] });
    let notes: readonly string[] = [];
    const trace = world.trace(
      (model) => {
        model.readExtentBufferPages(world.buffer(0), WAIT_NONE);
        notes = noteNames(model.notes);
      },
      { Model: modelOf(strategy) },
    );
    return { steps: trace.split('\n'), notes, refs: world.get('eb0.refs') };
  }

  it('puts TREE_REF and its reference back under upstream, with io_pages already set', () => {
    const { steps, notes, refs } = readStripped(upstream);

    expect(splitAt(steps, IO_PAGES_SET).from.slice(1, 6)).toEqual([
      'r eb0.refs -> 1',
      'L(eb0.refs_lock)',
      'rmw test_and_set eb0.bflags:TREE_REF -> false',
      'rmw inc eb0.refs',
      'U(eb0.refs_lock)',
    ]);
    expect({ notes, refs }).toEqual({ notes: ['Rescued', 'ReadStarted'], refs: 2 });
  });

  it.each([none, lockedIoPages])('leaves TREE_REF stripped under $name', (strategy) => {
    const { notes, refs } = readStripped(strategy);

    expect({ notes, refs }).toEqual({ notes: ['ReadStarted'], refs: 1 });
  });
});
