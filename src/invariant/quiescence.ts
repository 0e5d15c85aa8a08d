import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  type FsInfo,
  type Geometry,
  NULL,
  PAGE_FLAGS,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  pageAt,
  PAYLOAD_VERIFIED,
  SLAB_ALLOCATED,
} from '../memory/layout.ts';
import { PG_LOCKED, PG_PRIVATE, PG_UPTODATE } from '../memory/page-flags.ts';
import { EXTENT_BUFFER_IN_TREE, EXTENT_BUFFER_TREE_REF, EXTENT_BUFFER_UPTODATE } from '../model/bflags.ts';
import { Check, type CheckNumber } from '../model/check.ts';

/** A world whose actors have all finished. */
export interface QuietWorld {
  /** Read with plain loads: nobody writes any more. */
  readonly words: Int32Array;
  readonly geometry: Geometry;
  /** Whether end-io actors have completed every read; if not, reads are still in flight. */
  readonly isIoDone: boolean;
  /** References that a read in flight holds: `bioReferences` of the model. */
  readonly bioReferences: number;
}

const IN_TREE = 1 << EXTENT_BUFFER_IN_TREE;
const TREE_REF = 1 << EXTENT_BUFFER_TREE_REF;
const UPTODATE = 1 << EXTENT_BUFFER_UPTODATE;

/**
 * The checks Q1 to Q3 of kernel.md 1.19 on the worlds of one shared array: a function that gives the first one which the
 * world at `fs` breaks, or 0. What it closes over are constants to the JIT compiler: half the cost of a judgement.
 */
export function quiescenceOf(world: QuietWorld): (fs: FsInfo) => CheckNumber | 0 {
  const deviation = deviationOf(world);
  const which = firstBrokenOf(world);
  return (fs) => (deviation(fs) === 0 ? 0 : which(fs));
}

/**
 * Whether a world breaks any of the checks: 0 if not. How a trial ended is a matter of chance to the processor's branch
 * predictor, and the words come from another core's cache: without a branch, the loads of several worlds overlap. What
 * happens to one page of a block happens to all of them, but where an actor gave up between two, so that one page is checked
 * and the others are compared with it; a world in which they differ is judged test by test. `| 0` spares each address a
 * test for overflow.
 */
export function deviationOf(world: QuietWorld): (fs: FsInfo) => number {
  const { words, geometry, isIoDone, bioReferences } = world;
  const { pages, buffers } = geometry;
  /** All ones where a read in flight is too much. */
  const unwanted = isIoDone ? -1 : 0;

  const testByTest = firstBrokenOf(world);

  return (fs) => {
    const slot = words[(fs + FS_TREE_SLOT) | 0] ?? 0;
    let wrong = (words[(fs + FS_BUFFER_LOCK) | 0] ?? 0) | (words[(fs + FS_PRIVATE_LOCK) | 0] ?? 0);
    let alive = 0;
    let attached = 0;
    let inFlight = 0;
    let isBufferUptodate = 0;
    for (let index = 0; index < buffers; index++) {
      const eb = bufferAt(fs, geometry, index);
      // All ones for a buffer in use, and 0 for a free one, whose other words say nothing.
      const used = isSet((words[(eb + EB_SLAB) | 0] ?? 0) ^ SLAB_ALLOCATED) - 1;
      const bflags = words[(eb + EB_BFLAGS) | 0] ?? 0;
      const ioPages = words[(eb + EB_IO_PAGES) | 0] ?? 0;
      const expected = ((bflags >> EXTENT_BUFFER_TREE_REF) & 1) + isSet(ioPages) * bioReferences;
      const own =
        (slot ^ eb) |
        (~bflags & IN_TREE) |
        (words[(eb + EB_REFS_LOCK) | 0] ?? 0) |
        ((words[(eb + EB_REFS) | 0] ?? 0) ^ expected) |
        (isSet(expected) ^ 1);
      wrong |= own & used;
      alive |= eb & used;
      attached |= (words[(eb + EB_PAGES) | 0] ?? 0) & used;
      inFlight |= ioPages & used;
      isBufferUptodate |= (bflags >> EXTENT_BUFFER_UPTODATE) & used & 1;
    }
    wrong |= slot ^ alive;
    const first = pageAt(fs, 0);
    const flags = words[(first + PAGE_FLAGS) | 0] ?? 0;
    const owner = words[(first + PAGE_PRIVATE) | 0] ?? 0;
    const refcount = words[(first + PAGE_REFCOUNT) | 0] ?? 0;
    const payload = words[(first + PAGE_PAYLOAD) | 0] ?? 0;
    let isUneven = attached & (attached ^ pages);
    for (let index = 1; index < pages; index++) {
      const page = pageAt(fs, index);
      isUneven |=
        ((words[(page + PAGE_FLAGS) | 0] ?? 0) ^ flags) |
        ((words[(page + PAGE_PRIVATE) | 0] ?? 0) ^ owner) |
        ((words[(page + PAGE_REFCOUNT) | 0] ?? 0) ^ refcount) |
        ((words[(page + PAGE_PAYLOAD) | 0] ?? 0) ^ payload);
    }
    if (isUneven !== 0) return testByTest(fs);
    const isPrivate = (flags >> PG_PRIVATE) & 1;
    const isUptodate = ((flags >> PG_UPTODATE) & 1) | isBufferUptodate;
    const locked = pages * ((flags >> PG_LOCKED) & 1);
    wrong |= isPrivate ^ isSet(attached);
    wrong |= (owner ^ alive) & -isPrivate;
    wrong |= refcount ^ (1 + 2 * isPrivate);
    wrong |= (payload ^ PAYLOAD_VERIFIED) & -isUptodate;
    return wrong | (inFlight ^ locked) | (inFlight & unwanted);
  };
}

/** 1 for any number but 0. */
function isSet(value: number): number {
  return (value | -value) >>> 31;
}

/** Which check a world breaks first: the same as `deviationOf`, test by test. */
export function firstBrokenOf(world: QuietWorld): (fs: FsInfo) => CheckNumber | 0 {
  const { words, geometry, isIoDone, bioReferences } = world;
  const { pages, buffers } = geometry;

  /** Whether a page that passes for up to date, by its own flag or by its buffer's, holds something else than the block. */
  const hasUnverified = (fs: FsInfo, isBufferUptodate: boolean): boolean => {
    for (let index = 0; index < pages; index++) {
      const page = pageAt(fs, index);
      const isUptodate = isBufferUptodate || ((words[page + PAGE_FLAGS] ?? 0) & (1 << PG_UPTODATE)) !== 0;
      if (isUptodate && words[page + PAGE_PAYLOAD] !== PAYLOAD_VERIFIED) return true;
    }
    return false;
  };

  const brokenPages = (fs: FsInfo, alive: number): CheckNumber | 0 => {
    const attached = alive === NULL ? 0 : (words[alive + EB_PAGES] ?? 0);
    let locked = 0;
    let flagsSeen = 0;
    let wrong = 0;
    for (let index = 0; index < pages; index++) {
      const page = pageAt(fs, index);
      const flags = words[page + PAGE_FLAGS] ?? 0;
      const isPrivate = (flags >> PG_PRIVATE) & 1;
      locked += (flags >> PG_LOCKED) & 1;
      flagsSeen |= flags;
      // Attached exactly to the buffer that lives, with one reference for page->private and one for eb->pages[].
      wrong |= isPrivate ^ (index < attached ? 1 : 0);
      wrong |= ((words[page + PAGE_PRIVATE] ?? 0) ^ alive) & -isPrivate;
      wrong |= (words[page + PAGE_REFCOUNT] ?? 0) ^ (1 + 2 * isPrivate);
    }
    if (wrong !== 0) return Check.Q2;
    const isBufferUptodate = alive !== NULL && ((words[alive + EB_BFLAGS] ?? 0) & UPTODATE) !== 0;
    const isAnyUptodate = isBufferUptodate || (flagsSeen & (1 << PG_UPTODATE)) !== 0;
    if (isAnyUptodate && hasUnverified(fs, isBufferUptodate)) return Check.Q3;
    const inFlight = alive === NULL ? 0 : (words[alive + EB_IO_PAGES] ?? 0);
    return inFlight !== locked || (isIoDone && inFlight !== 0) ? Check.Q1 : 0;
  };

  return (fs) => {
    if (words[fs + FS_BUFFER_LOCK] !== 0 || words[fs + FS_PRIVATE_LOCK] !== 0) return Check.Q1;
    let alive: number = NULL;
    for (let index = 0; index < buffers; index++) {
      const eb = bufferAt(fs, geometry, index);
      if (words[eb + EB_SLAB] !== SLAB_ALLOCATED) continue;
      // One block has one buffer at rest, and it is in the tree.
      if (words[fs + FS_TREE_SLOT] !== eb) return Check.Q1;
      const bflags = words[eb + EB_BFLAGS] ?? 0;
      if ((bflags & IN_TREE) === 0 || words[eb + EB_REFS_LOCK] !== 0) return Check.Q1;
      // The tree's reference and that of a read in flight; a buffer without either would be gone.
      const ofTree = (bflags & TREE_REF) === 0 ? 0 : 1;
      const expected = ofTree + (words[eb + EB_IO_PAGES] === 0 ? 0 : bioReferences);
      if (expected === 0 || words[eb + EB_REFS] !== expected) return Check.Q1;
      alive = eb;
    }
    if (alive === NULL && words[fs + FS_TREE_SLOT] !== NULL) return Check.Q1;
    return brokenPages(fs, alive);
  };
}
