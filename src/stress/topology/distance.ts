/**
 * How far two processors lie from each other, by what they share. Levels nest: a cache that the system says spans two NUMA nodes
 * counts as one in each.
 */
import type { Processor } from './topology.ts';

/**
 * From the nearest: threads of a core; cores that share a second-level cache; that share a third-level cache; that lie in
 * a package and node, and are not known to share a cache; in a package, in different nodes; in different packages; or
 * not known.
 */
export const DISTANCES = ['sibling', 'l2', 'l3', 'package', 'node', 'far', 'unknown'] as const;

export type Distance = (typeof DISTANCES)[number];

/** What a processor lies in, a key per level; undefined where that is not known. */
export interface Levels {
  readonly package: string | undefined;
  readonly node: string | undefined;
  readonly l3: string | undefined;
  readonly l2: string | undefined;
  readonly core: string | undefined;
}

/** The levels of a processor. */
export function levelsOf({ core, l2, l3, package: chip, node }: Processor): Levels {
  // A node is at least as large as what would be a package where the system tells of none.
  const outer = chip ?? node;
  const packageKey = outer === null ? undefined : `p${outer}`;
  const nodeKey = packageKey === undefined ? undefined : `${packageKey}n${node ?? ''}`;
  const below = (name: string, number: number | null): string | undefined =>
    number === null ? undefined : `${nodeKey ?? ''}${name}${number}`;
  return {
    package: packageKey,
    node: nodeKey,
    l3: below('l', l3),
    l2: below('m', l2),
    core: core === null ? undefined : `c${core}`,
  };
}

/** How far two different processors lie from each other. */
export function distance(a: Processor, b: Processor): Distance {
  const here = levelsOf(a);
  const there = levelsOf(b);
  const isSame = (level: keyof Levels): boolean => here[level] !== undefined && here[level] === there[level];
  if (isSame('core')) return 'sibling';
  if (isSame('l2')) return 'l2';
  if (isSame('l3')) return 'l3';
  if (here.package === undefined || there.package === undefined) return 'unknown';
  if (isSame('node')) return 'package';
  return isSame('package') ? 'node' : 'far';
}

/** The distance between the two that lie farthest apart; undefined of fewer than two. */
export function farthest(processors: readonly Processor[]): Distance | undefined {
  let rank = -1;
  for (const [index, one] of processors.entries()) {
    for (const other of processors.slice(index + 1)) {
      rank = Math.max(rank, DISTANCES.indexOf(distance(one, other)));
    }
  }
  return DISTANCES[rank];
}

/** For processors at a distance: what all of them share, undefined where that is not known, and what no two of them share. */
export interface Span {
  readonly within: (levels: Levels) => string | undefined;
  readonly apart: (levels: Levels, number: number) => string;
}

/** By distance, which levels processors share and do not. */
export const SPANS: Readonly<Record<Distance, Span>> = {
  sibling: { within: ({ core }) => core, apart: (_, number) => `#${number}` },
  l2: { within: ({ l2 }) => l2, apart: coreKey },
  l3: { within: ({ l3 }) => l3, apart: (levels, number) => levels.l2 ?? coreKey(levels, number) },
  package: {
    within: ({ node }) => node,
    apart: (levels, number) => levels.l3 ?? levels.l2 ?? coreKey(levels, number),
  },
  node: { within: ({ package: chip }) => chip, apart: ({ node }, number) => node ?? `#${number}` },
  far: {
    within: ({ package: chip }) => (chip === undefined ? undefined : 'machine'),
    apart: ({ package: chip }, number) => chip ?? `#${number}`,
  },
  unknown: { within: () => 'machine', apart: (levels, number) => coreKey(levels, number) },
};

function coreKey({ core }: Levels, number: number): string {
  return core ?? `#${number}`;
}
