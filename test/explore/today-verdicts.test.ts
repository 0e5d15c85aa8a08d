/** What every scenario of today's kernels promises of its strategies, on each kernel that it is played on, by complete searches. */
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { promisedIn } from '../../src/scenario/promises.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import { kernels } from '../../src/subject/extent-buffer/v7.3/kernel.ts';
import { todayScenarios } from '../../src/subject/extent-buffer/v7.3/scenarios/registry.ts';
import { allOr } from '../helpers/full.ts';

async function searched(scenario: Scenario, start: string, strategy: string): Promise<ExploreResult> {
  return explore({
    setting: resolveSetting({ scenario, start }),
    strategy: await loadStrategy(strategy, scenario.subject),
    limits: { countStatesMax: 0, witnessStatesMax: 0 },
  });
}

const onAllKernels = todayScenarios.flatMap(({ kernels: on }) =>
  (on?.names ?? []).flatMap((kernel) => on?.of(kernel) ?? []),
);
/** On other kernels than the default one, a search of the first start tells most; of 7.2 the model has what 7.3 has. */
const most = onAllKernels.filter(({ kernels: on }) => on?.own !== '7.2');
const played = allOr(onAllKernels, most).flatMap((scenario) => {
  const { starts, subject } = scenario;
  const isUsual = todayScenarios.includes(scenario);
  const from = allOr(starts, isUsual ? starts : starts.slice(0, 1));
  return subject.strategies.map((strategy) => ({
    scenario,
    name: scenario.name,
    from: from.map(({ name }) => name),
    strategy: strategy.name,
    promise: promisedIn(scenario, strategy).expectation,
  }));
});

it('7.2 and 7.3 do the same', () => {
  expect(kernels['7.2']).toEqual(kernels['7.3']);
});

describe('a scenario of today’s kernels', () => {
  it.each(played.filter(({ promise }) => promise === 'holds'))(
    '$name holds with $strategy from $from',
    async ({ scenario, from, strategy }) => {
      for (const start of from) {
        const { verdict, violations } = await searched(scenario, start, strategy);
        expect([start, verdict, violations]).toEqual([start, 'holds', []]);
      }
    },
  );

  it.each(played.filter(({ promise }) => promise === 'violates'))(
    '$name violates with $strategy',
    async ({ scenario, from, strategy }) => {
      const broken = new Set<string>();
      for (const start of from) {
        const { complete, violations } = await searched(scenario, start, strategy);
        expect(complete).toBe(true);
        for (const { invariant } of violations) broken.add(invariant);
      }

      expect([...broken]).not.toEqual([]);
      if (strategy !== scenario.control || !todayScenarios.includes(scenario)) return;
      expect(scenario.history?.breaks.some((id) => broken.has(id))).toBe(true);
    },
  );
});
