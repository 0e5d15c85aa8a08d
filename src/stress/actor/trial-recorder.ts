import { type Arena, logAt, worldAt } from '../../memory/arena.ts';
import { BLOCK_STOP } from '../../memory/control.ts';
import type { Instructions } from '../../memory/instructions.ts';
import { type Address, LINE_WORDS } from '../../memory/layout.ts';
import { LOG_CUT, type RecordingMemory } from '../../memory/recording-memory.ts';

/** What a recorder needs. */
export interface TrialRecorderParts {
  readonly words: Int32Array;
  readonly instructions: Instructions;
  readonly arena: Arena;
  /** The actor that collects. */
  readonly actor: number;
  readonly memory: RecordingMemory;
}

/** A violation whose logs were kept. */
export interface RecordedTrial {
  /** Number of the check. */
  readonly check: number;
  /** Address of its world: pointers in the logs are relative to it. */
  readonly fs: Address;
  /** By actor: what its steps returned, in its own order. */
  readonly logs: readonly (readonly number[])[];
  /** Whether an actor went on, behind the violation, without what it waited for. */
  readonly isCut: boolean;
}

/** What all actors of a run have kept. */
export interface KeptTrials {
  /** The violation of which all was kept, or undefined. */
  readonly trial: RecordedTrial | undefined;
  /** Violations that could not be kept, since a log had no room for all results. */
  readonly lost: number;
}

/**
 * What an actor keeps of a violation, where it has judged one:
 *
 *     kept + 0      1       2
 *         +--------+-------+------+-----+------------------------+----------
 *         | check  | world | lost |     | 16: log of actor 0     | ...
 *         +--------+-------+------+-----+------------------------+----------
 */
const KEPT_CHECK = 0;
const KEPT_WORLD = 1;
const KEPT_LOST = 2;
const KEPT_LOGS = LINE_WORDS;

/**
 * Logs one actor's side of the trials, and keeps the first violation that it judges: a world's logs are written over
 * as soon as its bank has its turn again, so they are copied while they are collected. Then the block is ended.
 */
export class TrialRecorder {
  readonly #parts: TrialRecorderParts;
  readonly #kept: Address;

  constructor(parts: TrialRecorderParts) {
    this.#parts = parts;
    this.#kept = keptOf(parts.arena, parts.actor);
  }

  /** The actor's program in this world begins. */
  begin(world: number): void {
    const { arena, memory, actor } = this.#parts;
    memory.beginTrial(logAt(arena, actor, world));
  }

  /** And is over. */
  end(): void {
    this.#parts.memory.endTrial();
  }

  /** All actors have left the world, and it breaks `check`. */
  keep(world: number, check: number): void {
    const { words, instructions, arena } = this.#parts;
    const kept = this.#kept;
    if (words[kept + KEPT_CHECK] !== 0) return;
    const { logWords, shape } = arena;
    for (let actor = 0; actor < shape.actors; actor++) {
      const log = logAt(arena, actor, world);
      if (((words[log] ?? 0) & ~LOG_CUT) >= logWords) {
        words[kept + KEPT_LOST] = (words[kept + KEPT_LOST] ?? 0) + 1;
        return;
      }
      words.copyWithin(kept + KEPT_LOGS + actor * logWords, log, log + logWords);
    }
    words[kept + KEPT_WORLD] = worldAt(arena, world);
    words[kept + KEPT_CHECK] = check;
    instructions.store(BLOCK_STOP, 1);
  }
}

/** Reads what the actors have kept, once they have finished a block. */
export function keptTrials(words: Int32Array, arena: Arena): KeptTrials {
  const { actors } = arena.shape;
  let trial: RecordedTrial | undefined;
  let lost = 0;
  if (arena.logWords === 0) return { trial, lost };
  for (let collector = 0; collector < actors; collector++) {
    const kept = keptOf(arena, collector);
    lost += words[kept + KEPT_LOST] ?? 0;
    const check = words[kept + KEPT_CHECK] ?? 0;
    if (check === 0 || trial !== undefined) continue;
    const places = Array.from({ length: actors }, (_, actor) => kept + KEPT_LOGS + actor * arena.logWords);
    const logs = places.map((log) => [...words.subarray(log + 1, log + 1 + ((words[log] ?? 0) & ~LOG_CUT))]);
    const isCut = places.some((log) => ((words[log] ?? 0) & LOG_CUT) !== 0);
    trial = { check, fs: words[kept + KEPT_WORLD] ?? 0, logs, isCut };
  }
  return { trial, lost };
}

function keptOf({ keptBase, keptWords }: Arena, actor: number): Address {
  return keptBase + actor * keptWords;
}
