import { describe, expect, it } from 'vitest';
import { TestWorld, noteNames } from '../../helpers/test-world.ts';

describe('findExtentBuffer (kernel.md 1.4)', () => {
  it('looks up under RCU, raises refs from nonzero and checks TREE_REF without a lock', () => {
    const world = new TestWorld();

    const trace = world.trace((model) => expect(model.findExtentBuffer()).toBe(world.buffer(0)));

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> eb0
      rmw inc_not_zero eb0.refs -> true
      rcu_read_unlock
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true
      r page0.flags:REFERENCED -> true
      r page1.flags:REFERENCED -> true"
    `);
    expect(world.get('eb0.refs')).toBe(2);
  });

  it('marks every page accessed that is not marked yet', () => {
    const world = new TestWorld().set({ 'page1.flags': ['PRIVATE'] });

    const trace = world.trace((model) => model.findExtentBuffer());

    expect(trace.split('\n').slice(-3)).toEqual([
      'r page0.flags:REFERENCED -> true',
      'r page1.flags:REFERENCED -> false',
      'rmw set page1.flags:REFERENCED',
    ]);
  });

  it('takes and drops the refs_lock of a stale buffer before it checks TREE_REF', () => {
    const world = new TestWorld().set({ 'eb0.bflags': ['TREE_REF', 'IN_TREE', 'STALE'] });
    const model = world.model();

    const trace = world.trace((traced) => traced.findExtentBuffer());
    model.findExtentBuffer();

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> eb0
      rmw inc_not_zero eb0.refs -> true
      rcu_read_unlock
      r eb0.bflags:STALE -> true
      L(eb0.refs_lock)
      U(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true
      r page0.flags:REFERENCED -> true
      r page1.flags:REFERENCED -> true"
    `);
    expect(noteNames(model.notes)).toEqual(['Found', 'StaleHandshake']);
  });

  it('returns NULL for a dying buffer and leaves its refs at zero', () => {
    const world = new TestWorld().set({ 'eb0.refs': 0, 'eb0.bflags': [] });
    const model = world.model();

    const trace = world.trace((traced) => expect(traced.findExtentBuffer()).toBe(0));
    model.findExtentBuffer();

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> eb0
      rmw inc_not_zero eb0.refs -> false
      rcu_read_unlock"
    `);
    expect(world.get('eb0.refs')).toBe(0);
    expect(noteNames(model.notes)).toEqual(['DyingFound']);
  });

  it('returns NULL for an empty tree without touching anything but the slot', () => {
    const world = new TestWorld({ start: 'cold' });
    const model = world.model();

    const trace = world.trace((traced) => expect(traced.findExtentBuffer()).toBe(0));
    model.findExtentBuffer();

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> NULL
      rcu_read_unlock"
    `);
    expect(noteNames(model.notes)).toEqual(['Missed']);
  });

  it('waits in the handshake of a stale buffer for as long as the freer holds the refs_lock', () => {
    const world = new TestWorld().set({ 'eb0.bflags': ['TREE_REF', 'IN_TREE', 'STALE'], 'eb0.refs_lock': 2 });

    expect(() => world.trace((model) => model.findExtentBuffer())).toThrow(
      "'L(eb0.refs_lock)' would wait for ever",
    );
  });
});
