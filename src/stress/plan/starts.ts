import { STARTS_MIN } from '../../stats/start-totals.ts';
import type { Budget } from './options.ts';
import type { ArmShare } from './arm-share.ts';

/**
 * How often a run starts its worker threads anew. What V8's JIT compiler makes of the same code differs from one start to
 * the next and is constant within one. Where the model plays the trials, `none` moved from 21k to 56k violations per million
 * between starts of one run, and within a start by 1 %; in code made of traces, from 13k to 18k in one placement of the cores.
 * So starts, not blocks, are what a rate rests on, and many short ones say more than few long ones.
 *
 * What one costs, on two processors with Node 20: 70 ms until new threads stand at the gate, and then, for each arm, what
 * 80 ms of trials would be worth, which V8's compiler threads take from the actors. The rate itself is far off
 * for 100 ms.
 */

/** Time between the last block of a start and the first of the next one, in ms. */
export const RESTART_MS = 75;
/** Length of the block in which an arm's code is compiled, in ms. */
export const WARM_UP_MS = 120;
/** The same in the first start, in which actors learn their programs for all others as well: see compiled-trials.ts. */
export const LEARN_MS = 400;
/** What a start costs, in ms. */
export interface StartTimes {
  readonly restartMs: number;
  readonly warmUpMs: number;
  readonly learnMs: number;
}

/** That of the two threads of one instance. */
export const START_TIMES: StartTimes = {
  restartMs: RESTART_MS,
  warmUpMs: WARM_UP_MS,
  learnMs: LEARN_MS,
};

/** Processor time that it takes to start a thread, and to put it on its processor. */
const PER_THREAD_MS = 60;
/** Time of one of V8's compiler threads that the code of an arm takes, for each thread of ours; V8 has four of those threads. */
const COMPILE_MS = 40;
const COMPILERS = 4;

/** What a start costs that has so many instances of so many actors. */
export function startTimesOf(
  { actors, instances }: { readonly actors: number; readonly instances: number },
  processors: number,
): StartTimes {
  if (instances === 1) return START_TIMES;
  const threads = actors * instances;
  const compilingMs = (threads * COMPILE_MS) / Math.min(COMPILERS, processors);
  return {
    restartMs: Math.max(RESTART_MS, (threads * PER_THREAD_MS) / processors),
    warmUpMs: Math.max(WARM_UP_MS, compilingMs),
    learnMs: Math.max(LEARN_MS, (LEARN_MS / WARM_UP_MS) * compilingMs),
  };
}

/** A start measures every arm for this share of its blocks' usual length at least: more starts say more than longer ones. */
const ROUND_SHARE_MIN = 0.4;
/** The same in a run with too few starts for them to be what its rates rest on. */
const ROUND_SHARE_OF_FEW = 0.85;
/** With so many, an interval is as narrow as the host lets it be. */
const STARTS_MAX = 32;
/** The same for a run that may end at any of them: the first so many are short, so that it can end early. */
const STARTS_MAX_UNDECIDED = 48;
/** As many as `--starts` can ask for: at 1.2 s each in a comparison of four arms a run of three hours. */
export const STARTS_ASKED_MAX = 10_000;

/** What the length of a start depends on. */
export interface StartShape {
  readonly shares: readonly ArmShare[];
  /** Mean length of a round without warm-up, in ms. */
  readonly roundMs: number;
  /** @default `START_TIMES` */
  readonly times?: StartTimes | undefined;
}

/** The length of the shortest start that measures this share of a round, in ms. */
function sliceMs({ shares, roundMs, times = START_TIMES }: StartShape, roundShare: number): number {
  return times.restartMs + shares.length * times.warmUpMs + roundShare * roundMs;
}

/**
 * Refuses more starts than fit into a run: each is to measure for a quarter of a round, or to make a trial.
 * @throws {RangeError} If there are more.
 */
export function checkStarts(starts: number, budget: Budget, shape: StartShape): void {
  const most =
    budget.kind === 'trials'
      ? budget.count
      : Math.max(1, Math.floor((budget.ms - moreMsOfFirst(shape)) / sliceMs(shape, 1 / 4)));
  if (starts > most) {
    throw new RangeError(`--starts: expected at most ${most} for a run of this length, got ${starts}`);
  }
}

/** How much longer the first start is than others. */
function moreMsOfFirst({ shares, times = START_TIMES }: StartShape): number {
  return shares.length * (times.learnMs - times.warmUpMs);
}

/**
 * The lengths of the starts of a run, in ms: equal ones but for the first, which is longer; where the run may end early,
 * short ones first and then equal ones for the rest of the time.
 */
export function startLengths(
  durationMs: number,
  {
    starts,
    mayEnd,
    ...shape
  }: StartShape & { readonly starts: number | undefined; readonly mayEnd: boolean },
): number[] {
  const moreMs = moreMsOfFirst(shape);
  const learning = (lengths: readonly number[]): number[] =>
    lengths.map((ms, start) => (start === 0 ? ms + moreMs : ms));
  const ms = durationMs - moreMs;
  if (starts !== undefined) return starts === 1 ? [durationMs] : learning(equal(ms, starts));
  const isMany = ms >= STARTS_MIN * sliceMs(shape, ROUND_SHARE_MIN);
  const shortMs = sliceMs(shape, isMany ? ROUND_SHARE_MIN : ROUND_SHARE_OF_FEW);
  const fitting = (of: number): number => Math.max(1, Math.floor(of / shortMs));
  if (fitting(ms) === 1) return [durationMs];
  const short = mayEnd ? Math.min(STARTS_MAX_UNDECIDED, fitting(ms)) : 0;
  const restMs = ms - short * shortMs;
  if (short > 0 && restMs < shortMs) return learning(equal(ms, short));
  return learning([
    ...equal(short * shortMs, short),
    ...equal(restMs, Math.min(STARTS_MAX, fitting(restMs))),
  ]);
}

function equal(ms: number, count: number): number[] {
  return Array.from({ length: count }, () => ms / count);
}
