import type { Address } from '../memory/layout.ts';
import type { Automata } from './automata.ts';
import { areDependent } from './dependency.ts';
import { Kind } from './step.ts';

/**
 * What each node's actor may still do, as one bit per step: whether some step on a way from the node depends on it.
 *
 * Partial-order reduction by ample sets of one step: where the pending step of one enabled actor is independent of
 * every step that the others may still take, it may as well be taken first, and the other orders need not be tried:
 * any schedule from here takes the step at some time, and moving it to the front changes no result and no state at the
 * end. Two conditions more: the step itself violates nothing (it would hide what others violate before it), and every
 * cycle of an automaton has a node whose actor is never taken alone (`isSticky`), so that nobody is put off for ever.
 *
 * Held locks. While the actor of the step holds a spin lock, the others cannot get past their `spin_lock` of it; only
 * what they may do up to there can come before the step. Each lock has a table of its own for that, and the step is
 * independent if it is so in one of the tables of the locks that its actor holds.
 *
 * The automata grow during a search. What a node may do is known as of the last `refresh`; a node or step that is
 * younger counts as dependent on everything, and the pairs that older nodes were trusted with are remembered, so that
 * the next `refresh` finds out whether a new edge proves one of them wrong. If not, every decision stands.
 */
export class Futures {
  readonly #automata: Automata;
  /** Nodes and steps that the tables know. */
  #nodeCount = 0;
  #stepCount = 0;
  #edgeCount = 0;
  #width = 0;
  /** Per node, `#width` words. Table 0 is that without a lock, table l + 1 that of `#locks[l]`. */
  #tables: Int32Array[] = [];
  #trusted: Int32Array[] = [];
  #locks: Address[] = [];
  #isSticky: Uint8Array = new Uint8Array(0);
  /** Tables of the locks held at a node: a list per node. */
  #held: readonly (readonly number[])[] = [];

  constructor(automata: Automata) {
    this.#automata = automata;
  }

  /** Whether the automata have grown since the last refresh. */
  get isStale(): boolean {
    return this.#edgeCount !== this.#automata.edgeCount;
  }

  /** Whether the actor at `node` may be taken alone as far as its own way is concerned. */
  mayBeAlone(node: number): boolean {
    return node < this.#nodeCount && this.#isSticky[node] === 0;
  }

  /**
   * The table that shows that the pending step of `node` is independent of everything that an actor at `other` may
   * still do before it, or -1.
   */
  independence(node: number, other: number): number {
    if (other >= this.#nodeCount) return -1;
    const step = this.#automata.step.at[node] as number;
    const word = other * this.#width + (step >>> 5);
    const bit = 1 << (step & 31);
    if ((((this.#tables[0] as Int32Array)[word] as number) & bit) === 0) return 0;
    const held = this.#held[node] as readonly number[];
    for (let index = 0; index < held.length; index++) {
      const table = held[index] as number;
      if ((((this.#tables[table] as Int32Array)[word] as number) & bit) === 0) return table;
    }
    return -1;
  }

  /** Relies on what a table shows of two nodes. */
  trust(table: number, node: number, other: number): void {
    const step = this.#automata.step.at[node] as number;
    const trusted = this.#trusted[table] as Int32Array;
    const word = other * this.#width + (step >>> 5);
    trusted[word] = (trusted[word] as number) | (1 << (step & 31));
  }

  /** Brings the tables up to date. Returns whether all that was relied on still holds. */
  refresh(): boolean {
    const before = {
      trusted: this.#trusted,
      width: this.#width,
      nodeCount: this.#nodeCount,
      isSticky: this.#isSticky,
    };
    const automata = this.#automata;
    for (const { address, value } of automata.ghosts.flat()) {
      automata.steps.intern({ kind: Kind.Ghost, address, operand: value, replacement: 0 });
    }
    this.#nodeCount = automata.nodeCount;
    this.#edgeCount = automata.edgeCount;
    this.#stepCount = automata.steps.steps.length;
    this.#width = (this.#stepCount + 31) >>> 5;
    const { steps } = automata.steps;
    for (const { kind, address } of steps) {
      if (kind === Kind.SpinLock && !this.#locks.includes(address)) this.#locks.push(address);
    }
    const rows = this.#dependencyRows();
    this.#tables = [this.#closure(rows, -1), ...this.#locks.map((lock) => this.#closure(rows, lock))];
    this.#isSticky = this.#stickyNodes();
    const trustsLocks = this.#areLocksKept();
    this.#held = Array.from({ length: this.#nodeCount }, (_, node) =>
      node === 0 || !trustsLocks ? [] : automata.heldAt(node).map((lock) => this.#locks.indexOf(lock) + 1),
    );
    return this.#carryTrust(before);
  }

  #carryTrust(before: {
    trusted: readonly Int32Array[];
    width: number;
    nodeCount: number;
    isSticky: Uint8Array;
  }): boolean {
    let isRight = true;
    const size = this.#nodeCount * this.#width;
    this.#trusted = this.#tables.map((table, index) => {
      const trusted = new Int32Array(size);
      const old = before.trusted[index];
      if (old === undefined) return trusted;
      for (let node = 0; node < before.nodeCount; node++) {
        for (let word = 0; word < before.width; word++) {
          const bits = old[node * before.width + word] as number;
          const at = node * this.#width + word;
          trusted[at] = bits;
          if ((bits & (table[at] as number)) !== 0) isRight = false;
        }
      }
      return trusted;
    });
    for (let node = 0; node < before.nodeCount; node++) {
      if (before.isSticky[node] === 0 && this.#isSticky[node] !== 0) isRight = false;
    }
    return isRight;
  }

  /** Whether nobody unlocks what he does not hold: only then does a lock keep the others out. */
  #areLocksKept(): boolean {
    const automata = this.#automata;
    for (let node = 1; node < this.#nodeCount; node++) {
      if (automata.kind.at[node] !== Kind.SpinUnlock) continue;
      if (!automata.heldAt(node).includes(automata.address.at[node] as number)) return false;
    }
    return true;
  }

  /** Forgets what was relied on: a new search begins. */
  distrust(): void {
    for (const table of this.#trusted) table.fill(0);
  }

  /** Forgets everything: the nodes have new numbers. */
  reset(): void {
    this.#nodeCount = 0;
    this.#edgeCount = 0;
    this.#trusted = [];
    this.#tables = [];
  }

  /** One row per step: the steps that depend on it. */
  #dependencyRows(): Int32Array {
    const { steps } = this.#automata.steps;
    const rows = new Int32Array(this.#stepCount * this.#width);
    for (let one = 0; one < this.#stepCount; one++) {
      for (let other = 0; other <= one; other++) {
        const [first, second] = [steps[one], steps[other]];
        if (first === undefined || second === undefined || !areDependent(first, second)) continue;
        setBit(rows, one * this.#width, other);
        setBit(rows, other * this.#width, one);
      }
    }
    return rows;
  }

  /** The union of rows over all that is reachable from each node, not going past a `spin_lock` of `lock`. */
  #closure(rows: Int32Array, lock: Address): Int32Array {
    const automata = this.#automata;
    const width = this.#width;
    const table = new Int32Array(this.#nodeCount * width);
    const isWall = new Uint8Array(this.#nodeCount);
    for (let node = 1; node < this.#nodeCount; node++) {
      const isLock = automata.kind.at[node] === Kind.SpinLock && automata.address.at[node] === lock;
      if (isLock) isWall[node] = 1;
      // An unlock without a lock would let others in: nothing is independent then.
      const isUnlock = automata.kind.at[node] === Kind.SpinUnlock && automata.address.at[node] === lock;
      const step = automata.step.at[node] as number;
      for (let word = 0; word < width; word++) {
        if (isUnlock) table[node * width + word] = -1;
        else if (!isLock) table[node * width + word] = rows[step * width + word] as number;
      }
      this.#addGhosts(table, rows, node);
    }
    // Targets mostly have larger numbers than their nodes, so that going down settles nearly all at once.
    for (let hasChanged = true; hasChanged;) {
      hasChanged = false;
      for (let node = this.#nodeCount - 1; node > 0; node--) {
        if (isWall[node] === 1) continue;
        for (
          let edge = automata.firstEdge.at[node] as number;
          edge !== 0;
          edge = automata.edgeNext.at[edge] as number
        ) {
          const target = automata.edgeTarget.at[edge] as number;
          for (let word = 0; word < width; word++) {
            const at = node * width + word;
            const joined = (table[at] as number) | (table[target * width + word] as number);
            if (joined === table[at]) continue;
            table[at] = joined;
            hasChanged = true;
          }
        }
      }
    }
    return table;
  }

  #addGhosts(table: Int32Array, rows: Int32Array, node: number): void {
    const automata = this.#automata;
    for (
      let edge = automata.firstEdge.at[node] as number;
      edge !== 0;
      edge = automata.edgeNext.at[edge] as number
    ) {
      for (const { address, value } of automata.ghosts[automata.edgeGhosts.at[edge] as number] ?? []) {
        const ghost = automata.steps.intern({ kind: Kind.Ghost, address, operand: value, replacement: 0 });
        for (let word = 0; word < this.#width; word++) {
          const at = node * this.#width + word;
          table[at] = (table[at] as number) | (rows[ghost * this.#width + word] as number);
        }
      }
    }
  }

  /** Nodes with an edge back into their own cycle, and nodes whose step brings ghosts along. */
  #stickyNodes(): Uint8Array {
    const automata = this.#automata;
    const sticky = new Uint8Array(this.#nodeCount);
    const component = components(automata, this.#nodeCount);
    for (let node = 1; node < this.#nodeCount; node++) {
      for (
        let edge = automata.firstEdge.at[node] as number;
        edge !== 0;
        edge = automata.edgeNext.at[edge] as number
      ) {
        const target = automata.edgeTarget.at[edge] as number;
        const isBack = target <= node && component[target] === component[node];
        if (isBack || automata.edgeGhosts.at[edge] !== 0) sticky[node] = 1;
      }
    }
    return sticky;
  }
}

function setBit(bits: Int32Array, base: number, bit: number): void {
  const at = base + (bit >>> 5);
  bits[at] = (bits[at] as number) | (1 << (bit & 31));
}

/** The strongly connected component of each node, by Tarjan's algorithm without recursion. */
function components(automata: Automata, count: number): Int32Array {
  const component = new Int32Array(count);
  const index = new Int32Array(count);
  const low = new Int32Array(count);
  const edgeAt = new Int32Array(count);
  const path: number[] = [];
  const open: number[] = [];
  let next = 1;
  for (let root = 1; root < count; root++) {
    if (index[root] !== 0) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      if (index[node] === 0) {
        index[node] = next;
        low[node] = next++;
        open.push(node);
        edgeAt[node] = automata.firstEdge.at[node] as number;
      }
      const edge = edgeAt[node] as number;
      if (edge !== 0) {
        edgeAt[node] = automata.edgeNext.at[edge] as number;
        const target = automata.edgeTarget.at[edge] as number;
        if (index[target] === 0) path.push(target);
        else if (component[target] === 0) low[node] = Math.min(low[node] as number, index[target] as number);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[node] as number);
      if (low[node] !== index[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        component[member] = node;
        if (member === node) break;
      }
    }
  }
  return component;
}
