/**
 * Chooses processors for instances, one instance after the other: as many as can be, and the first ones so that they disturb each
 * other least.
 */
import { type Distance, type Levels, levelsOf, SPANS } from './distance.ts';
import type { Processor } from './topology.ts';

/**
 * `exact`: any two actors of an instance lie at the distance. `near`: on different cores. `loose`: in at least two of what is to differ,
 * such as three actors in two packages. `packed`: on as few cores as can be. `any`: wherever there is a processor.
 */
type Fit = 'exact' | 'near' | 'loose' | 'packed' | 'any';

/** How the actors of each instance are to lie. */
export interface GroupsWanted {
  /** Actors of an instance. */
  readonly actors: number;
  /** The distance between any two of them; the longest one unless the fit is `exact`. */
  readonly distance: Distance;
  readonly fit: Fit;
  /** Instances at most. */
  readonly max: number;
  /** No two instances in what this level has in common. */
  readonly alone?: 'core' | 'l3' | undefined;
}

/** By instance, the processors of its actors. */
export type Groups = readonly (readonly Processor[])[];

/** A processor with what it lies in. */
interface Place {
  readonly processor: Processor;
  readonly levels: Levels;
}

/** How many actors have been placed by what a processor lies in. */
type Uses = ReadonlyMap<string, number>;

/** By what all actors of an instance share, by what they do not share: the free processors. Parts are never empty. */
type Domains = Map<string, Map<string, Place[]>>;

/** Groups of processors that lie as wanted. No processor is in two of them. */
export function instanceGroups(processors: readonly Processor[], wanted: GroupsWanted): Groups {
  const domains = domainsOf(processors, wanted);
  const uses = new Map<string, number>();
  const groups: Processor[][] = [];
  while (groups.length < wanted.max) {
    const group = nextGroup(domains, uses, wanted);
    if (group === undefined) break;
    take(domains, group, wanted.alone);
    for (const key of group.flatMap(({ levels }) => keysOf(levels))) uses.set(key, (uses.get(key) ?? 0) + 1);
    groups.push(group.map(({ processor }) => processor));
  }
  return groups;
}

function domainsOf(processors: readonly Processor[], { distance, fit }: GroupsWanted): Domains {
  const { within: shared } = SPANS[distance];
  const byFit = {
    near: 'unknown',
    packed: 'unknown',
    any: 'sibling',
    exact: distance,
    loose: distance,
  } as const;
  const { apart } = SPANS[byFit[fit]];
  const domains: Domains = new Map();
  for (const processor of processors) {
    const levels = levelsOf(processor);
    const within = shared(levels);
    if (within === undefined) continue;
    const parts = domains.get(within) ?? new Map<string, Place[]>();
    domains.set(within, parts);
    const key = apart(levels, processor.number);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [{ processor, levels }]);
    else part.push({ processor, levels });
  }
  return domains;
}

/** Takes a group away, and what no other instance is to share with it. */
function take(domains: Domains, group: readonly Place[], alone: GroupsWanted['alone']): void {
  const taken = new Set(group.map(({ processor }) => processor));
  const keys = new Set(alone === undefined ? [] : group.map(({ levels }) => levels[alone]));
  const isTaken = ({ processor, levels }: Place): boolean =>
    taken.has(processor) || (alone !== undefined && levels[alone] !== undefined && keys.has(levels[alone]));
  for (const parts of domains.values()) {
    for (const [key, part] of parts) {
      if (!part.some(isTaken)) continue;
      const left = part.filter((place) => !isTaken(place));
      if (left.length === 0) parts.delete(key);
      else parts.set(key, left);
    }
  }
}

/** One more group, where the fewest of the others are; undefined if there is none. */
function nextGroup(domains: Domains, uses: Uses, wanted: GroupsWanted): Place[] | undefined {
  let best: readonly Place[] | undefined;
  let bestCost: readonly number[] = [];
  for (const parts of domains.values()) {
    const group = groupIn(byRoom(parts, uses), uses, wanted);
    if (group === undefined) continue;
    const cost = sum(group.map(({ levels }) => costOf(levels, uses)));
    if (best === undefined || isLess(cost, bestCost)) {
      best = group;
      bestCost = cost;
    }
  }
  return best?.toSorted((a, b) => a.processor.number - b.processor.number);
}

/** Those with the most processors left first: any other choice can make fewer groups. Of those alike, the ones that fewer actors are in. */
function byRoom(parts: ReadonlyMap<string, readonly Place[]>, uses: Uses): (readonly Place[])[] {
  return Array.from(parts.values(), (part) => ({
    part,
    used: Math.min(...part.map(({ levels: { core } }) => uses.get(core ?? '') ?? 0)),
  }))
    .toSorted((a, b) => b.part.length - a.part.length || a.used - b.used)
    .map(({ part }) => part);
}

/** A group of the processors of a domain, whose parts are in order; undefined if there is none. */
function groupIn(
  parts: readonly (readonly Place[])[],
  uses: Uses,
  { actors, fit }: GroupsWanted,
): readonly Place[] | undefined {
  if (fit === 'packed' || fit === 'loose') {
    const isTooFew = parts.reduce((total, part) => total + part.length, 0) < actors;
    if (fit === 'packed') return isTooFew || (parts[0]?.length ?? 0) < 2 ? undefined : packed(parts, actors);
    return isTooFew || parts.length < 2 ? undefined : inTurns(parts, actors, uses);
  }
  return parts.length < actors ? undefined : parts.slice(0, actors).map((part) => quietest(part, uses));
}

/** Whole parts as long as they are filled; what is left over in the smallest one that holds it. */
function packed(parts: readonly (readonly Place[])[], actors: number): readonly Place[] {
  const group: Place[] = [];
  const left = [...parts];
  for (let open = actors; open > 0; open = actors - group.length) {
    const holding = left.findLast((part) => part.length >= open);
    const part = holding ?? left[0] ?? [];
    left.splice(left.indexOf(part), 1);
    group.push(...part.slice(0, open));
  }
  return group;
}

/** One actor in each part, and again, until all have a place: on cores of their own while there are any. */
function inTurns(parts: readonly (readonly Place[])[], actors: number, uses: Uses): Place[] {
  const group: Place[] = [];
  const own = new Map(uses);
  while (group.length < actors) {
    for (const part of parts) {
      const left = part.filter((place) => !group.includes(place));
      if (left.length === 0 || group.length === actors) continue;
      const place = quietest(left, own);
      group.push(place);
      for (const key of keysOf(place.levels)) own.set(key, (own.get(key) ?? 0) + 1);
    }
  }
  return group;
}

/** Of places that serve alike, the one that the fewest actors are near to; the first of those. */
function quietest(places: readonly Place[], uses: Uses): Place {
  return places.reduce((best, place) =>
    isLess(costOf(place.levels, uses), costOf(best.levels, uses)) ? place : best,
  );
}

/** How many actors are near, those that disturb most first. */
function costOf({ core, l3, node, package: chip, l2 }: Levels, uses: Uses): readonly number[] {
  return [core, l3, node, chip, l2].map((key) => (key === undefined ? 0 : (uses.get(key) ?? 0)));
}

function keysOf({ package: chip, node, l3, l2, core }: Levels): readonly string[] {
  return [chip, node, l3, l2, core].filter((key) => key !== undefined);
}

function sum(rows: readonly (readonly number[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, index) => rows.reduce((total, row) => total + (row[index] ?? 0), 0));
}

/** By the first number in which the two differ. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}
