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
  #sweeps = 0;

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

  /** Trials of each visit of the next sweep. */
  nextTrials(): number {
    const sweep = this.#sweeps++;
    if (this.#budget.kind === 'duration') return VISIT_TRIALS;
    const { count } = this.#budget;
    const sweeps = sweepCount(count);
    return Math.floor(((sweep + 1) * count) / sweeps) - Math.floor((sweep * count) / sweeps);
  }

  /** How much of it is over, from 0 to 1. */
  fraction(elapsedMs: number): number {
    const { kind } = this.#budget;
    const part =
      kind === 'duration' ? elapsedMs / this.#budget.ms : this.#sweeps / sweepCount(this.#budget.count);
    return Math.min(1, part);
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
  const sweeps = sweepCount(trials);
  const starts = startCount(sweeps);
  return Math.floor(((start + 1) * sweeps) / starts) - Math.floor((start * sweeps) / starts);
}
