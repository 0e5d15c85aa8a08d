import type { ExtentBufferClass } from '../../../src/subject/extent-buffer/v5.7/strategy.ts';
import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import { describe, expect, it } from 'vitest';
import { loadStrategy, modelOf } from '../../../src/fix/plug-in/load.ts';
import { TestWorld, type WordValue } from '../../helpers/test-world.ts';

type Call = (model: InstanceType<ExtentBufferClass>, world: TestWorld) => unknown;

/** What a mutant of upstream does, step by step. */
async function traceOf(
  mutation: string,
  call: Call,
  state: Record<string, WordValue> = {},
): Promise<string[]> {
  const Model = modelOf(
    await loadStrategy(mutation === '' ? 'upstream' : `upstream~${mutation}`, extentBuffer),
  );
  const world = new TestWorld({ pages: 1 });
  world.set(state);
  return world.trace((model) => call(model, world), { Model }).split('\n');
}

const check: Call = (model, world) => model.checkBufferTreeRef(world.buffer(0));
const read: Call = (model, world) => model.readExtentBufferPages(world.buffer(0), 0);
const STRIPPED = { 'eb0.bflags': ['IN_TREE'] };

describe('a mutant', () => {
  it('is the strategy but for its step', async () => {
    const original = await traceOf('', check, STRIPPED);
    const mutant = await traceOf('check_buffer_tree_ref/atomic_inc.eb.refs/drop', check, STRIPPED);

    expect(original).toContain('rmw inc eb0.refs');
    expect(mutant).toStrictEqual(original.filter((step) => step !== 'rmw inc eb0.refs'));
  });

  it('moves a step behind the one that follows it', async () => {
    const original = await traceOf('', check, STRIPPED);
    const mutant = await traceOf('check_buffer_tree_ref/atomic_inc.eb.refs/later', check, STRIPPED);

    const at = original.indexOf('rmw inc eb0.refs');
    const swapped = original.with(at, original[at + 1] ?? '').with(at + 1, 'rmw inc eb0.refs');
    expect(mutant).toStrictEqual(swapped);
  });

  it('moves a step behind a whole call', async () => {
    const original = await traceOf('', read);
    const mutant = await traceOf('set_io_pages/atomic_set.eb.io_pages/later', read);

    const isStore = (step: string): boolean => step.includes('eb0.io_pages');
    const isBit = (step: string): boolean => step.includes('TREE_REF');
    expect(original.findIndex(isStore)).toBeLessThan(original.findIndex(isBit));
    const unlock = mutant.findLastIndex((step) => step.includes('eb0.refs_lock'));
    expect(mutant.findIndex(isStore)).toBe(unlock + 1);
    expect(mutant.toSorted()).toStrictEqual(original.toSorted());
  });

  it('splits a read-modify-write into a load and a store', async () => {
    const original = await traceOf('', check, STRIPPED);
    const mutant = await traceOf('check_buffer_tree_ref/atomic_inc.eb.refs/split', check, STRIPPED);

    expect(mutant).toHaveLength(original.length + 1);
    expect(mutant).not.toContain('rmw inc eb0.refs');
  });

  it('neither takes a lock nor gives it back, not even in a function that it calls', async () => {
    const free: Call = (model, world) => model.freeExtentBuffer(world.buffer(0));
    const original = await traceOf('', free, { 'eb0.refs': 2 });
    const mutant = await traceOf('free_extent_buffer/spin_lock.eb.refs_lock/unlocked', free, {
      'eb0.refs': 2,
    });

    expect(original.filter((step) => step.includes('refs_lock'))).toHaveLength(2);
    expect(mutant).toStrictEqual(original.filter((step) => !step.includes('refs_lock')));
  });

  it('skips a test with the answer that it is given', async () => {
    const skipped = await traceOf('check_buffer_tree_ref/test_bit.eb.bflags.TREE_REF/true', check, {
      ...STRIPPED,
      'eb0.refs': 2,
    });

    expect(skipped).toHaveLength(1);
  });

  it('changes a step in calls made for one function, and in no others', async () => {
    const both: Call = (model, world) => {
      model.checkBufferTreeRef(world.buffer(0));
      world.set({ ...STRIPPED, 'eb0.refs': 1 });
      model.readExtentBufferPages(world.buffer(0), 0);
    };
    const incs = (trace: readonly string[]): number =>
      trace.filter((step) => step === 'rmw inc eb0.refs').length;

    expect(incs(await traceOf('', both, STRIPPED))).toBe(2);
    expect(
      incs(await traceOf('set_io_pages/check_buffer_tree_ref/atomic_inc.eb.refs/drop', both, STRIPPED)),
    ).toBe(1);
    expect(incs(await traceOf('check_buffer_tree_ref/atomic_inc.eb.refs/drop', both, STRIPPED))).toBe(0);
  });

  it('tells a step from the next of its kind', async () => {
    const free: Call = (model, world) => model.freeExtentBuffer(world.buffer(0));
    const original = await traceOf('', free, { 'eb0.refs': 2 });
    const second = await traceOf('free_extent_buffer/atomic_read.eb.refs.2/as-1', free, { 'eb0.refs': 2 });

    // Neither the second read, nor the test of STALE that a count of 2 leads to.
    expect(second).toHaveLength(original.length - 2);
    expect(second[0]).toBe(original[0]);
  });

  it('is refused where the model has no such function', async () => {
    const strategy = await loadStrategy('upstream~no_such_function/atomic_inc.eb.refs/drop', extentBuffer);

    expect(() => modelOf(strategy)).toThrow("the model has no function 'no_such_function'");
  });
});
