/**
 * The rules that a plan of places has to keep, written down apart from the planner: it looks at what processors have in common by
 * itself, and counts how many instances would fit.
 */
import type { ClassPlan, PlacementPlan, PlacementWanted } from '../../src/stress/topology/placement-plan.ts';
import type { Processor, Topology } from '../../src/stress/topology/topology.ts';

/** What two processors are to each other. */
type Relation = (a: Processor, b: Processor) => boolean;

const isSame = (level: 'core' | 'l2' | 'l3' | 'node' | 'package'): Relation => {
  return (a, b) => a[level] !== null && a[level] === b[level];
};
/** Where no package is known, a node is one. */
const chipOf = (processor: Processor): number | null => processor.package ?? processor.node;
const onChip: Relation = (a, b) => chipOf(a) !== null && chipOf(a) === chipOf(b);
const inNode: Relation = (a, b) => onChip(a, b) && a.node === b.node;
const sibling = isSame('core');
const l2: Relation = (a, b) => !sibling(a, b) && isSame('l2')(a, b) && a.node === b.node;
const l3: Relation = (a, b) => !sibling(a, b) && !l2(a, b) && isSame('l3')(a, b) && a.node === b.node;
const inPackage: Relation = (a, b) => inNode(a, b) && !sibling(a, b) && !l2(a, b) && !l3(a, b);
const inOtherNode: Relation = (a, b) => onChip(a, b) && a.node !== b.node;
const onOtherChip: Relation = (a, b) => chipOf(a) !== null && chipOf(b) !== null && !onChip(a, b);

/** From the nearest, without siblings. */
const OUTWARD: readonly Relation[] = [l2, l3, inPackage, inOtherNode, onOtherChip];

/** By class, what any two actors are to be to each other, the best first. */
const RELATIONS: Readonly<Record<string, readonly Relation[]>> = {
  sibling: [sibling],
  l3: [l3],
  package: [inPackage, inOtherNode],
  far: [onOtherChip, inOtherNode],
};

/** What a plan breaks, a sentence each. */
export function brokenRules(topology: Topology, wanted: PlacementWanted, plan: PlacementPlan): string[] {
  return plan.classes.flatMap((one) =>
    [
      ...placeRules(topology, wanted, one),
      ...(one.unpinned === null
        ? [...countRules(topology, wanted, one), ...classRules(topology, wanted, one)]
        : []),
    ].map((rule) => `${one.placement}: ${rule}`),
  );
}

function placeRules(topology: Topology, { actors, instances }: PlacementWanted, plan: ClassPlan): string[] {
  const broken: string[] = [];
  const numbers = topology.processors.map(({ number }) => number);
  const used = plan.instances.flatMap(({ processors }) => processors);
  const uses = new Map<number | null, number>();
  for (const number of used) uses.set(number, (uses.get(number) ?? 0) + 1);
  const isTooFew = numbers.length < actors;
  if (plan.instances.length === 0) broken.push('there is no instance');
  if (plan.instances.some(({ processors }) => processors.length !== actors))
    broken.push('actors are missing');
  if (instances !== 'auto' && plan.instances.length !== instances) broken.push('instances are missing');
  if ((plan.unpinned !== null) !== isTooFew)
    broken.push('the system places actors that have room, or the other way round');
  if (plan.unpinned !== null) {
    if (used.some((number) => number !== null)) broken.push('an actor is pinned all the same');
    return broken;
  }
  if (used.some((number) => number === null || !numbers.includes(number)))
    broken.push('a processor is not ours');
  if (plan.instances.some(({ processors }) => new Set(processors).size < actors))
    broken.push('two actors of an instance share a processor');
  if (Math.max(...uses.values()) !== plan.actorsPerProcessor)
    broken.push('actors per processor are miscounted');
  if (instances === 'auto' && plan.actorsPerProcessor > 1) broken.push('a processor is used twice');
  if (idleOf(topology, plan).join() !== plan.idle.join()) broken.push('the idle ones are others');
  if (plan.actorsPerProcessor > 1 && plan.notes.length === 0) broken.push('oversubscription is not said');
  if (numbers.length === 1 && instances !== 1 && instances !== 'auto' && plan.notes.length === 0)
    broken.push('that there is one processor is not said');
  return broken;
}

/** Numbers of the processors without an actor. */
function idleOf({ processors }: Topology, { instances }: ClassPlan): readonly number[] {
  const used = new Set(instances.flatMap((instance) => instance.processors));
  return processors.map(({ number }) => number).filter((number) => !used.has(number));
}

/** As many as fit, one processor left to the system. */
function countRules(topology: Topology, { actors, instances }: PlacementWanted, plan: ClassPlan): string[] {
  const { processors, quota } = topology;
  const isLeft = processors.length > 4;
  const room = isLeft ? processors.slice(1) : processors;
  if (instances !== 'auto') {
    const isFull = isLeft && idleOf(topology, plan).length === 0;
    return isFull && actors * instances < processors.length ? ['no processor is left to the system'] : [];
  }
  const broken: string[] = [];
  if (isLeft && idleOf(topology, plan).length === 0 && plan.instances.length > 1)
    broken.push('no processor is left to the system');
  const max = quota === null ? Infinity : Math.max(1, Math.floor(quota / actors));
  if (plan.instances.length > max) broken.push('the quota is not heeded');
  const relation = relationOf(plan, processors);
  if (plan.isMet !== 'yes' || plan.placement === 'spread' || relation === undefined) return broken;
  const fitting = Math.min(
    max,
    mostGroups(room, relation, actors) || mostGroups(processors, relation, actors),
  );
  // Three that are near each other may lie at different distances.
  const isExact = plan.placement !== 'near' || actors === 2;
  if (isExact && plan.instances.length !== fitting)
    broken.push(`${plan.instances.length} instances where ${fitting} fit`);
  return broken;
}

/** What the first two actors of a plan are to each other. */
function relationOf({ instances }: ClassPlan, processors: readonly Processor[]): Relation | undefined {
  const [a, b] = (instances[0]?.processors ?? []).map((number) =>
    processors.find((processor) => processor.number === number),
  );
  if (a === undefined || b === undefined) return undefined;
  return [sibling, ...OUTWARD].find((relation) => relation(a, b));
}

/**
 * How many groups of which any two are in the relation: processors that have the same others in it belong together, and of each such
 * set a group has one. Those sets make up domains; in one, n groups fit if its sets have enough when none gives more than n.
 */
function mostGroups(processors: readonly Processor[], relation: Relation, actors: number): number {
  const related = new Map(
    processors.map((one) => [one, processors.filter((other) => other !== one && relation(one, other))]),
  );
  const left = new Set(processors);
  let total = 0;
  for (const first of processors) {
    if (!left.has(first)) continue;
    const domain = [...left].filter(
      (one) =>
        one === first ||
        (related.get(first) ?? []).includes(one) ||
        (related.get(first) ?? []).some((middle) => (related.get(middle) ?? []).includes(one)),
    );
    const sets = new Map<string, number>();
    for (const one of domain) {
      left.delete(one);
      const key = (related.get(one) ?? []).map(({ number }) => number).join();
      sets.set(key === '' || relation === sibling ? `#${one.number}` : key, 0);
    }
    for (const one of domain) {
      const key = (related.get(one) ?? []).map(({ number }) => number).join();
      const name = key === '' || relation === sibling ? `#${one.number}` : key;
      sets.set(name, (sets.get(name) ?? 0) + 1);
    }
    const sizes = [...sets.values()];
    const fits = (n: number): boolean =>
      sizes.reduce((sum, size) => sum + Math.min(size, n), 0) >= n * actors;
    let n = 0;
    while (fits(n + 1)) n++;
    total += n;
  }
  return total;
}

/** That the actors lie as asked for, and that it is said where they do not. */
function classRules(topology: Topology, { actors, instances }: PlacementWanted, plan: ClassPlan): string[] {
  const { placement, isMet, unmet } = plan;
  const { processors } = topology;
  const broken: string[] = [];
  if ((unmet === null) !== (isMet === 'yes'))
    broken.push('what is not met is not said, or the other way round');
  const groups = plan.instances.map(({ processors: numbers }) =>
    processors.filter(({ number }) => numbers.includes(number)),
  );
  const pairs = groups.flatMap((group) => pairsOf(group));
  const all = pairsOf(processors);
  const relations = RELATIONS[placement];
  if (relations !== undefined) {
    const best = relations.find((relation) => all.some(([a, b]) => relation(a, b)));
    if (isMet === 'yes' && !relations.some((relation) => pairs.every(([a, b]) => relation(a, b))))
      broken.push('two actors lie otherwise');
    if (isMet === 'no' && actors === 2 && best !== undefined) broken.push('it could have been met');
    if (isMet === 'yes' && actors === 2 && best !== undefined && !pairs.every(([a, b]) => best(a, b)))
      broken.push('there are better ones');
  }
  if ((placement === 'near' || placement === 'spread') && isMet === 'yes' && actors === 2) {
    const nearest = OUTWARD.find((relation) => all.some(([a, b]) => relation(a, b)));
    const room = processors.length > 4 ? pairsOf(processors.slice(1)) : all;
    const inRoom = OUTWARD.find((relation) => room.some(([a, b]) => relation(a, b)));
    const isNearest = [nearest, inRoom].some(
      (relation) => relation === undefined || pairs.every(([a, b]) => relation(a, b)),
    );
    if (pairs.some(([a, b]) => sibling(a, b))) broken.push('two actors share a core');
    if (!isNearest) broken.push('others are nearer');
  }
  if (placement === 'spread' && instances === 'auto') broken.push(...spreadRules(processors, groups));
  return broken;
}

function spreadRules(processors: readonly Processor[], groups: readonly (readonly Processor[])[]): string[] {
  const caches = new Set(processors.map(({ l3: cache }) => cache));
  const shares = caches.size > 1 && !caches.has(null) ? isSame('l3') : sibling;
  const isShared = groups.some((group, index) =>
    groups
      .slice(index + 1)
      .some((other) => group.some((a) => other.some((b) => shares(a, b) && a.node === b.node))),
  );
  return isShared ? ['instances share what they need not'] : [];
}

function pairsOf(group: readonly Processor[]): (readonly [Processor, Processor])[] {
  return group.flatMap((one, index) => group.slice(index + 1).map((other) => [one, other] as const));
}
