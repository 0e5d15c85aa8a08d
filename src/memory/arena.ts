import { ACTOR_WORDS, CONTROL_WORDS } from './control.ts';
import { type Address, type FsInfo, type Geometry, LINE_WORDS, worldWords } from './layout.ts';

/** How much of everything a run needs. */
export interface ArenaShape {
  readonly actors: number;
  readonly worlds: number;
  readonly geometry: Geometry;
  /** Words of one actor's counters. */
  readonly counters: number;
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
  return {
    shape,
    actorBase,
    counterBase,
    counterWords,
    noteBase,
    noteWords,
    worldBase: worldBase as FsInfo,
    worldWords: wordsPerWorld,
    bytes: (worldBase + shape.worlds * wordsPerWorld) * Int32Array.BYTES_PER_ELEMENT,
  };
}

/** The world with the given index (0-based). */
export function worldAt(arena: Arena, index: number): FsInfo {
  return (arena.worldBase + index * arena.worldWords) as FsInfo;
}

function inLines(words: number): number {
  return Math.ceil(words / LINE_WORDS) * LINE_WORDS;
}
