import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { NO_CHANCES } from '../../src/explore/search/session.ts';
import { strategies } from '../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import type {
  ExtentBufferClass as ModelClass,
  ExtentBufferStrategy as Strategy,
} from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import {
  EB_BFLAGS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { type Page } from '../../src/memory/layout.ts';
import { EXTENT_BUFFER_UPTODATE } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';

/** Bits of bflags that the kernel does not use. */
const FIRST = 20;
const SECOND = 21;

function planted(name: string, extend: (Base: ModelClass) => ModelClass): Strategy {
  return { ...upstream, name, extend };
}

function verdictOf(strategy: Strategy, actors = 'finder=1,reclaim=1'): ExploreResult {
  return explore({ setting: settingFor('primed', actors), strategy });
}

/** A loop that waits for what nobody does, or for what somebody does. */
const spins = planted(
  'spins',
  (Base) =>
    class extends Base {
      override checkBufferTreeRef(eb: ExtentBuffer): boolean {
        while (!this.mem.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS));
        return false;
      }
    },
);
const relaxes = planted(
  'relaxes',
  (Base) =>
    class extends Base {
      override checkBufferTreeRef(eb: ExtentBuffer): boolean {
        while (!this.mem.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS)) this.mem.cpuRelax();
        return false;
      }
    },
);
const spinsUntilUnlocked = planted(
  'spins-until-unlocked',
  (Base) =>
    class extends Upstream(Base) {
      override checkBufferTreeRef(eb: ExtentBuffer): boolean {
        while (this.mem.readOnce(eb + EB_REFS_LOCK) !== 0);
        return super.checkBufferTreeRef(eb);
      }
    },
);

function Upstream(Base: ModelClass): ModelClass {
  return upstream.extend(Base);
}

/** Two actors that take two bits each, and give the first back where the second is taken. */
function retries(name: string, reclaimFirst: number, reclaimSecond: number): Strategy {
  return planted(
    name,
    (Base) =>
      class extends Upstream(Base) {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          this.takeBoth(eb, FIRST, SECOND);
          this.mem.clearBit(SECOND, eb + EB_BFLAGS);
          this.mem.clearBit(FIRST, eb + EB_BFLAGS);
          return super.checkBufferTreeRef(eb);
        }

        override btreeReleasepage(page: Page): boolean {
          const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
          this.takeBoth(eb, reclaimFirst, reclaimSecond);
          this.mem.clearBit(reclaimSecond, eb + EB_BFLAGS);
          this.mem.clearBit(reclaimFirst, eb + EB_BFLAGS);
          return super.btreeReleasepage(page);
        }

        takeBoth(eb: ExtentBuffer, first: number, second: number): void {
          for (;;) {
            if (this.mem.testAndSetBit(first, eb + EB_BFLAGS)) continue;
            if (!this.mem.testAndSetBit(second, eb + EB_BFLAGS)) return;
            this.mem.clearBit(first, eb + EB_BFLAGS);
          }
        }
      },
  );
}

/** Finders that look under a lock until reclaim has come into it, and has set a bit there or has not. */
function looksUnderLock(name: string, setsBit: boolean): Strategy {
  return planted(
    name,
    (Base) =>
      class extends Upstream(Base) {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          for (;;) {
            this.mem.spinLock(this.fsInfo + FS_PRIVATE_LOCK);
            const isSet = this.mem.testBit(FIRST, eb + EB_BFLAGS);
            this.mem.spinUnlock(this.fsInfo + FS_PRIVATE_LOCK);
            if (isSet) return super.checkBufferTreeRef(eb);
          }
        }

        override btreeReleasepage(page: Page): boolean {
          const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
          this.mem.spinLock(this.fsInfo + FS_PRIVATE_LOCK);
          if (setsBit) this.mem.setBit(FIRST, eb + EB_BFLAGS);
          this.mem.spinUnlock(this.fsInfo + FS_PRIVATE_LOCK);
          return super.btreeReleasepage(page);
        }
      },
  );
}

/** Two locks, in one order by the finder and in the kernel's by reclaim. */
function locks(name: string, isInverted: boolean): Strategy {
  return planted(
    name,
    (Base) =>
      class extends Upstream(Base) {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          const order = [this.fsInfo + FS_PRIVATE_LOCK, eb + EB_REFS_LOCK];
          const [outer = 0, inner = 0] = isInverted ? order.toReversed() : order;
          this.mem.spinLock(outer);
          this.mem.spinLock(inner);
          this.mem.spinUnlock(inner);
          this.mem.spinUnlock(outer);
          return super.checkBufferTreeRef(eb);
        }
      },
  );
}

describe('a livelock', () => {
  it('is a loop that waits for a bit that nobody sets, shown with its cycle', () => {
    const { verdict, violations } = verdictOf(spins);

    expect(verdict).toBe('violated');
    expect(violations.map(({ invariant }) => invariant)).toEqual(['livelock']);
    const { steps = [], cycle = 0 } = violations[0]?.witness ?? {};
    expect(cycle).toBe(1);
    expect(steps.at(-1)).toMatchObject({
      operation: 'test_bit',
      field: 'eb0.bflags:UPTODATE',
      result: 'false',
    });
  });

  it('is one that relaxes, too', () => {
    const { violations } = verdictOf(relaxes);

    expect(violations.map(({ invariant }) => invariant)).toEqual(['livelock']);
    expect(violations[0]?.witness?.blocked).toMatchObject([{ label: 'finder', operation: 'cpu_relax' }]);
  });

  it('is two actors that get out of each other’s way for ever, both of them in the cycle', () => {
    const { violations } = verdictOf(retries('retries', SECOND, FIRST));

    expect(violations.map(({ invariant }) => invariant)).toEqual(['livelock']);
    const { steps = [], cycle = 0, schedule = '' } = violations[0]?.witness ?? {};
    expect(new Set(steps.slice(-cycle).map(({ label }) => label))).toEqual(new Set(['finder', 'reclaim']));
    expect(schedule).not.toBe('');
  });

  it.each([spins, relaxes, retries('retries', SECOND, FIRST)])(
    '$name is found whatever is reduced, and replayed as what it is',
    (strategy) => {
      const setting = settingFor('primed', 'finder=2,reclaim=1');
      const ends = [
        { symmetry: true, partialOrder: true },
        { symmetry: false, partialOrder: false },
      ];
      const between = [
        { symmetry: true, partialOrder: false },
        { symmetry: false, partialOrder: true },
      ];
      const isShort = strategy !== spins && strategy !== relaxes;
      const found = [...ends, ...allOr(between, isShort ? between.slice(1) : [])].map((reductions) =>
        explore({ setting, strategy, reductions, limits: { countStatesMax: 0 } }),
      );

      for (const { violations } of found) {
        expect(violations.map(({ invariant }) => invariant)).toContain('livelock');
        const livelock = violations.find(({ invariant }) => invariant === 'livelock');
        const moves = livelock?.witness?.moves ?? [];
        const { end } = replaySchedule({ setting, strategy, moves, chances: NO_CHANCES });
        expect(end).toMatchObject({ kind: 'livelock', cycle: livelock?.witness?.cycle });
      }
    },
  );

  it.each([spinsUntilUnlocked, retries('retries-in-order', FIRST, SECOND)])(
    'is not a loop that somebody ends: $name',
    (strategy) => {
      expect(verdictOf(strategy, 'finder=2,reclaim=1')).toMatchObject({ verdict: 'holds', complete: true });
    },
  );

  it.each(strategies)('is in no strategy of the project: $name', (strategy) => {
    const { violations } = explore({
      // From cold the unit tests see it in verdicts.test.ts and alternatives.test.ts, which expect what is violated.
      setting: allOr(settingFor('cold', 'readahead=2,reclaim=1'), settingFor('primed', 'finder=2,reclaim=1')),
      strategy,
      limits: { countStatesMax: 0, witnessStatesMax: 0 },
    });

    expect(violations.map(({ invariant }) => invariant)).not.toContain('livelock');
  });
});

describe('an actor that waits for a spin lock', () => {
  // Where it is not the last to come in, somebody else must get out of the lock for good.
  it.each([1, 2])('gets it in the end, however often %i others take it', (finders) => {
    const strategy = looksUnderLock('looks-under-lock', true);
    const found = verdictOf(strategy, `finder=${finders},reclaim=1`);

    expect(found).toMatchObject({ verdict: 'holds', complete: true });
  });

  it('helps nobody by that alone', () => {
    const strategy = looksUnderLock('looks-in-vain', false);
    const { violations } = verdictOf(strategy, 'finder=2,reclaim=1');

    expect(violations.map(({ invariant }) => invariant)).toEqual(['livelock']);
    const moves = violations[0]?.witness?.moves ?? [];
    const setting = settingFor('primed', 'finder=2,reclaim=1');
    const { end } = replaySchedule({ setting, strategy, moves, chances: NO_CHANCES });
    expect(end).toMatchObject({ kind: 'livelock' });
  });
});

describe('a deadlock', () => {
  it('is two locks in two orders, with who waits for whom', () => {
    const { violations } = verdictOf(locks('inverted', true));

    expect(violations.map(({ invariant }) => invariant)).toEqual(['deadlock']);
    expect(violations[0]?.witness?.blocked).toMatchObject([
      { label: 'finder', operation: 'spin_lock', field: 'private_lock', owner: 'reclaim' },
      { label: 'reclaim', operation: 'spin_lock', field: 'eb0.refs_lock', owner: 'finder' },
    ]);
  });

  it('is not two locks in one order', () => {
    expect(verdictOf(locks('ordered', false), 'finder=2,reclaim=1')).toMatchObject({ verdict: 'holds' });
  });
});
