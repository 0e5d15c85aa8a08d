/** Read-write locks, waits for a bit and what a counter falls to, on threads: what they show is what searches reach. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load-scenario.ts';
import { type AgreedCompareResult, runAgree } from '../../src/study/agree.ts';
import { runOptions } from '../helpers/run-options.ts';

const SOURCE = './test/stress/scenarios/tree-lock.mjs';
await loadScenario(SOURCE);

async function agreed(start: string): Promise<AgreedCompareResult> {
  const result = await runAgree(
    runOptions({
      scenario: SOURCE,
      start,
      strategies: ['none'],
      budget: { kind: 'trials', count: 20_000 },
      fold: 100,
    }),
  );
  expect(result.agreement).toMatchObject({ verdict: 'agrees', arms: [{ unexplored: [] }] });
  return result;
}

describe('on threads', () => {
  it.each(['locked', 'tried', 'retried', 'completed', 'spinning-trier', 'buffer', 'freed'])(
    'what keeps to the rules violates nothing: %s',
    async (start) => {
      const { arms } = await agreed(start);

      expect(arms).toMatchObject([{ trials: 20_000, violations: { total: 0 } }]);
    },
  );

  it.each([
    ['keeper', 'L4'],
    ['giver', 'L1'],
    ['wrong-giver', 'L1'],
    ['giver-of-another', 'L1'],
    ['giver-of-a-failure', 'L1'],
    ['spinning-sleeper', 'L3'],
    ['reading-sleeper', 'L3'],
    ['waiting-sleeper', 'L3'],
  ])('what is wrong in every schedule is found in every trial: %s', async (start, id) => {
    const { arms } = await agreed(start);

    expect(arms).toMatchObject([
      { trials: 20_000, violations: { total: 20_000, byInvariant: { [id]: 20_000 } } },
    ]);
  });

  it.each(['bare', 'read-locked', 'completed-early', 'writing-keeper', 'freed-too-early'])(
    'what is wrong in some schedules shows nothing else: %s',
    async (start) => {
      const { arms } = await agreed(start);

      expect(arms).toMatchObject([{ trials: 20_000 }]);
    },
  );
});
