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
} from '../v5.7/layout.ts';
import {
  type FsInfo,
  type Geometry,
  NULL,
  PAGE_FLAGS,
  pageAt,
  SLAB_ALLOCATED,
} from '../../../memory/layout.ts';
import { PG_DIRTY, PG_LOCKED, PG_PRIVATE, PG_UPTODATE, PG_WRITEBACK } from '../../../memory/page-flags.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
  EXTENT_BUFFER_WRITEBACK,
} from '../v5.7/bflags.ts';
import { Check, type CheckNumber } from './check.ts';
import { EB_TREE_LOCK, PAGE_BEHIND, PAYLOAD_MODIFIED } from './layout.ts';

/**
 * What must hold once all is quiet in scenarios in which buffers are changed and written: the checks of quiescence.ts, for pages
 * that may be dirty, and those that a write brings with it. All IO has been completed then: somebody in each of those scenarios does.
 * The first check that the world at `fs` breaks, or 0.
 */
export function lifeAtRest(words: Int32Array, geometry: Geometry, fs: FsInfo): CheckNumber | 0 {
  if (words[fs + FS_BUFFER_LOCK] !== 0 || words[fs + FS_PRIVATE_LOCK] !== 0) return Check.LockHeld;
  let alive: number = NULL;
  for (let index = 0; index < geometry.buffers; index++) {
    const eb = bufferAt(fs, geometry, index);
    if (words[eb + EB_SLAB] !== SLAB_ALLOCATED) continue;
    if (words[fs + FS_TREE_SLOT] !== eb) return Check.Q1;
    const broken = brokenBuffer(words, eb);
    if (broken !== 0) return broken;
    alive = eb;
  }
  if (alive === NULL && words[fs + FS_TREE_SLOT] !== NULL) return Check.Q1;
  return brokenPages(words, geometry, fs, alive);
}

function brokenBuffer(words: Int32Array, eb: number): CheckNumber | 0 {
  const bflags = words[eb + EB_BFLAGS] ?? 0;
  if (words[eb + EB_REFS_LOCK] !== 0 || words[eb + EB_TREE_LOCK] !== 0) return Check.LockHeld;
  // Before the references: who waits for the end of IO has one.
  if (words[eb + EB_IO_PAGES] !== 0 || has(bflags, EXTENT_BUFFER_WRITEBACK)) return Check.Q5;
  if (!has(bflags, EXTENT_BUFFER_IN_TREE) || !has(bflags, EXTENT_BUFFER_TREE_REF)) return Check.Q1;
  if (words[eb + EB_REFS] !== 1) return Check.Q1;
  return words[eb + EB_READ_FAILED] !== 0 && !has(bflags, EXTENT_BUFFER_STALE) ? Check.Q4 : 0;
}

function brokenPages(words: Int32Array, geometry: Geometry, fs: FsInfo, alive: number): CheckNumber | 0 {
  const bflags = alive === NULL ? 0 : (words[alive + EB_BFLAGS] ?? 0);
  const attached = alive === NULL ? 0 : (words[alive + EB_PAGES] ?? 0);
  const isDirty = has(bflags, EXTENT_BUFFER_DIRTY);
  for (let index = 0; index < geometry.pages; index++) {
    const page = pageAt(fs, index);
    const flags = words[page + PAGE_FLAGS] ?? 0;
    const isPrivate = has(flags, PG_PRIVATE);
    if (isPrivate !== index < attached || (isPrivate && words[page + PAGE_PRIVATE] !== alive))
      return Check.Q2;
    if (words[page + PAGE_REFCOUNT] !== (isPrivate ? 3 : 1)) return Check.Q2;
    if (has(flags, PG_LOCKED)) return Check.LockHeld;
    if (has(flags, PG_WRITEBACK)) return Check.Q5;
    const payload = words[page + PAGE_PAYLOAD];
    const isKnown = payload === PAYLOAD_VERIFIED || payload === PAYLOAD_MODIFIED;
    if (!isKnown && (has(flags, PG_UPTODATE) || has(bflags, EXTENT_BUFFER_UPTODATE))) return Check.Q3;
    if (has(flags, PG_DIRTY) !== isDirty) return Check.Q6;
    // What the disk lacks is still to be written, and it is what was changed.
    const isKept = isDirty && payload === PAYLOAD_MODIFIED;
    if (words[page + PAGE_BEHIND] === 1 && !isKept) return Check.Q6;
  }
  return 0;
}

function has(flags: number, bit: number): boolean {
  return (flags & (1 << bit)) !== 0;
}
