import { ACTOR_WORDS, CONTROL_WORDS } from './control.ts';
import { type Address, type FsInfo, type Geometry, LINE_WORDS, worldWords } from './layout.ts';

/** How much of everything a run needs. */
export interface ArenaShape {
  readonly actors: number;
  readonly worlds: number;
  readonly geometry: Geometry;
  /** Words of one actor's counters. */
  readonly counters: number;
  /** Words of the log of one actor's trial; 0 if none is kept. @default 0 */
  readonly logWords?: number | undefined;
}

/** Where everything of a run lives in its one SharedArrayBuffer: control words first (see control.ts), then worlds. */
export interface Arena {
  readonly shape: ArenaShape;
  /** Control line of actor 0. */
  readonly actorBase: Address;
  /** Counters of actor 0, and words from one actor's to the next. */
  readonly counterBase: Address;
  readonly counterWords: number;
  /** Notes of actor 0, and words from one actor's to the next. */
  readonly noteBase: Address;
  readonly noteWords: number;
  /** World 0, and words from one world to the next. */
  readonly worldBase: FsInfo;
  readonly worldWords: number;
  /** Log of actor 0 in world 0, and words of each: world by world, then actor by actor. See recording-memory.ts. */
  readonly logBase: Address;
  readonly logWords: number;
  /** What actor 0 has kept of a violation, and words from one actor's to the next: see src/stress/actor/trial-recorder.ts. */
  readonly keptBase: Address;
  readonly keptWords: number;
  /** Size of the whole. */
  readonly bytes: number;
}

/** Lays a run out. */
export function layOut(shape: ArenaShape): Arena {
  const actorBase = CONTROL_WORDS;
  const counterBase = actorBase + shape.actors * ACTOR_WORDS;
  const counterWords = inLines(shape.counters);
  const noteBase = counterBase + shape.actors * counterWords;
  const noteWords = inLines(shape.worlds);
  const worldBase = noteBase + shape.actors * noteWords;
  const wordsPerWorld = worldWords(shape.geometry);
  const logWords = shape.logWords ?? 0;
  const logBase = worldBase + shape.worlds * wordsPerWorld;
  const keptBase = logBase + shape.actors * shape.worlds * logWords;
  const keptWords = logWords === 0 ? 0 : LINE_WORDS + shape.actors * logWords;
  return {
    shape,
    actorBase,
    counterBase,
    counterWords,
    noteBase,
    noteWords,
    worldBase: worldBase as FsInfo,
    worldWords: wordsPerWorld,
    logBase,
    logWords,
    keptBase,
    keptWords,
    bytes: (keptBase + shape.actors * keptWords) * Int32Array.BYTES_PER_ELEMENT,
  };
}

/** The world with the given index (0-based). */
export function worldAt(arena: Arena, index: number): FsInfo {
  return (arena.worldBase + index * arena.worldWords) as FsInfo;
}

/** The log of an actor in a world, both 0-based. */
export function logAt({ shape, logBase, logWords }: Arena, actor: number, world: number): Address {
  return logBase + (actor * shape.worlds + world) * logWords;
}

function inLines(words: number): number {
  return Math.ceil(words / LINE_WORDS) * LINE_WORDS;
}
