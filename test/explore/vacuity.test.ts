/** A proof in which part of what was to run never does: planted, and repaired. */
import type { Strategy as AnyStrategy } from '../../src/fix/strategy.ts';
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { exploreOnThreads } from '../../src/explore/explore-on-threads.ts';
import { NO_REDUCTIONS } from '../../src/explore/search/session.ts';
import { bioRef } from '../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import { mutantOf } from '../../src/fix/mutation/mutant.ts';
import { parseMutation } from '../../src/fix/mutation/mutation.ts';
import { strategies } from '../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { NULL } from '../../src/memory/layout.ts';
import type { ExtentBuffer } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { LADDER } from '../../src/study/mutate-ladder.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';

const limits = { countStatesMax: 0, witnessStatesMax: 0 };

function planted(name: string, extend: Strategy['extend']): Strategy {
  return { ...upstream, name, summary: name, origin: 'planted', extend };
}

const explored = (strategy: AnyStrategy, actors = 'finder=1,reclaim=1', start = 'primed'): ExploreResult =>
  explore({ setting: settingFor(start, actors), strategy, limits });

/** A finder that finds nothing, ever: nothing runs against reclaim. */
const findsNothing = planted(
  'finds-nothing',
  (Base) =>
    class extends Base {
      override findExtentBuffer(): ExtentBuffer {
        return NULL;
      }
    },
);
const findsAgain = planted(
  'finds-again',
  (Base) =>
    class extends upstream.extend(Base) {
      override findExtentBuffer(): ExtentBuffer {
        return super.findExtentBuffer();
      }
    },
);

describe('an operation of an actor that never happens', () => {
  it('makes a proof vacuous, and is named', () => {
    expect(explored(findsNothing)).toMatchObject({
      verdict: 'vacuous',
      complete: true,
      violations: [],
      neverReached: {
        operations: [
          { actor: 'finder', operation: 'read_extent_buffer_pages' },
          { actor: 'finder', operation: 'free_extent_buffer' },
        ],
        withoutStep: [{ actor: 'finder', operation: 'find_extent_buffer' }],
      },
    });
  });

  it('is not missing in the repaired twin', () => {
    expect(explored(findsAgain)).toMatchObject({
      verdict: 'holds',
      neverReached: { operations: [], withoutStep: [], own: { never: [] } },
    });
  });

  it('is one that an actor comes to without a step, too', () => {
    const readsNothing = planted(
      'reads-nothing',
      (Base) =>
        class extends Base {
          override readExtentBufferPages(): 0 {
            return 0;
          }
        },
    );

    expect(explored(readsNothing)).toMatchObject({
      verdict: 'vacuous',
      neverReached: {
        operations: [],
        withoutStep: [{ actor: 'finder', operation: 'read_extent_buffer_pages' }],
      },
    });
  });

  it('is missing where the setting has no work for an actor', () => {
    expect(explored(upstream, 'finder=2,reclaim=1', 'cold')).toMatchObject({
      verdict: 'vacuous',
      neverReached: {
        operations: [
          { actor: 'finder', operation: 'read_extent_buffer_pages' },
          { actor: 'finder', operation: 'free_extent_buffer' },
        ],
      },
    });
  });

  it('does not hide a violation', () => {
    const putsForReclaim = planted(
      'puts-for-reclaim',
      (Base) =>
        class extends Base {
          override findExtentBuffer(): ExtentBuffer {
            this.freeExtentBuffer(super.findExtentBuffer());
            return NULL;
          }

          override freeExtentBuffer(eb: ExtentBuffer): void {
            super.freeExtentBuffer(eb);
            super.freeExtentBuffer(eb);
          }
        },
    );

    expect(explored(putsForReclaim).verdict).toBe('violated');
  });

  it('is not told of where the search was not complete', () => {
    const result = explore({
      setting: settingFor('primed', 'finder=1,reclaim=1'),
      strategy: findsNothing,
      limits: { ...limits, statesMax: 10 },
    });

    expect(result.verdict).toBe('bounded');
    expect(result).not.toHaveProperty('neverReached');
  });
});

describe('a step of the strategy that never happens', () => {
  it('makes a proof vacuous: nobody reads to the end here', () => {
    const checksCompletion = planted(
      'checks-completion',
      (Base) =>
        class extends upstream.extend(Base) {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
          }
        },
    );
    const inReclaimOnly = planted(
      'in-stale-only',
      (Base) =>
        class extends Base {
          override freeExtentBufferStale(eb: ExtentBuffer): void {
            super.freeExtentBufferStale(eb);
          }
        },
    );

    expect(explored(checksCompletion).verdict).toBe('holds');
    expect(explored(inReclaimOnly, 'finder=1,end-io=1')).toMatchObject({
      verdict: 'vacuous',
      neverReached: { operations: [], own: { reached: [], never: ['free_extent_buffer_stale'] } },
    });
  });

  it('is one of several, and said, where others happen', () => {
    expect(explored(bioRef)).toMatchObject({
      verdict: 'holds',
      neverReached: {
        own: {
          reached: ['submit_one_bio'],
          never: ['end_bio_extent_readpage', 'btree_readpage_end_io_hook'],
        },
      },
    });
  });

  it('is the changed step of a mutant', () => {
    const change = parseMutation(
      'free_extent_buffer_stale/test_and_clear_bit.eb.bflags.TREE_REF/false',
      upstream.Base.structures,
    );

    expect(explored(mutantOf(upstream, change))).toMatchObject({
      verdict: 'vacuous',
      isChangeReached: false,
    });
  });
});

describe('what else no schedule comes to', () => {
  const { neverReached } = explored(upstream);

  it('are outcomes that nobody forbids', () => {
    expect(neverReached?.outcomes).toEqual(['read-failed', 'reread', 'idle']);
  });

  it('are functions of the model with a step, and accesses of those that are reached', () => {
    expect(neverReached?.functions).toContain('alloc_extent_buffer');
    expect(neverReached?.functions).not.toContain('find_extent_buffer');
    // A STALE buffer is never found there.
    expect(neverReached?.steps).toContain('find_extent_buffer > spin_lock');
    expect(neverReached?.steps).not.toContain('find_extent_buffer > rcu_read_lock');
  });
});

describe('what is never reached', () => {
  const setting = settingFor('primed', 'finder=2,reclaim=1');

  it.each([findsNothing, upstream, bioRef])(
    'is the same without reductions, and on threads: $name',
    async (strategy) => {
      const one = explore({ setting, strategy, limits });
      const full = explore({ setting, strategy, limits, reductions: NO_REDUCTIONS });
      const threads = await exploreOnThreads({ setting, strategy, limits, threads: 2, inlineStatesMax: 100 });

      expect(full.verdict).toBe(one.verdict);
      expect(full.neverReached).toEqual(one.neverReached);
      expect(threads.verdict).toBe(one.verdict);
      expect(threads.neverReached).toEqual(one.neverReached);
    },
  );

  /** Each in a third of the settings. Setting 9 has all that 6 and 8 have, and four times their states: one that holds shows it. */
  const searched = (number: number): readonly Strategy[] =>
    allOr(strategies, number < 9 ? strategies.filter((_, index) => (index + number) % 3 === 0) : [upstream]);

  it.each(LADDER.slice(0, 9).map((rung, index) => [index + 1, rung] as const))(
    'is no operation under a strategy of the project in setting %i of mutate',
    (number, rung) => {
      for (const strategy of searched(number)) {
        const found = explore({ setting: settingNamed(rung), strategy, limits }).neverReached;
        expect(found).toMatchObject({ operations: [], withoutStep: [] });
      }
    },
  );
});
