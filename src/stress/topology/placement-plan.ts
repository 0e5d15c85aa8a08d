/**
 * Which actor of which instance runs on which processor. A pure function of the topology: it neither reads nor moves anything.
 */
import { Prng } from '../../stats/prng.ts';
import { type Distance, distance, farthest } from './distance.ts';
import { type Groups, instanceGroups } from './instance-groups.ts';
import { PlacementError } from './placement-error.ts';
import { type Placement, PLACEMENT_CLASSES, type PlacementClass } from './placement.ts';
import type { Processor, Topology } from './topology.ts';

/** Processors above which one of them is left to the system. */
const ALL_MAX = 4;

/** What is to be placed. */
export interface PlacementWanted {
  /** Actors of an instance, at least one. */
  readonly actors: number;
  /** Instances; `auto` for as many as fit, where at least two do. */
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
  /** At least one. */
  readonly instances: readonly InstancePlan[];
  /** Actors per processor, on purpose: above 1 where more instances were asked for than fit. */
  readonly actorsPerProcessor: number;
  /** What was asked for and cannot be, and what is done in its place, in a sentence; null where all is as asked for. */
  readonly unmet: string | null;
  /** Why the system places the actors, in a sentence; null where they have processors of their own. */
  readonly unpinned: string | null;
  /** What all this means for the race, a sentence each. */
  readonly notes: readonly string[];
}

/** The classes in the order of `PLACEMENT_CLASSES`; one, unless all are to be walked through. */
export interface PlacementPlan {
  readonly classes: readonly ClassPlan[];
}

/**
 * Plans the places of the actors.
 * @throws {PlacementError} If processors are named that this process may not use, or that do not make so many instances.
 */
export function planPlacement(topology: Topology, wanted: PlacementWanted): PlacementPlan {
  const { placement } = wanted;
  if (placement.kind === 'list') return { classes: [listPlan(topology, wanted, placement.instances)] };
  if (placement.kind === 'class') return { classes: [classPlan(topology, wanted, placement.name)] };
  const met = PLACEMENT_CLASSES.filter((name) => name !== 'near' && name !== 'spread')
    .map((name) => classPlan(topology, wanted, name))
    .filter(({ unmet, unpinned }) => unmet === null && unpinned === null);
  return { classes: met.length === 0 ? [classPlan(topology, wanted, 'near')] : met };
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

/** The distances that a class may have, the one that is wanted most first. */
const WANTED: Readonly<Record<PlacementClass, readonly Distance[]>> = {
  sibling: ['sibling'],
  near: ['l2', 'l3', 'package', 'node', 'far', 'unknown'],
  l3: ['l3'],
  package: ['package', 'node'],
  far: ['far', 'node'],
  spread: ['l2', 'l3', 'package', 'node', 'far', 'unknown'],
};

/** What is taken where none of them can be: the farthest. */
const IN_ITS_PLACE: readonly Distance[] = ['node', 'package', 'l3', 'l2', 'unknown', 'sibling'];

function classPlan(topology: Topology, wanted: PlacementWanted, name: PlacementClass): ClassPlan {
  const { actors, instances } = wanted;
  const { processors } = topology;
  const count = instances === 'auto' ? 1 : instances;
  if (processors.length < actors) {
    return unpinnedPlan(
      topology,
      wanted,
      name,
      `${actors} actors on ${processorsText(processors.length)}: the system places them, and they take turns.`,
    );
  }
  const tried = [...WANTED[name], ...IN_ITS_PLACE];
  const alone = name === 'spread' && instances === 'auto' ? aloneIn(processors) : undefined;
  const max = instances === 'auto' ? autoMax(topology, actors) : instances;
  for (const [index, wish] of tried.entries()) {
    const groups = groupsOf(processors, { actors, distance: wish, max, alone }, count);
    if (groups.length === 0) continue;
    const isMet = index < WANTED[name].length;
    return plannedClass(topology, wanted, name, groups, isMet ? null : unmetText(name, groups));
  }
  return unpinnedPlan(topology, wanted, name, `No processors lie as ${name} wants them.`);
}

/** As many groups as fit without the processor that is left to the system; with it where fewer than `min` do. */
function groupsOf(
  processors: readonly Processor[],
  wanted: Parameters<typeof instanceGroups>[1],
  min: number,
): Groups {
  if (processors.length > ALL_MAX) {
    const groups = instanceGroups(processors.slice(1), wanted);
    if (groups.length >= min) return groups;
  }
  return instanceGroups(processors, wanted);
}

/** Which level no two instances are to share, so that they disturb each other least. */
function aloneIn(processors: readonly Processor[]): 'core' | 'l3' {
  const caches = new Set(processors.map(({ l3 }) => l3));
  return caches.size > 1 && !caches.has(null) ? 'l3' : 'core';
}

function autoMax({ processors, quota }: Topology, actors: number): number {
  return Math.max(1, Math.floor(Math.min(processors.length, quota ?? Infinity) / actors));
}

function plannedClass(
  topology: Topology,
  { actors, instances }: PlacementWanted,
  name: PlacementClass,
  groups: Groups,
  unmet: string | null,
): ClassPlan {
  const count = instances === 'auto' ? groups.length : instances;
  const plans = Array.from({ length: count }, (_, instance): InstancePlan => {
    const group = groups[instance % groups.length] ?? [];
    return { processors: group.map(({ number }) => number), distance: farthest(group) ?? null };
  });
  const actorsPerProcessor = Math.ceil(count / groups.length);
  return {
    placement: name,
    instances: plans,
    actorsPerProcessor,
    unmet,
    unpinned: null,
    notes: notesOf(topology, { actors, count, actorsPerProcessor, used: groups.flat() }),
  };
}

function unpinnedPlan(
  topology: Topology,
  { actors, instances }: PlacementWanted,
  name: PlacementClass | 'list',
  unpinned: string,
): ClassPlan {
  const count = instances === 'auto' ? 1 : instances;
  const actorsPerProcessor = (count * actors) / topology.processors.length;
  return {
    placement: name,
    instances: Array.from({ length: count }, () => ({
      processors: Array.from({ length: actors }, () => null),
      distance: null,
    })),
    actorsPerProcessor,
    unmet: null,
    unpinned,
    notes: notesOf(topology, { actors, count, actorsPerProcessor, used: topology.processors }),
  };
}

function listPlan(
  topology: Topology,
  wanted: PlacementWanted,
  lists: readonly (readonly number[])[],
): ClassPlan {
  const { actors, instances } = wanted;
  const known = new Map(topology.processors.map((processor) => [processor.number, processor]));
  const count = instances === 'auto' ? lists.length : instances;
  if (count > lists.length) {
    throw new PlacementError(
      `--placement: names the processors of ${lists.length} instances, and --instances wants ${count}`,
    );
  }
  const groups = lists.slice(0, count).map((list) => {
    if (list.length < actors) {
      throw new PlacementError(
        `--placement: '${list.join(',')}' names ${processorsText(list.length)} for ${actors} actors`,
      );
    }
    return list.slice(0, actors).map((number) => {
      const processor = known.get(number);
      if (processor !== undefined) return processor;
      const isOffline = topology.offline?.includes(number) === true;
      throw new PlacementError(
        `--placement: processor ${number} ${isOffline ? 'is offline' : 'is none that this process may use'}`,
      );
    });
  });
  return {
    placement: 'list',
    instances: groups.map((group) => ({
      processors: group.map(({ number }) => number),
      distance: farthest(group) ?? null,
    })),
    actorsPerProcessor: 1,
    unmet: null,
    unpinned: null,
    notes: notesOf(topology, { actors, count, actorsPerProcessor: 1, used: groups.flat() }),
  };
}

function notesOf(
  topology: Topology,
  parts: {
    readonly actors: number;
    readonly count: number;
    readonly actorsPerProcessor: number;
    readonly used: readonly Processor[];
  },
): string[] {
  const { actors, actorsPerProcessor, used } = parts;
  const { processors, quota } = topology;
  const notes: string[] = [];
  if (processors.length === 1) {
    notes.push(
      'One processor: actors interleave only where the system takes it from one and gives it to another.',
    );
  } else if (actorsPerProcessor > 1) {
    notes.push(
      `${actorsPerProcessor.toFixed(1)} actors share a processor: those of an instance meet only when they happen to run at the same time.`,
    );
  }
  if (quota !== null && quota < actors) {
    notes.push(
      `A quota of ${quota} processors for ${actors} actors: the system stops them all for a part of each period, at any step.`,
    );
  }
  const speeds = new Set(used.map(({ capacity, coreType }) => `${capacity} ${coreType}`));
  if (speeds.size > 1) notes.push('Processors of different speed: the same actors race otherwise on others.');
  if (used.some((one) => used.some((other) => one !== other && distance(one, other) === 'unknown'))) {
    notes.push('How the processors lie is not known.');
  }
  return notes;
}

function unmetText(name: PlacementClass, groups: Groups): string {
  const done = farthest(groups[0] ?? []);
  return `No processors lie as ${name} wants them; those taken are ${done === undefined ? 'alone' : DISTANCE_WORDS[done]}.`;
}

/** Of two processors, how they lie. */
const DISTANCE_WORDS: Readonly<Record<Distance, string>> = {
  sibling: 'threads of one core',
  l2: 'cores that share a second-level cache',
  l3: 'cores that share a third-level cache',
  package: 'cores of one package',
  node: 'cores of one package in different NUMA nodes',
  far: 'cores of different packages',
  unknown: 'processors of which it is not known how they lie',
};

function processorsText(count: number): string {
  return count === 1 ? '1 processor' : `${count} processors`;
}
