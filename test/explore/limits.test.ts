import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { upstream } from '../../src/fix/upstream.ts';
import { rung, settingOfRung } from '../../src/study/mutate-ladder.ts';
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
      setting: settingOfRung(ENDLESS),
      strategy: upstream,
      chances: { readsFail: true },
      limits: { localStatesMax: 2_000 },
    });

    expect(result.verdict).not.toBe('holds');
    expect(result).toMatchObject({ complete: false, endedBy: 'memory', interleavings: null });
  });

  it('is not ended by a limit that it does not reach', () => {
    const setting = settingOfRung(rung('primed', 'finder=1,reclaim=1,end-io=1', 1, true));
    const limits = { localStatesMax: 2_000 };

    const result = explore({ setting, strategy: upstream, chances: { readsFail: true }, limits });

    expect(result).toMatchObject({ verdict: 'holds', complete: true });
  });
});
