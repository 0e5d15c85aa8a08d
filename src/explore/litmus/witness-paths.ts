import { Kind, type Step } from '../program/step.ts';
import { LitmusExportError } from './export-error.ts';
import { type ReplayEnd, type ReplayOptions, replaySchedule } from '../witness/replay.ts';

/** One step of a path, and what it gave. */
export interface PathStep {
  readonly step: Step;
  readonly result: number;
}

/** A step by its actor and its place in that one's path. */
export interface Taken {
  readonly actor: number;
  readonly at: number;
}

/** What a witness has each of its actors do. */
export interface WitnessPaths {
  /** By actor, in the order of its program. */
  readonly paths: readonly (readonly PathStep[])[];
  /** All steps in the order in which they were taken. */
  readonly order: readonly Taken[];
  /** What the world held before the first step. */
  readonly initial: Int32Array;
  /** What it holds in the end; undefined where a violation has ended the trial before. */
  readonly final: Int32Array | undefined;
  readonly end: ReplayEnd;
}

/** What is no access, and is left out. */
const ASIDE: ReadonlySet<number> = new Set([Kind.Done, Kind.Ghost]);

/**
 * Plays a witness, and puts down the paths of its actors up to where the trial is decided.
 * @throws {LitmusExportError} If it cannot be played.
 */
export function witnessPaths(options: Omit<ReplayOptions, 'onMove'>): WitnessPaths {
  let paths: PathStep[][] = [];
  let order: Taken[] = [];
  let initial: Int32Array | undefined;
  let final: Int32Array | undefined;
  const { end } = replaySchedule({
    ...options,
    onMove: ({ number, actor, step, result, isVisible, isDone, before, words }) => {
      if (number === 1) {
        paths = options.setting.actors.map(() => []);
        order = [];
        initial = before;
      }
      final = isDone ? words.slice() : undefined;
      const path = paths[actor];
      if (isVisible || path === undefined || ASIDE.has(step.kind)) return;
      order.push({ actor, at: path.length });
      path.push({ step, result });
    },
  });
  if (end.kind === 'impossible') throw new LitmusExportError(`step ${end.step} is impossible: ${end.reason}`);
  return { paths, order, initial: initial ?? new Int32Array(0), final, end };
}
