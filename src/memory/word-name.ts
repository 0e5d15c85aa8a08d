import { fieldName, type Structure, type FieldWord } from './schema.ts';

/**
 * How texts name words and bits, as kernel.md writes them: `eb0.refs`, `eb0.bflags:TREE_REF`, `private_lock`; of any buffer
 * `eb.refs`.
 */

/** Between a word and a bit of it. */
const OF_BIT = ':';
/** Between a structure and a word of it. */
const OF_WORD = '.';

/** `eb0`; the structure of which there is one has its name alone. */
export function structureName({ name, count }: Structure, index: number): string {
  return count === 'one' ? name : `${name}${index}`;
}

/** `eb0.refs`; undefined for a word that has no name. */
export function wordName({ structure, index, field, element }: FieldWord): string | undefined {
  const name = fieldName(field, element);
  if (name === '') return undefined;
  return structure.count === 'one' ? name : structureName(structure, index) + OF_WORD + name;
}

/** `eb.refs`: the same word of any structure of the kind. */
export function wordOfAny({
  structure,
  field,
  element,
}: Omit<FieldWord, 'index' | 'start'>): string | undefined {
  const name = fieldName(field, element);
  if (name === '') return undefined;
  return structure.count === 'one' ? name : structure.name + OF_WORD + name;
}

/** `eb0.bflags:TREE_REF`; a bit without a name has its number. */
export function bitName(word: string, bit: string | number): string {
  return `${word}${OF_BIT}${bit}`;
}

/**
 * What is named, as the arguments of the kernel's call have it: `TREE_REF, eb0` for a named bit, since a structure has one word
 * of flags; anything else as it is.
 */
export function argumentsOf(name: string): string {
  const [word = '', bit = ''] = name.split(OF_BIT);
  const [structure = '', field] = word.split(OF_WORD);
  return field !== undefined && /^[A-Za-z_]/.test(bit) ? `${bit}, ${structure}` : name;
}
