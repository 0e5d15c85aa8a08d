/** A strategy is judged as it is written, or refused. */
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { EB_BFLAGS, EB_REFS_LOCK, type ExtentBuffer } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { type Page } from '../../src/memory/layout.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { fixed, idsOf, search } from '../helpers/searched-plug-in.ts';

describe('a strategy that catches what is thrown through it', () => {
  const catching = (whole: boolean): Strategy => ({
    ...none,
    name: 'catching',
    isPlugIn: true,
    extend: (Base) =>
      class extends Base {
        protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
          try {
            super.setIoPages(eb, numReads);
            if (whole) this.checkBufferTreeRef(eb);
          } catch {
            this.notes |= 0x7fff;
            this.violated(1);
            this.mem.spinUnlock(eb + EB_REFS_LOCK);
          }
        }
      },
  });

  it('is judged as it was written', () => {
    expect(search(catching(true))).toMatchObject({ verdict: 'holds', complete: true });
    expect(idsOf(search(catching(false)))).toEqual(['B1']);
  });

  it('may catch what it throws itself, and goes on behind it', () => {
    const throwing = (isCaught: boolean): Strategy => ({
      ...none,
      name: 'throwing',
      isPlugIn: true,
      extend: (Base) =>
        class extends Base {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
            try {
              if (this.mem.testBit(4, eb + EB_BFLAGS)) throw new Error('set');
              throw new TypeError('clear');
            } catch (error) {
              if (!isCaught) throw error;
              if (error instanceof TypeError) this.checkBufferTreeRef(eb);
            } finally {
              this.mem.cpuRelax();
            }
          }
        },
    });

    expect(search(throwing(true))).toMatchObject({ verdict: 'holds' });
    expect(() => search(throwing(false))).toThrow(/read_extent_buffer_pages: the model threw: (set|clear)$/);
  });

  it('ends although it tries a step again and again', () => {
    const stubborn: Strategy = fixed(
      'stubborn',
      (Base) =>
        class extends Base {
          override btreeReleasepage(page: Page): boolean {
            for (;;) {
              try {
                return super.btreeReleasepage(page);
              } catch {
                // Once more.
              }
            }
          }
        },
    );

    expect(search(stubborn)).toMatchObject({ verdict: 'holds' });
  });
});

describe('a strategy that is no function of what its steps return', () => {
  let counter = 0;
  let late = 0;
  const memory = new WeakMap<object, number>();
  const coins: Readonly<Record<string, () => boolean>> = {
    'a random number': () => Math.random() < 0.5,
    'a counter in its module': () => counter++ % 2 === 0,
    'a counter that wakes up late': () => late++ > 4,
    'what it keeps in a map': () => {
      const seen = memory.get(coins) ?? 0;
      memory.set(coins, seen + 1);
      return seen % 3 === 0;
    },
    'a clock': () => Math.floor(performance.now() * 1_000) % 2 === 0,
  };

  it.each(Object.entries(coins))('is refused: %s', (_, coin) => {
    const fickle = fixed(
      'fickle',
      (Base) =>
        class extends Base {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
            if (coin()) this.mem.testBit(0, eb + EB_BFLAGS);
          }
        },
    );

    expect(() => search(fickle)).toThrow(/does not do the same when its steps return the same/);
  });

  it('is refused if it does the same twice in a row, and something else later on', () => {
    let calls = 0;
    /** Looks at something else from its `at`th call on, as with a clock that ticks once. */
    const ticking = (at: number): Strategy =>
      fixed(
        'ticking',
        (Base) =>
          class extends Base {
            protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
              super.setIoPages(eb, numReads);
              this.mem.testBit(calls++ < at ? 0 : 1, eb + EB_BFLAGS);
            }
          },
      );
    const searched = (at: number): ExploreResult => {
      calls = 0;
      const setting = settingFor('primed', 'finder=1,reclaim=1');
      return explore({ setting, strategy: ticking(at), limits: { countStatesMax: 0 } });
    };

    expect(searched(Infinity).verdict).toBe('holds');
    const all = calls;
    expect(all).toBeGreaterThan(10);
    for (let at = 1; at < all; at++)
      expect(() => searched(at)).toThrow(/does not do the same when its steps return the same/);
  });

  it('is refused where only what it notes differs', () => {
    const fickle = fixed(
      'fickle',
      (Base) =>
        class extends Base {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
            if (counter++ % 2 === 0) this.notes |= 0x10;
          }
        },
    );

    expect(() => search(fickle)).toThrow(/does not do the same when its steps return the same/);
  });

  it('is refused where a method returns a promise, or takes a step behind one', () => {
    const promising = fixed(
      'promising',
      (Base) =>
        class extends Base {
          override extentBufferUnderIo(eb: ExtentBuffer): boolean {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a plug-in may do
            return Promise.resolve(super.extentBufferUnderIo(eb)) as unknown as boolean;
          }
        },
    );

    expect(() => search(promising)).toThrow(/extentBufferUnderIo returns a promise/);
  });
});

describe('what a search cannot take', () => {
  it.each([
    [40, /set_bit\(40\): a bit has a number from 0 to 31$/],
    [-1, /set_bit\(-1\): a bit has a number from 0 to 31$/],
    [1.5, /set_bit\(1.5\): expected an integer of 32 bits$/],
  ])('a bit %d', (bit, message) => {
    const strategy = fixed(
      'bits',
      (Base) =>
        class extends Base {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
            this.mem.setBit(bit, eb + EB_BFLAGS);
          }
        },
    );

    expect(() => search(strategy)).toThrow(message);
  });

  it('a loop that is long and ends: nothing is claimed', () => {
    const long = fixed(
      'long',
      (Base) =>
        class extends Base {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
            for (let round = 0; round < 3_000; round++) this.mem.testBit(round % 8, eb + EB_BFLAGS);
          }
        },
    );
    const setting = settingFor('primed', 'finder=1,reclaim=1');

    expect(explore({ setting, strategy: long })).toMatchObject({
      verdict: 'bounded',
      complete: false,
      endedBy: 'operation',
    });
  });
});
