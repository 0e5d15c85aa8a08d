import {
  ACTOR_SPIN,
  ACTOR_TRIALS,
  actorLine,
  BLOCK_TRIALS,
  GATE_JITTER,
  GATE_OFFSET,
  GATE_SPACING,
  GATE_STRIDE,
  GATE_TOUCHER,
  GATE_WORLDS,
} from '../../memory/control.ts';
import { type LaunchedTrialsParts, shiftedActors } from './launched-trials.ts';

/** Twice the largest step of a 32-bit number: makes a uniform share of it. */
const UNIFORM = 2 ** -32;

/**
 * Strides whose actors start at an offset from each other, by a wait in front of each stride. One actor, the last toucher,
 * judges the trials of the stride before and brings its worlds back while the others are on their way to the rendezvous: their
 * lines are in its cache, and it is always the last to arrive, so that the actors leave the rendezvous at a steady
 * distance. With strides of one trial this costs one rendezvous per trial, less than half of what a `LaunchedTrials` costs
 * where the round trip is long. The zero of the offset is where the actors leave the rendezvous: it is no common
 * instant, and no scale for the width of a window.
 */
export class ShiftedStrides {
  readonly #parts: LaunchedTrialsParts;
  readonly #line: number;
  readonly #isShifted: boolean;

  constructor(parts: LaunchedTrialsParts) {
    this.#parts = parts;
    this.#line = actorLine(parts.arena.actorBase, parts.actor);
    this.#isShifted = shiftedActors(parts.setting)[parts.actor] ?? false;
  }

  /** Runs the strides of a block; its jitter follows `seed`. */
  run(seed: number): void {
    const { words, actor, runner, rendezvous, spin } = this.#parts;
    const nsPerRound = spin.measure();
    words[this.#line + ACTOR_SPIN] = Math.round(nsPerRound * 1000);
    const offset = (words[GATE_OFFSET] ?? 0) / 10;
    const rounds = Math.round(Math.max(0, this.#isShifted ? offset : -offset) / nsPerRound);
    const more = this.#isShifted ? ((words[GATE_JITTER] ?? 0) / 10 / nsPerRound) * UNIFORM : 0;
    const length = words[GATE_STRIDE] ?? 1;
    const spacing = words[GATE_SPACING] ?? length;
    const banks = Math.floor((words[GATE_WORLDS] ?? 0) / spacing);
    const trialsMax = words[BLOCK_TRIALS] ?? 0;
    const isToucher = words[GATE_TOUCHER] === actor;
    let random = seed | 1;
    let trials = 0;
    let previous = 0;
    let previousCount = 0;
    for (let stride = 2, goesOn = true; goesOn; stride++) {
      const first = (stride % banks) * spacing;
      const count = trialsMax === 0 ? length : Math.min(length, trialsMax - trials);
      // Marsaglia's xorshift (Journal of Statistical Software 8, 2003): a stall of some cycles, the same for every actor.
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      spin.wait(rounds + Math.floor(more * (random >>> 0)));
      runner.run(first, count);
      if (isToucher) {
        runner.collectAll(previous, previousCount);
        runner.resetAll(previous, previousCount);
      }
      trials += count;
      words[this.#line + ACTOR_TRIALS] = trials;
      previous = first;
      previousCount = count;
      goesOn = rendezvous.meet(stride, trials === trialsMax);
    }
    if (isToucher) {
      runner.collectAll(previous, previousCount);
      runner.resetAll(previous, previousCount);
    }
  }
}
