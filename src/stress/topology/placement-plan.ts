/**
 * Which actor of which instance runs on which processor. A pure function of the topology: it neither reads nor moves anything.
 */
import { Prng } from '../../stats/prng.ts';
import { type Distance, farthest } from './distance.ts';
import { type Groups, type GroupsWanted, instanceGroups } from './instance-groups.ts';
import { PlacementError } from './placement-error.ts';
import { processorsText, placeNotes, unmetText, unpinnedText } from './placement-text.ts';
import { type Placement, PLACEMENT_CLASSES, type PlacementClass } from './placement.ts';
import type { Processor, Topology } from './topology.ts';

/** Processors above which one of them is left to the system. */
const ALL_MAX = 4;

/** What is to be placed. */
export interface PlacementWanted {
  /** Actors of an instance, at least one. */
  readonly actors: number;
  /** Instances; `auto` for as many as fit, where at least two do, and for one elsewhere. */
  readonly instances: number | 'auto';
  readonly placement: Placement;
}

/** An instance and its places. */
export interface InstancePlan {
  /** By actor, the number of its processor; null where the system places it. */
  readonly processors: readonly (number | null)[];
  /** Between its two actors that lie farthest apart; null of one actor, and where the system places them. */
  readonly distance: Distance | null;
}

/** The instances of one placement. */
export interface ClassPlan {
  /** What was asked for: one class, or a list. */
  readonly placement: PlacementClass | 'list';
  /** At least one. The first ones disturb each other least. */
  readonly instances: readonly InstancePlan[];
  /** Actors per processor, on purpose: above 1 where more instances were asked for than fit. */
  readonly actorsPerProcessor: number;
  /** Whether the actors lie as asked for: `partly` if not every two of them do. */
  readonly isMet: 'yes' | 'partly' | 'no';
  /** What was asked for and is not met, and what is done in its place, in a sentence; null where all is as asked for. */
  readonly unmet: string | null;
  /** Why the system places the actors, in a sentence; null where they have processors of their own. */
  readonly unpinned: string | null;
  /** Processors that no actor is kept on. */
  readonly idle: readonly number[];
  /** What all this means for the race, a sentence each. */
  readonly notes: readonly string[];
}

/** The classes in the order of `PLACEMENT_CLASSES`; one, unless all are to be walked through. */
export interface PlacementPlan {
  readonly classes: readonly ClassPlan[];
  /** Of all classes those that the machine does not have; absent where one was asked for by itself, and where it has all. */
  readonly lacking?: readonly PlacementClass[];
}

/**
 * Plans the places of the actors.
 * @throws {PlacementError} If processors are named that this process may not use, or that do not make so many instances.
 */
export function planPlacement(topology: Topology, wanted: PlacementWanted): PlacementPlan {
  const { placement } = wanted;
  if (placement.kind === 'list') return { classes: [listPlan(topology, wanted, placement.instances)] };
  if (placement.kind === 'class') return { classes: [classPlan(topology, wanted, placement.name)] };
  // What is near and spread is one of the others.
  const walked = PLACEMENT_CLASSES.filter((name) => name !== 'near' && name !== 'spread');
  const met = walked.map((name) => classPlan(topology, wanted, name)).filter(({ isMet }) => isMet !== 'no');
  const lacking = walked.filter((name) => met.every(({ placement: has }) => has !== name));
  return {
    classes: met.length === 0 ? [classPlan(topology, wanted, 'near')] : met,
    ...(lacking.length > 0 && { lacking }),
  };
}

/**
 * The class that a start plays, of a plan that walks through several: every class once in random order, and again in another.
 *
 * @param start - Counted from 0.
 */
export function classOfStart({ classes }: PlacementPlan, start: number, seed: number): ClassPlan {
  const round = Math.floor(start / classes.length);
  const order = new Prng(seed).fork(round).shuffle([...classes]);
  const found = order[start % classes.length];
  if (found === undefined) throw new RangeError(`start: expected an integer of 0 or above, got ${start}`);
  return found;
}

/** The instances that a plan needs at most; one where nothing is planned. */
export function instancesOf(plan: PlacementPlan | undefined): number {
  return Math.max(1, ...(plan?.classes.map(({ instances }) => instances.length) ?? []));
}

/** A way to lay actors out. */
type Way = Pick<GroupsWanted, 'distance' | 'fit'>;

/** From the nearest that are no threads of one core. */
const OUTWARD: readonly Distance[] = ['l2', 'l3', 'package', 'node', 'far', 'unknown'];
const NEAR: readonly Way[] = OUTWARD.map((distance) => ({ distance, fit: 'near' }));
const PACKED: readonly Way[] = OUTWARD.map((distance) => ({ distance, fit: 'packed' }));
const FAR: readonly Way[] = OUTWARD.toReversed()
  .slice(1)
  .map((distance) => [exactly(distance), loosely(distance)])
  .flat(2);
const ANYWHERE: Way = { distance: 'unknown', fit: 'any' };

/** By class, ways that are what was asked for, the best first; that are nearly that; and that come nearest to it. */
const WAYS: Readonly<Record<PlacementClass, Readonly<Record<ClassPlan['isMet'], readonly Way[]>>>> = {
  sibling: { yes: exactly('sibling'), partly: PACKED, no: NEAR },
  near: { yes: NEAR, partly: [], no: [ANYWHERE] },
  l3: { yes: exactly('l3'), partly: loosely('l3'), no: [...NEAR, ANYWHERE] },
  package: {
    yes: exactly('package', 'node'),
    partly: loosely('package', 'node'),
    no: [...exactly('l3', 'l2', 'far'), ...NEAR, ANYWHERE],
  },
  far: { yes: exactly('far', 'node'), partly: loosely('far', 'node'), no: [...FAR, ...NEAR, ANYWHERE] },
  spread: { yes: NEAR, partly: [], no: [ANYWHERE] },
};

function exactly(...distances: readonly Distance[]): readonly Way[] {
  return distances.map((distance) => ({ distance, fit: 'exact' }));
}

function loosely(...distances: readonly Distance[]): readonly Way[] {
  return distances.map((distance) => ({ distance, fit: 'loose' }));
}

function classPlan(topology: Topology, wanted: PlacementWanted, name: PlacementClass): ClassPlan {
  const { actors } = wanted;
  if (topology.processors.length < actors) {
    return unpinnedPlan(topology, wanted, name, unpinnedText(actors, topology.processors.length));
  }
  for (const isMet of ['yes', 'partly', 'no'] as const) {
    // Of two actors, either both or none lie as asked for.
    if (isMet === 'partly' && actors < 3) continue;
    for (const way of WAYS[name][isMet]) {
      const groups = groupsOf(topology, wanted, { ...way, name });
      if (groups.length === 0) continue;
      const unmet = isMet === 'yes' ? null : unmetText(topology, { name, isMet, actors, group: groups[0] });
      return { ...pinnedPlan(topology, wanted, name, groups), isMet, unmet };
    }
  }
  throw new Error(`${actors} actors have no place on ${topology.processors.length} processors`);
}

/** As many groups as are wanted and fit without the processor that is left to the system; with it where fewer than those do. */
function groupsOf(
  topology: Topology,
  { actors, instances }: PlacementWanted,
  { distance, fit, name }: Way & { readonly name: PlacementClass },
): Groups {
  const { processors, quota } = topology;
  const alone = name === 'spread' && instances === 'auto' ? aloneIn(processors) : undefined;
  const max = instances === 'auto' ? Math.max(1, Math.floor((quota ?? Infinity) / actors)) : instances;
  const wanted = { actors, distance, fit, max, alone };
  if (processors.length > ALL_MAX) {
    const groups = instanceGroups(processors.slice(1), wanted);
    if (groups.length >= (instances === 'auto' ? 1 : instances)) return groups;
  }
  return instanceGroups(processors, wanted);
}

/** What no two instances are to share, so that they disturb each other least. */
function aloneIn(processors: readonly Processor[]): 'core' | 'l3' {
  const caches = new Set(processors.map(({ l3 }) => l3));
  return caches.size > 1 && !caches.has(null) ? 'l3' : 'core';
}

type Planned = Omit<ClassPlan, 'isMet' | 'unmet'>;

function pinnedPlan(
  topology: Topology,
  { actors, instances }: PlacementWanted,
  placement: ClassPlan['placement'],
  groups: Groups,
): Planned {
  const count = instances === 'auto' ? groups.length : instances;
  const actorsPerProcessor = Math.ceil(count / groups.length);
  const used = new Set(groups.flat());
  return {
    placement,
    instances: Array.from({ length: count }, (_, instance): InstancePlan => {
      const group = groups[instance % groups.length] ?? [];
      return { processors: group.map(({ number }) => number), distance: farthest(group) ?? null };
    }),
    actorsPerProcessor,
    unpinned: null,
    idle: topology.processors.filter((processor) => !used.has(processor)).map(({ number }) => number),
    notes: placeNotes(topology, { actors, count, actorsPerProcessor, groups }),
  };
}

function unpinnedPlan(
  topology: Topology,
  { actors, instances }: PlacementWanted,
  placement: PlacementClass,
  unpinned: string,
): ClassPlan {
  const { processors } = topology;
  const count = instances === 'auto' ? 1 : instances;
  const actorsPerProcessor = (count * actors) / processors.length;
  const nowhere = { processors: Array.from({ length: actors }, () => null), distance: null };
  return {
    placement,
    instances: Array.from({ length: count }, () => nowhere),
    actorsPerProcessor,
    isMet: 'no',
    unmet: null,
    unpinned,
    idle: [],
    notes: placeNotes(topology, { actors, count, actorsPerProcessor, groups: [processors] }),
  };
}

function listPlan(
  topology: Topology,
  wanted: PlacementWanted,
  lists: readonly (readonly number[])[],
): ClassPlan {
  const { actors, instances } = wanted;
  const count = instances === 'auto' ? lists.length : instances;
  if (count > lists.length) {
    const named = lists.length === 1 ? 'one instance' : `${lists.length} instances`;
    throw new PlacementError(`--placement: names the processors of ${named}, and --instances wants ${count}`);
  }
  const groups = lists.slice(0, count).map((list) => {
    if (list.length !== actors) {
      throw new PlacementError(
        `--placement: '${list.join(',')}' names ${processorsText(list.length)} for ${actors} actors`,
      );
    }
    return list.map((number) => namedProcessor(topology, number));
  });
  return { ...pinnedPlan(topology, wanted, 'list', groups), isMet: 'yes', unmet: null };
}

function namedProcessor({ processors, offline }: Topology, number: number): Processor {
  const found = processors.find((processor) => processor.number === number);
  if (found !== undefined) return found;
  const what = offline?.includes(number) === true ? 'is offline' : 'is none that this process may use';
  throw new PlacementError(`--placement: processor ${number} ${what}`);
}
