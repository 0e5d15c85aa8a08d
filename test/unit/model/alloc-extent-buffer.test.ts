import { describe, expect, it } from 'vitest';
import { hooked } from '../../helpers/hooked-model.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

describe('allocExtentBuffer (kernel.md 1.5)', () => {
  it('returns the buffer of a look-up that hits and allocates nothing', () => {
    const world = new TestWorld();

    const trace = world.trace((model) => expect(model.allocExtentBuffer()).toBe(world.buffer(0)));

    expect(trace).toBe(new TestWorld().trace((model) => model.findExtentBuffer()));
  });

  it('builds, attaches and inserts a new buffer with all page locks held to the end', () => {
    const world = new TestWorld({ start: 'cold' });
    const model = world.model();

    const trace = new TestWorld({ start: 'cold' }).trace((traced) => traced.allocExtentBuffer());
    model.allocExtentBuffer();

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> NULL
      rcu_read_unlock
      slab alloc -> eb0
      w eb0.refs = 1
      rmw inc page0.refcount
      lock page0
      r page0.flags:REFERENCED -> false
      rmw set page0.flags:REFERENCED
      L(private_lock)
      r page0.flags:PRIVATE -> false
      r page0.flags:PRIVATE -> false
      rmw set page0.flags:PRIVATE
      rmw inc page0.refcount
      w page0.private = eb0
      U(private_lock)
      r page0.flags:DIRTY -> false
      w eb0.pages = 1
      r page0.flags:UPTODATE -> false
      rmw inc page1.refcount
      lock page1
      r page1.flags:REFERENCED -> false
      rmw set page1.flags:REFERENCED
      L(private_lock)
      r page1.flags:PRIVATE -> false
      r page1.flags:PRIVATE -> false
      rmw set page1.flags:PRIVATE
      rmw inc page1.refcount
      w page1.private = eb0
      U(private_lock)
      r page1.flags:DIRTY -> false
      w eb0.pages = 2
      r page1.flags:UPTODATE -> false
      L(buffer_lock)
      r fs.tree_slot -> NULL
      w fs.tree_slot = eb0
      U(buffer_lock)
      r eb0.refs -> 1
      L(eb0.refs_lock)
      rmw test_and_set eb0.bflags:TREE_REF -> false
      rmw inc eb0.refs
      U(eb0.refs_lock)
      rmw set eb0.bflags:IN_TREE
      unlock page0
      unlock page1"
    `);
    expect(noteNames(model.notes)).toEqual(['Missed', 'Allocated']);
    expect(world.get('eb0.refs')).toBe(2);
    expect(world.bits('eb0.bflags')).toEqual(['TREE_REF', 'IN_TREE']);
    model.freeExtentBuffer(world.buffer(0));
    expect(world.verdict()).toBe('none');
  });

  it('marks the new buffer up to date where every page is, without verifying the content', () => {
    const world = new TestWorld({ start: 'cold' }).set({
      'page0.flags': ['UPTODATE'],
      'page1.flags': ['UPTODATE'],
    });

    const trace = world.trace((model) => model.allocExtentBuffer());

    expect(trace).toContain('r page1.flags:UPTODATE -> true\nrmw set eb0.bflags:UPTODATE\nL(buffer_lock)');
  });

  it('does not mark the new buffer up to date where one page is not', () => {
    const world = new TestWorld({ start: 'cold' }).set({ 'page1.flags': ['UPTODATE'] });

    world.trace((model) => model.allocExtentBuffer());

    expect(world.bits('eb0.bflags')).not.toContain('UPTODATE');
  });

  it('gives up for the live buffer that page->private names, without a STALE handshake', () => {
    const world = new TestWorld().set({
      'fs.tree_slot': 'NULL',
      'eb0.bflags': ['TREE_REF', 'IN_TREE', 'STALE'],
    });

    const trace = world.trace((model) => {
      expect(model.allocExtentBuffer()).toBe(world.buffer(0));
      expect(noteNames(model.notes)).toEqual(['Missed', 'ExistsPage']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> NULL
      rcu_read_unlock
      slab alloc -> eb1
      w eb1.refs = 1
      rmw inc page0.refcount
      lock page0
      r page0.flags:REFERENCED -> true
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb0
      rmw inc_not_zero eb0.refs -> true
      U(private_lock)
      unlock page0
      rmw dec_and_test page0.refcount -> false
      r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true
      r page1.flags:REFERENCED -> true
      rmw dec_and_test eb1.refs -> true
      r eb1.io_pages -> 0
      r eb1.bflags:WRITEBACK -> false
      r eb1.bflags:DIRTY -> false
      r eb1.pages -> 0
      slab free eb1 -> true"
    `);
    expect(world.set({ 'fs.tree_slot': 'eb0', 'eb0.refs': 1 }).verdict()).toBe('none');
  });

  it('unlocks and detaches the pages before the one where it gave up', () => {
    const world = new TestWorld().set({
      'fs.tree_slot': 'NULL',
      'page0.flags': [],
      'page0.private': 'NULL',
      'page0.refcount': 1,
    });

    const trace = world.trace((model) => model.allocExtentBuffer());

    expect(trace.slice(trace.indexOf('rmw inc_not_zero'))).toMatchInlineSnapshot(`
      "rmw inc_not_zero eb0.refs -> true
      U(private_lock)
      unlock page1
      rmw dec_and_test page1.refcount -> false
      r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true
      r page0.flags:REFERENCED -> true
      rmw dec_and_test eb1.refs -> true
      unlock page0
      r eb1.io_pages -> 0
      r eb1.bflags:WRITEBACK -> false
      r eb1.bflags:DIRTY -> false
      r eb1.pages -> 1
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb1
      r eb1.bflags:DIRTY -> false
      r page0.flags:DIRTY -> false
      r page0.flags:WRITEBACK -> false
      rmw clear page0.flags:PRIVATE
      w page0.private = NULL
      rmw dec_and_test page0.refcount -> false
      U(private_lock)
      rmw dec_and_test page0.refcount -> false
      slab free eb1 -> true"
    `);
    expect(world.get('page0.refcount')).toBe(1);
    expect(world.bits('page0.flags')).toEqual(['REFERENCED']);
  });

  it('takes the pages of a dying buffer over and drops the reference of its page->private', () => {
    const world = new TestWorld({ pages: 1 }).set({
      'eb0.refs': 0,
      'eb0.bflags': [],
      'fs.tree_slot': 'NULL',
    });

    const trace = world.trace((model) => {
      expect(model.allocExtentBuffer()).toBe(world.buffer(1));
      expect(noteNames(model.notes)).toEqual(['Missed', 'DyingFound', 'Allocated']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> NULL
      rcu_read_unlock
      slab alloc -> eb1
      w eb1.refs = 1
      rmw inc page0.refcount
      lock page0
      r page0.flags:REFERENCED -> true
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb0
      rmw inc_not_zero eb0.refs -> false
      rmw clear page0.flags:PRIVATE
      r page0.flags:DIRTY -> false
      rmw dec_and_test page0.refcount -> false
      r page0.flags:PRIVATE -> false
      rmw set page0.flags:PRIVATE
      rmw inc page0.refcount
      w page0.private = eb1
      U(private_lock)
      r page0.flags:DIRTY -> false
      w eb1.pages = 1
      r page0.flags:UPTODATE -> false
      L(buffer_lock)
      r fs.tree_slot -> NULL
      w fs.tree_slot = eb1
      U(buffer_lock)
      r eb1.refs -> 1
      L(eb1.refs_lock)
      rmw test_and_set eb1.bflags:TREE_REF -> false
      rmw inc eb1.refs
      U(eb1.refs_lock)
      rmw set eb1.bflags:IN_TREE
      unlock page0"
    `);
  });

  it('retries while the tree holds a dying buffer, and inserts once that is deleted', () => {
    const world = new TestWorld({ start: 'cold', pages: 1 }).set({ 'eb0.slab': 1, 'fs.tree_slot': 'eb0' });

    const trace = world.trace((model) => expect(model.allocExtentBuffer()).toBe(world.buffer(1)), {
      onBlocked: () => world.set({ 'fs.tree_slot': 'NULL' }),
    });

    expect(trace.slice(trace.indexOf('L(buffer_lock)'))).toMatchInlineSnapshot(`
      "L(buffer_lock)
      r fs.tree_slot -> eb0
      U(buffer_lock)
      rcu_read_lock
      r fs.tree_slot -> eb0
      rmw inc_not_zero eb0.refs -> false
      rcu_read_unlock
      cpu_relax
      L(buffer_lock)
      r fs.tree_slot -> NULL
      w fs.tree_slot = eb1
      U(buffer_lock)
      r eb1.refs -> 1
      L(eb1.refs_lock)
      rmw test_and_set eb1.bflags:TREE_REF -> false
      rmw inc eb1.refs
      U(eb1.refs_lock)
      rmw set eb1.bflags:IN_TREE
      unlock page0"
    `);
  });

  it('waits in cpu_relax for as long as nobody deletes the dying buffer', () => {
    const world = new TestWorld({ start: 'cold', pages: 1 }).set({ 'eb0.slab': 1, 'fs.tree_slot': 'eb0' });

    expect(() => world.trace((model) => model.allocExtentBuffer())).toThrow(
      "'cpu_relax' would wait for ever",
    );
  });

  it('gives up for the buffer that won the race to insert, through a whole look-up', () => {
    const world = new TestWorld({ start: 'cold', pages: 1 });
    const insert = (): void => {
      world.set({
        'eb1.slab': 1,
        'eb1.refs': 1,
        'eb1.bflags': ['TREE_REF', 'IN_TREE'],
        'fs.tree_slot': 'eb1',
      });
    };

    const trace = world.trace(
      (model) => {
        expect(model.allocExtentBuffer()).toBe(world.buffer(1));
        expect(noteNames(model.notes)).toEqual(['Found', 'Missed', 'ExistsTree']);
      },
      { Model: hooked({ 'alloc:attached': insert }) },
    );

    expect(trace.slice(trace.indexOf('L(buffer_lock)'))).toMatchInlineSnapshot(`
      "L(buffer_lock)
      r fs.tree_slot -> eb1
      U(buffer_lock)
      rcu_read_lock
      r fs.tree_slot -> eb1
      rmw inc_not_zero eb1.refs -> true
      rcu_read_unlock
      r eb1.bflags:STALE -> false
      r eb1.refs -> 2
      r eb1.bflags:TREE_REF -> true
      r page0.flags:REFERENCED -> true
      rmw dec_and_test eb0.refs -> true
      unlock page0
      r eb0.io_pages -> 0
      r eb0.bflags:WRITEBACK -> false
      r eb0.bflags:DIRTY -> false
      r eb0.pages -> 1
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
      slab free eb0 -> true"
    `);
    expect(world.get('eb1.refs')).toBe(2);
    expect(world.get('eb0.slab')).toBe(0);
  });

  it('takes the page reference before it waits for the page lock', () => {
    const world = new TestWorld({ start: 'cold' }).set({ 'page0.flags': ['LOCKED'] });

    expect(() => world.trace((model) => model.allocExtentBuffer())).toThrow(
      "'lock page0' would wait for ever",
    );
    expect(world.get('page0.refcount')).toBe(2);
  });
});
