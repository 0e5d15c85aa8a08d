import type { Machine } from './machine.ts';
import { countBits, onePerKind } from './ample.ts';
import type { Session } from './session.ts';
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
 * end as its successors have together. Partial-order reduction leaves orders out and is off. Like actors in the same
 * place have equally many ways, so that one is followed and counted for all of them.
 */
export function countPaths(session: Session, statesMax: number): PathCount | Uncounted {
  return session.attempt((machine) => new PathCounter(session, machine, statesMax).run());
}

class PathCounter {
  readonly #session: Session;
  readonly #machine: Machine;
  readonly #statesMax: number;
  readonly #index = new StateIndex();
  /** Ways to an end of each state; undefined while it is open. */
  readonly #ways: (bigint | undefined)[] = [];
  readonly #chance: number[] = [];

  constructor(session: Session, machine: Machine, statesMax: number) {
    this.#session = session;
    this.#machine = machine;
    this.#statesMax = statesMax;
  }

  run(): PathCount | Uncounted {
    const machine = this.#machine;
    const frames: Frame[] = [this.#open(this.#add())];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const option = frame.options[frame.next];
      if (option === undefined) {
        this.#ways[frame.state] = frame.ways;
        this.#chance[frame.state] = frame.chance;
        frames.pop();
        const parent = frames.at(-1);
        if (parent === undefined) break;
        machine.undo();
        credit(parent, parent.options[parent.next - 1], frame.ways, frame.chance);
        continue;
      }
      frame.next++;
      const check = machine.take(option.actor, option.choice);
      if (check !== 0) {
        credit(frame, option, 1n, 1);
        machine.undo();
        continue;
      }
      const known = this.#index.find(machine.low, machine.high);
      if (known < 0) {
        if (this.#ways.length >= this.#statesMax) return 'too many states';
        frames.push(this.#open(this.#add()));
        continue;
      }
      const ways = this.#ways[known];
      if (ways === undefined) return 'schedules without end';
      credit(frame, option, ways, this.#chance[known] ?? 0);
      machine.undo();
    }
    return {
      interleavings: String(this.#ways[0] ?? 0n),
      violationProbability: this.#chance[0] ?? 0,
      states: this.#ways.length,
    };
  }

  #add(): number {
    const { low, high } = this.#machine;
    this.#index.add(low, high);
    return this.#ways.push(undefined) - 1;
  }

  #open(state: number): Frame {
    const machine = this.#machine;
    let enabled = 0;
    for (let actor = 0; actor < machine.actorCount; actor++) {
      if (machine.isEnabled(actor)) enabled |= 1 << actor;
    }
    if (enabled === 0) {
      const isViolated = !machine.isDone() || machine.brokenAtRest() !== 0;
      return { state, options: [], next: 0, ways: 1n, chance: isViolated ? 1 : 0 };
    }
    const kept = this.#session.reductions.symmetry ? onePerKind(machine, enabled) : enabled;
    const count = countBits(enabled);
    const options: Option[] = [];
    for (let rest = kept; rest !== 0; rest &= rest - 1) {
      const actor = 31 - Math.clz32(rest & -rest);
      const alike = 1 + (kept === enabled ? 0 : this.#likeCount(actor, enabled & ~kept));
      const choices = machine.choices(actor);
      for (let choice = 0; choice < choices; choice++) {
        options.push({ actor, choice, alike, share: alike / (count * choices) });
      }
    }
    return { state, options, next: 0, ways: 0n, chance: 0 };
  }

  #likeCount(actor: number, others: number): number {
    let count = 0;
    for (let rest = others; rest !== 0; rest &= rest - 1) {
      if (this.#machine.areAlike(actor, 31 - Math.clz32(rest & -rest))) count++;
    }
    return count;
  }
}

interface Option {
  readonly actor: number;
  readonly choice: number;
  /** Actors that this one stands for. */
  readonly alike: number;
  /** Probability of this option. */
  readonly share: number;
}

interface Frame {
  readonly state: number;
  readonly options: readonly Option[];
  next: number;
  ways: bigint;
  chance: number;
}

function credit(frame: Frame, option: Option | undefined, ways: bigint, chance: number): void {
  if (option === undefined) return;
  frame.ways += option.alike === 1 ? ways : BigInt(option.alike) * ways;
  frame.chance += option.share * chance;
}
