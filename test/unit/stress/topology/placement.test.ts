import { describe, expect, it } from 'vitest';
import { parsePlacement, placementText } from '../../../../src/stress/topology/placement.ts';
import { planPlacement } from '../../../../src/stress/topology/placement-plan.ts';
import { readTopology } from '../../../../src/stress/host/read-topology.ts';
import type { Topology } from '../../../../src/stress/topology/topology.ts';
import { type Machine, machineFiles, machines, machineText } from '../../../helpers/machines.ts';

async function topologyOf(machine: Machine | undefined): Promise<Topology> {
  if (machine === undefined) throw new Error('no such machine');
  const text = machineText(machineFiles(machine));
  return readTopology({ text, lscpu: () => Promise.resolve({ kind: 'failed', reason: 'not asked' }) });
}

describe('parsePlacement', () => {
  it.each(['sibling', 'near', 'l3', 'package', 'far', 'spread', 'all', '0,8;1,9', '3,1,2'])(
    'takes %s',
    (text) => {
      expect(placementText(parsePlacement(text))).toBe(text);
    },
  );

  it.each([
    [
      '',
      "--placement: expected sibling, near, l3, package, far, spread, all, or processors such as 0,8;1,9, got ''",
    ],
    ['nearr', /got 'nearr'; did you mean near\?$/],
    ['0,1;', /expected processors such as 0,8;1,9, each from 0 to 65535, got '0,1;'/],
    ['0 1', /expected processors .* got '0 1'/],
    ['0,99999', /each from 0 to 65535/],
    ['0,1;1,2', "--placement: '0,1;1,2' names processor 1 twice"],
    ['0-3', /got '0-3'/],
  ])('refuses %j in one line', (text, message) => {
    expect(() => parsePlacement(text)).toThrow(message);
    expect(() => parsePlacement(text)).toThrow(/^--placement: [^\n]*$/);
  });
});

describe('a plan of named processors', () => {
  const wanted = { actors: 2, instances: 'auto' } as const;

  it('is that list, instance by instance', async () => {
    const topology = await topologyOf(machines['desktop-8x2']);

    const [plan] = planPlacement(topology, { ...wanted, placement: parsePlacement('0,8;9,2') }).classes;

    expect(plan?.instances).toEqual([
      { processors: [0, 8], distance: 'sibling' },
      { processors: [9, 2], distance: 'l3' },
    ]);
  });

  it.each([
    ['desktop-8x2', '0,1,2', "--placement: '0,1,2' names 3 processors for 2 actors"],
    ['desktop-8x2', '0,16', '--placement: processor 16 is none that this process may use'],
    ['container-3', '5,7', '--placement: processor 7 is none that this process may use'],
    ['offline-9', '1,9', '--placement: processor 9 is offline'],
  ])('on %s refuses %s', async (name, list, message) => {
    const topology = await topologyOf(machines[name]);

    expect(() => planPlacement(topology, { ...wanted, placement: parsePlacement(list) })).toThrow(message);
  });

  it('refuses more instances than it names', async () => {
    const topology = await topologyOf(machines['desktop-8x2']);

    expect(() =>
      planPlacement(topology, { actors: 2, instances: 2, placement: parsePlacement('0,1') }),
    ).toThrow('--placement: names the processors of one instance, and --instances wants 2');
  });
});

describe('a plan for more actors than there is room for', () => {
  it('puts instances over each other where that was asked for, and says what that does', async () => {
    const topology = await topologyOf(machines['guest-2']);

    const [plan] = planPlacement(topology, {
      actors: 2,
      instances: 8,
      placement: parsePlacement('near'),
    }).classes;

    expect(plan?.instances).toHaveLength(8);
    expect(plan?.instances.every(({ processors }) => processors.join() === '0,1')).toBe(true);
    expect(plan?.actorsPerProcessor).toBe(8);
    expect(plan?.notes).toContainEqual(expect.stringMatching(/8 to a processor/));
  });

  it.each<[string, Machine, number, RegExp]>([
    ['one processor', { title: '', processors: [{ core: 0, package: 0 }] }, 2, /^One processor:/],
    [
      'a quota below one processor',
      { title: '', processors: [0, 1].map((core) => ({ core, package: 0 })), quota: 0.5 },
      2,
      /allows 0.5 of a processor/,
    ],
    [
      'a quota below the actors',
      {
        title: '',
        processors: [0, 1].map((core) => ({ core, package: 0 })),
        quota: 1.5,
        isFirstVersion: true,
      },
      2,
      /allows 1.5 processors, and 2 actors want as many/,
    ],
    [
      'processors of different speed',
      { title: '', processors: [0, 1].map((core) => ({ core, package: 0, maxKHz: 1e6 * (1 + core) })) },
      2,
      /the slowest has 50 % of the fastest/,
    ],
  ])('says what %s means', async (_what, machine, actors, note) => {
    const topology = await topologyOf(machine);

    const [plan] = planPlacement(topology, {
      actors,
      instances: 'auto',
      placement: parsePlacement('near'),
    }).classes;

    expect(plan?.instances).toHaveLength(1);
    expect(plan?.notes).toContainEqual(expect.stringMatching(note));
  });
});
