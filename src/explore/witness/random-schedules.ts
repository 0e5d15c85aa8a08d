import { Prng } from '../../stats/prng.ts';
import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';
import { Rounds } from './rounds.ts';
import { LIVELOCK, stuckAs } from '../machine/stuck.ts';
import type { Session } from '../search/session.ts';

/** Random schedulers, for what is too big to finish. */
export type Scheduler =
  /** Each next step is drawn among the actors that can go on. */
  | { readonly kind: 'uniform' }
  /**
   * Probabilistic concurrency testing (Burckhardt and others, ASPLOS 2010): actors have random priorities, the highest
   * that can go on runs, and at `depth - 1` random steps the running actor falls below all others. A violation that
   * `depth` ordering constraints suffice for is found with probability at least 1 / (n k^(depth - 1)) per schedule, with
   * n actors and k steps.
   */
  | { readonly kind: 'pct'; readonly depth: number };

/** What random schedules have found. */
export interface RandomFound {
  readonly schedules: number;
  readonly transitions: number;
  /** Most steps of one schedule: the k of PCT. */
  readonly stepsMax: number;
  /** Schedules by check number, `DEADLOCK` and `LIVELOCK` among them. */
  readonly violations: ReadonlyMap<number, number>;
  /** The first schedule for each check. */
  readonly witnesses: ReadonlyMap<number, readonly Move[]>;
  /** Schedules by outcome. */
  readonly outcomes: ReadonlyMap<number, number>;
  /** PCT's lower bound on the probability that one schedule finds a violation of that depth; undefined for others. */
  readonly detectionProbability: number | undefined;
}

/** How many schedules are played, and from which seed. */
export interface RandomOptions {
  readonly scheduler: Scheduler;
  readonly schedules: number;
  readonly seed: number;
  /** Asked now and then: whether somebody wants what is found until then. */
  readonly isInterrupted?: (() => boolean) | undefined;
}

/** More steps than a trial takes, unless somebody waits in a loop: from here on each next step is drawn among all, and rounds are looked for. */
const STEPS_LONG = 10_000;
/** A schedule that has neither ended by then nor gone round in full shows nothing. */
const STEPS_MAX = 100_000;

/** Schedules between two questions whether to go on. */
const ASK_EVERY = 16;

/** Plays random schedules. Equal seeds give equal schedules. */
export function playRandom(session: Session, options: RandomOptions): RandomFound {
  return session.attempt((machine) => {
    // The number of steps is part of PCT's recipe: a first schedule, not counted, measures it.
    const probe = new RandomPlay(
      machine,
      { ...options, schedules: 1, scheduler: { kind: 'uniform' } },
      1,
    ).run();
    return new RandomPlay(machine, options, probe.stepsMax).run();
  });
}

class RandomPlay {
  readonly #machine: Machine;
  readonly #options: RandomOptions;
  readonly #prng: Prng;
  readonly #violations = new Map<number, number>();
  readonly #witnesses = new Map<number, readonly Move[]>();
  readonly #outcomes = new Map<number, number>();
  readonly #priorities: number[];
  #changeAt: ReadonlySet<number> = new Set();
  #stepsMax: number;
  #transitions = 0;

  constructor(machine: Machine, options: RandomOptions, stepsMax: number) {
    this.#machine = machine;
    this.#options = options;
    this.#prng = new Prng(options.seed);
    this.#stepsMax = stepsMax;
    this.#priorities = Array.from({ length: machine.moverCount }, (_, actor) => actor);
  }

  run(): RandomFound {
    const { schedules, scheduler, isInterrupted } = this.#options;
    let played = 0;
    for (; played < schedules; played++) {
      if (played % ASK_EVERY === 1 && isInterrupted?.() === true) break;
      this.#play();
    }
    return {
      schedules: played,
      transitions: this.#transitions,
      stepsMax: this.#stepsMax,
      violations: this.#violations,
      witnesses: this.#witnesses,
      outcomes: this.#outcomes,
      detectionProbability:
        scheduler.kind === 'pct'
          ? 1 / (this.#machine.moverCount * this.#stepsMax ** (scheduler.depth - 1))
          : undefined,
    };
  }

  #play(): void {
    const machine = this.#machine;
    machine.reset();
    this.#begin();
    const moves: Move[] = [];
    let rounds: Rounds | undefined;
    for (;;) {
      if (moves.length >= STEPS_MAX) return;
      if (moves.length === STEPS_LONG) rounds = new Rounds(machine);
      const actor = this.#next(moves.length);
      if (actor < 0) break;
      const choices = machine.choices(actor);
      const choice = choices === 1 ? 0 : this.#prng.nextBelow(choices);
      moves.push({ actor, choice });
      this.#transitions++;
      const check = machine.take(actor, choice);
      if (check !== 0) return this.#violated(check, moves);
      rounds?.moved(actor);
      if (rounds?.last.isFair === true) return this.#violated(LIVELOCK, moves);
    }
    this.#stepsMax = Math.max(this.#stepsMax, moves.length);
    const check = machine.isDone() ? machine.brokenAtRest() : stuckAs(machine);
    if (check !== 0) return this.#violated(check, moves);
    add(this.#outcomes, machine.outcome());
  }

  #violated(check: number, moves: readonly Move[]): void {
    this.#stepsMax = Math.max(this.#stepsMax, moves.length);
    add(this.#violations, check);
    if (!this.#witnesses.has(check)) this.#witnesses.set(check, moves);
  }

  #begin(): void {
    const { scheduler } = this.#options;
    if (scheduler.kind !== 'pct') return;
    const ranks = this.#prng.shuffle(Array.from({ length: this.#machine.moverCount }, (_, rank) => rank));
    for (const [actor, rank] of ranks.entries()) this.#priorities[actor] = rank + scheduler.depth;
    const changes = new Set<number>();
    for (let change = 1; change < scheduler.depth; change++)
      changes.add(this.#prng.nextBelow(this.#stepsMax));
    this.#changeAt = changes;
  }

  /** The actor that moves next, or -1 if nobody can. */
  #next(step: number): number {
    const enabled = this.#enabled();
    if (enabled.length === 0) return -1;
    // Priorities would let an actor wait for ever for one below it.
    if (this.#options.scheduler.kind === 'uniform' || step >= STEPS_LONG)
      return enabled[this.#prng.nextBelow(enabled.length)] ?? -1;
    const first = this.#highest(enabled);
    if (!this.#changeAt.has(step)) return first;
    this.#priorities[first] = Math.min(...this.#priorities) - 1;
    return this.#highest(enabled);
  }

  #highest(actors: readonly number[]): number {
    let best = -1;
    for (const actor of actors) {
      if (best < 0 || (this.#priorities[actor] ?? 0) > (this.#priorities[best] ?? 0)) best = actor;
    }
    return best;
  }

  #enabled(): number[] {
    const enabled: number[] = [];
    for (let actor = 0; actor < this.#machine.moverCount; actor++) {
      if (this.#machine.isEnabled(actor)) enabled.push(actor);
    }
    return enabled;
  }
}

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
