import { extentBufferStructures as structures } from '../../../src/subject/extent-buffer/v5.7/structures.ts';
import { describe, expect, it } from 'vitest';
import { type FsInfo, type Geometry, worldWords } from '../../../src/memory/layout.ts';
import { wasmMemory } from '../../../src/memory/wasm-instructions.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resetWorlds, resetWorldsModule } from '../../../src/scenario/reset-worlds.ts';
import type { StartState } from '../../../src/scenario/scenario.ts';

/** Not the first words: a world may lie anywhere. */
const BEFORE = 48;
const WORLDS = 5;

interface Reset {
  readonly start: StartState;
  readonly geometry: Geometry;
  readonly first: number;
  readonly count: number;
}

/** All words behind a reset of some of the worlds, which held something else. */
function wordsAfter({ start, geometry, first, count }: Reset, isByCode: boolean): readonly number[] {
  const size = worldWords(geometry);
  const memory = wasmMemory((BEFORE + WORLDS * size) * Int32Array.BYTES_PER_ELEMENT);
  const words = new Int32Array(memory.buffer);
  for (const index of words.keys()) words[index] = 7 * index + 1;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- where the worlds of this memory lie
  const at = (world: number): FsInfo => (BEFORE + world * size) as FsInfo;
  if (isByCode) resetWorlds(memory, resetWorldsModule(memory, geometry, start))(at(first), count);
  else for (let world = first; world < first + count; world++) start.reset(words, geometry, at(world));
  return [...words];
}

describe('resetWorlds', () => {
  const { starts } = readaheadVsReleasepage;
  const shapes = [1, 4, 16].flatMap((pages) => [1, 3].map((buffers) => ({ structures, pages, buffers })));

  it.each(starts.map((start) => [start.name, start] as const))(
    'writes what %s writes, and no more',
    (_, start) => {
      for (const geometry of shapes) {
        for (const [first, count] of [
          [0, WORLDS],
          [2, 1],
          [1, 3],
        ] as const) {
          const reset = { start, geometry, first, count };
          expect(wordsAfter(reset, true)).toEqual(wordsAfter(reset, false));
        }
      }
    },
  );

  it('refuses a start state that depends on more than where its world is', () => {
    const memory = wasmMemory(10_000);
    const start: StartState = {
      name: 'strange',
      summary: '',
      actors: [],
      buffers: 1,
      stride: 1,
      reset: (words, _, fs) => {
        words[fs + 3] = 2 * fs;
      },
    };
    const compile = (): unknown => resetWorldsModule(memory, { structures, pages: 1, buffers: 1 }, start);
    expect(compile).toThrow("start 'strange': word 3 depends on more than where the world is");
  });

  it('shares its code among runs of one size, shape and start', () => {
    const [one, other] = [wasmMemory(1_000), wasmMemory(2_000)];
    const shape = { structures, pages: 4, buffers: 1 };
    const [primed, cold] = starts;
    if (primed === undefined || cold === undefined) throw new RangeError('two starts expected');
    const module = resetWorldsModule(one, shape, primed);
    expect(resetWorldsModule(other, { ...shape }, primed)).toBe(module);
    expect(resetWorldsModule(one, { structures, pages: 4, buffers: 2 }, primed)).not.toBe(module);
    expect(resetWorldsModule(one, shape, cold)).not.toBe(module);
    expect(resetWorldsModule(wasmMemory(100_000), shape, primed)).not.toBe(module);
  });
});
