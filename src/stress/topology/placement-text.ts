/** Sentences about places: what is not as it was asked for, and what that means for the race. */
import { type Distance, distance, farthest } from './distance.ts';
import type { Groups } from './instance-groups.ts';
import type { PlacementClass } from './placement.ts';
import type { Processor, Topology } from './topology.ts';

/** How actors lie at a distance. */
const LIE: Readonly<Record<Distance, string>> = {
  sibling: 'threads of one core',
  l2: 'cores that share a second-level cache',
  l3: 'cores that share a third-level cache',
  package: 'cores of one package',
  node: 'two NUMA nodes of one package',
  far: 'different packages',
  unknown: 'processors of which the system does not tell how they lie',
};

/** What the machine would need for a class, and does not have. */
const LACKS: Readonly<Record<PlacementClass, string>> = {
  sibling: 'there are no threads of one core',
  near: 'there are too few cores',
  l3: 'no two cores share a third-level cache and no second-level one',
  package: 'no two cores of one package are without a cache in common',
  far: 'there is one package, and no second NUMA node',
  spread: 'there are too few cores',
};

/** What a class that is met only partly is short of. */
const TOO_FEW: Readonly<Record<PlacementClass, string>> = {
  sibling: 'a core has too few threads',
  near: 'there are too few cores',
  l3: 'there are too few caches of the second level',
  package: 'there are too few caches or NUMA nodes',
  far: 'there are too few packages or NUMA nodes',
  spread: 'there are too few cores',
};

/** What was asked for and is not met, and what is done in its place. */
export function unmetText(
  topology: Topology,
  parts: {
    readonly name: PlacementClass;
    readonly isMet: 'partly' | 'no';
    readonly actors: number;
    readonly group: readonly Processor[] | undefined;
  },
): string {
  const { name, isMet, actors, group = [] } = parts;
  if (isMet === 'partly') {
    return `--placement ${name}: not every two of ${actors} actors lie so, as ${TOO_FEW[name]}.`;
  }
  const lies = farthest(group);
  const place = lies === undefined ? 'the actor has a processor' : `the actors are on ${LIE[lies]}`;
  return `--placement ${name}: ${lackText(topology, name, actors)}; ${place}.`;
}

function lackText({ processors, offline }: Topology, name: PlacementClass, actors: number): string {
  const level = ({ sibling: 'core', l3: 'l3', package: 'package', far: 'package' } as const)[
    name === 'near' || name === 'spread' ? 'sibling' : name
  ];
  const isUnknown = processors.some((processor) => processor[level] === null);
  if (isUnknown && name !== 'near' && name !== 'spread') {
    const what = {
      sibling: 'which processors are threads of one core',
      l3: 'which processors share a third-level cache',
      package: 'in which package a processor lies',
      far: 'in which package a processor lies',
    }[name];
    return `the system does not tell ${what}`;
  }
  const isOff = name === 'sibling' && offline !== null && offline.length > 0;
  const also = isOff ? ` (${rangesText(offline)} ${offline.length === 1 ? 'is' : 'are'} offline)` : '';
  return `${actors > 2 ? LACKS[name].replace('no two', `no ${actors}`) : LACKS[name]}${also}`;
}

/** Why the system places the actors. */
export function unpinnedText(actors: number, processors: number): string {
  return `${actors} actors on ${processorsText(processors)}: none has one of its own, and the system places them.`;
}

/** What places mean for the race. */
export function placeNotes(
  topology: Topology,
  parts: {
    readonly actors: number;
    readonly count: number;
    readonly actorsPerProcessor: number;
    /** Of instances that share no processor. */
    readonly groups: Groups;
  },
): string[] {
  const { processors } = topology;
  const used = parts.groups.flat();
  return [
    ...crowdNotes(processors.length, parts),
    ...quotaNotes(topology, parts),
    ...speedNotes(used),
    ...siblingNotes(used, parts.groups, topology),
    ...(used.some((one) => used.some((other) => one !== other && distance(one, other) === 'unknown'))
      ? ['How the processors lie is not known: rates by distance cannot be told apart.']
      : []),
  ];
}

function crowdNotes(
  processors: number,
  parts: { readonly actors: number; readonly count: number; readonly actorsPerProcessor: number },
): string[] {
  const { actors, count, actorsPerProcessor } = parts;
  if (processors === 1 && count * actors > 1) {
    return [
      'One processor: no two actors run at the same time, and one gets in between the steps of another only where the system takes turns.',
    ];
  }
  if (actorsPerProcessor <= 1) return [];
  const share = Number.isInteger(actorsPerProcessor)
    ? String(actorsPerProcessor)
    : actorsPerProcessor.toFixed(1);
  return [
    `More actors than places (${share} to a processor): those of an instance race only while the system happens to run them at the same time.`,
  ];
}

function quotaNotes(
  { quota }: Topology,
  { actors, count }: { readonly actors: number; readonly count: number },
): string[] {
  if (quota === null || quota >= actors * count) return [];
  const size = Number(quota.toFixed(2));
  if (quota < 1) {
    return [
      `The control group allows ${size} of a processor: the system stops all actors for most of each period, at whatever step they are.`,
    ];
  }
  return [
    `The control group allows ${processorsText(size)}, and ${actors * count} actors want as many each: the system stops all of them for a part of each period, at whatever step they are.`,
  ];
}

/** Processors slower than this share of the fastest one are said to be. */
const SLOWER = 0.9;

function speedNotes(used: readonly Processor[]): string[] {
  const types = [...new Set(used.map(({ coreType }) => coreType))].filter((type) => type !== null);
  const capacities = used.map(({ capacity }) => capacity).filter((capacity) => capacity !== null);
  const slowest = Math.min(...capacities) / Math.max(...capacities);
  if (types.length < 2 && !(slowest < SLOWER)) return [];
  const how = slowest < SLOWER ? ` (the slowest has ${Math.round(slowest * 100)} % of the fastest)` : '';
  return [
    `The processors are of different speed${how}: what an actor does on one takes longer than on another, and rates hold for these places only.`,
  ];
}

function siblingNotes(used: readonly Processor[], groups: Groups, { processors }: Topology): string[] {
  const allowed = new Set(processors.map(({ number }) => number));
  const others = new Set(
    used.flatMap(({ siblings }) => (siblings ?? []).filter((number) => !allowed.has(number))),
  );
  const cores = groups.flatMap((group) =>
    Array.from(new Set(group.map(({ core }) => core))).filter((core) => core !== null),
  );
  const isShared = new Set(cores).size < cores.length;
  return [
    ...(others.size > 0
      ? [
          `Threads of the same cores are not this process's (${rangesText([...others])}): what others run there slows the actors.`,
        ]
      : []),
    ...(isShared
      ? ['Instances share cores: they slow each other, and more of them are not as many times the trials.']
      : []),
  ];
}

/** `1 processor`, `2.5 processors`. */
export function processorsText(count: number): string {
  return count === 1 ? '1 processor' : `${count} processors`;
}

/** Numbers as the kernel prints them, such as 0-3,8. */
export function rangesText(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}
