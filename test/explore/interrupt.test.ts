import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { exploreAtRandom } from '../../src/explore/random-explore.ts';
import { NO_CHANCES } from '../../src/explore/search/session.ts';
import { strategies } from '../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { scenarios } from '../../src/catalog/registry.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';

const [scenario] = scenarios;
const strategy = strategies.find(({ name }) => name === 'none');
if (scenario === undefined || strategy === undefined) throw new Error('the registries are empty');
const setting = resolveSetting({ scenario, start: 'primed', actors: undefined, pages: 1 });

/** True from the question number `asked` on. */
function after(asked: number): () => boolean {
  let questions = 0;
  return () => ++questions > asked;
}

describe('an interrupt', () => {
  it('ends a search with what it has found', () => {
    const whole = explore({ setting, strategy });
    const part = explore({ setting, strategy, isInterrupted: after(1) });

    expect(part).toMatchObject({ complete: false, endedBy: 'interrupt' });
    expect(part.states).toBeLessThan(whole.states);
  });

  it('ends random schedules with those that were played', () => {
    const options = {
      setting,
      strategy,
      strategySource: 'none',
      scheduler: { kind: 'uniform' as const },
      seed: 1,
      chances: NO_CHANCES,
    };
    const part = exploreAtRandom({ ...options, schedules: 10_000, isInterrupted: after(3) });
    const { isInterrupted, ...same } = part;

    expect(isInterrupted).toBe(true);
    expect(part.schedules).toBeLessThan(100);
    expect(exploreAtRandom({ ...options, schedules: part.schedules })).toEqual(same);
  });
});
