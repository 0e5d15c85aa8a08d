import { describe, expect, it } from 'vitest';
import { cpusReport } from '../../../src/report/cpus-report.ts';
import { jsonDocument } from '../../../src/report/json-document.ts';
import { plain } from '../../../src/report/paint.ts';
import { htmlPage } from '../../../src/report/page/page.ts';
import { rendered } from '../../../src/report/saved/rendered.ts';
import { parseSaved } from '../../../src/report/saved/saved-result.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { classesOf, type CpusResult, roundTripOf } from '../../../src/stress/cpus/cpus-result.ts';
import { pairsToMeasure } from '../../../src/stress/cpus/pair-plan.ts';
import { readTopology } from '../../../src/stress/host/read-topology.ts';
import type { Distance } from '../../../src/stress/topology/distance.ts';
import { machineFiles, machines, machineText } from '../../helpers/machines.ts';
import { stressClean } from './sample-results.ts';

const NS: Readonly<Record<Distance, number>> = {
  sibling: 18,
  l2: 40,
  l3: 55,
  package: 110,
  node: 140,
  far: 280,
  unknown: 99,
};

/** What such a machine would have shown. */
async function sample(name: string): Promise<CpusResult> {
  const machine = machines[name];
  if (machine === undefined) throw new Error('no such machine');
  const topology = await readTopology({
    text: machineText(machineFiles(machine)),
    lscpu: () => Promise.resolve({ kind: 'failed', reason: 'lscpu is not there' }),
    processorCount: 4,
  });
  const { processors } = topology;
  const measured = pairsToMeasure(processors, new Prng(1)).map(({ a, b, distance }) => {
    const tripsNs = [0, 1, 2, 3, 4, 5].map((visit) => NS[distance] + visit + ((a + b) % 3));
    return { a, b, distance, tripsNs };
  });
  return {
    schema: 'ebtorture.cpus/1',
    environment: stressClean.environment,
    topology,
    pairsInAll: (processors.length * (processors.length - 1)) / 2,
    pairs: measured.map(({ a, b, distance, tripsNs }) => ({
      a,
      b,
      distance,
      visits: tripsNs.length,
      roundTrip: roundTripOf(tripsNs),
    })),
    classes: classesOf(measured),
    anywhere: null,
    notes: topology.unknown,
    elapsedMs: 4_210,
    isInterrupted: false,
  };
}

describe('cpusReport', () => {
  it.each(Object.keys(machines))('tells of %s', async (name) => {
    const text = cpusReport(await sample(name));

    await expect(text).toMatchFileSnapshot(`../../golden/cpus/${name}.txt`);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is what a saved result shows again, in HTML too', async () => {
    const result = await sample('desktop-8x2');
    const saved = rendered('cpus.json', parseSaved(jsonDocument(result)), plain);

    expect(saved.text).toBe(cpusReport(result, plain));
    expect(htmlPage([saved], new Map())).toContain('cpus, 16 processors');
  });

  it('says what it has without any pair', async () => {
    const whole = await sample('guest-2');
    const pairs = whole.pairs.map((pair) => ({ ...pair, visits: 0, roundTrip: null }));
    const result: CpusResult = {
      ...whole,
      pairs,
      classes: [],
      anywhere: { ns: 110.2, lowNs: 108, highNs: 131 },
      isInterrupted: true,
    };

    expect(cpusReport(result)).toContain('0 of 1 pair, INTERRUPTED after 4.2 s');
    expect(cpusReport(result)).toContain('wherever the system puts two threads: 110 ns [108, 131]');
  });
});
