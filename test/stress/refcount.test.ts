/** Reference counts that callers judge by the value before, on threads: what they show is what searches reach. */
import { expect, it } from 'vitest';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { runAgree } from '../../src/study/agree.ts';
import { runOptions } from '../helpers/run-options.ts';

const SOURCE = './test/stress/scenarios/refcount.mjs';
await loadScenario(SOURCE);

it.each(['cached', 'new'])(
  'threads raise a count from 0 only where a look-up does not look: %s',
  async (start) => {
    const { agreement, arms } = await runAgree(
      runOptions({
        scenario: SOURCE,
        start,
        strategies: ['none', 'try-get'],
        budget: { kind: 'trials', count: 6_000 },
        fold: 100,
      }),
    );

    expect(agreement).toMatchObject({ verdict: 'agrees', arms: [{ unexplored: [] }, { unexplored: [] }] });
    const [none, tryGet] = arms;
    expect(none?.violations.total).toBe(none?.violations.byInvariant['FROM-ZERO'] ?? 0);
    expect(tryGet).toMatchObject({ trials: 6_000, violations: { total: 0 } });
  },
);
