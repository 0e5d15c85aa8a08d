import { describe, expect, it } from 'vitest';
import { hooked } from '../../helpers/hooked-model.ts';
import { releaseSteps } from '../../helpers/release-steps.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

describe('freeExtentBuffer (kernel.md 1.7)', () => {
  it('drops a reference above three by cmpxchg alone', () => {
    const world = new TestWorld().set({ 'eb0.refs': 4, 'eb0.refs_lock': 2 });

    const trace = world.trace((model) => model.freeExtentBuffer(world.buffer(0)));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.refs -> 4
      r eb0.bflags:UNMAPPED -> false
      rmw cmpxchg eb0.refs 4 to 3 -> 4"
    `);
    expect(world.get('eb0.refs')).toBe(3);
  });

  it('reads refs again where the cmpxchg lost, and takes the slow path if they fell to three', () => {
    const world = new TestWorld().set({ 'eb0.refs': 4 });
    const memory = world.tracing();
    const cmpxchg = memory.atomicCmpxchg.bind(memory);
    memory.atomicCmpxchg = (...step): number => {
      world.set({ 'eb0.refs': 3 });
      return cmpxchg(...step);
    };

    world.model(memory).freeExtentBuffer(world.buffer(0));

    expect(memory.trace.slice(2, 6)).toEqual([
      'rmw cmpxchg eb0.refs 4 to 3 -> 3',
      'r eb0.refs -> 3',
      'r eb0.bflags:UNMAPPED -> false',
      'L(eb0.refs_lock)',
    ]);
    expect(world.get('eb0.refs')).toBe(2);
  });

  it('drops a reference of three or fewer under the refs_lock', () => {
    const world = new TestWorld().set({ 'eb0.refs': 3 });

    const trace = world.trace((model) => model.freeExtentBuffer(world.buffer(0)));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.refs -> 3
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 3
      r eb0.refs -> 3
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)"
    `);
    expect(world.get('eb0.refs')).toBe(2);
  });

  it('keeps a buffer that is not stale for the tree', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2 });

    const trace = world.trace((model) => model.freeExtentBuffer(world.buffer(0)));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.refs -> 2
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)"
    `);
    expect(world.verdict()).toBe('none');
  });

  it('drops the reference of the tree too where the buffer is stale, and releases it', () => {
    const world = new TestWorld({ pages: 1 }).set({
      'eb0.refs': 2,
      'eb0.bflags': ['TREE_REF', 'IN_TREE', 'STALE'],
    });

    const trace = world.trace((model) => {
      model.freeExtentBuffer(world.buffer(0));
      expect(noteNames(model.notes)).toEqual(['LastPut']);
    });

    expect(trace.split('\n')).toEqual([
      'r eb0.refs -> 2',
      'r eb0.bflags:UNMAPPED -> false',
      'L(eb0.refs_lock)',
      'r eb0.refs -> 2',
      'r eb0.bflags:STALE -> true',
      'r eb0.io_pages -> 0',
      'r eb0.bflags:WRITEBACK -> false',
      'r eb0.bflags:DIRTY -> false',
      'rmw test_and_clear eb0.bflags:TREE_REF -> true',
      'rmw dec eb0.refs',
      'r eb0.refs -> 1',
      'rmw dec_and_test eb0.refs -> true',
      ...releaseSteps(1),
    ]);
    expect(world.verdict()).toBe('none');
  });

  it('keeps a stale buffer for as long as it is under IO', () => {
    const world = new TestWorld().set({
      'eb0.refs': 2,
      'eb0.io_pages': 1,
      'eb0.bflags': ['TREE_REF', 'IN_TREE', 'STALE'],
    });

    world.model().freeExtentBuffer(world.buffer(0));

    expect(world.get('eb0.refs')).toBe(1);
    expect(world.bits('eb0.bflags')).toContain('TREE_REF');
  });

  it('releases on the last put although nobody asked for it', () => {
    const world = new TestWorld({ pages: 1 }).set({ 'eb0.bflags': ['IN_TREE'] });

    const trace = world.trace((model) => {
      model.freeExtentBuffer(world.buffer(0));
      expect(noteNames(model.notes)).toEqual(['LastPut']);
    });

    expect(trace.split('\n')).toEqual([
      'r eb0.refs -> 1',
      'r eb0.bflags:UNMAPPED -> false',
      'L(eb0.refs_lock)',
      'r eb0.refs -> 1',
      'r eb0.refs -> 1',
      'rmw dec_and_test eb0.refs -> true',
      ...releaseSteps(1),
    ]);
    expect(world.verdict()).toBe('none');
  });

  it('takes the slow path of an unmapped buffer only for its last reference', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2, 'eb0.bflags': ['UNMAPPED'] });
    const memory = world.tracing();
    const model = world.model(memory);

    model.freeExtentBuffer(world.buffer(0));
    const dropped = memory.trace.length;
    model.freeExtentBuffer(world.buffer(0));

    expect(memory.trace.slice(0, dropped)).toEqual([
      'r eb0.refs -> 2',
      'r eb0.bflags:UNMAPPED -> true',
      'rmw cmpxchg eb0.refs 2 to 1 -> 2',
    ]);
    expect(memory.trace[dropped + 2]).toBe('L(eb0.refs_lock)');
  });
});

describe('freeExtentBufferStale (kernel.md 1.7)', () => {
  it('sets STALE under the refs_lock before it looks at refs', () => {
    const world = new TestWorld().set({ 'eb0.refs': 3 });

    const trace = world.trace((model) => model.freeExtentBufferStale(world.buffer(0)));

    expect(trace).toMatchInlineSnapshot(`
      "L(eb0.refs_lock)
      rmw set eb0.bflags:STALE
      r eb0.refs -> 3
      r eb0.refs -> 3
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)"
    `);
    expect(world.bits('eb0.bflags')).toEqual(['TREE_REF', 'STALE', 'IN_TREE']);
  });

  it('releases a buffer that only the caller and the tree hold', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2 });

    const trace = world.trace((model) => {
      model.freeExtentBufferStale(world.buffer(0));
      expect(noteNames(model.notes)).toEqual(['LastPut']);
    });

    expect(trace.split('\n').slice(0, 10)).toEqual([
      'L(eb0.refs_lock)',
      'rmw set eb0.bflags:STALE',
      'r eb0.refs -> 2',
      'r eb0.io_pages -> 0',
      'r eb0.bflags:WRITEBACK -> false',
      'r eb0.bflags:DIRTY -> false',
      'rmw test_and_clear eb0.bflags:TREE_REF -> true',
      'rmw dec eb0.refs',
      'r eb0.refs -> 1',
      'rmw dec_and_test eb0.refs -> true',
    ]);
    expect(world.verdict()).toBe('none');
  });

  it('leaves the reference of the tree to the end of IO', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2, 'eb0.io_pages': 1 });

    world.model().freeExtentBufferStale(world.buffer(0));

    expect(world.get('eb0.refs')).toBe(1);
    expect(world.bits('eb0.bflags')).toEqual(['TREE_REF', 'STALE', 'IN_TREE']);
  });
});

describe('releaseExtentBuffer (kernel.md 1.8) and btrfsReleaseExtentBufferPages (1.9)', () => {
  it('deletes from the tree after refs fell to zero and detaches the pages after that', () => {
    const world = new TestWorld().set({ 'eb0.bflags': ['IN_TREE'], 'eb0.refs_lock': 1 });

    const trace = world.trace((model) => expect(model.releaseExtentBuffer(world.buffer(0))).toBe(true));

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.refs -> 1
      rmw dec_and_test eb0.refs -> true
      rmw test_and_clear eb0.bflags:IN_TREE -> true
      U(eb0.refs_lock)
      L(buffer_lock)
      w fs.tree_slot = NULL
      U(buffer_lock)
      r eb0.io_pages -> 0
      r eb0.bflags:WRITEBACK -> false
      r eb0.bflags:DIRTY -> false
      r eb0.pages -> 2
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb0
      r eb0.bflags:DIRTY -> false
      r page0.flags:DIRTY -> false
      r page0.flags:WRITEBACK -> false
      rmw clear page0.flags:PRIVATE
      w page0.private = NULL
      rmw dec_and_test page0.refcount -> false
      U(private_lock)
      rmw dec_and_test page0.refcount -> false
      L(private_lock)
      r page1.flags:PRIVATE -> true
      r page1.private -> eb0
      r eb0.bflags:DIRTY -> false
      r page1.flags:DIRTY -> false
      r page1.flags:WRITEBACK -> false
      rmw clear page1.flags:PRIVATE
      w page1.private = NULL
      rmw dec_and_test page1.refcount -> false
      U(private_lock)
      rmw dec_and_test page1.refcount -> false
      call_rcu eb0 -> true"
    `);
    expect(trace.split('\n').slice(2)).toEqual(releaseSteps(2));
    expect(world.get('page0.refcount')).toBe(1);
    expect(world.get('page0.private')).toBe(0);
  });

  it('does not touch the tree for a buffer that is not in it', () => {
    const world = new TestWorld().set({ 'eb0.bflags': [], 'eb0.refs_lock': 1, 'fs.tree_slot': 'eb1' });

    const trace = world.trace((model) => model.releaseExtentBuffer(world.buffer(0)));

    expect(trace).not.toContain('L(buffer_lock)');
    expect(trace).not.toContain('fs.tree_slot');
    expect(world.get('fs.tree_slot')).toBe(world.buffer(1));
  });

  it('returns false and drops the refs_lock where references are left', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2, 'eb0.refs_lock': 1 });

    const trace = world.trace((model) => expect(model.releaseExtentBuffer(world.buffer(0))).toBe(false));

    expect(trace).toBe('r eb0.refs -> 2\nrmw dec_and_test eb0.refs -> false\nU(eb0.refs_lock)');
  });

  it('leaves the page->private of another buffer alone and drops only its own reference', () => {
    const world = new TestWorld({ pages: 1 }).set({ 'page0.private': 'eb1', 'page0.refcount': 4 });

    const trace = world.trace((model) =>
      expect(model.btrfsReleaseExtentBufferPages(world.buffer(0))).toBe(true),
    );

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.io_pages -> 0
      r eb0.bflags:WRITEBACK -> false
      r eb0.bflags:DIRTY -> false
      r eb0.pages -> 1
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb1
      U(private_lock)
      rmw dec_and_test page0.refcount -> false"
    `);
    expect(world.get('page0.private')).toBe(world.buffer(1));
    expect(world.get('page0.refcount')).toBe(3);
  });

  it('lets another actor look the dying buffer up in vain between zero and the deletion', () => {
    const world = new TestWorld().set({ 'eb0.bflags': ['IN_TREE'] });
    const finder = world.model(world.memory(1));
    const found: number[] = [];
    const look = (): void => {
      found.push(finder.findExtentBuffer());
    };

    world
      .model(world.memory(), hooked({ 'release:zero': look, 'release:deleted': look }))
      .freeExtentBuffer(world.buffer(0));

    expect(found).toEqual([0, 0]);
    expect(noteNames(finder.notes)).toEqual(['Missed', 'DyingFound']);
  });
});
