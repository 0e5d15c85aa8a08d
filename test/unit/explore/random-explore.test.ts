import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/explore/explore.ts';
import { exploreAtRandom, type RandomExploreResult } from '../../../src/explore/random-explore.ts';
import { replaySchedule } from '../../../src/explore/witness/replay.ts';
import { parseSchedule } from '../../../src/explore/schedule/schedule.ts';
import { NO_CHANCES } from '../../../src/explore/search/session.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { ExtentBufferStrategy as Strategy } from '../../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { EB_BFLAGS, EB_REFS, type ExtentBuffer } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { FS_PAGES, PAGE_FLAGS } from '../../../src/memory/layout.ts';
import { PG_LOCKED } from '../../../src/memory/page-flags.ts';
import { EXTENT_BUFFER_UNMAPPED } from '../../../src/subject/extent-buffer/v5.7/bflags.ts';
import type { Wait } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import { settingFor } from '../../helpers/explore-setting.ts';

const setting = settingFor('primed', 'finder=1,reclaim=1');

function play(
  strategy: Strategy,
  scheduler: RandomExploreResult['scheduler'],
  schedules: number,
): RandomExploreResult {
  const chances = NO_CHANCES;
  return exploreAtRandom({
    setting,
    strategy,
    strategySource: strategy.name,
    scheduler,
    schedules,
    seed: 7,
    chances,
  });
}

describe('exploreAtRandom', () => {
  it.each([{ kind: 'uniform' }, { kind: 'pct', depth: 3 }] as const)(
    'finds the race with $kind, by a witness that replays to it',
    (scheduler) => {
      const result = play(none, scheduler, 5_000);

      expect(result.verdict).toBe('violated');
      expect(result.violations.map(({ invariant }) => invariant)).toEqual(['B1']);
      const { moves } = parseSchedule(result.violations[0]?.witness.schedule ?? '');
      expect(replaySchedule({ setting, strategy: none, moves, chances: NO_CHANCES }).end).toMatchObject({
        kind: 'violated',
        invariant: 'B1',
      });
    },
  );

  it('passes the repaired twin, without calling it a proof', () => {
    const result = play(upstream, { kind: 'uniform' }, 1000);

    expect(result).toMatchObject({ verdict: 'inconclusive', violations: [] });
    // The largest share that a thousand schedules miss with probability 5 %.
    expect((1 - (result.detection.shareBelow ?? 1)) ** 1000).toBeCloseTo(0.05, 10);
    expect(result.outcomes.reduce((sum, { schedules }) => sum + schedules, 0)).toBe(1000);
  });

  it('agrees with the share that the exhaustive search computes', () => {
    const share = explore({ setting, strategy: none }).violationProbability ?? 0;

    const { violations, schedules } = play(none, { kind: 'uniform' }, 20_000);

    const found = violations[0]?.schedules ?? 0;
    // Five standard deviations of a Poisson count: a chance of 1 in a million, and the seed is fixed.
    expect(Math.abs(found - share * schedules)).toBeLessThan(5 * Math.sqrt(share * schedules));
  });

  it('states the bound of PCT: 1 / (n k^(d - 1)) a schedule, and for all of them', () => {
    const { detection, stepsMax, schedules } = play(upstream, { kind: 'pct', depth: 2 }, 100);

    const one = 1 / (2 * stepsMax);
    expect(detection.perSchedule).toBeCloseTo(one, 12);
    expect(detection.overall).toBeCloseTo(1 - (1 - one) ** schedules, 12);
    expect(detection.shareBelow).toBeNull();
  });

  it('gives the same result twice', () => {
    const twice = [1, 2].map(() => JSON.stringify(play(none, { kind: 'pct', depth: 3 }, 500)));

    expect(twice[0]).toBe(twice[1]);
  });
});

describe('a schedule that does not end', () => {
  const schedulers = [{ kind: 'uniform' }, { kind: 'pct', depth: 3 }] as const;
  const spins: Strategy = {
    ...upstream,
    extend: (Base) =>
      class extends Base {
        protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
          while (!this.mem.testBit(EXTENT_BUFFER_UNMAPPED, eb + EB_BFLAGS)) this.mem.atomicRead(eb + EB_REFS);
          super.setIoPages(eb, numReads);
        }
      },
  };
  /** Waits for releasepage without cpu_relax: as long as that is not let on, for ever. */
  const polls: Strategy = {
    ...upstream,
    extend: (Base) => {
      const Upstream = upstream.extend(Base);
      return class extends Upstream {
        protected override lockExtentBufferPages(eb: ExtentBuffer, wait: Wait): boolean {
          while (this.mem.testBit(PG_LOCKED, this.fsInfo + FS_PAGES + PAGE_FLAGS))
            this.mem.atomicRead(eb + EB_REFS);
          return super.lockExtentBufferPages(eb, wait);
        }
      };
    },
  };

  it.each(schedulers)('is a livelock where it goes round for all: $kind', (scheduler) => {
    const { violations } = play(spins, scheduler, 20);

    expect(explore({ setting, strategy: spins }).violations.map(({ invariant }) => invariant)).toEqual([
      'livelock',
    ]);
    expect(violations.map(({ invariant }) => invariant)).toEqual(['livelock']);
    expect(violations[0]?.witness.cycle).toBeGreaterThan(0);
    expect(violations[0]?.witness.steps.length).toBeLessThan(20_000);
  });

  it.each(schedulers)('is none where somebody is only not let on: $kind', (scheduler) => {
    expect(explore({ setting, strategy: polls }).verdict).toBe('holds');
    expect(play(polls, scheduler, 40).violations).toEqual([]);
  });
});
