import { extentBufferStructures } from '../../src/subject/extent-buffer/v5.7/structures.ts';
import type { ModelClass } from '../../src/model/model.ts';
import { quiescenceOf } from '../../src/subject/extent-buffer/v5.7/quiescence.ts';
import { invariants } from '../../src/catalog/registry.ts';
import { type Arena, layOut } from '../../src/memory/arena.ts';
import { type AtomicsMemory, atomicsMemory, atomicsMemoryClass } from '../../src/memory/atomics-memory.ts';
import type { ActorMemory } from '../../src/memory/actor-memory.ts';
import { type CheckedMemory, checkedMemoryClass } from '../../src/memory/checked-memory.ts';
import { bufferAt, type ExtentBuffer } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { FS_OOPS, type FsInfo, type Geometry, type Page, pageAt } from '../../src/memory/layout.ts';
import type { Structure } from '../../src/memory/schema.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import { type BlockLayer, SlowDevice } from '../../src/model/block-layer.ts';
import { ExtentBufferModel } from '../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { Note } from '../../src/subject/extent-buffer/v5.7/note.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { TracingMemory } from './tracing-memory.ts';
import { WordNames } from './word-names.ts';

/** What a test world is made from. */
export interface TestWorldOptions {
  /** @default 'primed' */
  readonly start?: string;
  /** @default 2 */
  readonly pages?: number;
  /** @default 2 */
  readonly buffers?: number;
  /** @default 3 */
  readonly actors?: number;
  /** @default those of v5.7 */
  readonly structures?: readonly Structure[];
}

/** How a trace is taken. */
export interface TraceOptions {
  readonly Model?: ModelClass;
  readonly blockLayer?: BlockLayer;
  /** Acts for the other actors when a step would wait. */
  readonly onBlocked?: (step: string) => void;
}

/** A value for `TestWorld.set`: a number, the name of a structure, or the names of the bits that are to be set. */
export type WordValue = number | string | readonly string[];

/** One world in memory of its own, with words that are read and written by name. */
export class TestWorld {
  readonly words: Int32Array;
  readonly geometry: Geometry;
  readonly fs: FsInfo;
  readonly names: WordNames;
  readonly #arena: Arena;

  constructor({
    start = 'primed',
    pages = 2,
    buffers = 2,
    actors = 3,
    structures = extentBufferStructures,
  }: TestWorldOptions = {}) {
    this.geometry = { structures, pages, buffers };
    this.#arena = layOut({ actors, worlds: 1, geometry: this.geometry, counters: 1 });
    this.words = new Int32Array(new SharedArrayBuffer(this.#arena.bytes));
    this.fs = this.#arena.worldBase;
    this.names = new WordNames(this.geometry, this.fs);
    const startState = readaheadVsReleasepage.starts.find(({ name }) => name === start);
    if (startState === undefined) throw new RangeError(`no start state is called '${start}'`);
    startState.reset(this.words, this.geometry, this.fs);
  }

  buffer(index: number): ExtentBuffer {
    return bufferAt(this.fs, this.geometry, index);
  }

  page(index: number): Page {
    return pageAt(this.fs, index);
  }

  /** Where the memory of an actor lives. */
  place(actor = 0): ActorMemory {
    return {
      words: this.words,
      geometry: this.geometry,
      actorBase: this.#arena.actorBase,
      actorCount: this.#arena.shape.actors,
      actor,
      spinsMax: 10,
    };
  }

  memory(actor = 0): AtomicsMemory {
    return atomicsMemory(this.place(actor));
  }

  /** The memory of an actor that keeps to the rules. */
  checked(actor = 0): CheckedMemory {
    const memory = new (checkedMemoryClass(atomicsMemoryClass(this.place(actor)), this.geometry))();
    memory.enter(this.fs);
    return memory;
  }

  tracing(actor = 0): TracingMemory {
    return new TracingMemory(this.place(actor), this.names);
  }

  /** A model that runs in this world. */
  model(
    memory: SharedMemory = this.memory(),
    Model: ModelClass = ExtentBufferModel,
    blockLayer: BlockLayer = new SlowDevice(),
  ): ExtentBufferModel {
    const model = new Model({ memory, geometry: this.geometry, blockLayer }) as ExtentBufferModel;
    model.fsInfo = this.fs;
    return model;
  }

  /** Runs `act` on a model in this world and returns the steps it took, a line each. */
  trace(
    act: (model: ExtentBufferModel) => void,
    { Model, blockLayer, onBlocked }: TraceOptions = {},
  ): string {
    const memory = this.tracing();
    if (onBlocked !== undefined) memory.onBlocked = onBlocked;
    act(this.model(memory, Model, blockLayer));
    return memory.trace.join('\n');
  }

  get(word: string): number {
    return this.words[this.names.address(word)] ?? 0;
  }

  /** The names of the bits that are set in a word. */
  bits(word: string): readonly string[] {
    const value = this.get(word);
    return [...this.names.bits(this.names.address(word))]
      .filter(([, bit]) => (value & (1 << bit)) !== 0)
      .map(([name]) => name);
  }

  set(values: Readonly<Record<string, WordValue>>): this {
    for (const [word, value] of Object.entries(values))
      this.words[this.names.address(word)] = this.#held(word, value);
    return this;
  }

  #held(word: string, value: WordValue): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'string') return this.names.structureAt(value);
    const bits = this.names.bits(this.names.address(word));
    return value.reduce((mask, name) => {
      const bit = bits.get(name);
      if (bit === undefined) throw new RangeError(`${word} has no bit '${name}'`);
      return mask | (1 << bit);
    }, 0);
  }

  /** The invariant that the trial has broken so far, by its id, or 'none'. */
  get oops(): string {
    return idOf(this.words[this.fs + FS_OOPS] ?? 0);
  }

  /** The verdict on the trial once all actors have finished, as a TrialRunner gives it. */
  verdict(isIoDone = false, bioReferences = 0): string {
    const { words, geometry, oops } = this;
    return oops === 'none' ? idOf(quiescenceOf({ words, geometry, isIoDone, bioReferences })(this.fs)) : oops;
  }
}

/** The id of the invariant with that check number, or 'none'. */
function idOf(check: number): string {
  if (check === 0) return 'none';
  return invariants.find((invariant) => invariant.check === check)?.id ?? `unknown check ${check}`;
}

/** The names of the notes that are set. */
export function noteNames(notes: number): readonly string[] {
  return Object.entries(Note)
    .filter(([, bit]) => (notes & bit) !== 0)
    .map(([name]) => name);
}
