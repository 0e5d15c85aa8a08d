import { describe, expect, it } from 'vitest';
import type { askLscpu } from '../../src/stress/host/lscpu.ts';
import { readTopology } from '../../src/stress/host/read-topology.ts';
import { parsePlacement, PLACEMENT_CLASSES } from '../../src/stress/topology/placement.ts';
import { type ClassPlan, planPlacement } from '../../src/stress/topology/placement-plan.ts';
import { rangesText } from '../../src/stress/topology/placement-text.ts';
import type { Processor, Topology } from '../../src/stress/topology/topology.ts';
import { machineFiles, machines, machineText } from '../helpers/machines.ts';

const LEVELS = ['core', 'l2', 'l3', 'die', 'package', 'node', 'capacity', 'coreType'] as const;

/** What processors have in common, by level. */
function levelLines(processors: readonly Processor[]): string[] {
  return LEVELS.flatMap((level) => {
    const groups = new Map<string, number[]>();
    for (const processor of processors) {
      const name = String(processor[level] ?? 'not known');
      groups.set(name, [...(groups.get(name) ?? []), processor.number]);
    }
    const isOwn = groups.size > 1 && [...groups.values()].every((numbers) => numbers.length === 1);
    if (isOwn) return [`  ${level.padEnd(9)} each its own`];
    return wrappedAt(
      `  ${level.padEnd(9)}`,
      Array.from(groups, ([name, numbers]) => `${name}: ${rangesText(numbers)}`),
    );
  });
}

function wrappedAt(label: string, items: readonly string[]): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length < 118) lines[lines.length - 1] = `${last}  ${item}`;
    else lines.push(`${lines.length === 0 ? label : ' '.repeat(label.length)} ${item}`);
  }
  return lines;
}

/** The plan of a class; `as`: one before it with the same places. */
function classLines(plan: ClassPlan, as: ClassPlan | undefined): string[] {
  const { placement, instances, unmet, unpinned, idle, notes } = plan;
  const label = `  ${placement.padEnd(8)} ${String(instances.length).padStart(3)}`;
  return [
    ...wrappedAt(
      label,
      as !== undefined
        ? [`as ${as.placement}`]
        : instances.map(
            ({ processors, distance }) =>
              `${processors.map((number) => number ?? '-').join(',')}${distance === null ? '' : ` ${distance}`}`,
          ),
    ),
    ...(idle.length === 0 ? [] : [`      idle ${rangesText(idle)}`]),
    ...[unmet, unpinned, ...notes].filter((text) => text !== null).map((text) => `      ${text}`),
  ];
}

function planLines(topology: Topology, actors: number): string[] {
  const plans = PLACEMENT_CLASSES.flatMap(
    (name) =>
      planPlacement(topology, { actors, instances: 'auto', placement: parsePlacement(name) }).classes,
  );
  const places = plans.map(({ instances }) => JSON.stringify(instances));
  return plans.flatMap((plan, index) => {
    const first = places.indexOf(places[index] ?? '');
    return classLines(plan, first < index ? plans[first] : undefined);
  });
}

function goldenText(title: string, topology: Topology): string {
  const { processors, offline, quota, knownFrom, unknown } = topology;
  return [
    title,
    '',
    [
      `processors ${rangesText(processors.map(({ number }) => number))}`,
      `known from ${knownFrom}`,
      ...(quota === null ? [] : [`quota ${quota}`]),
      ...(offline === null || offline.length === 0 ? [] : [`offline ${rangesText(offline)}`]),
    ].join(', '),
    ...levelLines(processors),
    ...unknown.map((text) => `  ${text}`),
    '',
    '2 actors',
    ...planLines(topology, 2),
    '',
    '3 actors',
    ...planLines(topology, 3),
    '',
  ].join('\n');
}

describe('plans for recorded machines', () => {
  it.each(Object.entries(machines))('are those of %s', async (name, machine) => {
    const text = machineText(machineFiles(machine));
    const lscpu: typeof askLscpu = () =>
      Promise.resolve({ kind: 'failed', reason: 'lscpu is not there' });

    const topology = await readTopology({ text, lscpu, processorCount: 1 });

    await expect(goldenText(machine.title, topology)).toMatchFileSnapshot(`placement/${name}.txt`);
  });
});
