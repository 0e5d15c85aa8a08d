import { type FsInfo, NULL, PAGE_FLAGS, pageAt, SLAB_ALLOCATED } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_LOCKED, PG_PRIVATE, PG_UPTODATE, PG_WRITEBACK } from '../../../memory/page-flags.ts';
import type { QuietWorld } from '../../../fix/subject.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_READING,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
  EXTENT_BUFFER_WRITEBACK,
} from './bflags.ts';
import { Check, type CheckNumber } from './check.ts';
import type { KernelSwitches } from './kernel.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_INHIBITORS,
  EB_READ_FAILED,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  EB_TREE_LOCK,
  FOLIO_BEHIND,
  FOLIO_EB_REFS,
  FOLIO_MAPPING,
  FOLIO_PAYLOAD,
  FOLIO_PRIVATE,
  FOLIO_REFCOUNT,
  FS_PRIVATE_LOCK,
  FS_TREE_LOCK,
  FS_TREE_MARKS,
  FS_TREE_SLOT,
  MAPPING_CACHED,
  MAPPING_NONE,
  MARK_DIRTY,
  MARK_TOWRITE,
  MARK_WRITEBACK,
  PAYLOAD_FOREIGN,
  PAYLOAD_MODIFIED,
  PAYLOAD_VERIFIED,
} from './layout.ts';

const READING = 1 << EXTENT_BUFFER_READING;
const WRITEBACK = 1 << EXTENT_BUFFER_WRITEBACK;
const DIRTY = 1 << EXTENT_BUFFER_DIRTY;
const STALE = 1 << EXTENT_BUFFER_STALE;
const TREE_REF = 1 << EXTENT_BUFFER_TREE_REF;
const UPTODATE = 1 << EXTENT_BUFFER_UPTODATE;
const IN_TREE = 1 << EXTENT_BUFFER_IN_TREE;

/** What is wrong with a folio at rest whose block `alive` is, and those bits of which `bflags` are: the check it breaks, or 0. */
function folioAtRestOf(
  { words, isIoDone }: QuietWorld,
  { ownsFolios }: KernelSwitches,
  isSubpage: boolean,
): (folio: number, alive: number, bflags: number) => CheckNumber | 0 {
  return (folio, alive, bflags) => {
    const flags = words[folio + PAGE_FLAGS] ?? 0;
    const mapping = words[folio + FOLIO_MAPPING];
    if (mapping !== MAPPING_CACHED) {
      // One that has left the page cache was freed with its last reference.
      if (alive !== NULL || words[folio + FOLIO_REFCOUNT] !== 0 || mapping !== MAPPING_NONE) return Check.P3;
      if (words[folio + FOLIO_BEHIND] === 1) return Check.P5;
      return flags === 0 ? 0 : Check.P1;
    }
    if ((flags & (1 << PG_LOCKED)) !== 0) return Check.LockHeld;
    const isPrivate = (flags >> PG_PRIVATE) & 1;
    const ofPrivate = isSubpage ? NULL : alive;
    const isAttached = words[folio + FOLIO_PRIVATE] === ofPrivate && alive !== NULL;
    const isSound = isPrivate === 1 ? isAttached : alive === NULL;
    if (words[folio + FOLIO_EB_REFS] !== (isSubpage ? isPrivate : 0)) return Check.P3;
    if (!isSound || words[folio + FOLIO_REFCOUNT] !== 1 + isPrivate * (ownsFolios ? 2 : 1)) return Check.P3;
    if (isIoDone && (flags & (1 << PG_WRITEBACK)) !== 0) return Check.P9;
    const payload = words[folio + FOLIO_PAYLOAD];
    const isUptodate = (flags & (1 << PG_UPTODATE)) !== 0 || (bflags & UPTODATE) !== 0;
    const isKnown =
      payload === PAYLOAD_VERIFIED || payload === PAYLOAD_MODIFIED || payload === PAYLOAD_FOREIGN;
    if (isUptodate && !isKnown) return Check.P6;
    const isDirty = (bflags & DIRTY) !== 0;
    if (((flags & (1 << PG_DIRTY)) !== 0) !== isDirty) return Check.P5;
    // What the disk lacks is still to be written, and it is what was changed.
    const isUnderWriteback = (flags & (1 << PG_WRITEBACK)) !== 0;
    const isKept = (isDirty || isUnderWriteback) && payload === PAYLOAD_MODIFIED;
    return words[folio + FOLIO_BEHIND] === 1 && !isKept ? Check.P5 : 0;
  };
}

/**
 * What must hold once all is quiet: a function that gives the first check which the world at `fs` breaks, or 0. What it closes over are
 * constants to the JIT compiler.
 */
export function atRestOf(
  quiet: QuietWorld,
  kernel: KernelSwitches,
  isSubpage: boolean,
): (fs: FsInfo) => CheckNumber | 0 {
  const { words, geometry, isIoDone, bioReferences } = quiet;
  const { hasRadixTree, hasMarks } = kernel;

  const brokenBuffer = (eb: number, fs: FsInfo): CheckNumber | 0 => {
    const bflags = words[eb + EB_BFLAGS] ?? 0;
    if (words[eb + EB_REFS_LOCK] !== 0 || words[eb + EB_TREE_LOCK] !== 0) return Check.LockHeld;
    // Before the references: who waits for the end of IO has one.
    if (isIoDone && (bflags & (READING | WRITEBACK)) !== 0) return Check.P9;
    if (hasRadixTree && (bflags & IN_TREE) === 0) return Check.P4;
    const ofTree = (bflags & TREE_REF) === 0 ? 0 : 1;
    const ofBio = (bflags & READING) === 0 ? 0 : bioReferences;
    const expected = ofTree + ofBio + (words[eb + EB_INHIBITORS] ?? 0);
    if (expected === 0 || words[eb + EB_REFS] !== expected) return Check.P2;
    // Nobody is to find what could not be read, unless a new block was made of it meanwhile.
    const isNew = words[pageAt(fs, 0) + FOLIO_PAYLOAD] === PAYLOAD_MODIFIED;
    return words[eb + EB_READ_FAILED] !== 0 && (bflags & STALE) === 0 && !isNew ? Check.P2 : 0;
  };

  const brokenMarks = (fs: FsInfo, alive: number): boolean => {
    const bflags = alive === NULL ? 0 : (words[alive + EB_BFLAGS] ?? 0);
    const expected =
      ((bflags & DIRTY) === 0 ? 0 : 1 << MARK_DIRTY) | ((bflags & WRITEBACK) === 0 ? 0 : 1 << MARK_WRITEBACK);
    const marks = words[fs + FS_TREE_MARKS] ?? 0;
    // A sync walk that passes over a block on a zoned device leaves its mark on it for the next one.
    const ofWalk = (bflags & DIRTY) === 0 ? 0 : marks & (1 << MARK_TOWRITE);
    return marks !== (expected | ofWalk);
  };

  const brokenFolio = folioAtRestOf(quiet, kernel, isSubpage);

  return (fs) => {
    if (words[fs + FS_TREE_LOCK] !== 0 || words[fs + FS_PRIVATE_LOCK] !== 0) return Check.LockHeld;
    let alive: number = NULL;
    for (let index = 0; index < geometry.buffers; index++) {
      const eb = bufferAt(fs, geometry, index);
      if (words[eb + EB_SLAB] !== SLAB_ALLOCATED) continue;
      // One block has one buffer at rest, and it is in the tree.
      if (words[fs + FS_TREE_SLOT] !== eb) return Check.P4;
      const broken = brokenBuffer(eb, fs);
      if (broken !== 0) return broken;
      alive = eb;
    }
    if (words[fs + FS_TREE_SLOT] !== alive) return Check.P4;
    if (hasMarks && brokenMarks(fs, alive)) return Check.P4;
    const bflags = alive === NULL ? 0 : (words[alive + EB_BFLAGS] ?? 0);
    for (let index = 0; index < geometry.pages; index++) {
      const broken = brokenFolio(pageAt(fs, index), alive, bflags);
      if (broken !== 0) return broken;
    }
    return 0;
  };
}
