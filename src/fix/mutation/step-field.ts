/**
 * The word of a structure that a step is about, whichever page or extent_buffer it belongs to: `eb.refs`,
 * `page.flags:LOCKED`, `private_lock`. As a number, for memories that compare it in every access.
 */
import { type Address, EB_WORDS, FS_PAGES, type Geometry, PAGE_WORDS } from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import { wordsOf } from '../../memory/schema.ts';
import { structures } from '../../memory/structures.ts';
import { bitName, wordOfAny } from '../../memory/word-name.ts';
import { type Access, accessKinds } from '../../memory/access.ts';

/** The key of accesses that concern no word. */
export const NO_FIELD = 0;

const BIT_SHIFT = 6;
const WORDS_MAX = 64;
/** As they stand in `structures`. */
const PAGE = 1;
const BUFFER = 2;

/** How an access names its field: not at all, by its word, by a bit of it, or always by the bit of the page lock. */
type Naming = 'none' | 'word' | 'bit' | 'page-lock';

/** How the field of an access is named. */
export function namingOf(access: Access): Naming {
  const { place, operands } = accessKinds[access];
  switch (place) {
    case 'none':
    case 'section':
    case 'slab':
    case 'object':
      return 'none';
    case 'page-lock':
      return 'page-lock';
    case 'word':
    case 'spin-lock':
      return operands === 'bit' ? 'bit' : 'word';
  }
}

/** The key of the field that an access concerns. `operand` is that of the access. */
export function fieldKey(naming: Naming, offset: Address, operand: number, pages: number): number {
  if (naming === 'none') return NO_FIELD;
  const inPages = offset - FS_PAGES;
  let word = offset;
  if (inPages >= 0) word = keyOfWord(inPages < pages * PAGE_WORDS ? PAGE : BUFFER, inPages % EB_WORDS);
  if (naming === 'word') return (word + 1) << BIT_SHIFT;
  return ((word + 1) << BIT_SHIFT) | ((naming === 'bit' ? operand : PG_LOCKED) + 1);
}

/** The number of the structure that an offset in a world lies in: 0 is the file system, then pages and buffers. */
export function structureAt(offset: Address): number {
  return offset < FS_PAGES ? 0 : 1 + Math.floor((offset - FS_PAGES) / PAGE_WORDS);
}

/** How many structures a world has. */
export function structureCount({ pages, buffers }: Geometry): number {
  return 1 + pages + buffers;
}

function keyOfWord(structure: number, word: number): number {
  return structure * WORDS_MAX + word;
}

const keys = new Map<string, number>([['', NO_FIELD]]);
for (const [number, structure] of structures.entries()) {
  for (const field of structure.fields) {
    // Where one of many words is a mailbox, it is one actor's.
    if (field.kind === 'device' && field.words !== undefined) continue;
    for (const [element, word] of wordsOf(field).entries()) {
      const name = wordOfAny({ structure, field, element });
      if (name === undefined) continue;
      const key = (keyOfWord(number, word) + 1) << BIT_SHIFT;
      keys.set(name, key);
      if (field.kind !== 'flags') continue;
      for (const [bit, at] of field.bits) keys.set(bitName(name, bit), key | (at + 1));
    }
  }
}
const namesByKey = new Map([...keys].map(([name, key]) => [key, name]));

/** The name of a field. */
export function fieldName(key: number): string {
  return namesByKey.get(key) ?? `word ${key}`;
}

/** The key of a name, undefined if no field has it. */
export function fieldOf(name: string): number | undefined {
  return keys.get(name);
}

/** The names of all fields. */
export function fieldNames(): readonly string[] {
  return [...keys.keys()];
}
