import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/stats/prng.ts';
import { parsePlacement } from '../../../../src/stress/topology/placement.ts';
import {
  classOfStart,
  type ClassPlan,
  instancesOf,
  type PlacementPlan,
  type PlacementWanted,
  planPlacement,
} from '../../../../src/stress/topology/placement-plan.ts';
import type { Topology } from '../../../../src/stress/topology/topology.ts';
import { brokenRules } from '../../../helpers/placement-rules.ts';
import { randomTopology } from '../../../helpers/random-topology.ts';

const TOPOLOGIES = 1_000;
const WANTED = ['sibling', 'near', 'l3', 'package', 'far', 'spread', 'all'].map(parsePlacement);

/** A machine and what is asked of it, by number. */
function question(seed: number): { readonly topology: Topology; readonly wanted: PlacementWanted } {
  const prng = new Prng(seed);
  const topology = randomTopology(prng);
  const placement = WANTED[prng.nextBelow(WANTED.length)] ?? parsePlacement('near');
  const actors = [2, 2, 2, 3, 4, 1][prng.nextBelow(6)] ?? 2;
  const instances = prng.nextBelow(3) > 0 ? 'auto' : 1 + prng.nextBelow(12);
  return { topology, wanted: { actors, instances, placement } };
}

/** What the plans of a planner break, machine by machine. */
function* broken(planner: typeof planPlacement): Generator<string> {
  for (let seed = 0; seed < TOPOLOGIES; seed++) {
    const { topology, wanted } = question(seed);
    for (const rule of brokenRules(topology, wanted, planner(topology, wanted)))
      yield `seed ${seed}: ${rule}`;
  }
}

/** The first of them that says so. */
function first(planner: typeof planPlacement, rule: RegExp): string | undefined {
  for (const text of broken(planner)) if (rule.test(text)) return text;
  return undefined;
}

/** A planner that does something to every class. */
function planted(change: (plan: ClassPlan, topology: Topology) => ClassPlan): typeof planPlacement {
  return (topology, wanted): PlacementPlan => ({
    classes: planPlacement(topology, wanted).classes.map((plan) =>
      plan.unpinned === null ? change(plan, topology) : plan,
    ),
  });
}

/** A planner that sees another machine. */
function seeing(change: (topology: Topology) => Topology): typeof planPlacement {
  return (topology, wanted) => planPlacement(change(topology), wanted);
}

describe('the rules of plans', () => {
  it.each<[string, typeof planPlacement, RegExp]>([
    [
      'that takes a processor twice',
      planted((plan) => ({ ...plan, instances: [...plan.instances, ...plan.instances.slice(0, 1)] })),
      /used twice|miscounted/,
    ],
    [
      'that is an instance short',
      planted((plan) => ({
        ...plan,
        instances: plan.instances.slice(0, Math.max(1, plan.instances.length - 1)),
        idle: plan.idle,
      })),
      /instances where/,
    ],
    [
      'that takes neighbors for siblings',
      seeing((topology) => ({
        ...topology,
        processors: topology.processors.map((processor) => ({
          ...processor,
          core: Math.floor(processor.number / 2),
        })),
      })),
      /sibling: two actors lie otherwise/,
    ],
    [
      'that knows of no cache',
      seeing((topology) => ({
        ...topology,
        processors: topology.processors.map((processor) => ({ ...processor, l3: null })),
      })),
      /l3: it could have been met/,
    ],
    [
      'that does not see the quota',
      seeing((topology) => ({ ...topology, quota: null })),
      /quota is not heeded/,
    ],
    [
      'that says nothing of what is not met',
      planted((plan) => ({ ...plan, unmet: null })),
      /what is not met is not said/,
    ],
    [
      'that leaves nothing to the system',
      // It leaves a processor that is not there.
      seeing((topology) => ({
        ...topology,
        processors: topology.processors.flatMap((processor, index) =>
          index === 0 ? [{ ...processor, number: -1 }, processor] : [processor],
        ),
      })),
      /left to the system/,
    ],
  ])('catch a planner %s', (_what, planner, rule) => {
    expect(first(planner, rule)).toMatch(rule);
  });

  it('hold of the plans for a thousand machines', () => {
    expect([...broken(planPlacement)]).toEqual([]);
  });
});

describe('instancesOf', () => {
  it('counts those of the class that has most', () => {
    const topology = question(3).topology;
    const plans = ['sibling', 'spread', 'near'].map((name) =>
      planPlacement(topology, { actors: 2, instances: 'auto', placement: parsePlacement(name) }),
    );
    const counts = plans.map(instancesOf);

    expect(counts).toEqual(plans.map(({ classes }) => classes[0]?.instances.length));
    expect(instancesOf({ classes: plans.flatMap(({ classes }) => classes) })).toBe(Math.max(...counts));
    expect(instancesOf(undefined)).toBe(1);
  });
});

describe('classOfStart', () => {
  const topology = question(3).topology;
  const classes = ['sibling', 'l3', 'far'].flatMap(
    (name) => planPlacement(topology, { actors: 2, instances: 1, placement: parsePlacement(name) }).classes,
  );

  it('plays every class once in each round, in another order from round to round', () => {
    const starts = Array.from({ length: 30 }, (_, start) => classOfStart({ classes }, start, 7).placement);

    const rounds = Array.from({ length: 10 }, (_, round) => starts.slice(3 * round, 3 * round + 3));
    for (const round of rounds) expect(round.toSorted()).toEqual(['far', 'l3', 'sibling']);
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(1);
    expect(Array.from({ length: 30 }, (_, start) => classOfStart({ classes }, start, 7).placement)).toEqual(
      starts,
    );
  });
});
