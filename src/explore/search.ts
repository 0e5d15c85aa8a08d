import { aloneOf, countBits, onePerKind } from './ample.ts';
import type { Independence } from './independence.ts';
import type { Machine } from './machine.ts';
import { packMove } from './rehearsal.ts';
import { type Session, StaleFutures } from './session.ts';
import { VisitedSet } from './visited-set.ts';

/** When a search is to end although it is not complete. */
export interface SearchLimits {
  /** Transitions. */
  readonly stepsMax: number;
  readonly statesMax: number;
  /** Time on the injected clock. */
  readonly timeMaxMs: number;
}

/** What a search has found. */
export interface SearchFound {
  readonly isComplete: boolean;
  /** Which limit ended it. */
  readonly endedBy: 'steps' | 'states' | 'time' | undefined;
  readonly states: number;
  readonly transitions: number;
  readonly depthMax: number;
  /** Check numbers; `DEADLOCK` if some state has no way on. */
  readonly violations: ReadonlySet<number>;
  /** Indices of outcomes. */
  readonly outcomes: ReadonlySet<number>;
  /** Of what had to be searched, an estimate of the part that was: 1 if complete. */
  readonly share: number;
}

/** Stands among check numbers for a state in which everyone waits for somebody else. */
export const DEADLOCK = -1;

/** Transitions between two looks at the clock. */
const CLOCK_EVERY = 1 << 14;
/** States before it is worth finding out whether the search still stands. */
const REFRESH_FIRST = 1 << 12;

/**
 * Every state that the actors can reach, each visited once, depth first. Nothing is recursive: the machine takes steps
 * back, and a frame is one mask of the actors still to be tried.
 */
export function searchAll(session: Session, limits: SearchLimits, clock: () => number): SearchFound {
  session.rehearse();
  return session.attempt((machine) => {
    const search = new Search(session, machine, limits, clock);
    try {
      return search.run();
    } catch (error) {
      search.learn();
      throw error;
    }
  });
}

class Search {
  readonly #session: Session;
  readonly #machine: Machine;
  readonly #independence: Independence | undefined;
  readonly #limits: SearchLimits;
  readonly #clock: () => number;
  readonly #visited = new VisitedSet();
  readonly #violations = new Set<number>();
  readonly #outcomes = new Set<number>();
  #depth = 0;
  /** Edges of the automata at the last look. */
  #edges: number;
  #depthMax = 0;
  #states = 0;
  #transitions = 0;
  /** Per frame: the actors still to be tried, the choice of the first of them, what was left out for the one alone. */
  #todo: Int32Array = new Int32Array(1024);
  #choice: Int32Array = new Int32Array(1024);
  #spared: Int32Array = new Int32Array(1024);
  /** Per frame: the move that was taken last, packed. */
  #move: Int32Array = new Int32Array(1024);
  /** Per frame: how many branches it had, for the estimate of the share. */
  #width: Int32Array = new Int32Array(1024);

  constructor(session: Session, machine: Machine, limits: SearchLimits, clock: () => number) {
    this.#session = session;
    this.#machine = machine;
    this.#limits = limits;
    this.#clock = clock;
    this.#edges = machine.automata.edgeCount;
    this.#independence = session.reductions.partialOrder ? session.futures.upToDate() : undefined;
  }

  run(): SearchFound {
    const machine = this.#machine;
    const { automata } = machine;
    const visited = this.#visited;
    const startedAt = this.#clock();
    if (machine.initialOops !== 0) this.#violations.add(machine.initialOops);
    visited.add(machine.low, machine.high);
    this.#enter();
    const { stepsMax, statesMax, timeMaxMs } = this.#limits;
    let refreshAt = REFRESH_FIRST;
    let endedBy: SearchFound['endedBy'];
    for (;;) {
      const todo = this.#todo[this.#depth] as number;
      if (todo === 0) {
        if (this.#depth === 0) break;
        this.#depth--;
        machine.undo();
        continue;
      }
      if (this.#transitions >= stepsMax) endedBy = 'steps';
      else if (this.#states >= statesMax) endedBy = 'states';
      else if (this.#transitions % CLOCK_EVERY === 0 && this.#clock() - startedAt >= timeMaxMs)
        endedBy = 'time';
      if (endedBy !== undefined) break;
      if (this.#states >= refreshAt) {
        this.#verify();
        refreshAt *= 2;
      }
      const actor = 31 - Math.clz32(todo & -todo);
      const choice = this.#choice[this.#depth] as number;
      if (choice + 1 < machine.choices(actor)) {
        this.#choice[this.#depth] = choice + 1;
      } else {
        this.#choice[this.#depth] = 0;
        this.#todo[this.#depth] = todo & (todo - 1);
      }
      this.#transitions++;
      this.#move[this.#depth] = packMove(actor, choice);
      const check = machine.take(actor, choice);
      if (automata.edgeCount !== this.#edges) this.learn();
      if (check !== 0) {
        this.#violations.add(check);
        machine.undo();
        // Alone it would hide what the others violate before it.
        this.#todo[this.#depth] = (this.#todo[this.#depth] as number) | (this.#spared[this.#depth] as number);
        this.#spared[this.#depth] = 0;
        continue;
      }
      if (!visited.add(machine.low, machine.high)) {
        machine.undo();
        continue;
      }
      this.#depth++;
      this.#enter();
    }
    this.#verify();
    return {
      isComplete: endedBy === undefined,
      endedBy,
      states: this.#states,
      transitions: this.#transitions,
      depthMax: this.#depthMax,
      violations: this.#violations,
      outcomes: this.#outcomes,
      share: endedBy === undefined ? 1 : this.#share(),
    };
  }

  /** The way to where the search stands has led to something new. */
  learn(): void {
    this.#edges = this.#machine.automata.edgeCount;
    this.#session.rehearsal.learn(this.#move, this.#depth + 1);
  }

  /** Begins again if the automata have grown into something that the reduction did not reckon with. */
  #verify(): void {
    if (this.#independence !== undefined && !this.#session.futures.stand) throw new StaleFutures();
  }

  /** Opens the frame of a new state. */
  #enter(): void {
    const machine = this.#machine;
    const depth = this.#depth;
    if (depth >= this.#todo.length) this.#deepen();
    if (depth > this.#depthMax) this.#depthMax = depth;
    this.#states++;
    let enabled = 0;
    for (let actor = 0; actor < machine.actorCount; actor++) {
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
    if (this.#session.reductions.symmetry) enabled = onePerKind(machine, enabled);
    const alone = this.#independence === undefined ? 0 : aloneOf(machine, this.#independence, enabled);
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
      this.#violations.add(DEADLOCK);
      return;
    }
    const check = machine.brokenAtRest();
    if (check === 0) this.#outcomes.add(machine.outcome());
    else this.#violations.add(check);
  }

  /**
   * The share of the search tree that lies behind: every branch of a frame counts the same part of its parent's, as if
   * all subtrees were alike (Knuth's estimate along the one path that is open). Rough, since what is searched later has
   * often been seen before.
   */
  #share(): number {
    let share = 0;
    let part = 1;
    for (let depth = 0; depth <= this.#depth; depth++) {
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
    this.#move = doubled(this.#move);
    this.#width = doubled(this.#width);
  }
}

function doubled(table: Int32Array): Int32Array {
  const larger = new Int32Array(table.length * 2);
  larger.set(table);
  return larger;
}
