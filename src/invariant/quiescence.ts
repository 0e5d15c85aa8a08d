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

/** The checks Q1 to Q3 of kernel.md 1.19: the first one that the world at `fs` breaks, or 0. */
export function brokenAtRest(world: QuietWorld, fs: FsInfo): CheckNumber | 0 {
  const { words, geometry } = world;
  if (words[fs + FS_BUFFER_LOCK] !== 0 || words[fs + FS_PRIVATE_LOCK] !== 0) return Check.Q1;
  let alive: number = NULL;
  for (let index = 0; index < geometry.buffers; index++) {
    const eb = bufferAt(fs, geometry, index);
    if (words[eb + EB_SLAB] !== SLAB_ALLOCATED) continue;
    // One block has one buffer at rest, and it is in the tree.
    if (words[fs + FS_TREE_SLOT] !== eb) return Check.Q1;
    const bflags = words[eb + EB_BFLAGS] ?? 0;
    if ((bflags & IN_TREE) === 0 || words[eb + EB_REFS_LOCK] !== 0) return Check.Q1;
    // The tree's reference and that of a read in flight; a buffer without either would be gone.
    const ofTree = (bflags & TREE_REF) === 0 ? 0 : 1;
    const expected = ofTree + (words[eb + EB_IO_PAGES] === 0 ? 0 : world.bioReferences);
    if (expected === 0 || words[eb + EB_REFS] !== expected) return Check.Q1;
    alive = eb;
  }
  if (alive === NULL && words[fs + FS_TREE_SLOT] !== NULL) return Check.Q1;
  return brokenPages(world, fs, alive);
}

function brokenPages(world: QuietWorld, fs: FsInfo, alive: number): CheckNumber | 0 {
  const { words, geometry, isIoDone } = world;
  const attached = alive === NULL ? 0 : (words[alive + EB_PAGES] ?? 0);
  const isBufferUptodate = alive !== NULL && ((words[alive + EB_BFLAGS] ?? 0) & UPTODATE) !== 0;
  let locked = 0;
  for (let index = 0; index < geometry.pages; index++) {
    const page = pageAt(fs, index);
    const flags = words[page + PAGE_FLAGS] ?? 0;
    if ((flags & (1 << PG_LOCKED)) !== 0) locked++;
    const isPrivate = (flags & (1 << PG_PRIVATE)) !== 0;
    // Attached exactly to the buffer that lives, with one reference for page->private and one for eb->pages[].
    if (isPrivate !== index < attached) return Check.Q2;
    if (isPrivate && words[page + PAGE_PRIVATE] !== alive) return Check.Q2;
    if (words[page + PAGE_REFCOUNT] !== (isPrivate ? 3 : 1)) return Check.Q2;
    const isPageUptodate = (flags & (1 << PG_UPTODATE)) !== 0;
    if ((isBufferUptodate || isPageUptodate) && words[page + PAGE_PAYLOAD] !== PAYLOAD_VERIFIED)
      return Check.Q3;
  }
  const inFlight = alive === NULL ? 0 : (words[alive + EB_IO_PAGES] ?? 0);
  if (inFlight !== locked || (isIoDone && inFlight !== 0)) return Check.Q1;
  return 0;
}
