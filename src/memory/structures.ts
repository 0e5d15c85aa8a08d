import * as bflags from './bflags.ts';
import {
  ACTORS_MAX,
  type Address,
  EB_BFLAGS,
  EB_GRACE,
  EB_IO_PAGES,
  EB_OWN,
  EB_PAGES,
  EB_READ_FAILED,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  EB_WORDS,
  FS_BIO,
  FS_BUFFER_LOCK,
  FS_IO,
  FS_OOPS,
  FS_OWN,
  FS_PAGES,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  type Geometry,
  OWN_WORDS,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  PAGE_WORDS,
  PAYLOAD_GARBAGE,
  POISON,
  POISONED_WORDS,
  SLAB_FREE,
} from './layout.ts';
import * as pageFlags from './page-flags.ts';
import { bitNames, type Structure, type WordPlace, wordsOf } from './schema.ts';

/**
 * The structures of a world, in the order in which they lie there, and what stands in their fields. The names are those of
 * kernel.md; the addresses, which hot code has for constants, are in layout.ts.
 */

/** The file system with its tree and its mapping; where a bio is kept nobody reads before it has been written. */
export const fsStructure: Structure = {
  name: 'fs',
  title: 'btrfs_fs_info',
  words: FS_PAGES,
  count: 'one',
  fields: [
    { name: 'fs.tree_slot', word: FS_TREE_SLOT, kind: 'pointer', to: 'eb', atRest: 0 },
    { name: 'buffer_lock', word: FS_BUFFER_LOCK, kind: 'lock', atRest: 0 },
    { name: 'private_lock', word: FS_PRIVATE_LOCK, kind: 'lock', atRest: 0 },
    { name: 'fs.oops', word: FS_OOPS, kind: 'aside', atRest: 0 },
    { name: 'fs.io', word: FS_IO, kind: 'device', atRest: 0, awaited: 'a read or its end' },
    { name: 'fs.own#', word: FS_OWN, words: OWN_WORDS, kind: 'own', atRest: 0 },
    { name: 'fs.bio[#]', word: FS_BIO, words: ACTORS_MAX, kind: 'device' },
  ],
};

/** A page of the tree block. One reference is that of the page cache. */
export const pageStructure: Structure = {
  name: 'page',
  title: 'page',
  words: PAGE_WORDS,
  count: ({ pages }) => pages,
  fields: [
    {
      name: 'flags',
      word: PAGE_FLAGS,
      kind: 'flags',
      bits: bitNames(pageFlags, 'PG_'),
      lock: { bit: pageFlags.PG_LOCKED, owner: PAGE_OWNER },
      atRest: 0,
    },
    { name: 'private', word: PAGE_PRIVATE, kind: 'pointer', to: 'eb', atRest: 0 },
    { name: 'refcount', word: PAGE_REFCOUNT, kind: 'count', atRest: 1 },
    { name: 'payload', word: PAGE_PAYLOAD, kind: 'payload', atRest: PAYLOAD_GARBAGE },
    { name: 'owner', word: PAGE_OWNER, kind: 'aside', atRest: 0 },
    { name: 'own#', word: PAGE_OWN, words: OWN_WORDS, kind: 'own', atRest: 0 },
  ],
};

/**
 * An object of the slab. At rest it is free, and as SLUB has it: whoever comes to an object that nobody has allocated meets
 * the poison, too.
 */
export const bufferStructure: Structure = {
  name: 'eb',
  title: 'extent_buffer',
  words: EB_WORDS,
  count: ({ buffers }) => buffers,
  fields: [
    { name: 'refs', word: EB_REFS, kind: 'count', atRest: POISON, isZeroed: true },
    {
      name: 'bflags',
      word: EB_BFLAGS,
      kind: 'flags',
      bits: bitNames(bflags, 'EXTENT_BUFFER_'),
      atRest: POISON,
      isZeroed: true,
    },
    { name: 'io_pages', word: EB_IO_PAGES, kind: 'count', atRest: POISON, isZeroed: true },
    { name: 'refs_lock', word: EB_REFS_LOCK, kind: 'lock', atRest: POISON, isZeroed: true },
    { name: 'read_mirror', word: EB_READ_MIRROR, kind: 'number', atRest: POISON, isZeroed: true },
    { name: 'pages', word: EB_PAGES, kind: 'count', atRest: POISON, isZeroed: true },
    { name: 'slab', word: EB_SLAB, kind: 'slab', atRest: SLAB_FREE },
    { name: 'read_failed', word: EB_READ_FAILED, kind: 'aside', isZeroed: true },
    { name: '', word: EB_GRACE, words: POISONED_WORDS, kind: 'aside' },
    { name: 'own#', word: EB_OWN, words: OWN_WORDS, kind: 'own', isZeroed: true },
  ],
};

/** All of them, as they lie one behind the other. */
export const structures: readonly Structure[] = [fsStructure, pageStructure, bufferStructure];

/** Words of a buffer that an allocation zeroes, in words behind its start. */
export const ZEROED_WORDS: readonly Address[] = bufferStructure.fields
  .filter(({ isZeroed }) => isZeroed)
  .flatMap((field) => wordsOf(field));

/** How many structures of a kind a world has. */
export function countOf({ count }: Structure, geometry: Geometry): number {
  return count === 'one' ? 1 : count(geometry);
}

/** Every word of a world that is one of a field, by its place behind the world's start, in the order of the words. */
export function placesOf(geometry: Geometry): ReadonlyMap<Address, WordPlace> {
  const places = new Map<Address, WordPlace>();
  let start = 0;
  for (const structure of structures) {
    for (let index = 0; index < countOf(structure, geometry); index++) {
      for (const field of structure.fields)
        for (const [element, word] of wordsOf(field).entries())
          places.set(start + word, { structure, index, start, field, element });
      start += structure.words;
    }
  }
  return places;
}

/** What no step may touch is not the kernel's, or the slab's. */
export function isForSteps({ field }: WordPlace): boolean {
  return field.kind !== 'aside' && field.kind !== 'slab';
}

/** The words of a world that hold pointers, by their places behind its start. */
export function pointersOf(geometry: Geometry): ReadonlySet<Address> {
  const all = [...placesOf(geometry)];
  return new Set(all.filter(([, { field }]) => field.kind === 'pointer').map(([offset]) => offset));
}

/** What the words of a world at rest hold, by places behind its start: worked out once for each shape. */
const rest = new WeakMap<Geometry, readonly (readonly [offset: Address, value: number])[]>();

function restOf(geometry: Geometry): readonly (readonly [offset: Address, value: number])[] {
  let known = rest.get(geometry);
  if (known === undefined) {
    known = [...placesOf(geometry)].flatMap(
      ([
        offset,
        {
          field: { atRest },
        },
      ]) => (atRest === undefined ? [] : [[offset, atRest] as const]),
    );
    rest.set(geometry, known);
  }
  return known;
}

/** Brings a world to where nothing has happened: all locks are free, no page is anybody's, no buffer in use. */
export function resetWorld(words: Int32Array, geometry: Geometry, fs: Address): void {
  for (const [offset, value] of restOf(geometry)) words[fs + offset] = value;
}

/** Zeroes a buffer as its allocation does. */
export function zeroBuffer(words: Int32Array, eb: Address): void {
  for (const word of ZEROED_WORDS) words[eb + word] = 0;
}
