import {
  ACTORS_MAX,
  type Address,
  FS_BIO,
  FS_IO,
  FS_OOPS,
  FS_OWN,
  FS_PAGES,
  type FsInfo,
  type Geometry,
  LINE_WORDS,
  OBJECT_ASIDE,
  OBJECT_GRACE,
  OBJECT_OWN,
  OBJECT_SLAB,
  objectAt,
  OWN_WORDS,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  PAGE_WORDS,
  POISON,
  POISONED_WORDS,
  SLAB_ALLOCATED,
  SLAB_FREE,
  type SlabObject,
} from './layout.ts';
import * as pageFlags from './page-flags.ts';
import { bitNames, type Field, type Structure, type FieldWord, wordsOf } from './schema.ts';

/** What is known of the words of a world beside their addresses: all of it worked out from the structures of its subject. */

/** What a subject says of a structure: its names, and its fields with those of the frame behind them. */
export type Described = Pick<Structure, 'name' | 'title' | 'fields'>;

/** The structure that all actors share; where a bio is kept nobody reads before it has been written. */
export function fsOf({ name, title, fields }: Described): Structure {
  return {
    name,
    title,
    words: FS_PAGES,
    count: 'one',
    fields: [
      ...fields,
      { name: 'fs.oops', word: FS_OOPS, kind: 'aside', atRest: 0 },
      { name: 'fs.io', word: FS_IO, kind: 'device', atRest: 0, awaited: 'a read or its end' },
      { name: 'fs.own#', word: FS_OWN, words: OWN_WORDS, kind: 'own', atRest: 0 },
      { name: 'fs.bio[#]', word: FS_BIO, words: ACTORS_MAX, kind: 'device' },
    ],
  };
}

/** A page, with its flags and its lock. */
export function pageOf({ name, title, fields }: Described): Structure {
  return {
    name,
    title,
    words: PAGE_WORDS,
    count: 'pages',
    fields: [
      {
        name: 'flags',
        word: PAGE_FLAGS,
        kind: 'flags',
        bits: bitNames(pageFlags, 'PG_'),
        lock: { bit: pageFlags.PG_LOCKED, owner: PAGE_OWNER },
        atRest: 0,
      },
      ...fields,
      { name: 'owner', word: PAGE_OWNER, kind: 'aside', atRest: 0 },
      { name: 'own#', word: PAGE_OWN, words: OWN_WORDS, kind: 'own', atRest: 0 },
    ],
  };
}

/**
 * An object of the slab. At rest it is free, and as SLUB has it: whoever comes to an object that nobody has allocated meets
 * the poison, too.
 */
export function objectOf({ name, title, fields }: Described): Structure {
  const lines = 1 + Math.max(0, ...fields.map(({ word }) => Math.floor(word / LINE_WORDS)));
  const own = fields.filter(({ word }) => word !== OBJECT_ASIDE);
  const aside = fields.filter(({ word }) => word === OBJECT_ASIDE);
  return {
    name,
    title,
    words: lines * LINE_WORDS,
    count: 'buffers',
    fields: [
      ...own.map((field): Field => Object.assign({ atRest: POISON, isZeroed: true as const }, field)),
      { name: 'slab', word: OBJECT_SLAB, kind: 'slab', atRest: SLAB_FREE },
      ...aside.map((field): Field => Object.assign({ isZeroed: true as const }, field)),
      { name: '', word: OBJECT_GRACE, words: POISONED_WORDS, kind: 'aside' },
      { name: 'own#', word: OBJECT_OWN, words: OWN_WORDS, kind: 'own', isZeroed: true },
      ...Array.from({ length: lines - 1 }, (_, line) => furtherLine((line + 1) * LINE_WORDS)).flat(),
    ],
  };
}

/** What the frame has in a line of an object behind the first, so many words behind its start. */
function furtherLine(start: Address): readonly Field[] {
  return [
    { name: '', word: start + OBJECT_SLAB, kind: 'aside', atRest: SLAB_FREE },
    { name: '', word: start + OBJECT_GRACE, words: POISONED_WORDS, kind: 'aside' },
  ];
}

/** Words of an object that an allocation zeroes, by structures: worked out once. */
const zeroed = new WeakMap<readonly Structure[], readonly Address[]>();

/** Words of an object that an allocation zeroes, in words behind its start. */
export function zeroedWords({ structures }: Pick<Geometry, 'structures'>): readonly Address[] {
  let known = zeroed.get(structures);
  if (known === undefined) {
    const fields = structures.filter(({ count }) => count === 'buffers').flatMap((each) => each.fields);
    known = fields.filter(({ isZeroed }) => isZeroed).flatMap((field) => wordsOf(field));
    zeroed.set(structures, known);
  }
  return known;
}

/** How many structures of a kind a world has. */
export function countOf({ count }: Structure, geometry: Geometry): number {
  return count === 'one' ? 1 : geometry[count];
}

/** What is worked out of a shape, once: by its structures, then by how many of them a world has. */
type OfShapes<Value> = WeakMap<readonly Structure[], Map<string, Value>>;

function ofShape<Value>(known: OfShapes<Value>, geometry: Geometry, make: () => Value): Value {
  const { structures, pages, buffers } = geometry;
  let shapes = known.get(structures);
  if (shapes === undefined) {
    shapes = new Map();
    known.set(structures, shapes);
  }
  const shape = `${pages} ${buffers}`;
  let value = shapes.get(shape);
  if (value === undefined) {
    value = make();
    shapes.set(shape, value);
  }
  return value;
}

const fieldWords: OfShapes<ReadonlyMap<Address, FieldWord>> = new WeakMap();

/** Every word of a world that is one of a field, by its place behind the world's start, in the order of the words. */
export function fieldWordsOf(geometry: Geometry): ReadonlyMap<Address, FieldWord> {
  return ofShape(fieldWords, geometry, () => fieldWordsIn(geometry));
}

function fieldWordsIn(geometry: Geometry): ReadonlyMap<Address, FieldWord> {
  const places = new Map<Address, FieldWord>();
  let start = 0;
  for (const structure of geometry.structures) {
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
export function isForSteps({ field }: FieldWord): boolean {
  return field.kind !== 'aside' && field.kind !== 'slab';
}

const pointers: OfShapes<ReadonlySet<Address>> = new WeakMap();

/** The words of a world that hold pointers, by their places behind its start. */
export function pointersOf(geometry: Geometry): ReadonlySet<Address> {
  return ofShape(pointers, geometry, () => {
    const all = [...fieldWordsOf(geometry)];
    return new Set(all.filter(([, { field }]) => field.kind === 'pointer').map(([offset]) => offset));
  });
}

/** What the words of a world at rest hold, by places behind its start. */
const rest: OfShapes<readonly (readonly [offset: Address, value: number])[]> = new WeakMap();

function restOf(geometry: Geometry): readonly (readonly [offset: Address, value: number])[] {
  return ofShape(rest, geometry, () =>
    [...fieldWordsOf(geometry)].flatMap(
      ([
        offset,
        {
          field: { atRest },
        },
      ]) => (atRest === undefined ? [] : [[offset, atRest] as const]),
    ),
  );
}

/** Brings a world to where nothing has happened: all locks are free, no page is anybody's, no buffer in use. */
export function resetWorld(words: Int32Array, geometry: Geometry, fs: Address): void {
  for (const [offset, value] of restOf(geometry)) words[fs + offset] = value;
}

/** Has the object with the given index (0-based) in use, zeroed, in a world that no actor uses. Returns its address. */
export function objectInUse(words: Int32Array, geometry: Geometry, fs: FsInfo, index: number): SlabObject {
  const object = objectAt(fs, geometry, index);
  zeroObject(words, geometry, object);
  words[object + OBJECT_SLAB] = SLAB_ALLOCATED;
  return object;
}

/** Zeroes an object as its allocation does. */
export function zeroObject(words: Int32Array, geometry: Geometry, object: Address): void {
  for (const word of zeroedWords(geometry)) words[object + word] = 0;
}
