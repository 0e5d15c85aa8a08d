import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/stats/prng.ts';
import { classesOf, type MeasuredPair, roundTripOf } from '../../../../src/stress/cpus/cpus-result.ts';
import { ALL_PAIRS_MAX, pairsToMeasure, roundsOf } from '../../../../src/stress/cpus/pair-plan.ts';
import { readTopology } from '../../../../src/stress/host/read-topology.ts';
import type { Processor } from '../../../../src/stress/topology/topology.ts';
import { machineFiles, machines, machineText } from '../../../helpers/machines.ts';

async function processorsOf(name: string): Promise<readonly Processor[]> {
  const machine = machines[name];
  if (machine === undefined) throw new Error('no such machine');
  const text = machineText(machineFiles(machine));
  const lscpu = { kind: 'failed', reason: 'not asked' } as const;
  return (await readTopology({ text, lscpu: () => Promise.resolve(lscpu) })).processors;
}

describe('pairsToMeasure', () => {
  it('are all pairs of few processors', async () => {
    const pairs = pairsToMeasure(await processorsOf('desktop-8x2'), new Prng(1));

    expect(pairs).toHaveLength((16 * 15) / 2);
    expect(pairs.filter(({ distance }) => distance === 'sibling')).toHaveLength(8);
    expect(pairs.every(({ a, b }) => a < b)).toBe(true);
  });

  it('are some of each distance of many', async () => {
    const processors = await processorsOf('sub-numa-2x24x2');
    const pairs = pairsToMeasure(processors, new Prng(1));

    expect(processors.length).toBeGreaterThan(ALL_PAIRS_MAX);
    const counts = new Map<string, number>();
    for (const { distance } of pairs) counts.set(distance, (counts.get(distance) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ sibling: 48, l3: 64, node: 64, far: 64 });
    expect(new Set(pairs.map(({ a, b }) => `${a} ${b}`)).size).toBe(pairs.length);
  });

  it('are visited often where there are few, and twice at least', () => {
    expect([1, 120, 2016, 0].map(roundsOf)).toEqual([40, 5, 2, 40]);
  });
});

describe('classesOf', () => {
  const pair = (a: number, distance: MeasuredPair['distance'], ...tripsNs: number[]): MeasuredPair => ({
    a,
    b: a + 1,
    distance,
    tripsNs,
  });

  it('puts pairs together by how they lie, the nearest first, and leaves out what was not measured', () => {
    const classes = classesOf([
      pair(0, 'far', 300, 310, 320, 330),
      pair(1, 'sibling', 20),
      pair(2, 'far', 280, 290),
      pair(3, 'l3'),
    ]);

    expect(classes).toEqual([
      {
        distance: 'sibling',
        pairs: 1,
        roundTrip: { ns: 20, lowNs: null, highNs: null },
        fastestNs: 20,
        slowestNs: 20,
      },
      {
        distance: 'far',
        pairs: 2,
        roundTrip: { ns: 305, lowNs: 280, highNs: 330 },
        fastestNs: 285,
        slowestNs: 315,
      },
    ]);
  });

  it('tells pairs apart by what was measured where the system tells nothing', () => {
    const near = Array.from({ length: 12 }, (_, index) => pair(index, 'unknown', 50 + (index % 3)));
    const far = Array.from({ length: 20 }, (_, index) => pair(100 + index, 'unknown', 200 + (index % 5)));

    const classes = classesOf([...far, ...near]);

    expect(classes.map(({ pairs, fastestNs, slowestNs }) => [pairs, fastestNs, slowestNs])).toEqual([
      [12, 50, 52],
      [20, 200, 204],
    ]);
  });

  it('has no round trip of no visit', () => {
    expect(roundTripOf([])).toBeNull();
  });
});
