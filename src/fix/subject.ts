import type { FsInfo, Geometry } from '../memory/layout.ts';
import type { WasmMemory, WasmModule } from '../memory/wasm-instructions.ts';
import type { Invariant } from '../model/invariant.ts';
import type { Model, ModelClass } from '../model/model.ts';
import type { BioStatus } from '../model/block-layer.ts';
import type { Strategy } from './strategy.ts';

/** A world whose actors have all finished. */
export interface QuietWorld {
  /** Read with plain loads: nobody writes any more. */
  readonly words: Int32Array;
  readonly geometry: Geometry;
  /** Whether end-io actors have completed every read; if not, reads are still in flight. */
  readonly isIoDone: boolean;
  /** References that a read in flight holds: `bioReferences` of the model. */
  readonly bioReferences: number;
}

/** A named place between two steps of a model, where `--delay point=ns` can hold an actor. */
export interface Point {
  readonly name: string;
  /** The function and what has happened there, in a few words. */
  readonly where: string;
}

/** A strategy, or a mutant of one, and the setting in which a search of every schedule finds that it breaks an invariant. */
export interface PlantedBug {
  readonly strategy: string;
  /** @default the first scenario of the project */
  readonly scenario?: string;
  /** What breaks nothing there. @default of a mutant its strategy, or else the fix of 2020 */
  readonly repaired?: string;
  readonly start: string;
  /** As `--actors` takes them. */
  readonly actors: string;
  readonly pages: number;
  /** What may happen by chance, or it does not show. */
  readonly readsFail?: true;
  readonly setupsFail?: true;
}

/** Pages that belong to no buffer, or none at all: one lies in every world, and nobody comes to it. */
export type PagesAre = 'plain' | 'none';

/**
 * What races are about: structures of one kernel, the model of the functions that use them, and the rules that they keep. All that
 * engines and reports know of it is what stands here.
 */
export interface Subject {
  /** As texts have it: `extent_buffer, v5.7`. */
  readonly name: string;
  /** Whether it comes from a module of a user's. */
  readonly isPlugIn?: true;
  /** The model of the kernel that strategies change, and the structures of its worlds. */
  readonly Model: ModelClass;
  /** What `--pages` says the number of. @default pages per buffer */
  readonly pagesAre?: PagesAre;
  /** Strategies that come with it, controls first. */
  readonly strategies: readonly Strategy[];
  /** Strategies that hold but where stores wait (`--ordering x86`): controls of such runs, which nothing lists. @default none */
  readonly weakControls?: readonly Strategy[];
  /** Names of those that `compare` runs unless told otherwise. @default all of them */
  readonly compared?: readonly string[];
  /** What an actor may note of its way through a trial, one bit each, from bit 0 on without a gap. */
  readonly notes: Readonly<Record<string, number>>;
  readonly points: readonly Point[];
  /** Its own invariants; what memory and locks tell by themselves is every subject's. */
  readonly invariants: readonly Invariant[];
  /** What breaks each invariant, by its id. @default no bug is known */
  readonly plantedBugs?: Readonly<Record<string, PlantedBug>>;
  /** The number of the check that the world at `fs` breaks once all actors have finished, or 0. */
  readonly atRest: (world: QuietWorld) => (fs: FsInfo) => number;
  /** Code that passes over worlds that are sound beyond doubt, for as long as it can: see `CountSound`. @default none */
  readonly soundWorlds?: (memory: WasmMemory, geometry: Geometry) => WasmModule;
  /** What completes a bio on the processor that has submitted it. @default reads are never completed there */
  readonly interrupt?: Interrupt;
}

/** How a device's interrupt completes a bio: the kernel function, and the call of the model. */
export interface Interrupt {
  readonly name: string;
  complete(this: void, model: Model, bio: number, answer: BioStatus): void;
}
