import { describe, expect, it } from 'vitest';
import { releaseSteps } from '../../helpers/release-steps.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

/** Runs btree_releasepage on page 0 and returns what it said, noted and did. */
function releasepage(world: TestWorld): { result: boolean; notes: readonly string[]; trace: string } {
  let result = false;
  let notes: readonly string[] = [];
  const trace = world.trace((model) => {
    result = model.btreeReleasepage(world.page(0));
    notes = noteNames(model.notes);
  });
  return { result, notes, trace };
}

describe('btreeReleasepage (kernel.md 1.10)', () => {
  it('releases an unused buffer: TREE_REF is cleared and the reference dropped after private_lock is', () => {
    const world = new TestWorld({ pages: 1 });

    const { result, notes, trace } = releasepage(world);

    expect(trace.split('\n')).toEqual([
      'r page0.flags:WRITEBACK -> false',
      'r page0.flags:DIRTY -> false',
      'L(private_lock)',
      'r page0.flags:PRIVATE -> true',
      'r page0.private -> eb0',
      'L(eb0.refs_lock)',
      'r eb0.refs -> 1',
      'r eb0.io_pages -> 0',
      'r eb0.bflags:WRITEBACK -> false',
      'r eb0.bflags:DIRTY -> false',
      'U(private_lock)',
      'rmw test_and_clear eb0.bflags:TREE_REF -> true',
      'r eb0.refs -> 1',
      'rmw dec_and_test eb0.refs -> true',
      ...releaseSteps(1),
    ]);
    expect({ result, notes }).toEqual({ result: true, notes: ['Released'] });
    expect(world.verdict()).toBe('none');
  });

  it('refuses a buffer that somebody holds and drops the refs_lock before private_lock', () => {
    const world = new TestWorld().set({ 'eb0.refs': 2 });

    const { result, notes, trace } = releasepage(world);

    expect(trace).toMatchInlineSnapshot(`
      "r page0.flags:WRITEBACK -> false
      r page0.flags:DIRTY -> false
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb0
      L(eb0.refs_lock)
      r eb0.refs -> 2
      U(eb0.refs_lock)
      U(private_lock)"
    `);
    expect({ result, notes }).toEqual({ result: false, notes: ['ReleaseRefused'] });
  });

  it('refuses a buffer under IO with TREE_REF untouched', () => {
    const world = new TestWorld().set({ 'eb0.io_pages': 1 });

    const { result, notes, trace } = releasepage(world);

    expect(trace).toMatchInlineSnapshot(`
      "r page0.flags:WRITEBACK -> false
      r page0.flags:DIRTY -> false
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb0
      L(eb0.refs_lock)
      r eb0.refs -> 1
      r eb0.io_pages -> 1
      U(eb0.refs_lock)
      U(private_lock)"
    `);
    expect({ result, notes }).toEqual({ result: false, notes: ['ReleaseRefused'] });
    expect(world.bits('eb0.bflags')).toContain('TREE_REF');
  });

  it('refuses where TREE_REF is clear: the one reference is somebody’s own', () => {
    const world = new TestWorld().set({ 'eb0.bflags': ['IN_TREE'] });

    const { result, notes, trace } = releasepage(world);

    expect(trace).toMatchInlineSnapshot(`
      "r page0.flags:WRITEBACK -> false
      r page0.flags:DIRTY -> false
      L(private_lock)
      r page0.flags:PRIVATE -> true
      r page0.private -> eb0
      L(eb0.refs_lock)
      r eb0.refs -> 1
      r eb0.io_pages -> 0
      r eb0.bflags:WRITEBACK -> false
      r eb0.bflags:DIRTY -> false
      U(private_lock)
      rmw test_and_clear eb0.bflags:TREE_REF -> false
      U(eb0.refs_lock)"
    `);
    expect({ result, notes }).toEqual({ result: false, notes: ['ReleaseForeign'] });
    expect(world.get('eb0.refs')).toBe(1);
  });

  it('allows a page without a buffer', () => {
    const world = new TestWorld({ start: 'cold' });

    const { result, notes, trace } = releasepage(world);

    expect(trace).toMatchInlineSnapshot(`
      "r page0.flags:WRITEBACK -> false
      r page0.flags:DIRTY -> false
      L(private_lock)
      r page0.flags:PRIVATE -> false
      U(private_lock)"
    `);
    expect({ result, notes }).toEqual({ result: true, notes: ['ReleaseEmpty'] });
  });

  it.each([
    { flag: 'WRITEBACK', steps: ['r page0.flags:WRITEBACK -> true'] },
    { flag: 'DIRTY', steps: ['r page0.flags:WRITEBACK -> false', 'r page0.flags:DIRTY -> true'] },
  ])('refuses a page with $flag before it takes any lock', ({ flag, steps }) => {
    const world = new TestWorld().set({ 'page0.flags': ['PRIVATE', flag] });

    const { result, notes, trace } = releasepage(world);

    expect(trace.split('\n')).toEqual(steps);
    expect({ result, notes }).toEqual({ result: false, notes: ['ReleaseRefused'] });
  });
});
