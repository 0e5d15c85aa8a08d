import type { Machine } from '../machine/machine.ts';
import { countBits, onePerKind } from '../reduce/ample.ts';
import { judgesItself } from '../../scenario/judge.ts';
import { Naturals } from './naturals.ts';
import type { Session } from '../search/session.ts';
import { StateIndex } from './state-index.ts';

/** What can be said about all schedules together. */
export interface PathCount {
  /** Schedules from the start to an end, each different in at least one step: a decimal string. */
  readonly interleavings: string;
  /**
   * Probability of a violation if each next step is drawn among the actors that can go on, all equally likely (and so
   * are the ways of a step that has several).
   */
  readonly violationProbability: number;
  /** States of the full graph, without partial-order reduction. */
  readonly states: number;
}

/** Why the schedules were not counted. */
export type Uncounted = 'too many states' | 'schedules without end';

/**
 * Counts schedules by one pass over the graph of all states, children before parents: a state has as many ways to an
 * end as its successors have together. How a schedule without a violation ends does not matter. Partial-order reduction
 * leaves orders out and is off. Like actors in the same place have equally many ways, so that one is followed and counted
 * for all of them.
 */
export function countPaths(session: Session, statesMax: number): PathCount | Uncounted {
  return session.attempt((machine) => new PathCounter(session, machine, statesMax).run(), {
    // Nor do notes matter, unless an outcome violates.
    ignoresNotes: !judgesItself(session.setting.scenario),
  });
}

/** Room for states at first: memory that is not used costs nothing. */
const STATES_FIRST = 1 << 16;

class PathCounter {
  readonly #machine: Machine;
  readonly #symmetry: boolean;
  readonly #statesMax: number;
  readonly #index = new StateIndex();
  /** Per state: the ways to an end and the probability of a violation, as far as they are known; and whether that is all. */
  readonly #ways = new Naturals();
  #chance: Float64Array = new Float64Array(STATES_FIRST);
  #isClosed: Uint8Array = new Uint8Array(STATES_FIRST);
  /** Per frame: its state, the actors that can go on, those still to be tried, and the choice of the first of these. */
  readonly #state: number[] = [];
  readonly #enabled: number[] = [];
  readonly #todo: number[] = [];
  readonly #choice: number[] = [];
  /** Per frame: how many actors the one stands for that was taken last, and its probability. */
  readonly #alike: number[] = [];
  readonly #share: number[] = [];

  constructor(session: Session, machine: Machine, statesMax: number) {
    this.#symmetry = session.reductions.symmetry;
    this.#machine = machine;
    this.#statesMax = statesMax;
  }

  run(): PathCount | Uncounted {
    const machine = this.#machine;
    let depth = 0;
    this.#index.find(machine.low, machine.high);
    this.#open(depth);
    for (;;) {
      if (this.#todo[depth] === 0) {
        const state = this.#state[depth] as number;
        this.#isClosed[state] = 1;
        if (depth === 0) break;
        depth--;
        machine.undo();
        this.#credit(depth, state);
        continue;
      }
      if (this.#take(depth) !== 0) {
        this.#creditViolation(depth);
        machine.undo();
        continue;
      }
      const known = this.#index.find(machine.low, machine.high);
      if (known < 0) {
        if (this.#index.size >= this.#statesMax) return 'too many states';
        depth++;
        this.#open(depth);
        continue;
      }
      if (this.#isClosed[known] === 0) return 'schedules without end';
      this.#credit(depth, known);
      machine.undo();
    }
    return {
      interleavings: this.#ways.text(0),
      violationProbability: this.#chance[0] ?? 0,
      states: this.#index.size,
    };
  }

  /** Opens the frame of a new state, which was just looked for. */
  #open(depth: number): void {
    const machine = this.#machine;
    const state = this.#index.add(machine.low, machine.high);
    if (state === this.#chance.length) this.#reserve();
    this.#state[depth] = state;
    let enabled = 0;
    for (let actor = 0; actor < machine.moverCount; actor++) {
      if (machine.isEnabled(actor)) enabled |= 1 << actor;
    }
    const isEnd = enabled === 0;
    this.#enabled[depth] = enabled;
    this.#todo[depth] = this.#symmetry ? onePerKind(machine, enabled) : enabled;
    this.#choice[depth] = 0;
    if (isEnd && (!machine.isDone() || machine.brokenAtRest() !== 0)) this.#chance[state] = 1;
    if (isEnd) this.#ways.add(state, 1);
  }

  #reserve(): void {
    const states = 2 * this.#chance.length;
    const chance = new Float64Array(states);
    chance.set(this.#chance);
    this.#chance = chance;
    const isClosed = new Uint8Array(states);
    isClosed.set(this.#isClosed);
    this.#isClosed = isClosed;
  }

  /** Takes the next step of a frame. Returns the check that it violates, or 0. */
  #take(depth: number): number {
    const machine = this.#machine;
    const todo = this.#todo[depth] as number;
    const enabled = this.#enabled[depth] as number;
    const choice = this.#choice[depth] as number;
    const actor = 31 - Math.clz32(todo & -todo);
    const choices = machine.choices(actor);
    const alike = this.#symmetry ? this.#likeCount(actor, enabled) : 1;
    this.#alike[depth] = alike;
    this.#share[depth] = alike / (countBits(enabled) * choices);
    const isLast = choice + 1 >= choices;
    this.#choice[depth] = isLast ? 0 : choice + 1;
    if (isLast) this.#todo[depth] = todo & (todo - 1);
    return machine.take(actor, choice);
  }

  #likeCount(actor: number, enabled: number): number {
    let count = 0;
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      if (this.#machine.areAlike(actor, 31 - Math.clz32(rest & -rest))) count++;
    }
    return count;
  }

  /** Counts what comes of the step that was taken last, which has led to `next`. */
  #credit(depth: number, next: number): void {
    this.#ways.addTimes(this.#state[depth] as number, this.#alike[depth] as number, next);
    this.#addChance(depth, this.#chance[next] as number);
  }

  /** Counts the step that was taken last, which has violated something. */
  #creditViolation(depth: number): void {
    this.#ways.add(this.#state[depth] as number, this.#alike[depth] as number);
    this.#addChance(depth, 1);
  }

  #addChance(depth: number, chance: number): void {
    const state = this.#state[depth] as number;
    this.#chance[state] = (this.#chance[state] as number) + (this.#share[depth] as number) * chance;
  }
}
