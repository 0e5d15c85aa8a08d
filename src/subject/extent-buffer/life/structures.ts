import type { Structure } from '../../../memory/schema.ts';
import { fsOf, objectOf, pageOf } from '../../../memory/structures.ts';
import { bufferFields, fsFields, pageFields } from '../v5.7/structures.ts';
import { EB_TREE_LOCK, FS_FREE_SPACE, PAGE_BEHIND } from './layout.ts';

/** The structures of v5.7/structures.ts, with what buffers need that are changed and written. */
export const lifeStructures: readonly Structure[] = [
  fsOf({
    name: 'fs',
    title: 'btrfs_fs_info',
    fields: [
      ...fsFields,
      { name: 'fs.free_space', word: FS_FREE_SPACE, kind: 'device', atRest: 0, awaited: 'a free block' },
    ],
  }),
  pageOf({
    name: 'page',
    title: 'page',
    fields: [...pageFields, { name: 'behind', word: PAGE_BEHIND, kind: 'aside', atRest: 0 }],
  }),
  objectOf({
    name: 'eb',
    title: 'extent_buffer',
    fields: [...bufferFields, { name: 'lock', word: EB_TREE_LOCK, kind: 'rwsem' }],
  }),
];
