/**
 * The word of a structure that a step is about, whichever page or extent_buffer it belongs to: `eb.refs`,
 * `page.flags:LOCKED`, `private_lock`. As a number, for memories that compare it in every access.
 */
import {
  type Address,
  FS_PAGES,
  type Geometry,
  objectWords,
  PAGE_WORDS,
  worldWords,
} from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import { type Structure, wordsOf } from '../../memory/schema.ts';
import { bitName, wordOfAny } from '../../memory/word-name.ts';
import { type Access, accessKinds } from '../../memory/access.ts';
import { isOfWord } from '../../memory/access-kind.ts';

/** The key of accesses that concern no word. */
export const NO_FIELD = 0;

const BIT_SHIFT = 6;
const WORDS_MAX = 64;
const PAGE = 1;
const BUFFER = 2;
/** By how many of a structure there are. */
const NUMBERS = { one: 0, pages: PAGE, buffers: BUFFER } as const;

/** How an access names its field: not at all, by its word, by a bit of it, or always by the bit of the page lock. */
type Naming = 'none' | 'word' | 'bit' | 'page-lock';

/** How the field of an access is named. */
export function namingOf(access: Access): Naming {
  const { target, operands } = accessKinds[access];
  if (isOfWord(target)) return operands === 'bit' ? 'bit' : 'word';
  switch (target) {
    case 'none':
    case 'section':
    case 'slab':
    case 'object':
      return 'none';
    case 'page-lock':
      return 'page-lock';
  }
}

/** By word of a world: the same number for the same word of every page, and of every object. */
export function wordKeys(geometry: Geometry): Int32Array {
  const objects = FS_PAGES + geometry.pages * PAGE_WORDS;
  const size = objectWords(geometry);
  return Int32Array.from({ length: worldWords(geometry) }, (_, offset) => {
    if (offset < FS_PAGES) return offset;
    if (offset < objects) return keyOfWord(PAGE, (offset - FS_PAGES) % PAGE_WORDS);
    return keyOfWord(BUFFER, (offset - objects) % size);
  });
}

/** The key of the field that an access concerns. `operand` is that of the access, `words` what `wordKeys` gives. */
export function fieldKey(naming: Naming, offset: Address, operand: number, words: Int32Array): number {
  if (naming === 'none') return NO_FIELD;
  const word = words[offset] ?? offset;
  if (naming === 'word') return (word + 1) << BIT_SHIFT;
  return ((word + 1) << BIT_SHIFT) | ((naming === 'bit' ? operand : PG_LOCKED) + 1);
}

/** The number of the structure that an offset in a world lies in, or of the line of one: 0 is the file system, then pages and objects. */
export function structureAt(offset: Address): number {
  return offset < FS_PAGES ? 0 : 1 + Math.floor((offset - FS_PAGES) / PAGE_WORDS);
}

/** How many of those numbers a world has. */
export function structureCount(geometry: Geometry): number {
  return structureAt(worldWords(geometry));
}

function keyOfWord(structure: number, word: number): number {
  return structure * WORDS_MAX + word;
}

/** The fields of a subject's structures, by their keys and by their names. */
export interface StepFields {
  /** The name of a field. */
  readonly nameOf: (key: number) => string;
  /** The key of a name, undefined if no field has it. */
  readonly keyOf: (name: string) => number | undefined;
  /** The names of all fields. */
  readonly names: readonly string[];
}

/** Worked out once. */
const known = new WeakMap<readonly Structure[], StepFields>();

/** The fields of these structures. */
export function stepFields(structures: readonly Structure[]): StepFields {
  let fields = known.get(structures);
  if (fields === undefined) {
    const keys = keysOf(structures);
    const names = new Map([...keys].map(([name, key]) => [key, name]));
    fields = {
      nameOf: (key) => names.get(key) ?? `word ${key}`,
      keyOf: (name) => keys.get(name),
      names: [...keys.keys()],
    };
    known.set(structures, fields);
  }
  return fields;
}

function keysOf(structures: readonly Structure[]): ReadonlyMap<string, number> {
  const keys = new Map<string, number>([['', NO_FIELD]]);
  for (const structure of structures) {
    for (const field of structure.fields) {
      // Where one of many words is a mailbox, it is one actor's.
      if (field.kind === 'device' && field.words !== undefined) continue;
      for (const [element, word] of wordsOf(field).entries()) {
        const name = wordOfAny({ structure, field, element });
        if (name === undefined) continue;
        const key = (keyOfWord(NUMBERS[structure.count], word) + 1) << BIT_SHIFT;
        keys.set(name, key);
        if (field.kind !== 'flags') continue;
        for (const [bit, at] of field.bits) keys.set(bitName(name, bit), key | (at + 1));
      }
    }
  }
  return keys;
}
