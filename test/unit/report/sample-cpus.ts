import type { CpusResult } from '../../../src/stress/cpus/cpus-result.ts';
import { stressClean } from './sample-results.ts';

/** What two processors have shown. */
export const cpusMeasured: CpusResult = {
  schema: 'ebtorture.cpus/1',
  environment: stressClean.environment,
  topology: {
    processors: [0, 1].map((number) => ({
      number,
      core: number,
      l2: number,
      l3: 0,
      die: 0,
      package: 0,
      node: 0,
      siblings: [],
      capacity: null,
      coreType: null,
    })),
    onlineCount: 2,
    offline: [],
    quota: null,
    knownFrom: 'lscpu',
    unknown: [],
  },
  pairsInAll: 1,
  pairs: [{ a: 0, b: 1, distance: 'l3', visits: 40, roundTrip: { ns: 110, lowNs: 108, highNs: 112 } }],
  classes: [
    {
      distance: 'l3',
      pairs: 1,
      roundTrip: { ns: 110, lowNs: 108, highNs: 112 },
      fastestNs: 110,
      slowestNs: 110,
    },
  ],
  anywhere: null,
  notes: [],
  elapsedMs: 900,
  isInterrupted: false,
};
