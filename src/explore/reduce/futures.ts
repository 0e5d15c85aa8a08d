import type { AccessKind } from '../../memory/access-kind.ts';
import type { Address } from '../../memory/layout.ts';
import type { Automata } from '../program/automata.ts';
import { components } from './components.ts';
import { areDependent, mayWrite } from './dependency.ts';
import { Independence, type IndependenceTables } from './independence.ts';
import { Kind, kindsThat, type Step } from '../program/step.ts';

/** A way of holding a lock: the steps of others that have to wait, and those by which somebody might let them in. */
interface HeldAs {
  readonly taking: ReadonlySet<number>;
  readonly waiting: ReadonlySet<number>;
  readonly opening: ReadonlySet<number>;
}

/** A lock, held in one of these ways. */
interface Lock {
  readonly address: Address;
  readonly held: HeldAs;
}

const isSpin = ({ target }: AccessKind): boolean => target === 'spin-lock';
const isRead = ({ mode }: AccessKind): boolean => mode === 'read';
const isWrite = ({ mode }: AccessKind): boolean => mode === 'write';

const SPIN: HeldAs = heldAs(isSpin, isSpin);
const WRITE: HeldAs = heldAs(isWrite, ({ target }) => target === 'rwsem');
/** Others may read under it, too, and end that. */
const READ: HeldAs = heldAs(isRead, isWrite);

/** Held by an access of the one sort, which keeps out those of the other. */
function heldAs(ofHolder: (kind: AccessKind) => boolean, ofOthers: (kind: AccessKind) => boolean): HeldAs {
  return {
    taking: new Set(kindsThat((kind) => ofHolder(kind) && kind.holds === 'from-here')),
    waiting: new Set(kindsThat((kind) => ofOthers(kind) && kind.isReady !== undefined)),
    opening: new Set(kindsThat((kind) => ofOthers(kind) && kind.holds === 'no-more')),
  };
}

/** All locks that are taken in any way, each once for each. */
function locksOf(steps: readonly Step[]): readonly Lock[] {
  return [SPIN, WRITE, READ].flatMap((held) => {
    const taking = steps.filter(({ kind }) => held.taking.has(kind));
    return [...new Set(taking.map(({ address }) => address))].map((address) => ({ address, held }));
  });
}

/** What each node's actor may still do, worked out for what is known of the automata: see Independence. */
export class Futures {
  readonly #automata: Automata;
  #nodeCount = 0;
  #edgeCount = 0;
  #width = 0;
  /** Which steps depend on which, by number, as far as that was asked: step i has the row of those up to i. */
  #dependent: Uint8Array[] = [];
  #known: { readonly tables: IndependenceTables; readonly independence: Independence } | undefined;

  constructor(automata: Automata) {
    this.#automata = automata;
  }

  /** Whether the tables are what they would be if they were made now. */
  get stand(): boolean {
    if (this.#known === undefined) return false;
    if (this.#edgeCount === this.#automata.edgeCount) return true;
    if (this.#nodeCount !== this.#automata.nodeCount) return false;
    // One more result that leads to a known node hardly ever changes what can come.
    const { tables } = this.#known;
    const now = this.#make();
    return (
      now.width === tables.width &&
      now.tables.length === tables.tables.length &&
      now.tables.every((table, index) => areEqual(table, tables.tables[index])) &&
      areEqual(now.isSticky, tables.isSticky) &&
      areEqual(now.loop, tables.loop) &&
      areEqual(now.writesInLoop, tables.writesInLoop)
    );
  }

  /** The tables as they were last made. */
  get tables(): IndependenceTables {
    return this.#fresh().tables;
  }

  /** The tables brought up to date, to be asked. */
  upToDate(): Independence {
    if (!this.stand) this.#known = undefined;
    return this.#fresh().independence;
  }

  /** Forgets everything about nodes: they have new numbers. */
  reset(): void {
    this.#known = undefined;
  }

  #fresh(): { readonly tables: IndependenceTables; readonly independence: Independence } {
    if (this.#known === undefined) {
      const tables = this.#make();
      this.#known = { tables, independence: new Independence(tables) };
    }
    return this.#known;
  }

  #make(): IndependenceTables {
    const automata = this.#automata;
    for (const { address, value } of automata.ghosts.flat()) {
      automata.steps.intern({ kind: Kind.Ghost, address, operand: value, replacement: 0 });
    }
    this.#nodeCount = automata.nodeCount;
    this.#edgeCount = automata.edgeCount;
    const { steps } = automata.steps;
    this.#width = (steps.length + 31) >>> 5;
    const locks = locksOf(steps);
    const tableOf = (held: HeldAs, address: Address): number =>
      locks.findIndex((lock) => lock.held === held && lock.address === address) + 1;
    const rows = this.#dependencyRows();
    const heldAt = new Int32Array(this.#nodeCount + 1);
    const held: number[] = [];
    for (let node = 1; node < this.#nodeCount; node++) {
      heldAt[node] = held.length;
      // Nobody gives back what he does not hold (that is a fault, and violates), so that a lock keeps the others out.
      held.push(...automata.heldAt(node).map((lock) => tableOf(SPIN, lock)));
      for (const lock of new Set(automata.semaphoresAt(node)))
        held.push(lock < 0 ? tableOf(READ, ~lock) : tableOf(WRITE, lock));
    }
    heldAt[this.#nodeCount] = held.length;
    return {
      nodeCount: this.#nodeCount,
      width: this.#width,
      steps: automata.step.at.slice(0, this.#nodeCount),
      tables: [this.#closure(rows, undefined), ...locks.map((lock) => this.#closure(rows, lock))],
      held: Int32Array.from(held),
      heldAt,
      ...this.#loops(),
      dependent: rows,
      unlocked: Int32Array.from(steps, ({ kind, address }) =>
        SPIN.opening.has(kind) ? tableOf(SPIN, address) : 0,
      ),
    };
  }

  /** One row of bits per step: the steps that depend on it. */
  #dependencyRows(): Int32Array {
    const { steps } = this.#automata.steps;
    const rows = new Int32Array(steps.length * this.#width);
    for (const [one, first] of steps.entries()) {
      const row = (this.#dependent[one] ??= Uint8Array.from(steps.slice(0, one + 1), (second) =>
        areDependent(first, second) ? 1 : 0,
      ));
      for (let other = 0; other <= one; other++) {
        if (row[other] === 0) continue;
        setBit(rows, one * this.#width, other);
        setBit(rows, other * this.#width, one);
      }
    }
    return rows;
  }

  /** The union of rows over all that is reachable from each node, not going past what waits for `lock`. */
  #closure(rows: Int32Array, lock: Lock | undefined): Int32Array {
    const automata = this.#automata;
    const width = this.#width;
    const table = new Int32Array(this.#nodeCount * width);
    const isWall = new Uint8Array(this.#nodeCount);
    for (let node = 1; node < this.#nodeCount; node++) {
      const kind = automata.kind.at[node] as number;
      const isOfLock = automata.address.at[node] === lock?.address;
      const isLock = isOfLock && lock?.held.waiting.has(kind) === true;
      if (isLock) isWall[node] = 1;
      // An unlock without a lock would let others in: nothing is independent then.
      const isUnlock = isOfLock && lock?.held.opening.has(kind) === true;
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

  /** Nodes with an edge back into their own loop, nodes whose step brings ghosts along; and the loops themselves. */
  #loops(): Pick<IndependenceTables, 'isSticky' | 'loop' | 'writesInLoop'> {
    const automata = this.#automata;
    const isSticky = new Uint8Array(this.#nodeCount);
    const loop = new Int32Array(this.#nodeCount);
    const writers = new Set<number>();
    const component = components(automata, this.#nodeCount);
    for (let node = 1; node < this.#nodeCount; node++) {
      for (
        let edge = automata.firstEdge.at[node] as number;
        edge !== 0;
        edge = automata.edgeNext.at[edge] as number
      ) {
        const target = automata.edgeTarget.at[edge] as number;
        const isInLoop = component[target] === component[node];
        const hasGhosts = automata.edgeGhosts.at[edge] !== 0;
        if ((isInLoop && target <= node) || hasGhosts) isSticky[node] = 1;
        if (!isInLoop) continue;
        const id = component[node] as number;
        loop[node] = id;
        const step = automata.steps.at(automata.step.at[node] as number);
        if (hasGhosts || mayWrite(step, automata.edgeResult.at[edge] as number)) writers.add(id);
      }
    }
    return { isSticky, loop, writesInLoop: Uint8Array.from(loop, (id) => (writers.has(id) ? 1 : 0)) };
  }
}

function areEqual(one: Int32Array | Uint8Array, other: Int32Array | Uint8Array | undefined): boolean {
  return one.length === other?.length && one.every((value, index) => value === other[index]);
}

function setBit(bits: Int32Array, base: number, bit: number): void {
  const at = base + (bit >>> 5);
  bits[at] = (bits[at] as number) | (1 << (bit & 31));
}
