import { extentBufferStructures as structures } from '../../../src/subject/extent-buffer/v5.7/structures.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quiescenceOf } from '../../../src/subject/extent-buffer/v5.7/quiescence.ts';
import { soundWorlds } from '../../../src/memory/sound-worlds.ts';
import { soundWorldsModule } from '../../../src/subject/extent-buffer/v5.7/sound-worlds.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_READ_FAILED,
  EB_REFS,
  EB_SLAB,
  EB_WORDS,
  FS_TREE_SLOT,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
} from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  FS_OOPS,
  type FsInfo,
  type Geometry,
  PAGE_FLAGS,
  PAGE_WORDS,
  pageAt,
  PAGES_MAX,
  SLAB_ALLOCATED,
  worldWords,
} from '../../../src/memory/layout.ts';
import { wasmMemory } from '../../../src/memory/wasm-instructions.ts';
import { EXTENT_BUFFER_IN_TREE } from '../../../src/subject/extent-buffer/v5.7/bflags.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import type { StartState } from '../../../src/scenario/scenario.ts';

/** Not the first words: a world may lie anywhere. */
const BEFORE = 48;

/** Worlds of a shape in a start state, in a memory of their own. */
class Worlds {
  readonly words: Int32Array;
  readonly geometry: Geometry;
  readonly #count: (fs: FsInfo, count: number, isIoDone: boolean, bioReferences: number) => number;

  constructor(start: StartState, geometry: Geometry, worlds: number) {
    const memory = wasmMemory((BEFORE + worlds * worldWords(geometry)) * Int32Array.BYTES_PER_ELEMENT);
    this.words = new Int32Array(memory.buffer);
    this.geometry = geometry;
    this.#count = soundWorlds(memory, soundWorldsModule(memory, geometry));
    for (let world = 0; world < worlds; world++) start.reset(this.words, geometry, this.at(world));
  }

  at(world: number): FsInfo {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- where the worlds of this memory lie
    return (BEFORE + world * worldWords(this.geometry)) as FsInfo;
  }

  sound(first: number, count: number, isIoDone = false, bioReferences = 0): number {
    return this.#count(this.at(first), count, isIoDone, bioReferences);
  }

  /** Whether all pages are alike, and all or none of them attached, whatever else may be wrong. */
  isEven(world: number): boolean {
    const { words, geometry } = this;
    const fs = this.at(world);
    for (let index = 0; index < geometry.buffers; index++) {
      const eb = bufferAt(fs, geometry, index);
      const isUsed = words[eb + EB_SLAB] === SLAB_ALLOCATED;
      if (isUsed && ![0, geometry.pages].includes(words[eb + EB_PAGES] ?? 0)) return false;
    }
    return [PAGE_FLAGS, PAGE_PRIVATE, PAGE_REFCOUNT, PAGE_PAYLOAD].every((field) => {
      const values = Array.from({ length: geometry.pages }, (_, page) => words[pageAt(fs, page) + field]);
      return new Set(values).size === 1;
    });
  }
}

const primed = startOf('primed');

function startOf(name: string): StartState {
  const found = readaheadVsReleasepage.starts.find((start) => start.name === name);
  if (found === undefined) throw new RangeError(`no start state '${name}'`);
  return found;
}

describe('soundWorlds', () => {
  const FLAGS = [0x2000, 0x2001, 0x2002, 0x2006, 0x2007, 0];
  const value = fc.oneof(
    fc.integer({ min: -2, max: 5 }),
    fc.constantFrom(...FLAGS, 0x210, 0x211, 0x200, 0x10),
  );
  const change = fc.record({
    word: fc.nat(1_000),
    value,
    isPointer: fc.boolean(),
    isOnAllPages: fc.boolean(),
  });
  const options = fc.record({
    start: fc.constantFrom('primed', 'cold'),
    pages: fc.integer({ min: 1, max: 4 }),
    buffers: fc.integer({ min: 1, max: 2 }),
    isIoDone: fc.boolean(),
    bioReferences: fc.integer({ min: 0, max: 1 }),
    isReading: fc.boolean(),
  });

  it('counts a world exactly where no check is broken, none was noted, and all pages are alike', () => {
    const seen = { sound: 0, broken: 0, uneven: 0 };
    const states = fc.tuple(options, fc.array(change, { maxLength: 4 }));
    const shapes = new Map<string, Worlds>();
    fc.assert(
      fc.property(states, ([{ start, pages, buffers, isIoDone, bioReferences, isReading }, changes]) => {
        const key = `${pages} ${buffers}`;
        const worlds = shapes.get(key) ?? new Worlds(primed, { structures, pages, buffers }, 1);
        shapes.set(key, worlds);
        const { words, geometry } = worlds;
        const fs = worlds.at(0);
        words.fill(0);
        startOf(start).reset(words, geometry, fs);
        const eb = bufferAt(fs, geometry, 0);
        if (isReading) {
          words[eb + EB_IO_PAGES] = pages;
          for (let page = 0; page < pages; page++) {
            words[pageAt(fs, page) + PAGE_FLAGS] = (words[pageAt(fs, page) + PAGE_FLAGS] ?? 0) | 1;
          }
        }
        // Only words that have a meaning: the rest of a line is never looked at.
        const meant = Array.from({ length: worldWords(geometry) }, (_, word) => word).filter(
          (word) => word % 16 <= EB_READ_FAILED,
        );
        for (const { word, value: changed, isPointer, isOnAllPages } of changes) {
          const address = fs + (meant[word % meant.length] ?? 0);
          words[address] = isPointer ? eb : changed;
          const isInPage = address >= pageAt(fs, 0) && address < bufferAt(fs, geometry, 0);
          if (!isOnAllPages || !isInPage) continue;
          for (let page = 0; page < pages; page++) {
            words[pageAt(fs, page) + (address % PAGE_WORDS)] = words[address] ?? 0;
          }
        }
        const isBroken = quiescenceOf({ words, geometry, isIoDone, bioReferences })(fs) !== 0;
        const isSound = !isBroken && words[fs + FS_OOPS] === 0 && worlds.isEven(0);
        seen[isSound ? 'sound' : isBroken ? 'broken' : 'uneven']++;
        expect(worlds.sound(0, 1, isIoDone, bioReferences)).toBe(isSound ? 1 : 0);
      }),
      { numRuns: 20_000, seed: 1 },
    );
    expect(Math.min(seen.sound, seen.broken)).toBeGreaterThan(1_000);
    expect(seen.uneven).toBeGreaterThan(100);
  });

  it.each([1, 4, 16])('stops at the first world of %i pages that is not sound', (pages) => {
    for (const buffers of [1, 3]) {
      const worlds = new Worlds(primed, { structures, pages, buffers }, 9);
      expect(worlds.sound(0, 9)).toBe(9);
      expect(worlds.sound(3, 0)).toBe(0);

      worlds.words[worlds.at(5) + FS_OOPS] = 1;
      worlds.words[pageAt(worlds.at(8), pages - 1) + PAGE_REFCOUNT] = 4;
      expect(worlds.sound(0, 9)).toBe(5);
      expect(worlds.sound(0, 5)).toBe(5);
      expect(worlds.sound(5, 4)).toBe(0);
      expect(worlds.sound(6, 3)).toBe(2);
    }
  });

  it('does not count a buffer in the tree that nobody holds', () => {
    const worlds = new Worlds(primed, { structures, pages: 4, buffers: 1 }, 1);
    const eb = bufferAt(worlds.at(0), worlds.geometry, 0);
    worlds.words[eb + EB_REFS] = 0;
    worlds.words[eb + EB_BFLAGS] = 1 << EXTENT_BUFFER_IN_TREE;
    expect(worlds.sound(0, 1)).toBe(0);
  });

  it('does not count a buffer that has some of its pages, however many those are', () => {
    for (let pages = 2; pages <= PAGES_MAX; pages++) {
      const worlds = new Worlds(primed, { structures, pages, buffers: 1 }, 1);
      const eb = bufferAt(worlds.at(0), worlds.geometry, 0);
      expect(worlds.sound(0, 1)).toBe(1);
      for (let attached = 0; attached < pages; attached++) {
        worlds.words[eb + EB_PAGES] = attached;
        expect(worlds.sound(0, 1)).toBe(0);
      }
    }
  });

  it.each([1, 2, -1])('does not count a buffer that a read has given up, and noted with %i', (failed) => {
    const worlds = new Worlds(primed, { structures, pages: 1, buffers: 1 }, 1);
    const eb = bufferAt(worlds.at(0), worlds.geometry, 0);
    worlds.words[eb + EB_READ_FAILED] = failed;
    expect(worlds.sound(0, 1)).toBe(0);
  });

  it.each([0, 1])('does not count two buffers in use, of which number %i is in the tree', (inTree) => {
    for (const pages of [1, 2]) {
      const worlds = new Worlds(primed, { structures, pages, buffers: 2 }, 1);
      const { words, geometry } = worlds;
      const fs = worlds.at(0);
      const [first, second] = [bufferAt(fs, geometry, 0), bufferAt(fs, geometry, 1)];
      words.copyWithin(second, first, first + EB_WORDS);
      const slot = inTree === 0 ? first : second;
      words[fs + FS_TREE_SLOT] = slot;
      for (let page = 0; page < pages; page++) words[pageAt(fs, page) + PAGE_PRIVATE] = slot;
      expect(worlds.sound(0, 1)).toBe(0);
    }
  });

  it('shares its code among runs of one size and shape', () => {
    const [one, other] = [wasmMemory(1_000), wasmMemory(2_000)];
    const shape = { structures, pages: 4, buffers: 1 };
    expect(soundWorldsModule(other, { ...shape })).toBe(soundWorldsModule(one, shape));
    expect(soundWorldsModule(one, { structures, pages: 4, buffers: 2 })).not.toBe(
      soundWorldsModule(one, shape),
    );
    expect(soundWorldsModule(wasmMemory(100_000), shape)).not.toBe(soundWorldsModule(one, shape));
  });
});
