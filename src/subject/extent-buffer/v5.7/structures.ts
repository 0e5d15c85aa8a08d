import * as bflags from './bflags.ts';
import {
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_READ_FAILED,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  PAYLOAD_GARBAGE,
} from './layout.ts';
import { bitNames, type Field, type Structure } from '../../../memory/schema.ts';
import { fsOf, objectOf, pageOf } from '../../../memory/structures.ts';

/**
 * What stands in the fields of this subject's structures. The names are those of kernel.md; the addresses, which
 * hot code has for constants, are in layout.ts.
 */
export const fsFields: readonly Field[] = [
  { name: 'fs.tree_slot', word: FS_TREE_SLOT, kind: 'pointer', to: 'eb', atRest: 0 },
  { name: 'buffer_lock', word: FS_BUFFER_LOCK, kind: 'lock', atRest: 0 },
  { name: 'private_lock', word: FS_PRIVATE_LOCK, kind: 'lock', atRest: 0 },
];

/** One reference is that of the page cache. */
export const pageFields: readonly Field[] = [
  { name: 'private', word: PAGE_PRIVATE, kind: 'pointer', to: 'eb', atRest: 0 },
  { name: 'refcount', word: PAGE_REFCOUNT, kind: 'count', atRest: 1 },
  { name: 'payload', word: PAGE_PAYLOAD, kind: 'payload', atRest: PAYLOAD_GARBAGE },
];

export const bufferFields: readonly Field[] = [
  { name: 'refs', word: EB_REFS, kind: 'count' },
  { name: 'bflags', word: EB_BFLAGS, kind: 'flags', bits: bitNames(bflags, 'EXTENT_BUFFER_') },
  { name: 'io_pages', word: EB_IO_PAGES, kind: 'count' },
  { name: 'refs_lock', word: EB_REFS_LOCK, kind: 'lock' },
  { name: 'read_mirror', word: EB_READ_MIRROR, kind: 'number' },
  { name: 'pages', word: EB_PAGES, kind: 'count' },
  { name: 'read_failed', word: EB_READ_FAILED, kind: 'aside' },
];

/** The structures of this subject's worlds. */
export const extentBufferStructures: readonly Structure[] = [
  fsOf({ name: 'fs', title: 'btrfs_fs_info', fields: fsFields }),
  pageOf({ name: 'page', title: 'page', fields: pageFields }),
  objectOf({ name: 'eb', title: 'extent_buffer', fields: bufferFields }),
];
