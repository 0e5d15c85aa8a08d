import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockLog, type StartPlaces } from '../../../src/stress/session/block-log.ts';
import type { BlockResult, InstanceBlock } from '../../../src/stress/plan/block-result.ts';

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
        const log = new BlockLog({ actors: ACTORS, instances: 0, places: () => undefined });
        for (const one of blocks) log.add(one);
        expect(log.results()).toEqual(blocks);
      }),
    );
  });

  it('keeps the order over many blocks', () => {
    const [sample] = fc.sample(block, 1);
    const blocks = Array.from({ length: 5000 }, (_, order) => ({ ...sample, order })) as BlockResult[];
    const log = new BlockLog({ actors: ACTORS, instances: 0, places: () => undefined });
    for (const one of blocks) log.add(one);
    expect(log.results()).toEqual(blocks);
  });

  it('gives back what each instance that played has done, and where the actors of a start were', () => {
    const places: readonly StartPlaces[] = [
      { placement: 'near', processors: [[0, 1, 2], null, [6, 7, 8]] },
      { placement: undefined, processors: [] },
    ];
    fc.assert(
      fc.property(fc.array(instancesBlock(places)), (blocks) => {
        const log = new BlockLog({ actors: ACTORS, instances: 3, places: (start) => places[start] });
        for (const one of blocks) log.add(one);
        expect(log.results()).toEqual(blocks);
      }),
    );
  });
});

/** A block of which one to three instances played; together they may have more trials than a word holds. */
function instancesBlock(places: readonly StartPlaces[]): fc.Arbitrary<BlockResult> {
  return fc
    .record({
      base: block,
      start: fc.nat(1),
      alone: fc.boolean(),
      played: fc.subarray([0, 1, 2], { minLength: 1 }),
      counts: fc.array(fc.tuple(count, count, orNull(fraction), fc.boolean()), {
        minLength: 3,
        maxLength: 3,
      }),
    })
    .map(({ base, start, alone, played, counts }): BlockResult => {
      const { placement, processors } = places[start] ?? { placement: undefined, processors: [] };
      const instances = played.map((instance): InstanceBlock => {
        const [trials = 0, violations = 0, roundTripNs = null, apart = false] = counts[instance] ?? [];
        const own = {
          instance,
          trials,
          violations,
          roundTripNs,
          processors: processors[instance] ?? null,
        };
        return apart ? { ...own, apart } : own;
      });
      const sum = (of: 'trials' | 'violations'): number =>
        instances.reduce((total, instance) => total + instance[of], 0);
      const found = { start, trials: sum('trials'), violations: sum('violations'), instances };
      return Object.assign(
        {},
        base,
        found,
        placement === undefined ? {} : { placement },
        alone ? { alone } : {},
      );
    });
}
