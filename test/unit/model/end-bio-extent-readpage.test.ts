import { describe, expect, it } from 'vitest';
import { hooked } from '../../helpers/hooked-model.ts';
import { noteNames, TestWorld, type TestWorldOptions } from '../../helpers/test-world.ts';

/** A world whose buffer is being read: all pages locked, io_pages set, the submitter gone. */
function reading(options: TestWorldOptions = {}): TestWorld {
  const world = new TestWorld(options);
  const { pages } = world.geometry;
  world.set({ 'eb0.io_pages': pages });
  for (let index = 0; index < pages; index++) {
    world.set({ [`page${index}.flags`]: ['LOCKED', 'REFERENCED', 'PRIVATE'] });
  }
  return world;
}

describe('endBioExtentReadpage (kernel.md 1.12)', () => {
  it('holds a reference of its own from the drop of io_pages to the verification of the last page', () => {
    const world = reading();

    const trace = world.trace((model) => {
      model.endBioExtentReadpage(0b11, 'ok');
      expect(noteNames(model.notes)).toEqual(['ReadCompleted']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "w page0.payload = 1
      r page0.private -> eb0
      rmw fetch_inc eb0.refs -> 1
      rmw dec_and_test eb0.io_pages -> false
      r eb0.refs -> 2
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)
      rmw set page0.flags:UPTODATE
      unlock page0
      w page1.payload = 1
      r page1.private -> eb0
      rmw fetch_inc eb0.refs -> 1
      rmw dec_and_test eb0.io_pages -> true
      w eb0.read_mirror = 1
      r eb0.bflags:READ_ERR -> false
      rmw set eb0.bflags:UPTODATE
      rmw set page0.flags:UPTODATE
      rmw set page1.flags:UPTODATE
      rmw test_and_clear eb0.bflags:READAHEAD -> false
      r eb0.refs -> 2
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)
      rmw set page1.flags:UPTODATE
      unlock page1"
    `);
    expect(world.bits('eb0.bflags')).toContain('UPTODATE');
    expect(world.get('page0.payload')).toBe(2);
    expect(world.verdict(true)).toBe('none');
  });

  it('has io_pages at zero and UPTODATE still clear at one moment, and refs raised then', () => {
    const world = reading({ pages: 1 });
    let seen: unknown;
    const look = (): void => {
      seen = [
        world.get('eb0.io_pages'),
        world.bits('eb0.bflags').includes('UPTODATE'),
        world.get('eb0.refs'),
      ];
    };

    world.model(world.memory(), hooked({ 'end-io:counted': look })).endBioExtentReadpage(1, 'ok');

    expect(seen).toEqual([0, false, 2]);
  });

  it('completes only the pages of its bio', () => {
    const world = reading();

    world.model().endBioExtentReadpage(0b10, 'ok');

    expect(world.bits('page0.flags')).toContain('LOCKED');
    expect(world.bits('page1.flags')).not.toContain('LOCKED');
    expect(world.get('eb0.io_pages')).toBe(1);
    expect(world.bits('eb0.bflags')).not.toContain('UPTODATE');
  });

  it('skips the hook on an IO error, sets READ_ERR and drops io_pages without a reference', () => {
    const world = reading();

    const trace = world.trace((model) => {
      model.endBioExtentReadpage(0b11, 'io-error');
      expect(noteNames(model.notes)).toEqual(['ReadFailed']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "r page0.private -> eb0
      rmw set eb0.bflags:READ_ERR
      w eb0.read_mirror = 1
      rmw dec eb0.io_pages
      rmw test_and_clear eb0.bflags:READAHEAD -> false
      rmw clear page0.flags:UPTODATE
      rmw set page0.flags:ERROR
      unlock page0
      r page1.private -> eb0
      rmw set eb0.bflags:READ_ERR
      w eb0.read_mirror = 1
      rmw dec eb0.io_pages
      rmw test_and_clear eb0.bflags:READAHEAD -> false
      rmw clear page1.flags:UPTODATE
      rmw set page1.flags:ERROR
      unlock page1"
    `);
    expect(world.get('eb0.refs')).toBe(1);
    expect(world.get('page0.payload')).toBe(0);
    expect(world.verdict(true)).toBe('none');
  });

  it('raises io_pages again for content that does not verify, so that the error branch can drop it', () => {
    const world = reading({ pages: 1 });

    const trace = world.trace((model) => {
      model.endBioExtentReadpage(1, 'bad-content');
      expect(noteNames(model.notes)).toEqual(['ReadFailed']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "w page0.payload = 1
      r page0.private -> eb0
      rmw fetch_inc eb0.refs -> 1
      rmw dec_and_test eb0.io_pages -> true
      w eb0.read_mirror = 1
      r eb0.bflags:READ_ERR -> false
      rmw test_and_clear eb0.bflags:READAHEAD -> false
      rmw inc eb0.io_pages
      rmw clear eb0.bflags:UPTODATE
      rmw clear page0.flags:UPTODATE
      r eb0.refs -> 2
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)
      r page0.private -> eb0
      rmw set eb0.bflags:READ_ERR
      w eb0.read_mirror = 1
      rmw dec eb0.io_pages
      rmw test_and_clear eb0.bflags:READAHEAD -> false
      rmw clear page0.flags:UPTODATE
      rmw set page0.flags:ERROR
      unlock page0"
    `);
    expect(world.get('eb0.io_pages')).toBe(0);
    expect(world.verdict(true)).toBe('none');
  });

  it('fails the last page where another one had failed before', () => {
    const world = reading().set({ 'eb0.bflags': ['TREE_REF', 'IN_TREE', 'READ_ERR'] });

    world.model().endBioExtentReadpage(0b11, 'ok');

    expect(world.bits('eb0.bflags')).toEqual(['TREE_REF', 'READ_ERR', 'IN_TREE']);
    expect(world.bits('page0.flags')).not.toContain('UPTODATE');
    expect(world.get('eb0.io_pages')).toBe(0);
  });

  it('passes a detached page for good without any verification', () => {
    const world = reading({ pages: 1 }).set({ 'page0.private': 'NULL', 'page0.flags': ['LOCKED'] });

    const trace = world.trace((model) => {
      model.endBioExtentReadpage(1, 'ok');
      expect(noteNames(model.notes)).toEqual(['ReadUnverified']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "w page0.payload = 1
      r page0.private -> NULL
      rmw set page0.flags:UPTODATE
      unlock page0"
    `);
  });

  it('clears READAHEAD with the last page only', () => {
    const world = reading().set({ 'eb0.bflags': ['TREE_REF', 'IN_TREE', 'READAHEAD'] });
    const model = world.model();

    model.endBioExtentReadpage(0b01, 'ok');
    const afterFirst = world.bits('eb0.bflags');
    model.endBioExtentReadpage(0b10, 'ok');

    expect(afterFirst).toContain('READAHEAD');
    expect(world.bits('eb0.bflags')).not.toContain('READAHEAD');
  });
});
