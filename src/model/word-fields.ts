/** The fields of a world's structures by the names that kernel.md gives them, and the names of their bits. */
import {
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_OWN,
  EB_PAGES,
  EB_READ_FAILED,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  FS_BUFFER_LOCK,
  FS_IO,
  FS_OOPS,
  FS_OWN,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
} from '../memory/layout.ts';
import * as pageFlags from '../memory/page-flags.ts';
import * as bflags from './bflags.ts';

type Names = ReadonlyMap<string, number>;

/** Words of the file system and its mapping. */
export const fsFields: Names = new Map([
  ['fs.tree_slot', FS_TREE_SLOT],
  ['buffer_lock', FS_BUFFER_LOCK],
  ['private_lock', FS_PRIVATE_LOCK],
  ['fs.oops', FS_OOPS],
  ['fs.io', FS_IO],
  ['fs.own0', FS_OWN],
  ['fs.own1', FS_OWN + 1],
]);

/** Words of a page. */
export const pageFields: Names = new Map([
  ['flags', PAGE_FLAGS],
  ['private', PAGE_PRIVATE],
  ['refcount', PAGE_REFCOUNT],
  ['payload', PAGE_PAYLOAD],
  ['owner', PAGE_OWNER],
  ['own0', PAGE_OWN],
  ['own1', PAGE_OWN + 1],
]);

/** Words of an extent_buffer. */
export const bufferFields: Names = new Map([
  ['refs', EB_REFS],
  ['bflags', EB_BFLAGS],
  ['io_pages', EB_IO_PAGES],
  ['refs_lock', EB_REFS_LOCK],
  ['read_mirror', EB_READ_MIRROR],
  ['pages', EB_PAGES],
  ['slab', EB_SLAB],
  ['read_failed', EB_READ_FAILED],
  ['own0', EB_OWN],
  ['own1', EB_OWN + 1],
]);

const pageBits = bitNames(pageFlags, 'PG_');
const bufferBits = bitNames(bflags, 'EXTENT_BUFFER_');

/** In the order of the bits: a module names its exports in one of its own, Node's and a bundle's differ. */
function bitNames(bits: Readonly<Record<string, number>>, prefix: string): Names {
  const inOrder = Object.entries(bits).toSorted(([, one], [, other]) => one - other);
  return new Map(inOrder.map(([name, bit]) => [name.slice(prefix.length), bit]));
}

/** The bits of a word by name: those of `page->flags` or `eb->bflags`, none for others. */
export function bitsOf(word: string): ReadonlyMap<string, number> {
  if (word.endsWith('.flags')) return pageBits;
  return word.endsWith('.bflags') ? bufferBits : new Map();
}
