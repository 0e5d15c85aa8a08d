import { describe, expect, it } from 'vitest';
import { earlyCheck } from '../../../src/fix/early-check.ts';
import { modelOf } from '../../../src/fix/load.ts';
import { lockedIoPages } from '../../../src/fix/locked-io-pages.ts';
import { none } from '../../../src/fix/none.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { upstream } from '../../../src/fix/upstream.ts';
import { WAIT_NONE } from '../../../src/model/extent-buffer-io.ts';
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

describe.each([none, earlyCheck, lockedIoPages, upstream])('the releasepage of $name', (strategy) => {
  it('is that of the kernel before the fix', () => {
    const release = (Model?: ReturnType<typeof modelOf>): string =>
      new TestWorld().trace((model) => model.btreeReleasepage(new TestWorld().page(1)), Model && { Model });

    expect(release(modelOf(strategy))).toBe(release());
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
