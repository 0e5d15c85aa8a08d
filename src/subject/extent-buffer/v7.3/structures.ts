import { bitNames, type Structure } from '../../../memory/schema.ts';
import { fsOf, objectOf, pageOf } from '../../../memory/structures.ts';
import * as bflags from './bflags.ts';
import {
  EB_BFLAGS,
  EB_INHIBITORS,
  EB_READ_FAILED,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  EB_TREE_LOCK,
  FOLIO_BEHIND,
  FOLIO_EB_REFS,
  FOLIO_MAPPING,
  FOLIO_PAYLOAD,
  FOLIO_PRIVATE,
  FOLIO_REFCOUNT,
  FS_DISK,
  FS_ERROR,
  FS_FREE_SPACE,
  FS_PRIVATE_LOCK,
  FS_STOPPED,
  FS_TREE_LOCK,
  FS_TREE_MARKS,
  FS_TREE_SLOT,
  MAPPING_CACHED,
  MARK_DIRTY,
  MARK_TOWRITE,
  MARK_WRITEBACK,
  PAYLOAD_GARBAGE,
} from './layout.ts';

const marks = new Map([
  ['DIRTY', MARK_DIRTY],
  ['WRITEBACK', MARK_WRITEBACK],
  ['TOWRITE', MARK_TOWRITE],
]);

/** The structures of this generation's worlds. A folio at rest is in the page cache, which has its only reference. */
export const structures: readonly Structure[] = [
  fsOf({
    name: 'fs',
    title: 'btrfs_fs_info',
    fields: [
      { name: 'fs.tree_slot', word: FS_TREE_SLOT, kind: 'pointer', to: 'eb', atRest: 0 },
      { name: 'xa_lock', word: FS_TREE_LOCK, kind: 'lock', atRest: 0 },
      { name: 'fs.free_space', word: FS_FREE_SPACE, kind: 'device', atRest: 0, awaited: 'a free block' },
      { name: 'i_private_lock', word: FS_PRIVATE_LOCK, kind: 'lock', atRest: 0 },
      { name: 'fs.tree_marks', word: FS_TREE_MARKS, kind: 'flags', bits: marks, atRest: 0 },
      { name: 'fs.disk', word: FS_DISK, kind: 'device', atRest: 0 },
      { name: 'fs.stopped', word: FS_STOPPED, kind: 'device', atRest: 0 },
      { name: 'fs.error', word: FS_ERROR, kind: 'device', atRest: 0 },
    ],
  }),
  pageOf({
    name: 'folio',
    title: 'folio',
    fields: [
      { name: 'private', word: FOLIO_PRIVATE, kind: 'pointer', to: 'eb', atRest: 0 },
      { name: 'refcount', word: FOLIO_REFCOUNT, kind: 'count', atRest: 1 },
      { name: 'payload', word: FOLIO_PAYLOAD, kind: 'payload', atRest: PAYLOAD_GARBAGE },
      { name: 'mapping', word: FOLIO_MAPPING, kind: 'number', atRest: MAPPING_CACHED },
      { name: 'behind', word: FOLIO_BEHIND, kind: 'aside', atRest: 0 },
      { name: 'eb_refs', word: FOLIO_EB_REFS, kind: 'count', atRest: 0 },
    ],
  }),
  objectOf({
    name: 'eb',
    title: 'extent_buffer',
    fields: [
      { name: 'refs', word: EB_REFS, kind: 'count' },
      { name: 'bflags', word: EB_BFLAGS, kind: 'flags', bits: bitNames(bflags, 'EXTENT_BUFFER_') },
      { name: 'writeback_inhibitors', word: EB_INHIBITORS, kind: 'count' },
      { name: 'refs_lock', word: EB_REFS_LOCK, kind: 'lock' },
      { name: 'read_mirror', word: EB_READ_MIRROR, kind: 'number' },
      { name: 'read_failed', word: EB_READ_FAILED, kind: 'aside' },
      { name: 'lock', word: EB_TREE_LOCK, kind: 'rwsem' },
    ],
  }),
];
