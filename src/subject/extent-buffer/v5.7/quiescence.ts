import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_READ_FAILED,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  PAYLOAD_VERIFIED,
} from './layout.ts';
import { type FsInfo, NULL, PAGE_FLAGS, pageAt, SLAB_ALLOCATED } from '../../../memory/layout.ts';
import { PG_LOCKED, PG_PRIVATE, PG_UPTODATE } from '../../../memory/page-flags.ts';
import {
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
} from './bflags.ts';
import type { QuietWorld } from '../../../fix/subject.ts';
import { Check, type CheckNumber } from './check.ts';

const IN_TREE = 1 << EXTENT_BUFFER_IN_TREE;
const TREE_REF = 1 << EXTENT_BUFFER_TREE_REF;
const STALE = 1 << EXTENT_BUFFER_STALE;
const UPTODATE = 1 << EXTENT_BUFFER_UPTODATE;

/**
 * The checks Q1 to Q3 of kernel.md 1.19, locks that are still held, and buffers of failed reads that are still there, on the worlds of one shared array: a function that gives the first one which the
 * world at `fs` breaks, or 0. What it closes over are constants to the JIT compiler.
 */
export function quiescenceOf(world: QuietWorld): (fs: FsInfo) => CheckNumber | 0 {
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
    if (inFlight === 0 && locked > 0) return Check.LockHeld;
    return inFlight !== locked || (isIoDone && inFlight !== 0) ? Check.Q1 : 0;
  };

  return (fs) => {
    if (words[fs + FS_BUFFER_LOCK] !== 0 || words[fs + FS_PRIVATE_LOCK] !== 0) return Check.LockHeld;
    let alive: number = NULL;
    for (let index = 0; index < buffers; index++) {
      const eb = bufferAt(fs, geometry, index);
      if (words[eb + EB_SLAB] !== SLAB_ALLOCATED) continue;
      // One block has one buffer at rest, and it is in the tree.
      if (words[fs + FS_TREE_SLOT] !== eb) return Check.Q1;
      const bflags = words[eb + EB_BFLAGS] ?? 0;
      if (words[eb + EB_REFS_LOCK] !== 0) return Check.LockHeld;
      if ((bflags & IN_TREE) === 0) return Check.Q1;
      // The tree's reference and that of a read in flight; a buffer without either would be gone.
      const ofTree = (bflags & TREE_REF) === 0 ? 0 : 1;
      const expected = ofTree + (words[eb + EB_IO_PAGES] === 0 ? 0 : bioReferences);
      if (expected === 0 || words[eb + EB_REFS] !== expected) return Check.Q1;
      if (words[eb + EB_READ_FAILED] !== 0 && (bflags & STALE) === 0) return Check.Q4;
      alive = eb;
    }
    if (alive === NULL && words[fs + FS_TREE_SLOT] !== NULL) return Check.Q1;
    return brokenPages(fs, alive);
  };
}
