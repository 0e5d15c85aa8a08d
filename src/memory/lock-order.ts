/**
 * The order of locks, as lockdep has it: which kind of lock is taken while which is held. Kinds that are taken in a circle may
 * deadlock with other actors, or in other places, even where no schedule at hand does.
 */

/** Where a lock is taken. */
export interface LockTaking {
  /** The kind of lock: `eb.refs_lock`, of whichever buffer. */
  readonly lock: string;
  /** The kernel's name of the access: `spin_lock`. */
  readonly operation: string;
  /** Kernel names of the functions that are open there, outermost first; the operation of the actor's program where none is. */
  readonly functions: readonly string[];
}

/** One lock that is taken, or waited for, while another is held. */
export interface LockNesting {
  readonly actor: string;
  readonly held: LockTaking;
  readonly taken: LockTaking;
}

/** Kinds of locks that are taken in a circle: each while the one before it is held, and the first while the last is. */
export interface LockCycle {
  /** One kind where locks of it are taken inside of each other. */
  readonly locks: readonly string[];
  /** Of each step of the circle one place, in the order of `locks`: the first is held where the second is taken. */
  readonly nestings: readonly LockNesting[];
}

/** By the kind that is held, the kinds that are taken. */
type Graph = ReadonlyMap<string, ReadonlyMap<string, LockNesting>>;

/** The circles among nestings, each way from one kind to another in one of them at least. Of like nestings the first is shown. */
export function lockCycles(nestings: readonly LockNesting[]): readonly LockCycle[] {
  const graph = graphOf(nestings);
  const isShown = new Set<LockNesting>();
  const cycles: LockCycle[] = [];
  for (const takenFrom of graph.values()) {
    for (const nesting of takenFrom.values()) {
      if (isShown.has(nesting)) continue;
      const back = shortestWay(graph, nesting.taken.lock, nesting.held.lock);
      if (back === undefined) continue;
      const cycle = [nesting, ...back];
      for (const each of cycle) isShown.add(each);
      cycles.push({ locks: cycle.map(({ held }) => held.lock), nestings: cycle });
    }
  }
  return cycles;
}

/** In the order of the names, whoever came first. */
function graphOf(nestings: readonly LockNesting[]): Graph {
  const graph = new Map<string, Map<string, LockNesting>>();
  const byName = nestings.toSorted(
    (one, other) => compared(one.held.lock, other.held.lock) || compared(one.taken.lock, other.taken.lock),
  );
  for (const nesting of byName) {
    const { held, taken } = nesting;
    const takenFrom = graph.get(held.lock) ?? new Map<string, LockNesting>();
    graph.set(held.lock, takenFrom);
    if (!takenFrom.has(taken.lock)) takenFrom.set(taken.lock, nesting);
  }
  return graph;
}

function compared(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** The nestings that lead from one kind to another: none where they are the same, undefined where no way leads there. */
function shortestWay(graph: Graph, from: string, to: string): readonly LockNesting[] | undefined {
  const wayTo = new Map<string, readonly LockNesting[]>([[from, []]]);
  // A map goes on with what is added while one walks through it.
  for (const [lock, way] of wayTo) {
    if (lock === to) return way;
    for (const nesting of graph.get(lock)?.values() ?? []) {
      if (!wayTo.has(nesting.taken.lock)) wayTo.set(nesting.taken.lock, [...way, nesting]);
    }
  }
  return undefined;
}
