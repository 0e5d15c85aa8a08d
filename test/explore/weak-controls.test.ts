import { describe, expect, it } from 'vitest';
import { scenarios } from '../../src/catalog/registry.ts';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { announceBoth } from '../../src/fix/announce-both.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import { idsOf } from '../helpers/searched-plug-in.ts';

/** Its two actors are of one role, so that they come to the same methods first: the others of its start states have the control. */
const OTHER_START: ReadonlySet<string> = new Set(['subpage-exists-leak']);

async function searched(scenario: Scenario, ordering: Ordering): Promise<ExploreResult> {
  const start = OTHER_START.has(scenario.name) ? scenario.starts[1]?.name : undefined;
  const setting = resolveSetting({ scenario, start, pages: 1, ordering });
  const strategy = await loadStrategy(scenario.weakControl ?? '', scenario.subject);
  const limits = { countStatesMax: 0, witnessStatesMax: 0 };
  return explore({
    setting,
    strategy,
    chances: { readsFail: false, trylocksFail: false, setupsFail: false },
    limits,
  });
}

describe('the control of runs in which stores wait', () => {
  it('is there in every scenario of the project', () => {
    expect(scenarios.filter(({ weakControl }) => weakControl === undefined).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    'holds with every store visible at once, and violates where they wait: %s',
    async (_name, scenario) => {
      const inOrder = await searched(scenario, 'sc');
      const waiting = await searched(scenario, 'x86');

      expect(inOrder).toMatchObject({ verdict: 'holds', complete: true });
      expect(idsOf(waiting)).toEqual([scenario.weakControl === 'announce-find' ? 'B1' : 'ALONE']);
    },
    120_000,
  );

  it('refuses a method that the model does not have', () => {
    const [fix] = extentBuffer.strategies;
    if (fix === undefined) throw new RangeError('the subject has no strategy');

    expect(() => announceBoth(fix, [['noSuch'], ['btreeReleasepage']]).extend(fix.Base)).toThrow(
      'announce-both: the model has no method noSuch',
    );
  });
});
