/**
 * What an actor notes of its way through a trial, one bit each: the raw material of outcomes and near misses. Notes
 * are the actor's own, they are not shared memory and cost no step.
 */
export const Note = {
  /** find_extent_buffer took a reference. */
  Found: 0x1,
  /** find_extent_buffer saw an empty tree slot. */
  Missed: 0x2,
  /** Near miss: a buffer was found through the tree or a page while its last reference was already gone. */
  DyingFound: 0x4,
  /** find met STALE and waited for the refs_lock. */
  StaleHandshake: 0x8,
  /** check_buffer_tree_ref found TREE_REF clear where any strategy would look, and set it. */
  TreeRefSet: 0x10,
  /** The fix found TREE_REF stripped once the read was certain to start, and put it back. */
  Rescued: 0x20,
  /** A read was submitted. */
  ReadStarted: 0x40,
  /** A WAIT_NONE read gave up because a page was locked. */
  ReadSkipped: 0x80,
  /** A read had nothing to do: the buffer or all of its pages were up to date. */
  AlreadyUptodate: 0x100,
  /** A read could not be set up, or failed, or did not verify. */
  ReadFailed: 0x200,
  /** A read was completed and its content verified. */
  ReadCompleted: 0x400,
  /** Near miss: a read completed on a page that had been detached, and passed for verified. */
  ReadUnverified: 0x800,
  /** Reclaim found its page locked and went on. */
  PageBusy: 0x1000,
  /** releasepage refused: somebody holds a reference, or IO is in flight. */
  ReleaseRefused: 0x2000,
  /** releasepage refused: TREE_REF was clear, so the only reference is somebody's own. */
  ReleaseForeign: 0x4000,
  /** releasepage found a page without a buffer. */
  ReleaseEmpty: 0x8000,
  /** releasepage released the buffer. */
  Released: 0x10000,
  /** Near miss: releasepage took the tree's reference although somebody had come to use the buffer. */
  TreeRefStripped: 0x20000,
  /** free_extent_buffer dropped the last reference: the buffer went although nobody asked for it. */
  LastPut: 0x40000,
  /** alloc_extent_buffer inserted a new buffer. */
  Allocated: 0x80000,
  /** alloc_extent_buffer found a buffer through page->private. */
  ExistsPage: 0x100000,
  /** alloc_extent_buffer lost the race to insert. */
  ExistsTree: 0x200000,
} as const;

/** One of the bits of `Note`. */
export type NoteBit = (typeof Note)[keyof typeof Note];

/** Number of bits in use: those above are free for notes of a scenario's own. */
export const NOTE_COUNT: number = Object.values(Note).length;
