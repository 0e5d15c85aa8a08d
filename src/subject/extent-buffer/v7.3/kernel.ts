/**
 * The kernels of this generation, and where they differ as far as the model shows it: one switch for each commit. A new kernel is a
 * line in `kernels`; what no kernel had before it is a switch more, and the methods that ask for it.
 */

/** What a kernel does in one way or another. */
export interface KernelSwitches {
  /** An extent_buffer owns a reference of each of its folios until it is released: before 3649833a58b6 (6.16). */
  readonly ownsFolios: boolean;
  /**
   * Buffers are found in `fs_info->buffer_radix` under buffer_lock and deleted by their index, if IN_TREE says so: before
   * 19d7f65f032f (6.16), which has `fs_info->buffer_tree` and deletes by identity.
   */
  readonly hasRadixTree: boolean;
  /** Writeback goes by marks of the buffer_tree instead of dirty folios: since 5e121ae687b8 (6.16). */
  readonly hasMarks: boolean;
  /** `eb->refs` is a refcount_t: since b769777d927a (6.17). */
  readonly hasRefcounts: boolean;
  /** The mark TOWRITE goes with the start of the write: since 1f3d56db694c (6.17). */
  readonly clearsTowrite: boolean;
  /** A transaction handle keeps writeback from the buffers that it has changed: since f9a48549a15a (7.1). */
  readonly hasInhibitors: boolean;
  /** Bios end in a task, which end_bbio_meta_read and end_bbio_meta_write assert: since 7.1. Before, writes end in an interrupt. */
  readonly endsInTasks: boolean;
  /** A block that is found is held against what the finder expects of it: since f04c6475c2db (7.1). */
  readonly verifiesHits: boolean;
  /** A generation that does not match takes UPTODATE from the buffer even where the caller may not sleep: since 908ab5634751 (7.1). */
  readonly alwaysClearsUptodate: boolean;
  /** umount waits for reads before workers are stopped, and reports buffers that are held: 7.2. */
  readonly checksAtUmount: boolean;
  /** READING is cleared and the bio's reference dropped in one section of the refs_lock: since 690c2accacb1 (7.3, and 7.2.y). */
  readonly clearsReadingLocked: boolean;
}

const OF_6_12: KernelSwitches = {
  ownsFolios: true,
  hasRadixTree: true,
  hasMarks: false,
  hasRefcounts: false,
  clearsTowrite: true,
  hasInhibitors: false,
  endsInTasks: false,
  verifiesHits: false,
  alwaysClearsUptodate: false,
  checksAtUmount: false,
  clearsReadingLocked: false,
};
const OF_6_18: KernelSwitches = {
  ...OF_6_12,
  ownsFolios: false,
  hasRadixTree: false,
  hasMarks: true,
  hasRefcounts: true,
};
/** Read in 7.2.13, whose stable updates brought what 7.3 has here: nothing that the model shows lies between the two. */
const OF_7_2: KernelSwitches = {
  ...OF_6_18,
  hasInhibitors: true,
  endsInTasks: true,
  verifiesHits: true,
  alwaysClearsUptodate: true,
  checksAtUmount: true,
  clearsReadingLocked: true,
};

/** The name of a kernel, as `--kernel` takes it. */
export type KernelName = '6.12' | '6.18' | '7.2' | '7.3';

/** Kernels by name: long-term ones of the time, and the newest that was read. */
export const kernels: Readonly<Record<KernelName, KernelSwitches>> = {
  '6.12': OF_6_12,
  '6.18': OF_6_18,
  '7.2': OF_7_2,
  '7.3': OF_7_2,
};

/** Their names, oldest first. */
export const kernelNames: readonly KernelName[] = ['6.12', '6.18', '7.2', '7.3'];

/** What is played unless told otherwise: the newest. */
export const DEFAULT_KERNEL: KernelName = '7.3';
