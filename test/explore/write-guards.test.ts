/**
 * The write path of the seed's first version, kernel.md 2.3: the check that was left out makes no difference, since three guards
 * each keep reclaim away from a buffer that is about to be written.
 */
import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import { brokenIn, searched } from '../helpers/history.ts';
import { WRITE_GUARDS, withoutGuards } from '../helpers/write-guards.ts';

const scenario = 'writeback-vs-releasepage';
const names = Object.keys(WRITE_GUARDS);
const sets = Array.from({ length: 1 << names.length }, (_, set) =>
  names.filter((_name, index) => (set & (1 << index)) !== 0),
);
/** The guards of the step from dirty to writeback. */
const STEP = ['pageFlags', 'refsLock', 'privateLock'];

function broken(missing: readonly string[], hasCheck: boolean, pages: number): readonly string[] {
  const setting = resolveSetting({ scenario: scenarioNamed(scenario), pages });
  const result = explore({
    setting,
    strategy: withoutGuards(missing, hasCheck),
    limits: { countStatesMax: 0, witnessStatesMax: 0 },
  });
  expect(result.complete).toBe(true);
  return brokenIn(result).toSorted();
}

describe('the check of the first version', () => {
  it.each(['none', 'write-check'])('makes no difference: %s holds', async (strategy) => {
    expect(await searched({ scenario, strategy })).toMatchObject({ verdict: 'holds', complete: true });
    expect(await searched({ scenario, strategy, pages: 2 })).toMatchObject({ verdict: 'holds' });
  });

  it('would have mended a write without guards', async () => {
    const without = await searched({ scenario, strategy: 'unguarded-write' });
    const repaired = await searched({ scenario, strategy: 'unguarded-write-check' });

    expect([without.verdict, brokenIn(without)]).toEqual(['violated', ['B1']]);
    expect(repaired).toMatchObject({ verdict: 'holds', complete: true });
  });

  it.each([1, 2])(
    'matters where all three guards of the step are gone, and nowhere else: %i pages',
    (pages) => {
      for (const missing of sets) {
        const [without, withIt] = [broken(missing, false, pages), broken(missing, true, pages)];
        const isOpen = STEP.every((name) => missing.includes(name));

        expect({ missing, broken: without }).toEqual({
          missing,
          broken: isOpen ? ['B1', ...withIt] : withIt,
        });
      }
    },
  );

  it('does not mend a writeback that ends too early', () => {
    expect(broken(['writebackBit'], false, 1)).toEqual([]);
    expect(broken(['writebackBit', 'pageFlags'], true, 1)).toEqual(['B2']);
  });
});
