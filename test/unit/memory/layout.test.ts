import { extentBufferStructures } from '../../../src/subject/extent-buffer/v5.7/structures.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArenaShape, layOut } from '../../../src/memory/arena.ts';
import * as control from '../../../src/memory/control.ts';
import { bufferAt } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  ACTORS_MAX,
  type FsInfo,
  LINE_WORDS,
  pageAt,
  PAGES_MAX,
  worldWords,
} from '../../../src/memory/layout.ts';
import { WordNames } from '../../helpers/word-names.ts';

const geometries = fc.record({
  structures: fc.constant(extentBufferStructures),
  pages: fc.integer({ min: 1, max: PAGES_MAX }),
  buffers: fc.integer({ min: 1, max: ACTORS_MAX + 1 }),
});
const shapes: fc.Arbitrary<ArenaShape> = fc.record({
  actors: fc.integer({ min: 1, max: ACTORS_MAX }),
  worlds: fc.integer({ min: 1, max: 200 }),
  geometry: geometries,
  counters: fc.integer({ min: 1, max: 100 }),
});

interface Region {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** All regions of an arena, one per actor where they are per actor. */
function regionsOf(shape: ArenaShape): Region[] {
  const arena = layOut(shape);
  const perActor = (name: string, base: number, words: number, used: number): Region[] =>
    Array.from({ length: shape.actors }, (_, actor) => ({
      name: `${name} of actor ${actor}`,
      from: base + actor * words,
      to: base + actor * words + used,
    }));
  return [
    { name: 'NULL', from: 0, to: LINE_WORDS },
    { name: 'block', from: control.BLOCK_STOP, to: control.RUN_READY + 1 },
    { name: 'gate', from: control.GATE, to: control.CONTROL_WORDS },
    ...perActor('control line', arena.actorBase, control.ACTOR_WORDS, control.ACTOR_WORDS),
    ...perActor('counters', arena.counterBase, arena.counterWords, shape.counters),
    ...perActor('notes', arena.noteBase, arena.noteWords, shape.worlds),
    ...Array.from({ length: shape.worlds }, (_, world) => ({
      name: `world ${world}`,
      from: arena.worldBase + world * arena.worldWords,
      to: arena.worldBase + world * arena.worldWords + worldWords(shape.geometry),
    })),
  ];
}

describe('a world', () => {
  it('has no two fields at the same word, and all of them inside', () => {
    fc.assert(
      fc.property(geometries, fc.nat(1000), (geometry, line) => {
        const fs = (LINE_WORDS * (line + 1)) as FsInfo;
        const names = new WordNames(geometry, fs);
        const addresses = names.words.map((word) => names.address(word));

        expect(new Set(addresses).size).toBe(addresses.length);
        expect(Math.min(...addresses)).toBeGreaterThanOrEqual(fs);
        expect(Math.max(...addresses)).toBeLessThan(fs + worldWords(geometry));
      }),
    );
  });

  it('has every page and every buffer on lines of its own', () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const fs = LINE_WORDS as FsInfo;
        const starts = [
          ...Array.from({ length: geometry.pages }, (_, index): number => pageAt(fs, index)),
          ...Array.from({ length: geometry.buffers }, (_, index): number => bufferAt(fs, geometry, index)),
        ];

        expect(starts.every((start) => start % LINE_WORDS === 0)).toBe(true);
        expect(new Set(starts).size).toBe(starts.length);
        expect(worldWords(geometry) % LINE_WORDS).toBe(0);
      }),
    );
  });
});

describe('layOut', () => {
  it('gives every region words of its own, within the bytes it asks for', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const regions = regionsOf(shape).toSorted((one, other) => one.from - other.from);

        for (const [index, { name, to }] of regions.entries()) {
          const next = regions[index + 1]?.from ?? layOut(shape).bytes / Int32Array.BYTES_PER_ELEMENT;
          expect(
            to,
            `${name} reaches into ${regions[index + 1]?.name ?? 'what is behind the arena'}`,
          ).toBeLessThanOrEqual(next);
        }
      }),
    );
  });

  it('lets no two regions share a cache line', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(regionsOf(shape).every(({ from }) => from % LINE_WORDS === 0)).toBe(true);
      }),
    );
  });
});

describe('the control words', () => {
  it('of an actor are distinct and fit its line', () => {
    const offsets = Object.entries(control)
      .filter(
        ([name, value]) => name.startsWith('ACTOR_') && name !== 'ACTOR_WORDS' && typeof value === 'number',
      )
      .map(([, value]) => Number(value));

    expect(new Set(offsets).size).toBe(offsets.length);
    expect(offsets.length).toBeGreaterThan(5);
    expect(offsets.every((offset) => offset >= 0 && offset < control.ACTOR_WORDS)).toBe(true);
  });

  it('of the block are distinct and end before the gate', () => {
    const words = Object.entries(control)
      .filter(([name]) => name.startsWith('BLOCK_') || name.startsWith('RUN_'))
      .map(([, value]) => Number(value));

    expect(new Set(words).size).toBe(words.length);
    expect(words.length).toBeGreaterThan(4);
    expect(words.every((word) => word >= LINE_WORDS && word < control.GATE)).toBe(true);
  });
});
