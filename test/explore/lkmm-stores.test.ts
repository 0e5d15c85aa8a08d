import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { InterceptingMemory } from '../../src/memory/intercepting-memory.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import { perform } from '../../src/memory/perform.ts';
import type { Access } from '../../src/memory/access.ts';
import type { Role, Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting, type Setting } from '../../src/scenario/setting.ts';
import { bufferAt, EB_REFS } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import type { ExtentBufferModel } from '../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { bioRef } from '../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import { handshakeFind } from '../../src/subject/extent-buffer/v5.7/strategies/handshake-find.ts';
import { recheckRelease } from '../../src/subject/extent-buffer/v5.7/strategies/recheck-release.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { idsOf } from '../helpers/searched-plug-in.ts';

/** Drops the last reference but that of the tree, of a buffer that is not needed any more. */
const staler: Role<ExtentBufferModel> = {
  name: 'staler',
  summary: 'frees the buffer as stale',
  allocates: 0,
  submitsReads: false,
  completesReads: false,
  waitsForPages: false,
  waitsForOwnRead: false,
  program: [
    {
      name: 'free_extent_buffer_stale',
      run: ({ model, geometry }) => {
        model.freeExtentBufferStale(bufferAt(model.fsInfo, geometry, 0));
        return 0;
      },
    },
  ],
};

const [primed] = readaheadVsReleasepage.starts;
if (primed === undefined) throw new RangeError('the scenario has no start state');

/** A buffer that a finder looks for, and that somebody else lets go as stale. */
const finderVsStale: Scenario = {
  ...readaheadVsReleasepage,
  name: 'finder-vs-stale',
  roles: [...readaheadVsReleasepage.roles, staler],
  starts: [
    {
      ...primed,
      name: 'held',
      actors: [
        { role: 'finder', count: 1 },
        { role: 'staler', count: 1 },
      ],
      serves: { staler: 1 },
      reset: (words, geometry, fs) => {
        primed.reset(words, geometry, fs);
        words[bufferAt(fs, geometry, 0) + EB_REFS] = 2;
      },
    },
  ],
};

function searched(scenario: Scenario, strategy: Strategy, ordering: Ordering): ExploreResult {
  return explore({ setting: settingOf(scenario, ordering), strategy, limits: { countStatesMax: 0 } });
}

function settingOf(scenario: Scenario, ordering: Ordering): Setting {
  return resolveSetting({ scenario, pages: 1, ordering });
}

/** A memory in which the references of a buffer are a refcount_t: less is ordered by those who count. */
class Refcounted extends InterceptingMemory {
  protected override take(access: Access, address: number, operand: number, replacement: number): number {
    if (access === 'atomicIncNotZero') return Number(this.below.refcountIncNotZero(address));
    if (access === 'atomicDecAndTest') return Number(this.below.refcountDecAndTest(address) === 1);
    return perform(this.below, access, address, operand, replacement);
  }
}

/** The strategy with reference counts of today. */
function withRefcounts(strategy: Strategy): Strategy {
  return {
    ...strategy,
    name: `${strategy.name}, refcount_t`,
    extend: (Base) =>
      class extends strategy.extend(Base) {
        constructor(parts: ConstructorParameters<typeof Base>[0]) {
          super({ ...parts, memory: new Refcounted(parts.memory) });
        }
      },
  };
}

describe('stores that are delayed as the Linux memory model allows', () => {
  it('break the fix of 2020 where a finder meets a stale free, which x86 does not show', () => {
    expect(searched(finderVsStale, upstream, 'sc').verdict).toBe('holds');
    expect(searched(finderVsStale, upstream, 'x86').verdict).toBe('holds');
    expect(idsOf(searched(finderVsStale, upstream, 'lkmm-stores'))).toContain('B1');
  });

  it.each([handshakeFind, bioRef])('do not break $name there', (strategy) => {
    expect(searched(finderVsStale, strategy, 'lkmm-stores').verdict).toBe('holds');
  });

  it('break recheck-release only with reference counts of today', () => {
    expect(searched(readaheadVsReleasepage, recheckRelease, 'lkmm-stores').verdict).toBe('holds');
    const today = withRefcounts(recheckRelease);
    expect(searched(readaheadVsReleasepage, today, 'sc').verdict).toBe('holds');
    expect(searched(readaheadVsReleasepage, today, 'x86').verdict).toBe('holds');
    expect(searched(readaheadVsReleasepage, today, 'lkmm-stores').verdict).toBe('violated');
  });

  it('have a witness that replays', () => {
    const { violations } = searched(finderVsStale, upstream, 'lkmm-stores');
    const text = violations.find(({ invariant }) => invariant === 'B1')?.witness?.schedule ?? '';
    const schedule = parseSchedule(text);
    const setting = settingOf(finderVsStale, 'lkmm-stores');
    const { end, steps } = replaySchedule({
      setting,
      strategy: upstream,
      moves: schedule.moves,
      chances: schedule,
    });

    expect(schedule.ordering).toBe('lkmm-stores');
    expect(end).toMatchObject({ kind: 'violated', invariant: 'B1' });
    const visible = steps.findIndex(
      ({ isVisible, field }) => isVisible === true && field === 'eb0.bflags:STALE',
    );
    const made = steps.findIndex(
      ({ operation, field }) => operation === 'set_bit' && field === 'eb0.bflags:STALE',
    );
    expect(visible).toBeGreaterThan(made + 1);
  });
});
