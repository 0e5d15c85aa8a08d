import { describe, expect, it } from 'vitest';
import {
  FS_BIO,
  FS_IO,
  FS_OOPS,
  FS_OWN,
  type FsInfo,
  LINE_WORDS,
  OBJECT_ASIDE,
  OBJECT_GRACE,
  OBJECT_OWN,
  OBJECT_SLAB,
  objectAt,
  objectWords,
  OWN_WORDS,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  POISON,
  POISONED_WORDS,
  worldWords,
} from '../../../src/memory/layout.ts';
import { objectInUse, fieldWordsOf, resetWorld } from '../../../src/memory/structures.ts';
import {
  type FieldPlugIn,
  layoutOf,
  structuresFrom,
  type StructuresPlugIn,
} from '../../../src/scenario/structure-layout.ts';

/** So many numbers, called f0, f1 and so on. */
const numbers = (count: number): Record<string, FieldPlugIn> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'number']));
const shared = (fields: Readonly<Record<string, FieldPlugIn>>): StructuresPlugIn => ({
  shared: { name: 'mapping', fields },
});
const page = (fields: Readonly<Record<string, FieldPlugIn>>): StructuresPlugIn => ({
  page: { name: 'sheet', fields },
});
const object = (fields: Readonly<Record<string, FieldPlugIn>>): StructuresPlugIn => ({
  object: { name: 'folio', fields },
});
const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe('layoutOf', () => {
  it.each([
    ['shared', shared, 27, [FS_OOPS, FS_IO, ...range(FS_OWN, OWN_WORDS), ...range(FS_BIO, LINE_WORDS)]],
    ['page', page, 12, [PAGE_FLAGS, PAGE_OWNER, ...range(PAGE_OWN, OWN_WORDS)]],
    [
      'object',
      object,
      24,
      [OBJECT_ASIDE, ...range(OBJECT_OWN, OWN_WORDS)].concat(
        range(0, 4).map((line) => line * LINE_WORDS + OBJECT_SLAB),
        range(0, 4).flatMap((line) => range(line * LINE_WORDS + OBJECT_GRACE, POISONED_WORDS)),
      ),
    ],
  ] as const)('gives every field of a %s a word that is nobody else’s', (kind, structure, most, frame) => {
    for (let count = 1; count <= most; count++) {
      const words = Object.values(layoutOf(structure(numbers(count)))[kind]);

      expect(new Set(words).size).toBe(count);
      expect(words.filter((word) => frame.includes(word))).toEqual([]);
    }
    expect(() => layoutOf(structure(numbers(most + 1)))).toThrow(
      `${kind}.fields: there is room for ${most}, got ${most + 1}`,
    );
  });

  it('has what an allocation gives at the first word of a world: a pointer, or nothing', () => {
    expect(layoutOf(shared({ count: 'count', slot: 'pointer', next: 'pointer' })).shared).toEqual({
      slot: 0,
      count: 1,
      next: 2,
    });
    expect(layoutOf(shared({ count: 'count' })).shared).toEqual({ count: 1 });
    expect(layoutOf(shared({ ...numbers(27), slot: 'pointer' })).shared).toMatchObject({ slot: 0, f0: 1 });
  });

  it('has the numbers of bits by their names, in every structure', () => {
    const { bits } = layoutOf({
      ...shared({ state: ['frozen', 'dead'] }),
      ...page({ marks: ['hot'] }),
      ...object({ flags: ['clean', 'dead'] }),
    });

    expect(bits).toEqual({ frozen: 0, dead: 1, hot: 0, clean: 0 });
    expect(layoutOf(object({ flags: range(0, 31).map((bit) => `b${bit}`) })).bits).toMatchObject({ b30: 30 });
  });

  it('sets one field of an object aside, and counts it for no other', () => {
    const { object: words } = layoutOf(object({ ...numbers(24), expected: 'aside' }));

    expect(words['expected']).toBe(OBJECT_ASIDE);
    expect(() => layoutOf(object({ a: 'aside', b: 'aside' }))).toThrow(
      'object.fields: one of them at most is set aside',
    );
    expect(() => layoutOf(object({ ...numbers(25), expected: 'aside' }))).toThrow(
      'object.fields: there is room for 24, got 25',
    );
  });

  it.each([
    [undefined, 'structures: expected an object with shared, page or object'],
    [[], 'structures: expected an object with shared, page or object'],
    [{ objct: {} }, "structures: unknown member 'objct'; did you mean object?"],
    [{ shared: 3 }, 'shared: expected an object with name and fields'],
    [{ page: null }, 'page: expected an object with name and fields'],
    [{ object: { fields: {} } }, 'object.name: expected a name in lower case that ends with no digit'],
    [{ object: { name: 'a-folio', fields: {} } }, 'object.name: expected a name in lower case'],
    [{ object: { name: 'folio1', fields: {} } }, 'object.name: expected a name in lower case'],
    [{ shared: { name: 'mapping' } }, 'shared.fields: expected an object with a kind by the name of each'],
    [{ shared: { name: 'mapping', fields: [] } }, 'shared.fields: expected an object with a kind by the'],
    [
      { shared: { name: 'folio', fields: {} }, object: { name: 'folio', fields: {} } },
      'object.name: shared has that name',
    ],
    [object({ 'ref-count': 'count' }), 'object.fields.ref-count: expected a name such as refcount'],
    [
      { object: { name: 'folio', fields: { a: 'int' } } },
      'object.fields.a: expected count, number, pointer,',
    ],
    [{ object: { name: 'folio', fields: { a: undefined } } }, 'object.fields.a: expected count, number,'],
    [object({ flags: [] }), 'object.fields.flags: expected 1 to 31 names of bits, each once'],
    [object({ flags: ['a', 'a'] }), 'object.fields.flags: expected 1 to 31 names of bits, each once'],
    [object({ flags: ['a-b'] }), 'object.fields.flags: expected 1 to 31 names of bits, each once'],
    [{ object: { name: 'folio', fields: { flags: [{}] } } }, 'object.fields.flags: expected 1 to 31 names'],
    [object({ flags: range(0, 32).map((bit) => `b${bit}`) }), 'object.fields.flags: expected 1 to 31 names'],
    [object({ a: ['x', 'y'], b: ['z', 'y'] }), "object.fields.b: another field has a bit 'y', too"],
    [
      { ...shared({ a: ['x', 'y'] }), ...object({ b: ['y'] }) },
      "object.fields.b: another field has a bit 'y', too",
    ],
    [object({ slab: 'number' }), 'object.fields.slab: every object has one of that name'],
    [object({ own1: 'number' }), 'object.fields.own1: every object has one of that name'],
    [page({ flags: ['hot'] }), 'page.fields.flags: every page has one of that name'],
    [page({ owner: 'pointer' }), 'page.fields.owner: every page has one of that name'],
  ])('says what is wrong: %#', (structures, expected) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is wrong is what is given
    expect(() => layoutOf(structures as StructuresPlugIn)).toThrow(expected);
  });
});

describe('structuresFrom', () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- where a world may begin
  const fs = LINE_WORDS as FsInfo;

  it.each([
    [0, 1],
    [6, 1],
    [7, 2],
    [12, 2],
    [13, 3],
    [24, 4],
  ])('makes objects of %i fields that have %i lines, zeroed in use and poisoned at rest', (fields, lines) => {
    const structures = structuresFrom(object(numbers(fields)));
    const geometry = { structures, pages: 1, buffers: 2 };
    const words = new Int32Array(fs + worldWords(geometry));
    resetWorld(words, geometry, fs);
    const first = objectInUse(words, geometry, fs, 0);
    const second = objectAt(fs, geometry, 1);
    const layout = Object.values(layoutOf(object(numbers(fields))).object);

    expect(objectWords(geometry)).toBe(lines * LINE_WORDS);
    expect(second - first).toBe(lines * LINE_WORDS);
    expect(layout.map((word) => words[first + word])).toEqual(layout.map(() => 0));
    expect(layout.map((word) => words[second + word])).toEqual(layout.map(() => POISON));
  });

  it('has no two fields at one word, whatever is left out', () => {
    for (const structures of [{}, shared({ slot: 'pointer' }), page(numbers(12)), object(numbers(24))]) {
      const geometry = { structures: structuresFrom(structures), pages: 2, buffers: 2 };
      const count = geometry.structures
        .map(
          (each) =>
            (each.count === 'one' ? 1 : 2) * each.fields.reduce((sum, { words = 1 }) => sum + words, 0),
        )
        .reduce((sum, words) => sum + words, 0);

      expect(fieldWordsOf(geometry).size).toBe(count);
    }
  });

  it('gives what is left out a name that no structure of the user’s has', () => {
    const names = structuresFrom({ object: { name: 'page', fields: { refs: 'count' } } }).map(
      ({ name }) => name,
    );

    expect(names).toEqual(['fs', 'page_of_frame', 'page']);
  });
});
