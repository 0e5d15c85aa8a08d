import {
  ACTOR_SPIN,
  ACTOR_TRIALS,
  actorLine,
  BLOCK_ROUND_TRIP,
  BLOCK_TRIALS,
  GATE_OFFSET,
  GATE_TOUCHER,
} from '../../memory/control.ts';
import type { Arena } from '../../memory/arena.ts';
import type { Rendezvous } from '../../memory/rendezvous.ts';
import type { Setting } from '../../scenario/setting.ts';
import type { Spin } from './spin.ts';
import type { TrialRunner } from './trial-runner.ts';

/**
 * Trials between two collections. Their worlds, of about half a KiB each, stay in the first-level cache of the actor that
 * brought them into the start state.
 */
export const BATCH = 32;
/** Rounds that every actor spins at least, so that all of them leave a loop on their way into a trial. */
const ROUNDS_MIN = 16;

/** What launched trials need of their actor. */
export interface LaunchedTrialsParts {
  readonly words: Int32Array;
  readonly arena: Arena;
  readonly setting: Setting;
  readonly actor: number;
  readonly runner: TrialRunner;
  readonly rendezvous: Rendezvous;
  readonly spin: Spin;
}

/**
 * Trials with a rendezvous each, in which the actors of the first role start at an offset from the others. The zero of
 * the offset is where actor 0 has let the others go and they are taken to have seen it: half a round trip later, by the
 * round trip of this block. Where between nothing and a whole one it truly is, nobody can tell without a common clock.
 *
 * Between batches one actor, the last toucher, brings all worlds into the start state: their lines are in its cache.
 */
export class LaunchedTrials {
  readonly #parts: LaunchedTrialsParts;
  readonly #line: number;
  readonly #isShifted: boolean;

  constructor(parts: LaunchedTrialsParts) {
    this.#parts = parts;
    this.#line = actorLine(parts.arena.actorBase, parts.actor);
    this.#isShifted = shiftedActors(parts.setting)[parts.actor] ?? false;
  }

  /** Runs the trials of a block. */
  run(): void {
    const { words, actor, runner, rendezvous, spin } = this.#parts;
    const rounds = this.#rounds();
    const trialsMax = words[BLOCK_TRIALS] ?? 0;
    const isToucher = words[GATE_TOUCHER] === actor;
    let trials = 0;
    let stride = 2;
    // The first block of an arm finds the worlds in the start state, but nobody in particular has touched them last.
    if (isToucher) runner.resetAll(0, BATCH);
    for (let goesOn = true; goesOn;) {
      const count = trialsMax === 0 ? BATCH : Math.min(BATCH, trialsMax - trials);
      for (let world = 0; world < count; world++) {
        rendezvous.release(stride++);
        spin.wait(rounds);
        runner.run(world, 1);
      }
      trials += count;
      rendezvous.meet(stride++, false);
      runner.collect(0, count);
      words[this.#line + ACTOR_TRIALS] = trials;
      rendezvous.meet(stride++, false);
      if (isToucher) runner.resetAll(0, count);
      goesOn = rendezvous.meet(stride++, trials === trialsMax);
    }
  }

  /** How many rounds this actor waits after it has been let go. */
  #rounds(): number {
    const { words, actor, spin } = this.#parts;
    const nsPerRound = spin.measure();
    words[this.#line + ACTOR_SPIN] = Math.round(nsPerRound * 1000);
    const offset = (words[GATE_OFFSET] ?? 0) / 10;
    const own = this.#isShifted ? Math.max(0, offset) : Math.max(0, -offset);
    const lead = actor === 0 ? (words[BLOCK_ROUND_TRIP] ?? 0) / 20 : 0;
    return ROUNDS_MIN + Math.round((own + lead) / nsPerRound);
  }
}

/** By actor, whether a positive offset delays it: those of the first role, or only the first actor if there is one role. */
export function shiftedActors({ actors }: Setting): boolean[] {
  const first = actors[0]?.role;
  const isOnly = actors.every(({ role }) => role === first);
  return actors.map(({ role }, index) => (isOnly ? index === 0 : role === first));
}

/** Actors that are worth a try as the last toucher: the first of each role, or the first two where all have the same. */
export function lastTouchers({ actors }: Setting): number[] {
  const firsts = actors.flatMap(({ ordinal }, actor) => (ordinal === 0 ? [actor] : []));
  return firsts.length === 1 ? [0, 1] : firsts;
}
