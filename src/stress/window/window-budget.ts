import type { Budget } from '../plan/options.ts';
import { VISIT_TRIALS } from './window-visit.ts';

/**
 * How often the threads are started anew. What the JIT compiler makes of the same code differs from one start to the next
 * and moves a whole curve, so that sweeps of one start agree better with each other than with those of the next run.
 */
export const STARTS = 6;

/** Divides what a profile may take among the starts of the threads. */
export class WindowBudget {
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Whether the start of that number has another sweep to make, after `made` of its own; the last one took `sweepMs`. */
  hasSweep(
    start: number,
    made: number,
    now: { readonly elapsedMs: number; readonly sweepMs: number },
  ): boolean {
    if (this.#budget.kind === 'trials') return made < sweepsOf(this.#budget.count, start);
    const endsAtMs = (this.#budget.ms * (start + 1)) / STARTS;
    return made === 0 || now.elapsedMs + now.sweepMs / 2 < endsAtMs;
  }

  /** Whether there is a start of that number. */
  hasStart(start: number): boolean {
    const { kind } = this.#budget;
    return start < (kind === 'duration' ? STARTS : startCount(sweepCount(this.#budget.count)));
  }

  /** Trials of each visit of a sweep, the one after `made` of that start. */
  trialsOf(start: number, made: number): number {
    if (this.#budget.kind === 'duration') return VISIT_TRIALS;
    const { count } = this.#budget;
    const sweeps = sweepCount(count);
    const sweep = sweepsBefore(count, start) + made;
    return Math.floor(((sweep + 1) * count) / sweeps) - Math.floor((sweep * count) / sweeps);
  }

  /** How much of it is over after `made` sweeps of that start, from 0 to 1. */
  fraction({
    start,
    made,
    elapsedMs,
  }: {
    readonly start: number;
    readonly made: number;
    readonly elapsedMs: number;
  }): number {
    if (this.#budget.kind === 'duration') return Math.min(1, elapsedMs / this.#budget.ms);
    const { count } = this.#budget;
    return Math.min(1, (sweepsBefore(count, start) + made) / sweepCount(count));
  }
}

function sweepCount(trials: number): number {
  return Math.ceil(trials / VISIT_TRIALS);
}

function startCount(sweeps: number): number {
  return Math.min(STARTS, sweeps);
}

/** Sweeps of the start of that number, so that all starts together make them all. */
function sweepsOf(trials: number, start: number): number {
  return sweepsBefore(trials, start + 1) - sweepsBefore(trials, start);
}

function sweepsBefore(trials: number, start: number): number {
  const sweeps = sweepCount(trials);
  return Math.floor((start * sweeps) / startCount(sweeps));
}
