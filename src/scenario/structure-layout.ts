/** Where the fields of a user's structures stand: worked out from their names, so that nobody has to count words. */
import {
  type Address,
  FS_BIO,
  FS_IO,
  FS_OOPS,
  FS_OWN,
  LINE_WORDS,
  OBJECT_ASIDE,
  OWN_WORDS,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  PAGE_WORDS,
  POISONED_WORDS,
} from '../memory/layout.ts';
import { didYouMean } from '../fix/plug-in/suggest.ts';
import type { Field, Structure } from '../memory/schema.ts';
import { type Described, fsOf, objectOf, pageOf } from '../memory/structures.ts';

/** What stands in a field of a user's: see `FieldKind`; a list is that of the names of bits, from bit 0 on. */
export type FieldPlugIn = 'count' | 'number' | 'pointer' | 'lock' | 'rwsem' | 'aside' | readonly string[];

/** One structure: its name in texts, and its fields by theirs. */
export interface StructurePlugIn {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldPlugIn>>;
}

/** What a world of a user's consists of. */
export interface StructuresPlugIn {
  /** What there is one of, and all actors share. */
  readonly shared?: StructurePlugIn;
  /** What `--pages` says the number of, each with a lock that `lock_page` takes. */
  readonly page?: StructurePlugIn;
  /** What the slab gives, RCU frees, and pointers point to; at most one field of it is set aside for the checks. */
  readonly object?: StructurePlugIn;
}

/** Words by the names of fields. */
export type WordsByField = Readonly<Record<string, Address>>;

/** Where everything stands. */
export interface LayoutPlugIn {
  /** Behind the start of a world, of a page, of an object. */
  readonly shared: WordsByField;
  readonly page: WordsByField;
  readonly object: WordsByField;
  /** Numbers of the bits, by their names. */
  readonly bits: Readonly<Record<string, number>>;
}

/** Behind it texts have the number of one of them, and the names of mutants a dot. */
const STRUCTURE_NAME = /^[a-z](?:[a-z0-9_]{0,38}[a-z_])?$/;
const FIELD_NAME = /^[a-z_][A-Za-z0-9_]{0,39}$/;
const BIT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;
const BITS_MAX = 31;
/** Lines of an object: more of them than any structure of the kernel has hot ones. */
const LINES_MAX = 4;
const KINDS = ['count', 'number', 'pointer', 'lock', 'rwsem', 'aside'] as const;

const FRAME = new Set([FS_OOPS, FS_IO, ...range(FS_OWN, OWN_WORDS)]);
const SHARED_WORDS = range(0, FS_BIO).filter((word) => !FRAME.has(word));
const PAGE_FREE = range(0, PAGE_WORDS).filter(
  (word) => word !== PAGE_FLAGS && word !== PAGE_OWNER && word < PAGE_OWN,
);
const OBJECT_FREE = range(0, LINES_MAX).flatMap((line) => range(line * LINE_WORDS, POISONED_WORDS));

/** What a world has in any case: none of these names is one of the user's. */
const EMPTY: Readonly<Record<keyof StructuresPlugIn, StructurePlugIn>> = {
  shared: { name: 'fs', fields: {} },
  page: { name: 'page', fields: {} },
  object: { name: 'object', fields: {} },
};
const KEYS = ['shared', 'page', 'object'] as const;

/**
 * Where the fields of these structures stand.
 * @throws {RangeError} If they are none, or do not fit; the message begins with the member.
 */
export function layoutOf(structures: StructuresPlugIn): LayoutPlugIn {
  const [shared, page, object] = describedAs(structures);
  return {
    shared: wordsIn(shared),
    page: wordsIn(page),
    object: wordsIn(object),
    bits: bitsOf([shared, page, object]),
  };
}

/**
 * The same as a world's structures.
 * @throws As `layoutOf`.
 */
export function structuresFrom(structures: StructuresPlugIn): readonly Structure[] {
  const [shared, page, object] = describedAs(structures);
  return [fsOf(shared), pageOf(page), objectOf(object)];
}

function wordsIn({ fields }: Described): WordsByField {
  return Object.fromEntries(fields.map(({ name, word }) => [name, word]));
}

/** A bit is known by its name alone: one that two fields have must be the same in both, and two of one structure never are. */
function bitsOf(structures: readonly Described[]): Readonly<Record<string, number>> {
  const bits = new Map<string, number>();
  for (const [at, { fields }] of structures.entries()) {
    const ofStructure = new Set<string>();
    for (const field of fields) {
      if (field.kind !== 'flags') continue;
      for (const [name, bit] of field.bits) {
        if (ofStructure.has(name) || (bits.get(name) ?? bit) !== bit)
          throw new RangeError(`${KEYS[at]}.fields.${field.name}: another field has a bit '${name}', too`);
        ofStructure.add(name);
        bits.set(name, bit);
      }
    }
  }
  return Object.fromEntries(bits);
}

function describedAs(structures: StructuresPlugIn): readonly [Described, Described, Described] {
  const given: unknown = structures;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new RangeError('structures: expected an object with shared, page or object');
  const strange = Object.keys(given).find((key) => !KEYS.some((known) => known === key));
  if (strange !== undefined)
    throw new RangeError(`structures: unknown member '${strange}'${didYouMean(strange, KEYS)}`);
  for (const [at, key] of KEYS.entries()) {
    checkStructure(key, structures[key]);
    const twice = KEYS.slice(0, at).find((other) => structures[other]?.name === structures[key]?.name);
    if (structures[key] !== undefined && twice !== undefined)
      throw new RangeError(`${key}.name: ${twice} has that name`);
  }
  const shared = structures.shared ?? unnamed('shared', structures);
  const page = structures.page ?? unnamed('page', structures);
  const object = structures.object ?? unnamed('object', structures);
  const target = object.name;
  return [
    // What an allocation gives stands at the first word of a world: a pointer, or nothing.
    described('shared', shared, { words: SHARED_WORDS, target, isPointerFirst: true, frame: [] }),
    described('page', page, { words: PAGE_FREE, target, frame: ['flags', 'owner', 'own0', 'own1'] }),
    described('object', object, {
      words: OBJECT_FREE,
      target,
      aside: OBJECT_ASIDE,
      frame: ['slab', 'own0', 'own1'],
    }),
  ];
}

/** What stands in the place of a structure that is left out, under a name that no other has. */
function unnamed(key: keyof StructuresPlugIn, structures: StructuresPlugIn): StructurePlugIn {
  const { name } = EMPTY[key];
  const isTaken = KEYS.some((other) => structures[other]?.name === name);
  return isTaken ? { name: `${name}_of_frame`, fields: {} } : EMPTY[key];
}

/** It comes from a module: nothing of it is taken for granted. */
function checkStructure(where: string, structure: unknown): void {
  if (structure === undefined) return;
  if (typeof structure !== 'object' || structure === null || Array.isArray(structure))
    throw new RangeError(`${where}: expected an object with name and fields`);
  const name: unknown = Reflect.get(structure, 'name');
  if (typeof name !== 'string' || !STRUCTURE_NAME.test(name))
    throw new RangeError(
      `${where}.name: expected a name in lower case that ends with no digit, such as folio`,
    );
  const fields: unknown = Reflect.get(structure, 'fields');
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new RangeError(`${where}.fields: expected an object with a kind by the name of each field`);
}

interface Room {
  /** Those that fields may have, in the order in which they get them. */
  readonly words: readonly Address[];
  /** The structure that pointers point to. */
  readonly target: string;
  readonly isPointerFirst?: true;
  /** Where the one field stands that is set aside; undefined where such a field stands among the others. */
  readonly aside?: Address;
  /** Names that the frame has in it. */
  readonly frame: readonly string[];
}

function described(where: string, { name, fields }: StructurePlugIn, room: Room): Described {
  const entries = Object.entries(fields);
  const pointer = room.isPointerFirst === true ? entries.findIndex(([, kind]) => kind === 'pointer') : -1;
  if (pointer > 0) entries.unshift(...entries.splice(pointer, 1));
  const words = room.isPointerFirst === true && pointer < 0 ? room.words.slice(1) : [...room.words];
  const isApart = (kind: FieldPlugIn): boolean => kind === 'aside' && room.aside !== undefined;
  if (entries.filter(([, kind]) => isApart(kind)).length > 1)
    throw new RangeError(`${where}.fields: one of them at most is set aside`);
  const count = entries.filter(([, kind]) => !isApart(kind)).length;
  if (count > words.length)
    throw new RangeError(`${where}.fields: there is room for ${words.length}, got ${count}`);
  const taken = entries.find(([field]) => room.frame.includes(field));
  if (taken !== undefined)
    throw new RangeError(`${where}.fields.${taken[0]}: every ${where} has one of that name`);
  return {
    name,
    title: name,
    fields: entries.map(([field, kind]) =>
      fieldFrom(
        `${where}.fields.${field}`,
        { name: field, kind },
        {
          word: isApart(kind) ? (room.aside ?? 0) : (words.shift() ?? 0),
          target: room.target,
          isObject: room.aside !== undefined,
        },
      ),
    ),
  };
}

function fieldFrom(
  where: string,
  { name, kind }: { readonly name: string; readonly kind: FieldPlugIn },
  { word, target, isObject }: { readonly word: Address; readonly target: string; readonly isObject: boolean },
): Field {
  if (!FIELD_NAME.test(name)) throw new RangeError(`${where}: expected a name such as refcount`);
  const rest = isObject ? {} : { atRest: 0 };
  if (Array.isArray(kind)) {
    const bits = kind.filter((bit: unknown) => typeof bit === 'string' && BIT_NAME.test(bit));
    if (bits.length !== kind.length || new Set(bits).size < bits.length || !isWithin(bits.length))
      throw new RangeError(`${where}: expected 1 to ${BITS_MAX} names of bits, each once`);
    return { name, word, kind: 'flags', bits: new Map(bits.map((bit, at) => [bit, at])), ...rest };
  }
  const known = KINDS.find((each) => each === kind);
  if (known === undefined)
    throw new RangeError(`${where}: expected ${KINDS.join(', ')} or a list of the names of bits`);
  return known === 'pointer'
    ? { name, word, kind: known, to: target, ...rest }
    : { name, word, kind: known, ...rest };
}

function isWithin(bits: number): boolean {
  return bits > 0 && bits <= BITS_MAX;
}

function range(from: number, length: number): number[] {
  return Array.from({ length }, (_, index) => from + index);
}
