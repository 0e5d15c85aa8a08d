import type { Address } from '../../memory/layout.ts';
import type { LocalProgram } from './local-program.ts';
import type { Effects, Guide, LocalEdge, LocalState } from './local-state.ts';
import { Grown } from './grown.ts';
import type { StepTable } from './step.ts';
import { FS } from './fs.ts';

/**
 * The automata of all programs as tables of integers: what the search runs on. A node stands for one local state, or
 * for several that behave alike.
 *
 * Merging. What an actor has read and no longer needs (refs was 2 or 3, and either means `<= 3`) tells states apart
 * that have the same future. States that stand at the same point of their program are put into one node on trust, and every edge of the
 * node is then taken for all of its members: they must show the same effects and go on into members of one node. If
 * they do not, the two are marked as distinct for good, and the search begins again (`MergeConflict`). At the end of a
 * search without a conflict, the members of a node are bisimilar on everything that was reached, so that the merged
 * search has seen exactly the behaviors of the unmerged one. Every conflict adds to a finite set of pairs.
 */
export class Automata {
  readonly steps: StepTable;
  /** Number of nodes; node 0 is a placeholder. */
  nodeCount = 1;
  /** Number of edges; edge 0 means none. */
  edgeCount = 1;
  /** The pending step of each node, and the same step in its parts. */
  readonly step: Grown = new Grown();
  readonly kind: Grown = new Grown();
  readonly address: Grown = new Grown();
  readonly operand: Grown = new Grown();
  readonly replacement: Grown = new Grown();
  /** 1 if the actor is inside of an RCU read section. */
  readonly inRcu: Grown = new Grown();
  /** Edges of a node are a list: the first of each node, and the next of each edge. */
  readonly firstEdge: Grown = new Grown();
  readonly edgeNext: Grown = new Grown();
  readonly edgeResult: Grown = new Grown();
  readonly edgeTarget: Grown = new Grown();
  readonly edgeNotes: Grown = new Grown();
  readonly edgeOops: Grown = new Grown();
  /** Index into `ghosts`, or 0. */
  readonly edgeGhosts: Grown = new Grown();
  readonly ghosts: Effects['ghosts'][] = [[]];
  /** All notes that any edge makes. */
  notesSeen = 0;
  readonly #merges: boolean;
  #nodes: Node[] = [{ program: undefined, members: [] }];
  #nodeOf = new Map<number, number>();
  #byPoint = new Map<number, number[]>();
  /** States that are known not to behave alike: those that each is distinct from. */
  readonly #distinct = new Map<number, Set<number>>();

  constructor(steps: StepTable, merges: boolean) {
    this.steps = steps;
    this.#merges = merges;
  }

  /** Forgets all nodes, but not what is known of local states. */
  reset(): void {
    this.nodeCount = 1;
    this.edgeCount = 1;
    this.ghosts.length = 1;
    this.#nodes = [{ program: undefined, members: [] }];
    this.#nodeOf = new Map();
    this.#byPoint = new Map();
  }

  /** The node in which a program begins, and what happens before its first step. */
  begin(program: LocalProgram): { readonly node: number; readonly effects: Effects } {
    const { state, effects } = program.begin();
    this.notesSeen |= effects.notes;
    return { node: this.#nodeFor(program, state), effects };
  }

  /** The edge that `node` takes when its pending step returns `result`. */
  edge(node: number, result: number): number {
    const results = this.edgeResult.at;
    const nexts = this.edgeNext.at;
    for (let edge = this.firstEdge.at[node] as number; edge !== 0; edge = nexts[edge] as number) {
      if (results[edge] === result) return edge;
    }
    return this.#explore(node, result);
  }

  /** The spin locks that an actor at `node` holds. */
  heldAt(node: number): readonly Address[] {
    return (this.#nodes[node]?.members[0]?.held ?? []).map((lock) => FS + lock);
  }

  /** The read-write locks that it holds: see `Held`. */
  semaphoresAt(node: number): readonly number[] {
    return (this.#nodes[node]?.members[0]?.semaphores ?? []).map((lock) =>
      lock < 0 ? lock - FS : lock + FS,
    );
  }

  /** The local states of a node: more than one if values are merged. */
  membersOf(node: number): readonly LocalState[] {
    return this.#nodes[node]?.members ?? [];
  }

  /** The program of a node. */
  programOf(node: number): LocalProgram | undefined {
    return this.#nodes[node]?.program;
  }

  #explore(node: number, result: number): number {
    const { program, members } = this.#nodes[node] as Node;
    if (program === undefined) throw new RangeError(`node ${node} has no program`);
    const edges = members.map((member, index) => this.#next(program, members, index, member, result));
    const first = edges[0] as LocalEdge;
    const target = this.#nodeFor(program, first.state);
    for (const [index, edge] of edges.entries()) {
      if (index === 0) continue;
      if (!haveEqualEffects(edge.effects, first.effects) || !this.#joins(program, edge.state, target)) {
        this.#conflict(members[0] as LocalState, members[index] as LocalState);
      }
    }
    return this.#addEdge(node, result, target, first.effects);
  }

  /** A result that one of several members never gets in earnest may make the model throw: then they are not alike. */
  #next(
    program: LocalProgram,
    members: readonly LocalState[],
    index: number,
    member: LocalState,
    result: number,
  ): LocalEdge {
    try {
      return program.next(member, result);
    } catch (error) {
      const [first, second] = members;
      if (first === undefined || second === undefined) throw error;
      return this.#conflict(first, index === 0 ? second : member);
    }
  }

  #addEdge(node: number, result: number, target: number, effects: Effects): number {
    const edge = this.edgeCount++;
    this.edgeResult.set(edge, result);
    this.edgeTarget.set(edge, target);
    this.edgeNotes.set(edge, effects.notes);
    this.edgeOops.set(edge, effects.oops);
    this.edgeGhosts.set(edge, effects.ghosts.length === 0 ? 0 : this.ghosts.push(effects.ghosts) - 1);
    this.edgeNext.set(edge, this.firstEdge.at[node] as number);
    this.firstEdge.set(node, edge);
    this.notesSeen |= effects.notes;
    return edge;
  }

  /** The node of a state: its own, one that it may join, or a new one. */
  #nodeFor(program: LocalProgram, state: LocalState): number {
    const known = this.#nodeOf.get(state.id);
    if (known !== undefined) return known;
    let candidates = this.#byPoint.get(state.point);
    if (candidates === undefined) {
      candidates = [];
      this.#byPoint.set(state.point, candidates);
    }
    if (this.#merges) {
      for (const candidate of candidates) if (this.#joins(program, state, candidate)) return candidate;
    }
    const node = this.nodeCount++;
    const step = this.steps.at(state.step);
    this.step.set(node, state.step);
    this.kind.set(node, step.kind);
    this.address.set(node, step.address);
    this.operand.set(node, step.operand);
    this.replacement.set(node, step.replacement);
    this.inRcu.set(node, state.rcuDepth > 0 ? 1 : 0);
    this.firstEdge.set(node, 0);
    this.#nodes.push({ program, members: [state] });
    this.#nodeOf.set(state.id, node);
    candidates.push(node);
    return node;
  }

  /**
   * Puts a state into a node if it behaves like the members on every edge of the node, as far as they are known;
   * states further on that have no node yet join on the way, all of them or none.
   */
  #joins(program: LocalProgram, state: LocalState, node: number): boolean {
    const known = this.#nodeOf.get(state.id);
    if (known !== undefined) return known === node;
    if (!this.#merges) return false;
    const joined = new Map<number, { readonly state: LocalState; readonly node: number }>();
    if (!this.#agrees(program, state, node, joined)) return false;
    for (const pair of joined.values()) {
      this.#nodeOf.set(pair.state.id, pair.node);
      (this.#nodes[pair.node] as Node).members.push(pair.state);
    }
    return true;
  }

  #agrees(program: LocalProgram, state: LocalState, node: number, joined: Joined): boolean {
    const known = joined.get(state.id)?.node ?? this.#nodeOf.get(state.id);
    if (known !== undefined) return known === node;
    if (!this.#mayJoin(state, node, joined)) return false;
    joined.set(state.id, { state, node });
    for (let edge = this.firstEdge.at[node] as number; edge !== 0; edge = this.edgeNext.at[edge] as number) {
      let next: LocalEdge;
      try {
        const result = this.edgeResult.at[edge] as number;
        next = state.next.get(result) ?? program.next(state, result, this.#guide(edge, joined));
      } catch {
        // A result that this state never gets in earnest may lead the model anywhere.
        return false;
      }
      if (!this.#hasEffects(edge, next.effects)) return false;
      if (!this.#agrees(program, next.state, this.edgeTarget.at[edge] as number, joined)) return false;
    }
    return true;
  }

  /** Leads a run that takes `edge` along the first edges behind it, as far as `#agrees` is about to follow them. */
  #guide(edge: number, joined: Joined): Guide {
    const ahead = new Map(joined);
    let taken = edge;
    return ({ state, effects }) => {
      const node = this.edgeTarget.at[taken] as number;
      if (!this.#hasEffects(taken, effects) || ahead.has(state.id) || this.#nodeOf.has(state.id))
        return undefined;
      if (!this.#mayJoin(state, node, ahead)) return undefined;
      ahead.set(state.id, { state, node });
      taken = this.firstEdge.at[node] as number;
      return taken === 0 ? undefined : this.edgeResult.at[taken];
    };
  }

  /** Whether nothing that is known of them keeps a state out of a node. */
  #mayJoin(state: LocalState, node: number, joined: Joined): boolean {
    const { members } = this.#nodes[node] as Node;
    if (members[0]?.point !== state.point) return false;
    const distinct = this.#distinct.get(state.id);
    if (distinct !== undefined) {
      if (members.some(({ id }) => distinct.has(id))) return false;
      for (const pair of joined.values()) if (pair.node === node && distinct.has(pair.state.id)) return false;
    }
    return !this.#isLaterRound(state, node, joined);
  }

  /**
   * Whether the state comes from one of the node: it is in a later round of a loop. It could be unrolled and compared
   * for ever, so that rounds are kept apart; there are only as many as the other actors cause.
   */
  #isLaterRound(state: LocalState, node: number, joined: Joined): boolean {
    for (let { earlier } = state; earlier !== undefined; earlier = earlier.earlier) {
      if ((joined.get(earlier.id)?.node ?? this.#nodeOf.get(earlier.id)) === node) return true;
    }
    return false;
  }

  #hasEffects(edge: number, effects: Effects): boolean {
    const ghosts = this.ghosts[this.edgeGhosts.at[edge] as number] ?? [];
    const notes = this.edgeNotes.at[edge] as number;
    return haveEqualEffects({ notes, oops: this.edgeOops.at[edge] as number, ghosts }, effects);
  }

  #distinguish(one: LocalState, other: LocalState): void {
    const distinct = this.#distinct.get(one.id);
    if (distinct === undefined) this.#distinct.set(one.id, new Set([other.id]));
    else distinct.add(other.id);
  }

  #conflict(one: LocalState, other: LocalState): never {
    this.#distinguish(one, other);
    this.#distinguish(other, one);
    throw new MergeConflict();
  }
}

/** Two states were merged that do not behave alike: the search must begin again. */
export class MergeConflict extends Error {
  constructor() {
    super('two states of an actor were taken for one and are not');
    this.name = 'MergeConflict';
  }
}

interface Node {
  readonly program: LocalProgram | undefined;
  readonly members: LocalState[];
}

type Joined = Map<number, { readonly state: LocalState; readonly node: number }>;

function haveEqualEffects(one: Effects, other: Effects): boolean {
  return (
    one.notes === other.notes &&
    one.oops === other.oops &&
    one.ghosts.length === other.ghosts.length &&
    one.ghosts.every(
      ({ address, value }, index) =>
        other.ghosts[index]?.address === address && other.ghosts[index]?.value === value,
    )
  );
}
