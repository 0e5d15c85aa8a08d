import { countBits, onePerKind } from '../reduce/ample.ts';
import type { FairCycles } from './fair-cycles.ts';
import type { Machine } from '../machine/machine.ts';
import { packMove, playMove } from '../machine/packed-move.ts';
import { LIVELOCK, stuckAs } from '../machine/stuck.ts';

/** The states that were seen, by their hashes. */
export interface Visited {
  /** Adds a hash. Returns false if it was there. */
  readonly add: (low: number, high: number) => boolean;
}

/** What a search is made from. */
export interface DepthFirstParts {
  readonly machine: Machine;
  readonly visited: Visited;
  /** Partial-order reduction: of the movers that can go on, the one that is tried alone, as a bit, or 0. Undefined for none. */
  readonly alone: ((enabled: number) => number) | undefined;
  /** Whether the state that was just reached need not be kept: only one thing is tried in it, which nobody notices. @default never */
  readonly isPassed?: (() => boolean) | undefined;
  readonly symmetry: boolean;
  readonly cycles: FairCycles;
  /** Exact limits. @default Infinity */
  readonly stepsMax?: number;
  readonly statesMax?: number;
  /** Asked every `POLL_EVERY` transitions: whether to stop. */
  readonly poll: () => boolean;
  /** Called when a step has led to something that the automata did not know. */
  readonly onGrowth: () => void;
}

/** A part of a search: the branches of one state that are still to be tried. */
export interface Branches {
  /** The packed moves that lead to the state: the first `length` of them. */
  readonly moves: Int32Array;
  readonly length: number;
  /** Actors to be tried, and the choice of the first of them; no actors mean the start state as a whole. */
  readonly todo: number;
  readonly choice: number;
  /** What was left out for the one actor that is taken alone. */
  readonly spared: number;
  /** The part of the whole search that this is, as an estimate. */
  readonly weight: number;
}

/** A search that was stopped: what is open, per frame, and the packed moves from each frame to the next. */
export interface OpenSearch {
  readonly moves: Int32Array;
  readonly todo: Int32Array;
  readonly choice: Int32Array;
  readonly spared: Int32Array;
  readonly width: Int32Array;
}

/** The whole search. */
export const EVERYTHING: Branches = {
  moves: new Int32Array(0),
  length: 0,
  todo: 0,
  choice: 0,
  spared: 0,
  weight: 1,
};

/** In place of a move: none was tried. */
const UNTRIED = -1;

/** Transitions between two looks at the world outside. */
export const POLL_EVERY: number = 1 << 10;

/**
 * Every state that the actors can reach, each visited once, depth first. Nothing is recursive: the machine takes steps
 * back, and a frame is one mask of the actors still to be tried. A frame can be given away, so that another search with
 * the same visited states does what is left of it.
 */
export class DepthFirst {
  states = 0;
  transitions = 0;
  depthMax = 0;
  /** Check numbers, `DEADLOCK` and `LIVELOCK` among them. */
  readonly violations: Set<number> = new Set();
  /** Indices of outcomes. */
  readonly outcomes: Set<number> = new Set();
  /** Of a litmus test. */
  readonly finalStates: Set<string> = new Set();
  /** The packed moves to where the search stands: the first `length` of them. */
  moves: Int32Array = new Int32Array(1024);
  /** Whether a limit or the poll has stopped it, and which of the limits. */
  stoppedBy: 'steps' | 'states' | 'poll' | undefined;
  readonly #parts: DepthFirstParts;
  readonly #machine: Machine;
  readonly #alone: DepthFirstParts['alone'];
  readonly #symmetry: boolean;
  /** Depth of the first frame, and of the one that is open. */
  #base = 0;
  #depth = 0;
  #weight = 0;
  /** Estimated parts of the whole that are done, and that were given away since the last start. */
  #done = 0;
  #given = 0;
  /** Per frame: the actors still to be tried, the choice of the first of them, what was left out for the one alone. */
  #todo: Int32Array = new Int32Array(1024);
  #choice: Int32Array = new Int32Array(1024);
  #spared: Int32Array = new Int32Array(1024);
  /** Per frame: how many branches it had, for the estimate of what is done. */
  #width: Int32Array = new Int32Array(1024);

  constructor(parts: DepthFirstParts) {
    this.#parts = parts;
    this.#machine = parts.machine;
    this.#alone = parts.alone;
    this.#symmetry = parts.symmetry;
  }

  /** Moves of the way to where the search stands, with the one that was tried there last, if there was any. */
  get length(): number {
    return this.moves[this.#depth] === UNTRIED ? this.#depth : this.#depth + 1;
  }

  /** Searches these branches, from the start state of the machine. Returns false if it was stopped. */
  run(branches: Branches): boolean {
    this.#begin(branches);
    return this.#finish();
  }

  /** What is left of the whole search that this one was stopped in. */
  get open(): OpenSearch {
    const count = this.#depth + 1;
    return {
      moves: this.moves.slice(0, count),
      todo: this.#todo.slice(0, count),
      choice: this.#choice.slice(0, count),
      spared: this.#spared.slice(0, count),
      width: this.#width.slice(0, count),
    };
  }

  /** Goes on where another search was stopped, with what that one has visited. Returns false if it was stopped again. */
  goOn({ moves, todo, choice, spared, width }: OpenSearch): boolean {
    const length = todo.length - 1;
    this.#begin({ ...EVERYTHING, moves, length, todo: todo[length] as number });
    this.#base = 0;
    this.#todo.set(todo);
    this.#choice.set(choice);
    this.#spared.set(spared);
    this.#width.set(width);
    return this.#finish();
  }

  /** Of the whole search, an estimate of the part that is done. */
  get done(): number {
    return this.#done;
  }

  /** Gives away the branches of the first frame that has any to spare, up to a depth, or undefined. */
  give(depthMax: number): Branches | undefined {
    let weight = this.#weight;
    for (let depth = this.#base; depth <= Math.min(this.#depth, depthMax); depth++) {
      const todo = this.#todo[depth] as number;
      const width = this.#width[depth] as number;
      // Of the frame that is open, one branch at least is kept.
      const given = depth < this.#depth ? todo : todo & (todo - 1);
      if (given !== 0) {
        const isWhole = given === todo;
        this.#todo[depth] = todo & ~given;
        const part = (weight * countBits(given)) / width;
        this.#given += part;
        return {
          moves: this.moves,
          length: depth,
          todo: given,
          choice: isWhole ? (this.#choice[depth] as number) : 0,
          spared: this.#spared[depth] as number,
          weight: part,
        };
      }
      weight /= Math.max(width, 1);
    }
    return undefined;
  }

  #begin({ moves, length, todo, choice, spared, weight }: Branches): void {
    const machine = this.#machine;
    machine.reset();
    this.#base = length;
    this.#weight = weight;
    this.#given = 0;
    while (length >= this.#todo.length) this.#deepen();
    // One after the other, since a step may lead to something unknown, and the way there is asked for.
    for (let step = 0; step < length; step++) {
      const move = moves[step] as number;
      this.#depth = step;
      this.moves[step] = move;
      playMove(machine, move);
    }
    this.#depth = length;
    this.moves[length] = UNTRIED;
    if (todo === 0) {
      if (machine.initialOops !== 0) this.violations.add(machine.initialOops);
      this.#parts.visited.add(machine.low, machine.high);
      this.states++;
      this.#enter();
      return;
    }
    this.#todo[length] = todo;
    this.#choice[length] = choice;
    this.#spared[length] = spared;
    this.#width[length] = countBits(todo);
  }

  #finish(): boolean {
    const isDone = this.#search();
    this.#done += this.#weight * this.#share() - this.#given;
    return isDone;
  }

  #search(): boolean {
    const machine = this.#machine;
    const { automata } = machine;
    const { visited, stepsMax = Infinity, statesMax = Infinity, onGrowth, cycles, isPassed } = this.#parts;
    let { edgeCount } = automata;
    for (;;) {
      if (this.#todo[this.#depth] === 0) {
        if (this.#depth === this.#base) return true;
        this.#depth--;
        machine.undo();
        continue;
      }
      if (this.transitions % POLL_EVERY === 0 && this.#parts.poll()) this.stoppedBy = 'poll';
      else if (this.transitions >= stepsMax) this.stoppedBy = 'steps';
      else if (this.states >= statesMax) this.stoppedBy = 'states';
      if (this.stoppedBy !== undefined) return false;
      // Not before the poll, which may have given some of them away.
      const todo = this.#todo[this.#depth] as number;
      const actor = 31 - Math.clz32(todo & -todo);
      const choice = this.#choice[this.#depth] as number;
      if (choice + 1 < machine.choices(actor)) {
        this.#choice[this.#depth] = choice + 1;
      } else {
        this.#choice[this.#depth] = 0;
        this.#todo[this.#depth] = todo & (todo - 1);
      }
      this.transitions++;
      this.moves[this.#depth] = packMove(actor, choice);
      const from = machine.nodes[actor] as number;
      const check = machine.take(actor, choice);
      if (automata.edgeCount !== edgeCount) {
        ({ edgeCount } = automata);
        onGrowth();
      }
      if (check !== 0) {
        this.violations.add(check);
        machine.undo();
        // Alone it would hide what the others violate before it.
        this.#todo[this.#depth] = (this.#todo[this.#depth] as number) | (this.#spared[this.#depth] as number);
        this.#spared[this.#depth] = 0;
        continue;
      }
      if (cycles.mayClose(from, actor) && cycles.isCaught(actor)) this.violations.add(LIVELOCK);
      const isKept = isPassed === undefined || !isPassed();
      if (isKept && !visited.add(machine.low, machine.high)) {
        machine.undo();
        continue;
      }
      this.#depth++;
      if (isKept) this.states++;
      this.#enter();
    }
  }

  /** Opens the frame of a new state. */
  #enter(): void {
    const machine = this.#machine;
    const depth = this.#depth;
    if (depth >= this.#todo.length) this.#deepen();
    if (depth > this.depthMax) this.depthMax = depth;
    this.moves[depth] = UNTRIED;
    let enabled = 0;
    for (let actor = 0; actor < machine.moverCount; actor++) {
      if (machine.isEnabled(actor)) enabled |= 1 << actor;
    }
    this.#choice[depth] = 0;
    this.#spared[depth] = 0;
    if (enabled === 0) {
      this.#judge();
      this.#todo[depth] = 0;
      this.#width[depth] = 0;
      return;
    }
    if (this.#symmetry) enabled = onePerKind(machine, enabled);
    const alone = this.#alone?.(enabled) ?? 0;
    if (alone !== 0) {
      this.#spared[depth] = enabled & ~alone;
      enabled = alone;
    }
    this.#todo[depth] = enabled;
    this.#width[depth] = countBits(enabled);
  }

  #judge(): void {
    const machine = this.#machine;
    if (!machine.isDone()) {
      this.violations.add(stuckAs(machine));
      return;
    }
    const finalState = machine.finalState();
    if (finalState !== undefined) this.finalStates.add(finalState);
    const check = machine.brokenAtRest();
    if (check === 0) this.outcomes.add(machine.outcome());
    else this.violations.add(check);
  }

  /**
   * The share of the branches that lies behind: every branch of a frame counts the same part of its parent's, as if all
   * subtrees were alike (Knuth's estimate along the one path that is open). Rough, since what is searched later has
   * often been seen before.
   */
  #share(): number {
    if (this.stoppedBy === undefined) return 1;
    let share = 0;
    let part = 1;
    for (let depth = this.#base; depth <= this.#depth; depth++) {
      const width = this.#width[depth] as number;
      if (width === 0) break;
      const left = countBits(this.#todo[depth] as number);
      const isOpen = depth < this.#depth ? 1 : 0;
      share += (part * (width - left - isOpen)) / width;
      part /= width;
    }
    return share;
  }

  #deepen(): void {
    this.#todo = doubled(this.#todo);
    this.#choice = doubled(this.#choice);
    this.#spared = doubled(this.#spared);
    this.#width = doubled(this.#width);
    this.moves = doubled(this.moves);
  }
}

function doubled(table: Int32Array): Int32Array {
  const larger = new Int32Array(table.length * 2);
  larger.set(table);
  return larger;
}
