import { describe, expect, it } from 'vitest';
import { TestWorld } from '../../helpers/test-world.ts';

describe('checkBufferTreeRef (kernel.md 1.2)', () => {
  it('takes no lock where refs is 2 and TREE_REF is set: the hole of the race', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2, 'eb0.refs_lock': 2 });

    const trace = world.trace((model) => expect(model.checkBufferTreeRef(world.buffer(0))).toBe(false));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true"
    `);
    expect(world.get('eb0.refs')).toBe(2);
  });

  it('sets a clear TREE_REF and then raises refs, both under the refs_lock', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2, 'eb0.bflags': ['IN_TREE'] });

    const trace = world.trace((model) => expect(model.checkBufferTreeRef(world.buffer(0))).toBe(true));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> false
      L(eb0.refs_lock)
      rmw test_and_set eb0.bflags:TREE_REF -> false
      rmw inc eb0.refs
      U(eb0.refs_lock)"
    `);
    expect(world.get('eb0.refs')).toBe(3);
  });

  it('does not read TREE_REF outside of the refs_lock where refs is below 2', () => {
    const world = new TestWorld().set({ 'eb0.refs': 1 });

    const trace = world.trace((model) => expect(model.checkBufferTreeRef(world.buffer(0))).toBe(false));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.refs -> 1
      L(eb0.refs_lock)
      rmw test_and_set eb0.bflags:TREE_REF -> true
      U(eb0.refs_lock)"
    `);
    expect(world.get('eb0.refs')).toBe(1);
  });
});

describe('extentBufferUnderIo (kernel.md 1.1)', () => {
  it.each([
    { name: 'io_pages', state: { 'eb0.io_pages': 1 }, steps: 1 },
    { name: 'WRITEBACK', state: { 'eb0.bflags': ['WRITEBACK'] }, steps: 2 },
    { name: 'DIRTY', state: { 'eb0.bflags': ['DIRTY'] }, steps: 3 },
  ])('is true after $steps loads where $name says so', ({ state, steps }) => {
    const world = new TestWorld().set(state);

    const trace = world.trace((model) => expect(model.extentBufferUnderIo(world.buffer(0))).toBe(true));

    expect(trace.split('\n')).toHaveLength(steps);
  });

  it('reads io_pages, WRITEBACK and DIRTY in this order before it says no', () => {
    const world = new TestWorld();

    const trace = world.trace((model) => expect(model.extentBufferUnderIo(world.buffer(0))).toBe(false));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.io_pages -> 0
      r eb0.bflags:WRITEBACK -> false
      r eb0.bflags:DIRTY -> false"
    `);
  });
});
