import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { rung } from '../../src/study/mutate-ladder.ts';
import { recordedIn } from '../../src/study/survey.ts';

/** Reads that fail are made again for as long as others let them: what an actor can come to has no end that one would see. */
const ENDLESS = rung('primed', 'read=1,finder=2,end-io=1', 1, true);

describe('a search whose actors can come to more and more', () => {
  it('looks at its clock before its first step, too, and is no proof', () => {
    let asked = 0;
    const clock = (): number => asked++;

    const { result } = recordedIn(upstream, ENDLESS, { timeMaxMs: 50, clock });

    expect(result.verdict).not.toBe('holds');
    expect(result).toMatchObject({ complete: false, endedBy: 'time' });
    expect(asked).toBeGreaterThanOrEqual(50);
    expect(asked).toBeLessThan(60);
  });

  it('ends when it takes too much memory, and is no proof', () => {
    const result = explore({
      setting: settingNamed(ENDLESS),
      strategy: upstream,
      chances: { readsFail: true },
      limits: { localStatesMax: 2_000 },
    });

    expect(result.verdict).not.toBe('holds');
    expect(result).toMatchObject({ complete: false, endedBy: 'memory', interleavings: null });
  });

  it('is not ended by a limit that it does not reach', () => {
    const setting = settingNamed(rung('primed', 'finder=1,reclaim=1,end-io=1', 1, true));
    const limits = { localStatesMax: 2_000 };

    const result = explore({ setting, strategy: upstream, chances: { readsFail: true }, limits });

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
  });

  it('looks at its clock while it looks for a witness', () => {
    const setting = settingNamed(rung('primed', 'finder=1,reclaim=1', 1));
    const run = (witnessStatesMax: number, jumpsAfter: number): { asked: number; result: ExploreResult } => {
      let asked = 0;
      const clock = (): number => (asked++ < jumpsAfter ? 0 : 1_000);
      const limits = { timeMaxMs: 100, countStatesMax: 0, witnessStatesMax };
      const result = explore({ setting, strategy: none, limits, clock });
      return { asked, result };
    };
    // One look for the witness, and one for the time that all of it took.
    const before = run(0, Infinity).asked - 2;

    expect(run(1e6, Infinity).result.violations[0]?.witness).not.toBeNull();
    const { result } = run(1e6, before);
    expect(result).toMatchObject({ complete: true, verdict: 'violated', violations: [{ witness: null }] });
  });
});
