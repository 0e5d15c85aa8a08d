/** What `Independence` asks: plain data, so that it crosses to other threads. */
export interface IndependenceTables {
  /** Nodes that the tables know. */
  readonly nodeCount: number;
  /** Words per node in a table. */
  readonly width: number;
  /** The pending step of each node. */
  readonly steps: Int32Array;
  /** Steps that a node's actor may still take conflict with: a bit each. Table 0 is that without a lock. */
  readonly tables: readonly Int32Array[];
  /** The tables of the locks that are held at a node: those of node n are at `heldAt[n]` up to `heldAt[n + 1]`. */
  readonly held: Int32Array;
  readonly heldAt: Int32Array;
  /** 1 for nodes whose actor is never taken alone. */
  readonly isSticky: Uint8Array;
  /** The loop that each node lies in, as a number of its own, or 0: see FairCycles. */
  readonly loop: Int32Array;
  /** 1 for nodes in loops that may change a word. */
  readonly writesInLoop: Uint8Array;
  /** By step: the steps that depend on it, a bit each, as many words as a node has in a table. */
  readonly dependent: Int32Array;
  /** By step: the table of the spin lock that it gives back, or 0. */
  readonly unlocked: Int32Array;
}

/**
 * Partial-order reduction by ample sets of one step: where the pending step of one enabled actor is independent of
 * every step that the others may still take, it may as well be taken first, and the other orders need not be tried:
 * any schedule from here takes the step at some time, and moving it to the front changes no result and no state at the
 * end. Two conditions more: the step itself violates nothing (it would hide what others violate before it), and every
 * cycle of an automaton has a node whose actor is never taken alone (`isSticky`), so that nobody is put off for ever.
 *
 * Held locks. While the actor of the step holds a spin lock, the others cannot get past their `spin_lock` of it; only
 * what they may do up to there can come before the step. So it is with what waits for a read-write lock, as long as the actor
 * holds that in a way that keeps it waiting. Each lock, and each way of holding one, has a table of its own for that, and the step is
 * independent if it is so in one of the tables of the locks that its actor holds.
 *
 * The tables must know the automata in full. A node that is younger counts as dependent on everything, and a search that
 * has met one must begin again with new tables. One that has met none is right: take the first schedule that leaves the
 * known edges; up to there every step is known and so is what it depends on, so that the argument above brings the
 * reduced search to the same edge.
 */
export class Independence {
  readonly #nodeCount: number;
  readonly #width: number;
  readonly #steps: Int32Array;
  readonly #tables: readonly Int32Array[];
  readonly #free: Int32Array;
  readonly #held: Int32Array;
  readonly #heldAt: Int32Array;
  readonly #isSticky: Uint8Array;
  /** What it was made from. */
  readonly from: IndependenceTables;

  constructor(from: IndependenceTables) {
    const { nodeCount, width, steps, tables, held, heldAt, isSticky } = from;
    this.from = from;
    this.#nodeCount = nodeCount;
    this.#width = width;
    this.#steps = steps;
    this.#tables = tables;
    this.#free = tables[0] ?? new Int32Array(0);
    this.#held = held;
    this.#heldAt = heldAt;
    this.#isSticky = isSticky;
  }

  /** Whether the actor at `node` may be taken alone as far as its own way is concerned. */
  mayBeAlone(node: number): boolean {
    return node < this.#nodeCount && this.#isSticky[node] === 0;
  }

  /** Whether the pending step of `node` is independent of all that an actor at `other` may still do before it. */
  areIndependent(node: number, other: number): boolean {
    if (other >= this.#nodeCount) return false;
    const step = this.#steps[node] as number;
    const word = other * this.#width + (step >>> 5);
    const bit = 1 << (step & 31);
    if (((this.#free[word] as number) & bit) === 0) return true;
    const end = this.#heldAt[node + 1] as number;
    for (let index = this.#heldAt[node] as number; index < end; index++) {
      const table = this.#tables[this.#held[index] as number] as Int32Array;
      if (((table[word] as number) & bit) === 0) return true;
    }
    return false;
  }
}
