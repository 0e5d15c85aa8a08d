import { RUN_FIRST_VIOLATION } from '../../memory/control.ts';
import type { Arena } from '../../memory/arena.ts';
import type { Setting } from '../../scenario/setting.ts';
import { CHECK_COUNTERS, countedNotes, NOTE_COUNTERS, OUTCOME_COUNTERS } from '../plan/counters.ts';
import { type CountState, stateCounts } from './state-counts.ts';
import type { TrialRecorder } from './trial-recorder.ts';

/** Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const wallClock = Date.now.bind(Date);

/** What counting needs to know of its actor. */
export interface TrialCountsParts {
  readonly words: Int32Array;
  readonly arena: Arena;
  readonly setting: Setting;
  readonly actor: number;
  /** When the process started, in ms of the wall clock. */
  readonly startedAtMs: number;
  /** Keeps what the actors' steps returned. @default none */
  readonly recorder?: TrialRecorder | undefined;
}

/** The counters of one actor, for the trials that it has judged. */
export interface TrialCounts {
  readonly countOutcome: (outcome: number) => void;
  /** A world breaks `check`. */
  readonly countViolation: (world: number, check: number) => void;
  /** Of a litmus test. */
  readonly countState: CountState | undefined;
  /** What all actors noted of a trial, once the measures of the scenario among it are counted. */
  readonly countedNotesOf: (world: number) => number;
}

/** The counters of an actor. Functions and no class, as the trial runner: see there. */
export function trialCounts(parts: TrialCountsParts): TrialCounts {
  const { words, arena, setting, actor, startedAtMs, recorder } = parts;
  const { noteBase, noteWords } = arena;
  const actorCount = setting.actors.length;
  const counted = countedNotes(setting.scenario);
  const counterBase = arena.counterBase + actor * arena.counterWords;

  const count = (counter: number): void => {
    const address = counterBase + counter;
    words[address] = (words[address] ?? 0) + 1;
  };

  const countNotes = (world: number): void => {
    for (let index = 0, address = noteBase + world; index < actorCount; index++, address += noteWords) {
      for (let rest = (words[address] ?? 0) & counted; rest !== 0; rest &= rest - 1) {
        count(NOTE_COUNTERS + 31 - Math.clz32(rest & -rest));
      }
    }
  };

  const { litmus, outcomes } = setting.scenario;
  return {
    countState:
      litmus === undefined
        ? undefined
        : stateCounts(words, counterBase + OUTCOME_COUNTERS + outcomes.length, litmus),
    countOutcome: (outcome) => {
      count(OUTCOME_COUNTERS + outcome);
    },
    countViolation: (world, check) => {
      count(CHECK_COUNTERS + check);
      recorder?.keep(world, check);
      if (words[RUN_FIRST_VIOLATION] === 0) {
        words[RUN_FIRST_VIOLATION] = Math.max(1, wallClock() - startedAtMs);
      }
    },
    countedNotesOf: (world) => {
      let all = 0;
      for (let index = 0, address = noteBase + world; index < actorCount; index++, address += noteWords) {
        all |= words[address] ?? 0;
      }
      if ((all & counted) !== 0) countNotes(world);
      return all;
    },
  };
}
