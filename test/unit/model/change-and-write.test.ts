import { describe, expect, it } from 'vitest';
import { EXTENT_BUFFER_WRITEBACK } from '../../../src/subject/extent-buffer/v5.7/bflags.ts';
import { EB_BFLAGS } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { EIO } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import { LifeWorld } from '../../helpers/life-world.ts';

const BACKGROUND = { isSync: false, flushError: 0 };
const DIRTY = {
  'eb0.bflags': ['TREE_REF', 'IN_TREE', 'UPTODATE', 'DIRTY'],
  'page0.flags': ['REFERENCED', 'PRIVATE', 'UPTODATE', 'DIRTY'],
  'page0.payload': 3,
  'page0.behind': 1,
};

function dirtyWorld(): LifeWorld {
  return new LifeWorld().set(DIRTY);
}

describe('btrfsInitNewBuffer and setExtentBufferDirty (kernel.md 1.6, 1.13)', () => {
  it('use a stale buffer again, with the steps in the order of the kernel', () => {
    const world = new LifeWorld().set({ 'eb0.bflags': ['TREE_REF', 'IN_TREE', 'STALE'] });

    const trace = world.lifeTrace((model) => {
      const eb = model.btrfsInitNewBuffer();
      model.setExtentBufferDirty(eb);
      model.btrfsTreeUnlock(eb);
      model.freeExtentBuffer(eb);
    });

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
      down_write eb0.lock
      rmw test_and_clear eb0.bflags:DIRTY -> false
      rmw clear eb0.bflags:STALE
      rmw set eb0.bflags:UPTODATE
      rmw set page0.flags:UPTODATE
      w page0.payload = 3
      r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true
      rmw test_and_set eb0.bflags:DIRTY -> false
      r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true
      rmw set page0.flags:DIRTY
      r page0.flags:DIRTY -> true
      up_write eb0.lock
      r eb0.refs -> 2
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)"
    `);
    expect(world.bits('eb0.bflags')).toEqual(['UPTODATE', 'DIRTY', 'TREE_REF', 'IN_TREE']);
    expect(world.lifeVerdict()).toBe('none');
  });

  it('set the pages dirty once', () => {
    const world = dirtyWorld();

    const trace = world.lifeTrace((model) => {
      expect(model.setExtentBufferDirty(world.buffer(0))).toBe(true);
    });

    expect(trace).not.toMatch(/set page0/);
  });
});

describe('btrfsCleanTreeBlock (kernel.md 1.14)', () => {
  it('cleans a dirty buffer page by page, each under its lock', () => {
    const world = dirtyWorld();

    const trace = world.lifeTrace((model) => model.btrfsCleanTreeBlock(world.buffer(0)));

    expect(trace).toMatchInlineSnapshot(`
      "rmw test_and_clear eb0.bflags:DIRTY -> true
      r page0.flags:DIRTY -> true
      lock page0
      r page0.flags:PRIVATE -> true
      rmw test_and_clear page0.flags:DIRTY -> true
      rmw clear page0.flags:ERROR
      unlock page0
      r eb0.refs -> 1"
    `);
    expect(world.lifeVerdict()).toBe('none');
  });

  it('leaves a clean one alone', () => {
    const world = new LifeWorld();

    expect(world.lifeTrace((model) => model.btrfsCleanTreeBlock(world.buffer(0)))).toBe(
      'rmw test_and_clear eb0.bflags:DIRTY -> false',
    );
  });
});

describe('btreeWriteCachePages (kernel.md 1.15, 1.16)', () => {
  it('writes a dirty buffer: the reference is dropped with the write in flight', () => {
    const world = dirtyWorld();

    const trace = world.lifeTrace((model) => {
      expect(model.btreeWriteCachePages(BACKGROUND)).toBe(0);
    });

    expect(trace).toMatchInlineSnapshot(`
      "r page0.flags:DIRTY -> true
      r page0.flags:PRIVATE -> true
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb0
      rmw inc_not_zero eb0.refs -> true
      U(private_lock)
      down_write_trylock eb0.lock -> true
      r eb0.bflags:WRITEBACK -> false
      L(eb0.refs_lock)
      rmw test_and_clear eb0.bflags:DIRTY -> true
      rmw set eb0.bflags:WRITEBACK
      U(eb0.refs_lock)
      up_write eb0.lock
      trylock page0 -> true
      rmw clear eb0.bflags:WRITE_ERR
      w eb0.io_pages = 1
      rmw test_and_clear page0.flags:DIRTY -> true
      rmw test_and_set page0.flags:WRITEBACK -> false
      unlock page0
      r eb0.refs -> 2
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)"
    `);
    expect(world.bits('eb0.bflags')).toEqual(['UPTODATE', 'TREE_REF', 'WRITEBACK', 'IN_TREE']);
    expect(world.get('eb0.refs')).toBe(1);
  });

  it('is completed page by page', () => {
    const world = dirtyWorld();
    world.life().btreeWriteCachePages(BACKGROUND);

    const trace = world.lifeTrace((model) => model.endBioExtentBufferWritepage(1, true));

    expect(trace).toMatchInlineSnapshot(`
      "r page0.payload -> 3
      r page0.private -> eb0
      rmw dec_and_test eb0.io_pages -> true
      r eb0.bflags:WRITE_ERR -> false
      rmw test_and_clear page0.flags:WRITEBACK -> true
      rmw clear eb0.bflags:WRITEBACK"
    `);
    expect(world.lifeVerdict()).toBe('none');
  });

  it('tells of an error, and takes the flag of being up to date from the page', () => {
    const world = dirtyWorld();
    world.life().btreeWriteCachePages(BACKGROUND);

    world.life().endBioExtentBufferWritepage(1, false);

    expect(world.bits('eb0.bflags')).toEqual(['UPTODATE', 'TREE_REF', 'IN_TREE', 'WRITE_ERR']);
    expect(world.bits('page0.flags')).toEqual(['REFERENCED', 'ERROR', 'PRIVATE']);
    expect(world.lifeVerdict()).toBe('none');
  });

  it('submits each buffer once, whatever number of its pages are dirty', () => {
    const world = new LifeWorld({ pages: 2 }).set({
      ...DIRTY,
      'page1.flags': ['REFERENCED', 'PRIVATE', 'UPTODATE', 'DIRTY'],
    });

    world.life().btreeWriteCachePages(BACKGROUND);

    expect(world.get('eb0.io_pages')).toBe(2);
    expect(world.get('eb0.refs')).toBe(1);
  });

  it('does nothing where nothing is dirty', () => {
    const world = new LifeWorld();

    expect(world.lifeTrace((model) => void model.btreeWriteCachePages(BACKGROUND))).toBe(
      'r page0.flags:DIRTY -> false',
    );
  });

  it('gives up where the flush before a locked page fails, and leaves the buffer dirty', () => {
    const world = dirtyWorld();
    world.memory(1).lockPage(world.page(0));

    const error = world.life().btreeWriteCachePages({ isSync: false, flushError: EIO });
    world.memory(1).unlockPage(world.page(0));

    expect(error).toBe(EIO);
    expect(world.bits('eb0.bflags')).toEqual(['UPTODATE', 'DIRTY', 'TREE_REF', 'IN_TREE']);
    expect(world.lifeVerdict()).toBe('none');
  });

  it.each([
    ['skips a buffer that is being written', false, 'no wait'],
    ['waits for it if it must', true, 'wait'],
  ])('%s', (_what, isSync, expected) => {
    const world = dirtyWorld().set({
      'eb0.bflags': ['TREE_REF', 'IN_TREE', 'UPTODATE', 'DIRTY', 'WRITEBACK'],
    });
    const waits: string[] = [];

    world.lifeTrace(
      (model) => void model.btreeWriteCachePages({ isSync, flushError: 0 }),
      (step) => {
        waits.push(step);
        world.memory(1).clearBit(EXTENT_BUFFER_WRITEBACK, world.buffer(0) + EB_BFLAGS);
      },
    );

    expect(waits.length > 0 ? 'wait' : 'no wait').toBe(expected);
    expect(world.get('eb0.io_pages')).toBe(isSync ? 1 : 0);
  });
});

describe('verifyParentTransid', () => {
  it.each([
    ['clears UPTODATE of a buffer that nothing is going on with', {}, ['TREE_REF', 'IN_TREE']],
    ['leaves a dirty buffer alone', DIRTY, ['UPTODATE', 'DIRTY', 'TREE_REF', 'IN_TREE']],
  ])('%s', (_what, state, expected) => {
    const world = new LifeWorld().set({ 'eb0.bflags': ['TREE_REF', 'IN_TREE', 'UPTODATE'] }).set(state);

    world.life().verifyParentTransid(world.buffer(0));

    expect(world.bits('eb0.bflags')).toEqual(expected);
  });
});
