import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_REFS,
  EB_SLAB,
  FS_TREE_SLOT,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  PAYLOAD_GARBAGE,
  PAYLOAD_VERIFIED,
} from '../../v5.7/layout.ts';
import {
  FS_BIO,
  FS_IO,
  type FsInfo,
  type Geometry,
  PAGE_FLAGS,
  pageAt,
  SLAB_ALLOCATED,
} from '../../../../memory/layout.ts';
import { BIO_WRITE } from '../layout.ts';
import { PAGE_BEHIND, PAYLOAD_MODIFIED } from '../layout.ts';
import {
  PG_DIRTY,
  PG_LOCKED,
  PG_PRIVATE,
  PG_REFERENCED,
  PG_UPTODATE,
  PG_WRITEBACK,
} from '../../../../memory/page-flags.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
  EXTENT_BUFFER_WRITEBACK,
} from '../../v5.7/bflags.ts';
import { resetWorld, zeroObject } from '../../../../memory/structures.ts';

/** What is special of the one buffer that a trial starts with. */
interface BufferAtStart {
  /** That of the tree and those of actors. */
  readonly refs: number;
  /** Bits of `bflags` beside TREE_REF, IN_TREE and UPTODATE. @default none */
  readonly bflags?: readonly number[];
  /** Whether it has been changed and not been written. @default false */
  readonly isDirty?: true;
}

/** Writes the state into a world: one buffer in the tree, up to date, its pages attached. */
export function withBuffer({
  refs,
  bflags = [],
  isDirty,
}: BufferAtStart): (words: Int32Array, geometry: Geometry, fs: FsInfo) => void {
  const dirty = isDirty === true ? 1 : 0;
  const bits = [EXTENT_BUFFER_TREE_REF, EXTENT_BUFFER_IN_TREE, EXTENT_BUFFER_UPTODATE, ...bflags];
  return (words, geometry, fs) => {
    resetWorld(words, geometry, fs);
    const eb = bufferAt(fs, geometry, 0);
    zeroObject(words, geometry, eb);
    words[eb + EB_SLAB] = SLAB_ALLOCATED;
    words[eb + EB_REFS] = refs;
    words[eb + EB_BFLAGS] = bits.reduce((all, bit) => all | (1 << bit), dirty << EXTENT_BUFFER_DIRTY);
    words[eb + EB_PAGES] = geometry.pages;
    words[fs + FS_TREE_SLOT] = eb;
    for (let index = 0; index < geometry.pages; index++) {
      const page = pageAt(fs, index);
      words[page + PAGE_FLAGS] =
        (1 << PG_PRIVATE) | (1 << PG_REFERENCED) | (1 << PG_UPTODATE) | (dirty << PG_DIRTY);
      words[page + PAGE_PRIVATE] = eb;
      // The page cache's, page->private's, and that of eb->pages[].
      words[page + PAGE_REFCOUNT] = 3;
      words[page + PAGE_PAYLOAD] = dirty === 1 ? PAYLOAD_MODIFIED : PAYLOAD_VERIFIED;
      words[page + PAGE_BEHIND] = dirty;
    }
  };
}

/**
 * The same with IO of all pages in flight, whose bio is in the mailbox of actor 0 (who may be anybody): of a write, with the pages
 * under writeback; of a first read, with the pages locked.
 */
export function withIo(kind: 'read' | 'write'): (words: Int32Array, geometry: Geometry, fs: FsInfo) => void {
  const isWrite = kind === 'write';
  const reset = withBuffer({ refs: 1 });
  return (words, geometry, fs) => {
    reset(words, geometry, fs);
    const eb = bufferAt(fs, geometry, 0);
    words[eb + EB_BFLAGS] =
      (1 << EXTENT_BUFFER_TREE_REF) |
      (1 << EXTENT_BUFFER_IN_TREE) |
      (isWrite ? (1 << EXTENT_BUFFER_UPTODATE) | (1 << EXTENT_BUFFER_WRITEBACK) : 0);
    words[eb + EB_IO_PAGES] = geometry.pages;
    for (let index = 0; index < geometry.pages; index++) {
      const page = pageAt(fs, index);
      words[page + PAGE_FLAGS] =
        (1 << PG_PRIVATE) |
        (1 << PG_REFERENCED) |
        (isWrite ? (1 << PG_UPTODATE) | (1 << PG_WRITEBACK) : 1 << PG_LOCKED);
      words[page + PAGE_PAYLOAD] = isWrite ? PAYLOAD_MODIFIED : PAYLOAD_GARBAGE;
      words[page + PAGE_BEHIND] = isWrite ? 1 : 0;
    }
    words[fs + FS_BIO] = ((1 << geometry.pages) - 1) | (isWrite ? BIO_WRITE : 0);
    words[fs + FS_IO] = 1;
  };
}
