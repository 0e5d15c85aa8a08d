/**
 * kernel-7.3.md 2.4 and 2.5: building a buffer; and what the mm does with its folios. Of the model's own: a folio that is looked up, added
 * or removed is one word, `mapping`, under no i_pages lock, and memory is no step but that of a buffer.
 */
import { cold, empty } from '../../../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import { FIND, FIND_NOLOCK, FIND_NOTHING, setTreeRef } from './steps-of-references.ts';
import type { OperationSteps } from './step-table.ts';

/** 2.4: a buffer that is all zero; inhibitors are there since f9a48549a15a (7.1). */
export function newBuffer(eb: string): string {
  return `
  kmem_cache_zalloc
  refcount_set ${eb}.refs
  atomic_set ${eb}.writeback_inhibitors [since 7.2]`;
}

/** 2.5, step 4 b: -EEXIST, and filemap_lock_folio. */
export const LOCK_EXISTING: string = `
  atomic_cmpxchg folio.mapping
  rcu_read_lock
  READ_ONCE folio.mapping
  atomic_inc_not_zero folio.refcount
  READ_ONCE folio.mapping
  rcu_read_unlock
  lock_page folio
  READ_ONCE folio.mapping`;

/** 2.5, step 4 a: success; it is locked and has its references. */
const ADD_NEW = `
  atomic_cmpxchg folio.mapping
  trylock_page folio
  atomic_set folio.refcount`;

/** 2.5, step 4 g. */
const ATTACH = `
  lockdep_assert_held i_private_lock
  test_bit folio.flags:PRIVATE
  atomic_inc folio.refcount
  WRITE_ONCE folio.private
  set_bit folio.flags:PRIVATE`;

/** What comes after each folio of 2.5, step 4. */
export const LOOK_AT_FOLIO: string = `
  test_bit folio.flags:DIRTY
  test_bit folio.flags:UPTODATE`;

/** 2.5, step 4 e, of a folio whose private is clear. */
const GRAB_NOTHING = `
  lockdep_assert_held i_private_lock
  test_bit folio.flags:PRIVATE`;

/** 2.5, step 4 e, of a dying owner. */
const GRAB_DYING = `
  lockdep_assert_held i_private_lock
  test_bit folio.flags:PRIVATE
  READ_ONCE folio.private
  refcount_inc_not_zero eb0.refs
  test_bit folio.flags:DIRTY
  test_bit folio.flags:PRIVATE
  clear_bit folio.flags:PRIVATE
  WRITE_ONCE folio.private
  atomic_dec_and_test folio.refcount`;

/** A reference of a folio that has left the page cache, the last one. */
export const PUT_LAST: string = `
  atomic_dec_and_test folio.refcount
  READ_ONCE folio.mapping
  WRITE_ONCE folio.flags
  WRITE_ONCE folio.payload
  WRITE_ONCE folio.mapping`;

/** What is said of a folio, of the first one. */
export function ofFolio0(steps: string): string {
  return steps.replaceAll(/\bfolio\b/g, 'folio0');
}

/** 2.5, step 6, where the slot is empty. */
export const INSERT: string = `
  spin_lock xa_lock
  atomic_cmpxchg fs.tree_slot
  spin_unlock xa_lock`;

/** 2.5, steps 7 and 8. */
export function finish(eb: string): string {
  return `
  refcount_read ${eb}.refs
  ${setTreeRef(eb)}
  set_bit ${eb}.bflags:IN_TREE [6.12]
  folios {
    unlock_page folio
    atomic_dec_and_test folio.refcount [since 6.18]
  }`;
}

/** `out` of 2.5 of a buffer that is attached. What 6.12 does of its own with its spare folios is not shown, UNMAPPED among it. */
function giveUp(eb: string): string {
  return `
  atomic_read ${eb}.refs [6.12]
  refcount_dec_and_test ${eb}.refs
  folios {
    READ_ONCE folio.mapping
    spin_lock i_private_lock
    test_bit folio.flags:PRIVATE
    READ_ONCE folio.private
    test_bit ${eb}.bflags:DIRTY
    test_bit folio.flags:DIRTY
    test_bit folio.flags:WRITEBACK
    test_bit folio.flags:PRIVATE
    clear_bit folio.flags:PRIVATE
    WRITE_ONCE folio.private
    atomic_dec_and_test folio.refcount
    spin_unlock i_private_lock
    unlock_page folio
    atomic_dec_and_test folio.refcount
  }
  kmem_cache_free ${eb}`;
}

/** 2.5 with folios that are in the page cache and nobody's: a buffer that is up to the caller to read. */
export const ALLOC_COLD: string = `
  ${FIND_NOTHING}
  ${newBuffer('eb0')}
  folios {
    ${LOCK_EXISTING}
    spin_lock i_private_lock
    ${GRAB_NOTHING}
    ${ATTACH}
    spin_unlock i_private_lock
    ${LOOK_AT_FOLIO}
  }
  ${INSERT}
  ${finish('eb0')}`;

/** Attached to the folios of a buffer that dies. */
const ATTACH_OVER_DYING = `
  ${FIND_NOLOCK}
  ${newBuffer('eb1')}
  folios {
    ${LOCK_EXISTING}
    spin_lock i_private_lock
    ${GRAB_DYING}
    ${ATTACH}
    spin_unlock i_private_lock
    ${LOOK_AT_FOLIO}
  }
  set_bit eb1.bflags:UPTODATE`;

const allocations: readonly OperationSteps[] = [
  {
    title: '2.5 alloc_extent_buffer, found',
    start: { state: 'clean' },
    play: (model) => model.allocExtentBuffer(),
    steps: FIND,
  },
  {
    title: '2.5 alloc_extent_buffer, new on folios that are there',
    start: cold,
    play: (model) => model.allocExtentBuffer(),
    steps: ALLOC_COLD,
  },
  {
    title: '2.5 alloc_extent_buffer, new on folios that are up to date',
    start: cold,
    set: { 'folio.flags': ['UPTODATE'] },
    play: (model) => model.allocExtentBuffer(),
    steps: ALLOC_COLD.replace(INSERT, `\n  set_bit eb0.bflags:UPTODATE${INSERT}`),
  },
  {
    title: '2.5 alloc_extent_buffer, new on an empty page cache',
    start: empty,
    play: (model) => model.allocExtentBuffer(),
    steps: `
      ${FIND_NOTHING}
      ${newBuffer('eb0')}
      folios {
        ${ADD_NEW}
        spin_lock i_private_lock
        ${ATTACH}
        spin_unlock i_private_lock
        ${LOOK_AT_FOLIO}
      }
      ${INSERT}
      ${finish('eb0')}`,
  },
  {
    title: '2.5 alloc_extent_buffer, grabs a live buffer',
    start: { state: 'clean' },
    set: { 'fs.tree_slot': 0 },
    play: (model) => model.allocExtentBuffer(),
    // The first folio has it: nothing was attached.
    steps: `
      ${FIND_NOTHING}
      ${newBuffer('eb1')}
      ${ofFolio0(LOCK_EXISTING)}
      spin_lock i_private_lock
      lockdep_assert_held i_private_lock
      test_bit folio0.flags:PRIVATE
      READ_ONCE folio0.private
      refcount_inc_not_zero eb0.refs
      spin_unlock i_private_lock
      unlock_page folio0
      atomic_dec_and_test folio0.refcount
      atomic_read eb1.refs [6.12]
      refcount_dec_and_test eb1.refs
      kmem_cache_free eb1`,
  },
  {
    title: '2.5 alloc_extent_buffer, over the folios of a dying buffer that is deleted',
    start: { state: 'dying' },
    before: ['kmem_cache_zalloc', (world) => world.set({ 'fs.tree_slot': 0, 'fs.tree_marks': 0 })],
    play: (model) => model.allocExtentBuffer(),
    steps: `
      ${ATTACH_OVER_DYING}
      ${INSERT}
      ${finish('eb1')}`,
  },
  {
    title: '2.5 alloc_extent_buffer, the dying buffer is still in the tree: again',
    start: { state: 'dying' },
    onBlocked: (world) => world.set({ 'fs.tree_slot': 0, 'fs.tree_marks': 0 }),
    play: (model) => model.allocExtentBuffer(),
    // The kernel spins without a cpu_relax; 6.12 looks the buffer up.
    steps: `
      ${ATTACH_OVER_DYING}
      spin_lock xa_lock
      atomic_cmpxchg fs.tree_slot
      refcount_inc_not_zero eb0.refs [since 6.18]
      spin_unlock xa_lock
      rcu_read_lock [6.12]
      READ_ONCE fs.tree_slot [6.12]
      refcount_inc_not_zero eb0.refs [6.12]
      rcu_read_unlock [6.12]
      cpu_relax
      ${INSERT}
      ${finish('eb1')}`,
  },
  {
    title: '2.5 alloc_extent_buffer, a live buffer is in the tree: the new one is given up',
    start: cold,
    before: [
      'spin_lock xa_lock',
      (world) =>
        world.set({
          'fs.tree_slot': 'eb1',
          'eb1.refs': 1,
          'eb1.bflags': ['TREE_REF'],
        }),
    ],
    play: (model) => model.allocExtentBuffer(),
    // No handshake and no TREE_REF repair; 6.12 has both, of find_extent_buffer.
    steps: `
      ${FIND_NOTHING}
      ${newBuffer('eb0')}
      folios {
        ${LOCK_EXISTING}
        spin_lock i_private_lock
        ${GRAB_NOTHING}
        ${ATTACH}
        spin_unlock i_private_lock
        ${LOOK_AT_FOLIO}
      }
      spin_lock xa_lock
      atomic_cmpxchg fs.tree_slot
      refcount_inc_not_zero eb1.refs [since 6.18]
      spin_unlock xa_lock
      rcu_read_lock [6.12]
      READ_ONCE fs.tree_slot [6.12]
      refcount_inc_not_zero eb1.refs [6.12]
      rcu_read_unlock [6.12]
      test_bit eb1.bflags:STALE [6.12]
      refcount_read eb1.refs [6.12]
      test_bit eb1.bflags:TREE_REF [6.12]
      folios {
        test_bit folio.flags:REFERENCED [6.12]
        set_bit folio.flags:REFERENCED [6.12]
      }
      ${giveUp('eb0')}`,
  },
  {
    title: '2.5 alloc_extent_buffer, the folio leaves the page cache before it is locked: again',
    start: cold,
    set: { 'folio.refcount': 2 },
    before: ['lock_page folio0', (world) => world.set({ 'folio0.mapping': 2, 'folio0.refcount': 1 })],
    play: (model) => model.allocExtentBuffer(),
    // It was the last that had a reference. The look-up finds nothing any more, and a folio of its own is added.
    steps: `
      ${FIND_NOTHING}
      ${newBuffer('eb0')}
      ${ofFolio0(LOCK_EXISTING)}
      unlock_page folio0
      ${ofFolio0(PUT_LAST)}
      rcu_read_lock
      READ_ONCE folio0.mapping
      rcu_read_unlock
      ${ofFolio0(ADD_NEW)}
      spin_lock i_private_lock
      ${ofFolio0(ATTACH)}
      spin_unlock i_private_lock
      ${ofFolio0(LOOK_AT_FOLIO)}
      otherFolios {
        ${LOCK_EXISTING}
        spin_lock i_private_lock
        ${GRAB_NOTHING}
        ${ATTACH}
        spin_unlock i_private_lock
        ${LOOK_AT_FOLIO}
      }
      ${INSERT}
      ${finish('eb0')}`,
  },
];

/** As a folio comes to reclaim: of the mm. */
const ofMm: readonly OperationSteps[] = [
  {
    title: 'isolate_lru_folios and folio_trylock',
    start: cold,
    play: (model, world) => model.isolateFolio(world.page(0)),
    steps: 'atomic_inc_not_zero folio0.refcount\n trylock_page folio0',
  },
  {
    title: 'isolate_lru_folios, the folio locked',
    start: cold,
    set: { 'folio0.flags': ['LOCKED'] },
    play: (model, world) => model.isolateFolio(world.page(0)),
    steps: `
      atomic_inc_not_zero folio0.refcount
      trylock_page folio0
      atomic_dec_and_test folio0.refcount`,
  },
  {
    title: 'isolate_lru_folios, no folio',
    start: empty,
    play: (model, world) => model.isolateFolio(world.page(0)),
    steps: 'atomic_inc_not_zero folio0.refcount',
  },
  {
    title: 'filemap_release_folio, nobody’s',
    start: cold,
    play: (model, world) => model.filemapReleaseFolio(world.page(0)),
    steps: 'test_bit folio0.flags:PRIVATE',
  },
  {
    title: 'filemap_release_folio, in writeback',
    start: { state: 'writing' },
    play: (model, world) => model.filemapReleaseFolio(world.page(0)),
    steps: 'test_bit folio0.flags:PRIVATE\n test_bit folio0.flags:WRITEBACK',
  },
  {
    title: '__remove_mapping, frozen, removed and freed',
    start: cold,
    set: { 'folio0.refcount': 2, 'folio0.flags': ['LOCKED'] },
    play: (model, world) => model.removeMapping(world.page(0)),
    // shrink_folio_list asks for the mapping, and unlocks the folio behind the removal; a free folio has nothing of what it had.
    steps: `
      READ_ONCE folio0.mapping
      atomic_cmpxchg folio0.refcount
      test_bit folio0.flags:DIRTY
      unlock_page folio0
      WRITE_ONCE folio0.flags
      WRITE_ONCE folio0.payload
      WRITE_ONCE folio0.mapping`,
  },
  {
    title: '__remove_mapping, the freeze fails',
    start: cold,
    set: { 'folio0.refcount': 3, 'folio0.flags': ['LOCKED'] },
    play: (model, world) => model.removeMapping(world.page(0)),
    steps: 'READ_ONCE folio0.mapping\n atomic_cmpxchg folio0.refcount',
  },
  {
    title: '__remove_mapping, dirty: unfrozen',
    start: cold,
    set: { 'folio0.refcount': 2, 'folio0.flags': ['LOCKED', 'DIRTY'] },
    play: (model, world) => model.removeMapping(world.page(0)),
    steps: `
      READ_ONCE folio0.mapping
      atomic_cmpxchg folio0.refcount
      test_bit folio0.flags:DIRTY
      atomic_set folio0.refcount`,
  },
  {
    title: 'shrink_folio_list, the folio has left the page cache',
    start: cold,
    set: { 'folio0.refcount': 2, 'folio0.flags': ['LOCKED'], 'folio0.mapping': 2 },
    play: (model, world) => model.removeMapping(world.page(0)),
    steps: 'READ_ONCE folio0.mapping',
  },
  {
    title: 'shrink_folio_list, kept',
    start: cold,
    set: { 'folio0.refcount': 2, 'folio0.flags': ['LOCKED'] },
    play: (model, world) => model.keepLocked(world.page(0)),
    steps: 'unlock_page folio0\n atomic_dec_and_test folio0.refcount',
  },
];

export const ofAllocation: readonly OperationSteps[] = [...allocations, ...ofMm];
