/** Chooses processors for instances, one instance after the other, so that as many fit as can and the first ones disturb each other least. */
import { type Distance, type Levels, levelsOf, SPANS } from './distance.ts';
import type { Processor } from './topology.ts';

/** A processor with what it lies in. */
interface Place {
  readonly processor: Processor;
  readonly levels: Levels;
}

/** How the actors of each instance are to lie. */
export interface GroupsWanted {
  readonly actors: number;
  readonly distance: Distance;
  /** Instances at most. */
  readonly max: number;
  /** No two instances in what this level has in common. */
  readonly alone?: 'core' | 'l3' | undefined;
}

/** By instance, the processors of its actors. */
export type Groups = readonly (readonly Processor[])[];

/** Groups of processors of which any two lie at the distance. No processor is in two of them. */
export function instanceGroups(processors: readonly Processor[], wanted: GroupsWanted): Groups {
  const free = new Set(processors.map((processor): Place => ({ processor, levels: levelsOf(processor) })));
  const used = new Map<string, number>();
  const groups: Processor[][] = [];
  while (groups.length < wanted.max) {
    const group = nextGroup(free, used, wanted);
    if (group === undefined) break;
    for (const place of group) {
      free.delete(place);
      for (const key of keysOf(place)) used.set(key, (used.get(key) ?? 0) + 1);
    }
    if (wanted.alone !== undefined) removeNeighbors(free, group, wanted.alone);
    groups.push(group.map(({ processor }) => processor));
  }
  return groups;
}

/** What an instance on it disturbs, from the outside. */
function keysOf({ levels, processor }: Place): string[] {
  return [levels.package, levels.node, levels.l3, levels.l2, levels.core, `#${processor.number}`].filter(
    (key) => key !== undefined,
  );
}

function removeNeighbors(free: Set<Place>, group: readonly Place[], level: 'core' | 'l3'): void {
  const taken = new Set(group.map(({ levels }) => levels[level]).filter((key) => key !== undefined));
  for (const place of free) {
    const key = place.levels[level];
    if (key !== undefined && taken.has(key)) free.delete(place);
  }
}

/** One more group, where the fewest of the others are. */
function nextGroup(
  free: ReadonlySet<Place>,
  used: ReadonlyMap<string, number>,
  { actors, distance }: GroupsWanted,
): Place[] | undefined {
  const span = SPANS[distance];
  const uses = (key: string | undefined): number => (key === undefined ? 0 : (used.get(key) ?? 0));
  const domains = new Map<string, Map<string, Place[]>>();
  for (const place of free) {
    const { levels, processor } = place;
    const within = span.within(levels, processor.number);
    if (within === undefined) continue;
    const parts = domains.get(within) ?? new Map<string, Place[]>();
    domains.set(within, parts);
    const apart = span.apart(levels, processor.number);
    parts.set(apart, [...(parts.get(apart) ?? []), place]);
  }
  let best: Place[] | undefined;
  let bestUses: readonly number[] = [];
  for (const parts of domains.values()) {
    if (parts.size < actors) continue;
    // From the parts with the most processors left: any other choice can make fewer groups.
    const order = [...parts].toSorted(
      ([one, a], [other, b]) => b.length - a.length || uses(one) - uses(other),
    );
    const group = order.slice(0, actors).map(([, places]) => quietest(places, uses));
    const total = (level: keyof Levels): number =>
      group.reduce((sum, { levels }) => sum + uses(levels[level]), 0);
    const groupUses = [total('core'), total('l3'), total('node'), total('package'), total('l2')];
    if (best === undefined || isLess(groupUses, bestUses)) {
      best = group;
      bestUses = groupUses;
    }
  }
  return best?.toSorted((a, b) => a.processor.number - b.processor.number);
}

/** Of places that serve alike, the one that the fewest instances are near to; the lowest of those. */
function quietest(places: readonly Place[], uses: (key: string | undefined) => number): Place {
  const cost = ({ levels }: Place): readonly number[] => [
    uses(levels.core),
    uses(levels.l2),
    uses(levels.l3),
    uses(levels.node),
  ];
  return places.reduce((best, place) => (isLess(cost(place), cost(best)) ? place : best));
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}
