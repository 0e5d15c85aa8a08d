import { describe, expect, it } from 'vitest';
import { type BlockFacts, exceptional, rejectionOf } from '../../../src/stress/session/block-rejection.ts';
import type { BlockResult, Rejection } from '../../../src/stress/plan/block-result.ts';

const host = { preemptions: [3, 2], sleeps: [1, 1], steal: 0.1, othersBusy: 0.1 };
const usual: BlockFacts = {
  isWarmUp: false,
  canOverlap: true,
  processorsFree: 0,
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
    // So many trials were asked for, and no other block will be there to count.
    [null, { roundTripNs: null, secondsAsked: null }],
    ['stolen', { host: { ...host, steal: 0.26 } }],
    ['busy', { host: { ...host, othersBusy: 0.3 } }],
    [null, { host: { ...host, othersBusy: 0.3 }, processorsFree: 1 }],
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
      'processorsFree',
      'roundTripNs',
      'seconds',
      'secondsAsked',
    ]);
  });
});

describe('exceptional', () => {
  const block: BlockResult = {
    order: 0,
    start: 0,
    round: 0,
    seed: 1,
    seconds: 0.2,
    trials: 100,
    violations: 1,
    roundTripNs: 120,
    host: null,
    rejected: null,
  };
  const blocksOf = (...rejected: (Rejection | null)[]): { blocks: BlockResult[] } => ({
    blocks: rejected.map((reason): BlockResult => Object.assign({}, block, { rejected: reason })),
  });
  const reasonsOf = (arms: readonly { blocks: readonly BlockResult[] }[]): (Rejection | null)[][] =>
    arms.map(({ blocks }) => blocks.map(({ rejected }) => rejected));

  it('leaves blocks out where that is the exception over all arms', () => {
    const arms = [blocksOf('warm-up', 'apart', 'busy'), blocksOf(null, null)];
    expect(reasonsOf(exceptional(arms))).toEqual([
      ['warm-up', 'apart', 'busy'],
      [null, null],
    ]);
  });

  it('keeps those of a busy host where that is the rule, but for those that warm up or are too short', () => {
    const arms = [blocksOf('warm-up', 'stolen', 'busy'), blocksOf('stolen', null, 'short')];
    expect(reasonsOf(exceptional(arms))).toEqual([
      ['warm-up', null, null],
      [null, null, 'short'],
    ]);
    expect(arms[0]?.blocks[1]?.rejected).toBe('stolen');
  });

  it('leaves out what was no race, however much of it there is', () => {
    const arms = [blocksOf('warm-up', 'apart', 'apart', 'apart'), blocksOf('apart', 'busy', null, null)];
    expect(reasonsOf(exceptional(arms))).toEqual(
      arms.map(({ blocks }) => blocks.map(({ rejected }) => rejected)),
    );
    // Of those that are left, it is the rule.
    const busy = [blocksOf('apart', 'apart', 'busy', 'busy'), blocksOf('apart', null)];
    expect(reasonsOf(exceptional(busy))).toEqual([
      ['apart', 'apart', null, null],
      ['apart', null],
    ]);
  });
});
