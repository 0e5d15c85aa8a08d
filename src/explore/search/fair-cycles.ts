import type { IndependenceTables } from '../reduce/independence.ts';
import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';
import { packMove } from '../machine/packed-move.ts';

/** Harmless states that are remembered, some 500 bytes each; then they are forgotten, and looked at again. */
const HARMLESS_MAX = 200_000;

/**
 * Livelocks: cycles of states that a fair scheduler never leaves. A cycle is fair if every actor moves in it, or cannot
 * somewhere in it; an actor that could always go on and is never let would end it. So would one that waits for a spin lock, and
 * could have it somewhere: such a lock is a queue (see `Machine.spins`).
 *
 * All steps of a cycle of states are steps within loops of the automata, and one of them at least goes back in a loop.
 * So only after such a step is anything asked, and then only steps within loops are followed, all of them, from the
 * state that was reached: few. Where no actor stands in a loop that writes, words are what they are, and the actor's
 * own round decides. States from which no fair cycle can be reached are not asked about again.
 *
 * Partial-order reduction hides no livelock: a fair run takes every step that may be taken alone at some time, so that
 * the reduced search follows the run with steps moved ahead, into the same strongly connected states.
 */
export class FairCycles {
  /** The packed moves from where the search stands to where this looks: behind those of the search, the way to what a step may ask for. */
  readonly ahead: number[] = [];
  readonly #machine: Machine;
  readonly #loop: Int32Array;
  readonly #writesInLoop: Uint8Array;
  readonly #harmless = new Set<string>();
  #states: State[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(machine: Machine, { loop, writesInLoop }: Pick<IndependenceTables, 'loop' | 'writesInLoop'>) {
    this.#machine = machine;
    this.#loop = loop;
    this.#writesInLoop = writesInLoop;
  }

  /** Whether an actor that was at `from` and has moved may have closed a round of a loop. */
  mayClose(from: number, actor: number): boolean {
    const to = this.#machine.nodes[actor] as number;
    return to <= from && this.#isWithin(from, to);
  }

  /** Whether a fair cycle can be reached from here by steps within loops. `actor` has just closed a round. */
  isCaught(actor: number): boolean {
    return this.#isPossible(actor) && this.#cycleStates() !== undefined;
  }

  /** The moves of a fair cycle through the present state, with every move of it at least once, or undefined. */
  cycleHere(actor: number): Move[] | undefined {
    if (!this.#isPossible(actor)) return undefined;
    this.#harmless.clear();
    const members = this.#cycleStates();
    return members?.has(0) === true ? this.#tour(members) : undefined;
  }

  #isWithin(from: number, to: number): boolean {
    const loop = this.#loop[from];
    // A node that is younger than the tables has no loop yet: the search begins again.
    return loop !== undefined && loop !== 0 && loop === this.#loop[to];
  }

  /** False only if words cannot change in a cycle, and the actor does not come round alone. */
  #isPossible(actor: number): boolean {
    const machine = this.#machine;
    for (let other = 0; other < machine.actorCount; other++) {
      if (this.#writesInLoop[machine.nodes[other] as number] === 1) return true;
    }
    const start = machine.nodes[actor] as number;
    let taken = 0;
    let isRound = false;
    for (;;) {
      const node = machine.nodes[actor] as number;
      if (taken > 0 && node === start) isRound = true;
      if (isRound || taken > this.#loop.length || !machine.isEnabled(actor)) break;
      if (machine.choices(actor) > 1) isRound = true;
      taken++;
      if (this.#take(actor, 0) !== 0 || !this.#isWithin(node, machine.nodes[actor] as number)) break;
    }
    for (; taken > 0; taken--) this.#undo();
    return isRound;
  }

  #take(actor: number, choice: number): number {
    this.ahead.push(packMove(actor, choice));
    return this.#machine.take(actor, choice);
  }

  #undo(): void {
    this.#machine.undo();
    this.ahead.pop();
  }

  /** The states of a fair cycle that can be reached within loops, by their numbers; the present state is number 0. */
  #cycleStates(): ReadonlySet<number> | undefined {
    this.#states = [];
    this.#numbers.clear();
    this.#visit();
    for (const members of this.#strong(this.#states.map((_, number) => number))) {
      const fair = this.#fairPart(members);
      if (fair !== undefined) return fair;
    }
    if (this.#harmless.size > HARMLESS_MAX) this.#harmless.clear();
    for (const key of this.#numbers.keys()) this.#harmless.add(key);
    return undefined;
  }

  /** Collects all that can be reached from the present state, and returns its number; -1 if that leads nowhere. */
  #visit(): number {
    const machine = this.#machine;
    const key = machine.identity();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#harmless.has(key)) return -1;
    const state: State = { edges: [], waiting: 0, spinning: 0 };
    const number = this.#states.push(state) - 1;
    this.#numbers.set(key, number);
    for (let actor = 0; actor < machine.moverCount; actor++) {
      if (machine.spins(actor)) state.spinning |= 1 << actor;
      if (!machine.isEnabled(actor)) {
        state.waiting |= 1 << actor;
        continue;
      }
      const node = machine.nodes[actor] as number;
      // A store that becomes visible is in no loop itself: its actor was, when it made it.
      const isBuffer = actor >= machine.actorCount;
      if (!isBuffer && (this.#loop[node] === undefined || this.#loop[node] === 0)) continue;
      const choices = machine.choices(actor);
      for (let choice = 0; choice < choices; choice++) {
        const check = this.#take(actor, choice);
        if (check === 0 && (isBuffer || this.#isWithin(node, machine.nodes[actor] as number))) {
          const target = this.#visit();
          if (target >= 0) state.edges.push({ actor, choice, target });
        }
        this.#undo();
      }
    }
    return number;
  }

  /** The strongly connected parts of some states with an edge of their own: states that reach each other. */
  *#strong(states: readonly number[]): Generator<ReadonlySet<number>> {
    const among = new Set(states);
    const reached = new Map(states.map((from) => [from, this.#reach(from, among)]));
    const seen = new Set<number>();
    for (const [from, targets] of reached) {
      if (seen.has(from) || !targets.has(from)) continue;
      const members = new Set([...targets].filter((target) => reached.get(target)?.has(from) === true));
      for (const member of members) seen.add(member);
      yield members;
    }
  }

  /** What can be reached from a state by one step or more, without leaving some states. */
  #reach(from: number, among: ReadonlySet<number>): Set<number> {
    const reached = new Set<number>();
    const open = [from];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (const { target } of this.#states[state]?.edges ?? []) {
        if (reached.has(target) || !among.has(target)) continue;
        reached.add(target);
        open.push(target);
      }
    }
    return reached;
  }

  /** States of a strongly connected part through all of which a fair cycle leads, or undefined. */
  #fairPart(members: ReadonlySet<number>): ReadonlySet<number> | undefined {
    let moving = 0;
    let waiting = 0;
    let passedBy = 0;
    for (const member of members) {
      const state = this.#states[member] as State;
      waiting |= state.waiting;
      passedBy |= state.spinning & ~state.waiting;
      for (const { actor, target } of state.edges) if (members.has(target)) moving |= 1 << actor;
    }
    if ((moving | waiting) !== allOf(this.#machine.moverCount)) return undefined;
    const starved = passedBy & ~moving;
    if (starved === 0) return members;
    // Where nobody is passed by who waits for a spin lock, there may be a cycle still.
    const rest = [...members].filter((member) => {
      const state = this.#states[member] as State;
      return (state.spinning & ~state.waiting & starved) === 0;
    });
    for (const part of this.#strong(rest)) {
      const fair = this.#fairPart(part);
      if (fair !== undefined) return fair;
    }
    return undefined;
  }

  /** A closed way from state 0 on which every actor moves that moves in the cycle at all. */
  #tour(members: ReadonlySet<number>): Move[] {
    const moves: Move[] = [];
    const missing = new Set<number>();
    for (const member of members) {
      for (const { actor, target } of this.#states[member]?.edges ?? []) {
        if (members.has(target)) missing.add(actor);
      }
    }
    let state = 0;
    while (missing.size > 0 || state !== 0) {
      const isGoal = (edge: Edge): boolean =>
        missing.size > 0 ? missing.has(edge.actor) : edge.target === 0;
      for (const edge of this.#shortest(state, members, isGoal)) {
        moves.push({ actor: edge.actor, choice: edge.choice });
        missing.delete(edge.actor);
        state = edge.target;
      }
    }
    return moves;
  }

  /** The shortest way within the cycle whose last edge is a goal. */
  #shortest(from: number, members: ReadonlySet<number>, isGoal: (edge: Edge) => boolean): Edge[] {
    const cameBy = new Map<number, { readonly state: number; readonly edge: Edge }>();
    const queue = [from];
    for (const state of queue) {
      for (const edge of this.#states[state]?.edges ?? []) {
        if (!members.has(edge.target)) continue;
        if (isGoal(edge)) {
          const way = [edge];
          for (let at = state; at !== from;) {
            const last = cameBy.get(at);
            if (last === undefined) break;
            way.unshift(last.edge);
            at = last.state;
          }
          return way;
        }
        if (edge.target === from || cameBy.has(edge.target)) continue;
        cameBy.set(edge.target, { state, edge });
        queue.push(edge.target);
      }
    }
    throw new Error('a strongly connected state cannot be reached');
  }
}

/** So many bits, up to 32. */
function allOf(count: number): number {
  return count === 0 ? 0 : (-1 >>> (32 - count)) | 0;
}

interface Edge extends Move {
  readonly target: number;
}

interface State {
  readonly edges: Edge[];
  /** Actors that cannot go on here, or have finished. */
  waiting: number;
  /** Actors whose next step is a spin_lock. */
  spinning: number;
}
