import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockLog } from '../../../src/stress/session/block-log.ts';
import type { BlockResult } from '../../../src/stress/plan/block-result.ts';

const ACTORS = 3;
const count = fc.nat(0x7fff_ffff);
const fraction = fc.double({ min: 0, max: 1e6, noNaN: true });
const switches = fc.array(count, { minLength: ACTORS, maxLength: ACTORS });
const orNull = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null });

const block: fc.Arbitrary<BlockResult> = fc.record({
  order: count,
  round: count,
  start: count,
  seed: fc.nat(0xffff_ffff),
  seconds: fraction,
  trials: count,
  violations: count,
  roundTripNs: orNull(fraction),
  host: orNull(
    fc
      .record({
        preemptions: orNull(switches),
        sleeps: orNull(switches),
        steal: orNull(fraction),
        othersBusy: orNull(fraction),
      })
      .filter((host) => Object.values(host).some((value) => value !== null)),
  ),
  rejected: orNull(fc.constantFrom('warm-up', 'apart', 'busy', 'stolen', 'short')),
});

describe('BlockLog', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.array(block), (blocks) => {
        const log = new BlockLog(ACTORS);
        for (const one of blocks) log.add(one);
        expect(log.results()).toEqual(blocks);
      }),
    );
  });

  it('keeps the order over many blocks', () => {
    const [sample] = fc.sample(block, 1);
    const blocks = Array.from({ length: 5000 }, (_, order) => ({ ...sample, order })) as BlockResult[];
    const log = new BlockLog(ACTORS);
    for (const one of blocks) log.add(one);
    expect(log.results()).toEqual(blocks);
  });
});
