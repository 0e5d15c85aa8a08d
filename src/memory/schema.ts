import type { Address } from './address.ts';

/**
 * How the structures of a world are described: which fields they have, where those stand, and what stands in them. What the
 * structures of this world are is in structures.ts; all that is known of words beside their addresses is worked out from it.
 */

/** What stands in a field. */
export type FieldKind =
  /** How many of something there are. */
  | { readonly kind: 'count' }
  /** A number that is none of the others. */
  | { readonly kind: 'number' }
  /** What a page holds. */
  | { readonly kind: 'payload' }
  /** Bits by name; where one of them is a lock that may sleep, its number, and the field of whoever took it last. */
  | { readonly kind: 'flags'; readonly bits: BitNames; readonly lock?: BitLock }
  /** The address of a structure of that name, or NULL. */
  | { readonly kind: 'pointer'; readonly to: string }
  /** A spin lock: 0, or the tag of whoever holds it. */
  | { readonly kind: 'lock' }
  /** A sleeping read-write lock: 0, how many read under it, or the tag of whoever writes, negative. */
  | { readonly kind: 'rwsem' }
  /** What actors and the device tell each other. */
  | { readonly kind: 'device' }
  /** A strategy's, for what its fix needs. */
  | { readonly kind: 'own' }
  /** Whether a slab object is in use. */
  | { readonly kind: 'slab' }
  /** Nothing of the kernel's: kept for the checks, or for diagnosis. */
  | { readonly kind: 'aside' };

/** The names of bits, in the order of their numbers. */
export type BitNames = ReadonlyMap<string, number>;

/** A lock that is one bit of its word. */
export interface BitLock {
  readonly bit: number;
  /** Where in the structure the tag of whoever took it last stands. */
  readonly owner: Address;
}

/** One field of a structure. */
export type Field = FieldKind & {
  /**
   * As texts have it, `#` being the number of a word among several: `refs`, `own#`. '' if it has none, since nobody but the slab
   * comes to it.
   */
  readonly name: string;
  /** Words behind the start of the structure. */
  readonly word: Address;
  /** How many words it has. @default 1 */
  readonly words?: number;
  /** What it holds when a trial begins, as long as the start state says nothing else. @default nothing is written there */
  readonly atRest?: number;
  /** Whether an allocation zeroes it; what it held before says nothing about a state. @default false */
  readonly isZeroed?: true;
  /** What an actor waits for that waits for the word to change. @default the word */
  readonly awaited?: string;
};

/** One structure of the kernel, of which a world may have several: they lie side by side. */
export interface Structure {
  /** As texts have it, before the number of one: `eb`. */
  readonly name: string;
  /** The kernel's name. */
  readonly title: string;
  /** Whole cache lines: no line is in two structures. */
  readonly words: number;
  /** How many a world has. A structure that there is one of is not numbered, and its fields have names for themselves. */
  readonly count: 'one' | 'pages' | 'buffers';
  readonly fields: readonly Field[];
}

/** A word of a world: which of which field of which structure. */
export interface FieldWord {
  readonly structure: Structure;
  /** Which of the structures of that name, 0-based. */
  readonly index: number;
  /** Where that one begins, in words behind the start of the world. */
  readonly start: Address;
  readonly field: Field;
  /** Which word of the field, 0-based. */
  readonly element: number;
}

/** The words that a field has, in words behind the start of its structure. */
export function wordsOf({ word, words = 1 }: Field): readonly Address[] {
  return Array.from({ length: words }, (_, element) => word + element);
}

/** The name of a word within its structure: `refs`, `own1`. */
export function fieldName({ name }: Field, element: number): string {
  return name.replace('#', String(element));
}

/** The bits of a module's exports that begin with a prefix. In their order: Node's of exports and a bundle's differ. */
export function bitNames(exported: Readonly<Record<string, number>>, prefix: string): BitNames {
  const inOrder = Object.entries(exported).toSorted(([, one], [, other]) => one - other);
  return new Map(inOrder.map(([name, bit]) => [name.slice(prefix.length), bit]));
}
