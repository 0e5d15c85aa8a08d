import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuietWorld, Subject } from '../../../src/fix/subject.ts';
import { loadStrategy } from '../../../src/fix/plug-in/load.ts';
import { playRandom } from '../../../src/explore/witness/random-schedules.ts';
import { ALL_REDUCTIONS, chancesIn, Session } from '../../../src/explore/search/session.ts';
import {
  FS_BIO,
  FS_OOPS,
  type FsInfo,
  type Geometry,
  LINE_WORDS,
  objectWords,
  pageAt,
  POISON,
  worldWords,
} from '../../../src/memory/layout.ts';
import { type CountSound, soundWorlds } from '../../../src/memory/sound-worlds.ts';
import { wasmMemory } from '../../../src/memory/wasm-instructions.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { resolveSetting } from '../../../src/scenario/setting.ts';
import { todayOf } from '../../../src/subject/extent-buffer/v7.3/subject.ts';
import { EXTENT_BUFFER_TREE_REF } from '../../../src/subject/extent-buffer/v7.3/bflags.ts';
import { type KernelName, kernelNames, kernels } from '../../../src/subject/extent-buffer/v7.3/kernel.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_INHIBITORS,
  EB_REFS,
  EB_TREE_LOCK,
  FOLIO_BEHIND,
  FOLIO_EB_REFS,
  FOLIO_MAPPING,
  FOLIO_PRIVATE,
  FOLIO_REFCOUNT,
  FS_TREE_SLOT,
  MAPPING_CACHED,
  MAPPING_NONE,
} from '../../../src/subject/extent-buffer/v7.3/layout.ts';
import { todayScenarios } from '../../../src/subject/extent-buffer/v7.3/scenarios/registry.ts';
import {
  type BufferAtStart,
  cold,
  empty,
  type Reset,
  withBuffer,
} from '../../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import { soundWorldsIn } from '../../../src/subject/extent-buffer/v7.3/sound-worlds.ts';
import { structures } from '../../../src/subject/extent-buffer/v7.3/structures.ts';
import { allOr } from '../../helpers/full.ts';
import { everyRole } from '../../helpers/today-scenario.ts';

type Judges = Required<Pick<Subject, 'atRest' | 'soundWorlds'>>;
type Rest = Pick<QuietWorld, 'isIoDone' | 'bioReferences'>;

const IN_FLIGHT: Rest = { isIoDone: false, bioReferences: 1 };
const DONE: Rest = { isIoDone: true, bioReferences: 1 };

/** The judges of a subject. */
function judgesOf({ atRest, soundWorlds: code }: Judges | Subject): Judges {
  if (code === undefined) throw new RangeError('a subject without code for sound worlds');
  return { atRest, soundWorlds: code };
}

interface Shape {
  readonly pages: number;
  readonly buffers: number;
  /** How many. @default 1 */
  readonly worlds?: number;
  /** Words in front of the first of them, which may lie anywhere. @default 48 */
  readonly before?: number;
}

/** Worlds of a subject side by side, and both of its judges. */
class Worlds {
  readonly words: Int32Array;
  readonly geometry: Geometry;
  readonly #before: number;
  readonly #count: CountSound;
  readonly #atRest: Subject['atRest'];
  readonly #brokenAtRest = new Map<string, (fs: FsInfo) => number>();
  /** Places of words that have a meaning, but for those of bios. */
  readonly #meant: readonly number[];

  constructor(judges: Judges, { pages, buffers, worlds = 1, before = 48 }: Shape) {
    this.#before = before;
    this.#atRest = judges.atRest;
    this.geometry = { structures, pages, buffers };
    const size = worldWords(this.geometry);
    const memory = wasmMemory(4 * (before + worlds * size));
    this.words = new Int32Array(memory.buffer);
    this.#count = soundWorlds(memory, judges.soundWorlds(memory, this.geometry));
    this.#meant = Array.from({ length: size }, (_, word) => word).filter(
      (word) => word % LINE_WORDS <= FOLIO_EB_REFS && (word < FS_BIO || word >= FS_BIO + LINE_WORDS),
    );
  }

  at(world: number): FsInfo {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- where the worlds of this memory lie
    return (this.#before + world * worldWords(this.geometry)) as FsInfo;
  }

  reset(reset: Reset, world = 0): this {
    const fs = this.at(world);
    this.words.fill(0, fs, fs + worldWords(this.geometry));
    reset(this.words, this.geometry, fs);
    return this;
  }

  sound(count: number, { isIoDone, bioReferences }: Rest): number {
    return this.#count(this.at(0), count, isIoDone, bioReferences);
  }

  /** Whether a world is sound to the checks themselves. */
  #isSound(rest: Rest): boolean {
    const { words, geometry } = this;
    const key = `${rest.isIoDone} ${rest.bioReferences}`;
    const brokenAtRest = this.#brokenAtRest.get(key) ?? this.#atRest({ words, geometry, ...rest });
    this.#brokenAtRest.set(key, brokenAtRest);
    return words[this.at(0) + FS_OOPS] === 0 && brokenAtRest(this.at(0)) === 0;
  }

  /** Whether it holds only what models write, whatever may be wrong with it. */
  #isOfModels(): boolean {
    const { words, geometry } = this;
    const fs = this.at(0);
    for (let index = 0; index < geometry.buffers; index++) {
      if (((words[bufferAt(fs, geometry, index) + EB_INHIBITORS] ?? 0) & ~0xff) !== 0) return false;
    }
    for (let index = 0; index < geometry.pages; index++) {
      const folio = pageAt(fs, index);
      if (((words[folio + FOLIO_BEHIND] ?? 0) & ~1) !== 0) return false;
      if (words[folio + FOLIO_MAPPING] !== MAPPING_CACHED && words[folio + FOLIO_EB_REFS] !== 0) return false;
    }
    return true;
  }

  /** Holds the code against the checks: 'sound', 'broken', or 'kept' for one that is left to the checks though it is sound. */
  compare(rest: Rest): 'sound' | 'broken' | 'kept' {
    const isSound = this.#isSound(rest);
    const isCounted = this.sound(1, rest) === 1;
    if (isCounted === isSound) return isSound ? 'sound' : 'broken';
    if (isCounted) throw new Error(`called sound: ${this.#text(rest)}`);
    if (this.#isOfModels()) throw new Error(`not called sound: ${this.#text(rest)}`);
    return 'kept';
  }

  #text(rest: Rest): string {
    const fs = this.at(0);
    const words = this.words.subarray(fs, fs + worldWords(this.geometry));
    return `${JSON.stringify(rest)} ${words.join(' ')}`;
  }

  /** Changes each word in turn, many ways, and holds the code against the checks. How often it found what. */
  changeEachWord(rest: Rest): Readonly<Record<'sound' | 'broken' | 'kept', number>> {
    const { words, geometry } = this;
    const found = { sound: 0, broken: 0, kept: 0 };
    const fs = this.at(0);
    const places = Array.from({ length: geometry.buffers }, (_, index) => bufferAt(fs, geometry, index));
    for (const word of this.#meant) {
      const at = fs + word;
      const value = words[at] ?? 0;
      const bits = [...BITS].map((bit) => value ^ (1 << bit));
      for (const other of [...bits, ...places, value + 1, value - 1, 0, 2, 3, 4, 5, POISON]) {
        words[at] = other;
        found[this.compare(rest)]++;
      }
      words[at] = value;
    }
    return found;
  }

  /** Gives one of the words that have a meaning a value. */
  change(word: number, value: number): void {
    this.words[this.at(0) + (this.#meant[word % this.#meant.length] ?? 0)] = value;
  }
}

/** Those that flags have, and others. */
const BITS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 15, 16, 24, 31];

const named = kernelNames.flatMap((kernel) =>
  [false, true].map((isSubpage) => ({ kernel, isSubpage, layout: isSubpage ? 'the subpage' : 'the normal' })),
);

/** Worlds that trials end in, and whether all IO must have ended. */
const ends: readonly (readonly [
  name: string,
  buffer: BufferAtStart | Reset,
  mayEnd: 'done' | 'in flight',
])[] = [
  ['never read', { state: 'unread' }, 'done'],
  ['clean', { state: 'clean' }, 'done'],
  ['clean and stale', { state: 'clean', isStale: true }, 'done'],
  ['foreign', { state: 'clean', isForeign: true }, 'done'],
  ['dirty', { state: 'dirty' }, 'done'],
  ['read', { state: 'reading' }, 'in flight'],
  ['written', { state: 'writing' }, 'in flight'],
  ['released, its folio kept', cold, 'done'],
  ['released, its folio freed', empty, 'done'],
];

/** In the subpage layout the folios of a buffer have a state in place of it. */
function resetOf(kernel: KernelName, isSubpage: boolean, buffer: BufferAtStart | Reset): Reset {
  const reset = typeof buffer === 'function' ? buffer : withBuffer(kernels[kernel], buffer);
  if (!isSubpage) return reset;
  return (words, geometry, fs) => {
    reset(words, geometry, fs);
    for (let index = 0; index < geometry.pages; index++) {
      const folio = pageAt(fs, index);
      words[folio + FOLIO_EB_REFS] = words[folio + FOLIO_PRIVATE] === 0 ? 0 : 1;
      words[folio + FOLIO_PRIVATE] = 0;
    }
  };
}

describe.each(named)('soundWorlds of $kernel in $layout layout', ({ kernel, isSubpage }) => {
  const judges = judgesOf(todayOf(kernel, { strategies: [], violating: [], isSubpage }).subject);

  it.each(ends)('counts a buffer that is %s, and misses no change of it', (_name, buffer, mayEnd) => {
    for (const shape of [
      { pages: 1, buffers: 2 },
      { pages: 3, buffers: 1 },
    ]) {
      const worlds = new Worlds(judges, shape).reset(resetOf(kernel, isSubpage, buffer));
      expect(worlds.sound(1, IN_FLIGHT)).toBe(1);
      expect(worlds.sound(1, DONE)).toBe(mayEnd === 'done' ? 1 : 0);
      const found = worlds.changeEachWord(IN_FLIGHT);
      expect(Math.min(found.sound, found.broken)).toBeGreaterThan(100);
      worlds.changeEachWord(DONE);
    }
  });

  it('judges each folio by itself: one of a released buffer may be freed, and another one kept', () => {
    const worlds = new Worlds(judges, { pages: 3, buffers: 1 }).reset(cold);
    const freed = pageAt(worlds.at(0), 1);
    worlds.words[freed + FOLIO_MAPPING] = MAPPING_NONE;
    expect(worlds.sound(1, DONE)).toBe(0);
    worlds.words[freed + FOLIO_REFCOUNT] = 0;
    expect(worlds.sound(1, DONE)).toBe(1);
    worlds.changeEachWord(DONE);
  });

  it('stops at the first world that is not sound', () => {
    const worlds = new Worlds(judges, { pages: 2, buffers: 1, worlds: 6 });
    for (let world = 0; world < 6; world++)
      worlds.reset(world % 2 === 0 ? empty : resetOf(kernel, isSubpage, { state: 'clean' }), world);
    expect(worlds.sound(6, DONE)).toBe(6);
    expect(worlds.sound(0, DONE)).toBe(0);
    worlds.words[bufferAt(worlds.at(3), worlds.geometry, 0) + EB_TREE_LOCK] = 1;
    expect(worlds.sound(6, DONE)).toBe(3);
  });

  it('does not count a buffer in the tree that nobody has a reference of', () => {
    const worlds = new Worlds(judges, { pages: 1, buffers: 1 });
    worlds.reset(resetOf(kernel, isSubpage, { state: 'clean' }));
    const eb = bufferAt(worlds.at(0), worlds.geometry, 0);
    worlds.words[eb + EB_REFS] = 0;
    worlds.words[eb + EB_BFLAGS] = (worlds.words[eb + EB_BFLAGS] ?? 0) & ~(1 << EXTENT_BUFFER_TREE_REF);
    expect(worlds.compare(DONE)).toBe('broken');
  });

  it.each([0, 1])('does not count two buffers in use, of which number %i is in the tree', (inTree) => {
    // The bits of the first one's address are those of the second one's, too.
    const worlds = new Worlds(judges, { pages: 1, buffers: 2, before: 128 });
    worlds.reset(resetOf(kernel, isSubpage, { state: 'clean' }));
    expect(worlds.sound(1, DONE)).toBe(1);
    const { words, geometry } = worlds;
    const fs = worlds.at(0);
    const [first, second] = [bufferAt(fs, geometry, 0), bufferAt(fs, geometry, 1)];
    words.copyWithin(second, first, first + objectWords(geometry));
    const slot = inTree === 0 ? first : second;
    words[fs + FS_TREE_SLOT] = slot;
    if (!isSubpage) words[pageAt(fs, 0) + FOLIO_PRIVATE] = slot;
    expect(worlds.compare(DONE)).toBe('broken');
  });

  it('agrees with the checks in worlds that are changed at random', () => {
    const FLAGS = [0x2000, 0x2004, 0x200c, 0xa004, 0x8000, 0x404, 0x405, 0x105, 0x504, 0x407, 0x416];
    const value = fc.oneof(fc.integer({ min: -2, max: 5 }), fc.constantFrom(...FLAGS));
    const change = fc.record({ word: fc.nat(1_000), value, isPointer: fc.boolean() });
    const options = fc.record({
      end: fc.constantFrom(...ends),
      pages: fc.integer({ min: 1, max: 3 }),
      buffers: fc.integer({ min: 1, max: 2 }),
      isIoDone: fc.boolean(),
      bioReferences: fc.integer({ min: 0, max: 1 }),
      changes: fc.array(change, { maxLength: 4 }),
    });
    const seen = { sound: 0, broken: 0, kept: 0 };
    const known = new Map<string, Worlds>();
    fc.assert(
      fc.property(options, ({ end: [, buffer], pages, buffers, changes, ...rest }) => {
        const key = `${pages} ${buffers}`;
        const worlds = known.get(key) ?? new Worlds(judges, { pages, buffers });
        known.set(key, worlds);
        worlds.reset(resetOf(kernel, isSubpage, buffer));
        const eb = bufferAt(worlds.at(0), worlds.geometry, 0);
        for (const { word, value: changed, isPointer } of changes)
          worlds.change(word, isPointer ? eb : changed);
        seen[worlds.compare(rest)]++;
      }),
      { numRuns: allOr(3_000, 1_000), seed: isSubpage ? 2 : 1 },
    );
    expect(Math.min(seen.sound, seen.broken)).toBeGreaterThan(300);
  });
});

/** Plays a scenario at random, with each of its strategies from each of its starts: `observe` is shown the worlds that trials end in. */
async function playAll(scenario: Scenario, observe: (world: QuietWorld, fs: FsInfo) => void): Promise<void> {
  const { subject } = scenario;
  const atRest: typeof subject.atRest = (world) => {
    const brokenAtRest = subject.atRest(world);
    return (fs) => {
      observe(world, fs);
      return brokenAtRest(fs);
    };
  };
  const observed: Scenario = { ...scenario, subject: { ...subject, atRest } };
  for (const { name } of subject.strategies) {
    const strategy = await loadStrategy(name, subject);
    for (const { name: start } of scenario.starts) {
      const setting = resolveSetting({ scenario: observed, start, pages: 2 });
      const chances = chancesIn(setting, { readsFail: true });
      const session = new Session({ setting, strategy, chances, reductions: ALL_REDUCTIONS });
      playRandom(session, { scheduler: { kind: 'uniform' }, schedules: 20, seed: 1 });
    }
  }
}

/** Every race of a kernel, and what there is beside races. */
function scenariosOf(kernel: KernelName): readonly Scenario[] {
  const races = todayScenarios.flatMap(({ kernels: played }) =>
    played?.names.includes(kernel) === true ? [played.of(kernel)] : [],
  );
  return [everyRole(kernel), ...races];
}

describe('soundWorlds', () => {
  it.each(kernelNames)(
    'agrees with the checks wherever random schedules of %s end, and near it',
    async (kernel) => {
      const near = { sound: 0, broken: 0, kept: 0 };
      const known = { sound: new Set<string>(), broken: new Set<string>(), kept: new Set<string>() };
      const shaped = new Map<string, Worlds>();
      for (const scenario of scenariosOf(kernel)) {
        const { subject } = scenario;
        await playAll(scenario, ({ words, geometry, isIoDone, bioReferences }, fs) => {
          const { pages, buffers } = geometry;
          const shape = `${subject.name} ${pages} ${buffers}`;
          const worlds = shaped.get(shape) ?? new Worlds(judgesOf(subject), { pages, buffers, before: fs });
          shaped.set(shape, worlds);
          const world = words.subarray(fs, fs + worldWords(geometry));
          worlds.words.set(world, fs);
          const rest = { isIoDone, bioReferences };
          const alike = known[worlds.compare(rest)];
          const key = `${shape} ${isIoDone} ${world.join(' ')}`;
          if (alike.has(key)) return;
          alike.add(key);
          if (alike !== known.sound) return;
          const found = worlds.changeEachWord(rest);
          for (const each of ['sound', 'broken', 'kept'] as const) near[each] += found[each];
        });
      }
      expect(known.kept.size).toBe(0);
      expect(known.sound.size).toBeGreaterThan(30);
      expect(known.broken.size).toBeGreaterThan(5);
      expect(Math.min(near.sound, near.broken)).toBeGreaterThan(10_000);
    },
  );

  it('is one piece of code for kernels that are alike', () => {
    expect(soundWorldsIn(kernels['7.2'], false)).toBe(soundWorldsIn(kernels['7.3'], false));
    expect(soundWorldsIn(kernels['6.12'], false)).not.toBe(soundWorldsIn(kernels['7.3'], false));
    expect(soundWorldsIn(kernels['7.3'], true)).not.toBe(soundWorldsIn(kernels['7.3'], false));
  });
});
