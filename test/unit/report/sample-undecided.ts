/** A run that ended before its question was settled; made by hand as those of sample-results.ts. */
import type { CompareResult } from '../../../src/stress/result/result.ts';
import { asDeclared, config, environment, none, upstream, upstreamAgainstNone } from './sample-results.ts';

/** The host moved its cores and stole time; the question was not settled before the time was over. */
export const undecided: CompareResult = {
  ...asDeclared,
  environment: {
    ...environment,
    coreCount: 1,
    pinnedTo: null,
    jit: { tier: 'Sparkplug', flags: ['--no-opt'] },
    load: { othersBusy: 0.62, steal: 0.081, preemptionsPerSecond: 412 },
  },
  config: {
    ...config,
    strategies: ['none', 'upstream'],
    durationMs: 5000,
    until: 'decided',
    fold: 1_000_000,
  },
  arms: [
    {
      ...none,
      rejected: {
        blocks: { 'warm-up': 1, apart: 3, busy: 0, stolen: 1, short: 0 },
        trials: 80_000,
        violations: 1021,
      },
    },
    {
      ...upstream,
      rejected: {
        blocks: { 'warm-up': 1, apart: 2, busy: 0, stolen: 0, short: 0 },
        trials: 51_000,
        violations: 0,
      },
    },
  ],
  comparisons: [
    {
      ...upstreamAgainstNone,
      silence: { fold: 1e6, power: 0.114, powerInBursts: 0.0061, lengthMs: 300_100, lengthInBurstsMs: 9e9 },
    },
  ],
  placements: [
    { roundTripNs: 111.3, blocks: 17, rates: [none.rate, upstream.rate] },
    {
      roundTripNs: 418.2,
      blocks: 9,
      rates: [{ ...none.rate, perMillion: 212.4, low: 160.2, high: 277.9 }, null],
    },
  ],
  stopping: { rule: 'decided', looks: 2, confidence: 1 - 0.05 / 6, isDecided: false },
  notices: ['6 of 32 blocks are left out of the rates: 5 because the actors did not run side by side.'],
  verdict: 'inconclusive',
};
