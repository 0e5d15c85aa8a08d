import { describe, expect, it } from 'vitest';
import {
  areasOf,
  BUFFER_AREA,
  FS_AREA,
  NO_AREA,
  PAGE_AREA,
  PAGE_FLAGS_AREA,
} from '../../../src/memory/areas.ts';
import * as frame from '../../../src/memory/layout.ts';
import { type Structure, wordsOf } from '../../../src/memory/schema.ts';
import { fieldWordsOf, pointersOf, zeroedWords } from '../../../src/memory/structures.ts';
import * as subject from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { extentBufferStructures as structures } from '../../../src/subject/extent-buffer/v5.7/structures.ts';
import { argumentsOf, bitName, wordName } from '../../../src/memory/word-name.ts';
import { TestWorld } from '../../helpers/test-world.ts';

const layout = { ...frame, ...subject };
const [fsStructure, pageStructure, bufferStructure] = structures as [Structure, Structure, Structure];
const geometry = { structures, pages: 2, buffers: 3 };
const size = layout.worldWords(geometry);

/** Constants of layout.ts that are no words of a structure. */
const NO_FIELDS = new Set(['FS_PAGES', 'PAGE_WORDS', 'EB_WORDS']);

describe('the structures', () => {
  it.each([
    ['FS_', fsStructure],
    ['PAGE_', pageStructure],
    ['EB_', bufferStructure, [frame.OBJECT_GRACE]],
  ])(
    'have a field at every word that layout.ts calls %s, and no other',
    (prefix, { fields }, ofFrame: readonly number[] = []) => {
      const named = Object.entries(layout)
        .filter(([name]) => name.startsWith(prefix) && !NO_FIELDS.has(name))
        .map(([, word]) => word)
        .concat(ofFrame);

      expect(fields.map(({ word }) => word).toSorted((one, other) => one - other)).toEqual(
        named.toSorted((one, other) => Number(one) - Number(other)),
      );
    },
  );

  it('lie one behind the other, on lines of their own, with no two fields at a word', () => {
    for (const { words, fields } of structures) {
      const taken = fields.flatMap((field) => wordsOf(field));

      expect(words % layout.LINE_WORDS).toBe(0);
      expect(new Set(taken).size).toBe(taken.length);
      expect(Math.max(...taken)).toBeLessThan(words);
    }
    const starts = new Set(
      Array.from(fieldWordsOf(geometry).values(), ({ structure, start }) => `${structure.name} ${start}`),
    );
    const origin = 0 as frame.FsInfo;

    expect([...starts]).toEqual([
      'fs 0',
      ...[0, 1].map((index) => `page ${layout.pageAt(origin, index)}`),
      ...[0, 1, 2].map((index) => `eb ${layout.bufferAt(origin, geometry, index)}`),
    ]);
  });

  it('hold pointers to structures that there are, in the tree and in pages only', () => {
    const origin = 0 as frame.FsInfo;

    expect([...pointersOf(geometry)]).toEqual([
      layout.FS_TREE_SLOT,
      layout.pageAt(origin, 0) + layout.PAGE_PRIVATE,
      layout.pageAt(origin, 1) + layout.PAGE_PRIVATE,
    ]);
    const targets = structures.flatMap(({ fields }) =>
      fields.flatMap((field) => (field.kind === 'pointer' ? field.to : [])),
    );
    expect(structures.map(({ name }) => name)).toEqual(expect.arrayContaining(targets));
  });

  it('have areas for all words but those that no step may touch', () => {
    const areas = areasOf(geometry);
    const origin = 0 as frame.FsInfo;
    const [page, eb] = [layout.pageAt(origin, 1), layout.bufferAt(origin, geometry, 2)];

    expect(areas).toHaveLength(size);
    expect([layout.FS_TREE_SLOT, layout.FS_IO, layout.FS_BIO + 15].map((word) => areas[word])).toEqual([
      FS_AREA,
      FS_AREA,
      FS_AREA,
    ]);
    expect(areas[page + layout.PAGE_FLAGS]).toBe(PAGE_FLAGS_AREA);
    expect(areas[page + layout.PAGE_PRIVATE]).toBe(PAGE_AREA);
    expect(areas[eb + layout.EB_OWN + 1]).toBe(BUFFER_AREA + 2);
    const untouched = [
      layout.FS_OOPS,
      layout.FS_TREE_SLOT + 2,
      page + layout.PAGE_OWNER,
      eb + layout.EB_SLAB,
      eb + layout.EB_READ_FAILED,
      eb + layout.OBJECT_GRACE,
    ];
    expect(untouched.map((word) => areas[word])).toEqual(untouched.map(() => NO_AREA));
  });
});

describe('a slab object', () => {
  /** The words of buffer 1 that an act of the slab sets to a value, all of them holding something else before. */
  function wordsSetTo(value: number, act: (world: TestWorld) => void): readonly number[] {
    const world = new TestWorld();
    const eb = world.buffer(1);
    for (let word = 0; word < layout.EB_WORDS; word++)
      if (word !== layout.EB_SLAB) world.words[eb + word] = 5;
    act(world);
    return Array.from({ length: layout.EB_WORDS }, (_, word) => word).filter(
      (word) => word !== layout.EB_SLAB && world.words[eb + word] === value,
    );
  }

  it('is zeroed by its allocation where the schema says so', () => {
    expect(wordsSetTo(0, (world) => world.memory(1).kmemCacheZalloc(world.fs))).toEqual(
      zeroedWords(geometry),
    );
  });

  it('is poisoned by its free where it is at rest', () => {
    const poisoned = bufferStructure.fields
      .filter(({ atRest }) => atRest === layout.POISON)
      .map(({ word }) => word);

    expect(
      wordsSetTo(layout.POISON, (world) => {
        world.set({ 'eb1.slab': layout.SLAB_ALLOCATED });
        world.memory().callRcuFree(world.buffer(1));
      }),
    ).toEqual(poisoned);
    expect(poisoned).toHaveLength(layout.POISONED_WORDS);
  });
});

describe('names', () => {
  it('tell all words of a world apart, but for those that only the slab comes to', () => {
    const places = [...fieldWordsOf(geometry).values()];
    const names = places.flatMap((place) => wordName(place) ?? []);

    expect(new Set(names).size).toBe(names.length);
    expect(places.length - names.length).toBe(geometry.buffers * layout.POISONED_WORDS);
    expect(names).toEqual(
      expect.arrayContaining(['fs.bio[15]', 'private_lock', 'page1.own1', 'eb2.refs_lock']),
    );
  });

  it.each([
    [bitName('eb0.bflags', 'TREE_REF'), 'TREE_REF, eb0'],
    [bitName('page3.flags', 'LOCKED'), 'LOCKED, page3'],
    [bitName('eb1.bflags', 20), 'eb1.bflags:20'],
    [bitName('eb1.own0', 2), 'eb1.own0:2'],
    ['eb0.bflags', 'eb0.bflags'],
    ['private_lock', 'private_lock'],
    ['NULL+1', 'NULL+1'],
    ['', ''],
  ])('of %s stand in a call as %s', (name, text) => {
    expect(argumentsOf(name)).toBe(text);
  });
});
