import type { ExtentBufferClass } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { modelOf } from '../../src/fix/plug-in/load.ts';
import type { Strategy } from '../../src/fix/strategy.ts';
import { type Arena, layOut, worldAt } from '../../src/memory/arena.ts';
import { type AtomicsMemory, atomicsMemoryClass } from '../../src/memory/atomics-memory.ts';
import { type CheckedMemory, checkedMemoryClass } from '../../src/memory/checked-memory.ts';
import { ACTOR_OPERATION, ACTOR_WORDS, actorLine } from '../../src/memory/control.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_REFS,
  EB_SLAB,
  FS_TREE_SLOT,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  type FsInfo,
  PAGE_FLAGS,
  pageAt,
  POISON,
  POISONED_WORDS,
  SLAB_FREE,
  worldWords,
} from '../../src/memory/layout.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import {
  type WasmMemory,
  wasmInstructions,
  wasmMemory,
  wasmModule,
} from '../../src/memory/wasm-instructions.ts';
import type { ExtentBufferModel } from '../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import type { ActorContext } from '../../src/scenario/scenario.ts';
import type { SettingActor, Setting } from '../../src/scenario/setting.ts';
import { Prng } from '../../src/stats/prng.ts';
import {
  type CompiledTrials,
  compiledTrials,
  type Learnt,
} from '../../src/stress/compiled/compiled-trials.ts';
import { counterCount } from '../../src/stress/plan/counters.ts';
import { deviceOf } from './scripted-actor.ts';

export const WORLDS = 4;
export const PAGES = 2;

/** A run's memory, and one actor on it, who plays by its model or by code. */
export class OneActor {
  readonly words: Int32Array;
  readonly arena: Arena;
  readonly #setting: Setting;
  readonly #memory: WasmMemory;
  readonly #actor: number;
  readonly #below: AtomicsMemory;
  readonly #checked: CheckedMemory;
  readonly #strategy: Strategy;
  readonly play: (fs: FsInfo) => number;
  readonly compiled: CompiledTrials | undefined;

  constructor({ setting, actor, strategy, isCompiled, learnt }: ActorOptions) {
    const { geometry, actors } = setting;
    this.arena = layOut({
      actors: actors.length,
      worlds: WORLDS,
      geometry,
      counters: counterCount(setting.scenario),
    });
    this.#setting = setting;
    this.#actor = actor;
    this.#strategy = strategy;
    this.#memory = wasmMemory(this.arena.bytes);
    this.words = new Int32Array(this.#memory.buffer);
    const Plain = atomicsMemoryClass({
      words: this.words,
      instructions: wasmInstructions(this.#memory, wasmModule(this.#memory)),
      geometry,
      actorBase: this.arena.actorBase,
      actorCount: actors.length,
      actor,
      spinsMax: 10,
    });
    this.#below = new Plain();
    this.#checked = new (checkedMemoryClass(Plain, geometry))();
    if (isCompiled) {
      const compiled = this.#compiled(learnt);
      const { noteBase } = this.arena;
      this.compiled = compiled;
      this.play = (fs) => {
        compiled.play(fs, 1, noteBase);
        return this.words[noteBase] ?? 0;
      };
      // It leaves its first runs to the model.
      let runs = 0;
      while (!compiled.takesOver()) if (++runs > 1_000) throw new RangeError('it never takes over');
    } else this.play = this.#byModel();
  }

  /** Plays the trials of all worlds at once; gives their notes. */
  playAll(): number[] {
    const { noteBase } = this.arena;
    this.compiled?.play(worldAt(this.arena, 0), WORLDS, noteBase);
    return [...this.words.subarray(noteBase, noteBase + WORLDS)];
  }

  reset(world: number): FsInfo {
    const fs = worldAt(this.arena, world);
    this.#setting.start.reset(this.words, this.#setting.geometry, fs);
    return fs;
  }

  /** Whether everything that a trial in this world may change is the same of another. */
  isAs(other: OneActor, fs: FsInfo): boolean {
    const line = actorLine(this.arena.actorBase, this.#actor);
    const isAlike = (from: number, count: number): boolean => {
      for (let at = from; at < from + count; at++) if (this.words[at] !== other.words[at]) return false;
      return true;
    };
    return isAlike(line, ACTOR_WORDS) && isAlike(fs, worldWords(this.#setting.geometry));
  }

  #compiled(learnt: Learnt | undefined): CompiledTrials {
    return compiledTrials({
      memory: this.#memory,
      below: this.#below,
      geometry: this.#setting.geometry,
      place: this.#place(),
      line: actorLine(this.arena.actorBase, this.#actor),
      tag: this.#actor + 1,
      ordering: this.#setting.ordering,
      learnt,
      modelOn: (memory) => this.#model(memory),
      contextOf: (model, memory) => this.#context(model as ExtentBufferModel, memory),
    });
  }

  /** As the trial runner does it without code. */
  #byModel(): (fs: FsInfo) => number {
    const memory = this.#checked;
    const model = this.#model(memory);
    const context = this.#context(model, memory);
    const { role, epilogue } = this.#place();
    const operation = actorLine(this.arena.actorBase, this.#actor) + ACTOR_OPERATION;
    return (fs) => {
      model.fsInfo = fs;
      model.notes = 0;
      memory.enter(fs);
      let carried = 0;
      for (const [index, { run }] of role.program.entries()) {
        this.words[operation] = index;
        carried = run(context, carried);
        if (carried === 0) break;
      }
      epilogue?.run(context, 0);
      memory.leave();
      return model.notes;
    };
  }

  #place(): SettingActor {
    const place = this.#setting.actors[this.#actor];
    if (place === undefined) throw new RangeError('no such actor');
    return place;
  }

  #model(memory: SharedMemory): ExtentBufferModel {
    const { geometry, completion } = this.#setting;
    return new (modelOf(this.#strategy) as ExtentBufferClass)({
      memory,
      geometry,
      blockLayer: deviceOf(completion, memory, this.#actor),
    });
  }

  #context(model: ExtentBufferModel, memory: SharedMemory): ActorContext {
    const { geometry, submitters } = this.#setting;
    const { ordinal } = this.#place();
    return { model, memory, geometry, actor: this.#actor, ordinal, submitters, bioStatus: () => 'ok' };
  }
}

interface ActorOptions {
  readonly setting: Setting;
  readonly actor: number;
  readonly strategy: Strategy;
  readonly isCompiled: boolean;
  readonly learnt?: Learnt | undefined;
}

/** Changes flags of pages as other actors might have, and as none could: whatever keeps nobody waiting. */
export function disturbPages(words: Int32Array, fs: FsInfo, { geometry }: Setting, prng: Prng): void {
  for (let index = 0; index < geometry.pages; index++) {
    const page = pageAt(fs, index);
    flip(words, page + PAGE_FLAGS, [1, 2, 3, 8, 15], prng);
    if (prng.nextBelow(8) === 0) words[page + PAGE_REFCOUNT] = prng.nextBelow(4);
  }
}

/** The same of everything in a world with a buffer in its tree. */
export function disturb(words: Int32Array, fs: FsInfo, setting: Setting, prng: Prng): void {
  const { geometry } = setting;
  const isRare = (): boolean => prng.nextBelow(8) === 0;
  const eb = bufferAt(fs, geometry, 0);
  disturbPages(words, fs, setting, prng);
  if (isRare()) words[fs + FS_TREE_SLOT] = 0;
  if (prng.nextBelow(2) === 0) words[eb + EB_REFS] = prng.nextBelow(4);
  flip(words, eb + EB_BFLAGS, [0, 1, 4, 5, 6, 7, 9], prng);
  if (isRare()) words[eb + EB_IO_PAGES] = prng.nextBelow(3);
  if (isRare()) words[eb + EB_PAGES] = prng.nextBelow(geometry.pages + 1);
  if (isRare()) {
    words[eb + EB_SLAB] = SLAB_FREE;
    words.fill(POISON, eb, eb + POISONED_WORDS);
  }
  if (isRare()) words[eb + prng.nextBelow(EB_IO_PAGES + 1)] = POISON;
  for (let index = 0; index < geometry.pages; index++) {
    const page = pageAt(fs, index);
    flip(words, page + PAGE_FLAGS, [13], prng);
    if (isRare()) words[page + PAGE_PRIVATE] = prng.nextBelow(2) === 0 ? 0 : eb;
  }
}

function flip(words: Int32Array, address: number, bits: readonly number[], prng: Prng): void {
  for (const bit of bits) {
    if (prng.nextBelow(6) === 0) words[address] = (words[address] ?? 0) ^ (1 << bit);
  }
}

/** Plays disturbed trials both ways; how many of them ended alike. */
export function alike(
  one: OneActor,
  other: OneActor,
  { setting, by, trials = 2_500, seed = 7 }: Trials,
): number {
  const plays = (actor: OneActor, trial: number): { readonly notes: number; readonly fs: FsInfo } => {
    const fs = actor.reset(trial % WORLDS);
    by(actor.words, fs, setting, new Prng(seed + trial));
    actor.compiled?.settle();
    return { notes: actor.play(fs), fs };
  };
  let same = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { notes, fs } = plays(one, trial);
    if (notes === plays(other, trial).notes && one.isAs(other, fs)) same++;
  }
  return same;
}

interface Trials {
  readonly setting: Setting;
  readonly by: (words: Int32Array, fs: FsInfo, setting: Setting, prng: Prng) => void;
  readonly trials?: number;
  readonly seed?: number;
}
