import { describe, expect, it } from 'vitest';
import { type BlockFacts, rejectionOf } from '../../../src/stress/block-rejection.ts';

const host = { preemptions: [3, 2], sleeps: [1, 1], steal: 0.1, othersBusy: 0.4 };
const usual: BlockFacts = {
  isWarmUp: false,
  canOverlap: true,
  roundTripNs: 140,
  host,
  seconds: 0.2,
  secondsAsked: 0.19,
};

describe('rejectionOf', () => {
  it.each<[ReturnType<typeof rejectionOf>, Partial<BlockFacts>]>([
    [null, {}],
    [null, { host: null }],
    [null, { host: { ...host, steal: null } }],
    ['warm-up', { isWarmUp: true, roundTripNs: null }],
    ['apart', { roundTripNs: null }],
    // More actors than processors, or a single one: they never answer each other, and that is the setting.
    [null, { roundTripNs: null, canOverlap: false }],
    ['stolen', { host: { ...host, steal: 0.26 } }],
    ['short', { seconds: 0.09 }],
    // A trial count ended it.
    [null, { seconds: 0.0001, secondsAsked: null }],
  ])('is %s for %o', (expected, change) => {
    expect(rejectionOf({ ...usual, ...change })).toBe(expected);
  });

  it('knows nothing of what the block found', () => {
    // Hits must not choose the blocks: the facts have no place for them.
    expect(Object.keys(usual).toSorted()).toEqual([
      'canOverlap',
      'host',
      'isWarmUp',
      'roundTripNs',
      'seconds',
      'secondsAsked',
    ]);
  });
});
