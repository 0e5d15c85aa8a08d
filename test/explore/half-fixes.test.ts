/**
 * Fixes with one part left out: what the part is for, and that the search would have noticed.
 */
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { NO_CHANCES } from '../../src/explore/search/session.ts';
import { bioRef } from '../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import { handshakeFind } from '../../src/subject/extent-buffer/v5.7/strategies/handshake-find.ts';
import { recheckRelease } from '../../src/subject/extent-buffer/v5.7/strategies/recheck-release.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import {
  EB_BFLAGS,
  EB_REFS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
  PAGE_PRIVATE,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { NULL, type Page } from '../../src/memory/layout.ts';
import { EXTENT_BUFFER_TREE_REF } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';

function search(strategy: Strategy, start: string, actors: string, pages = 1): ExploreResult {
  return explore({ setting: settingFor(start, actors, pages), strategy, limits: { countStatesMax: 0 } });
}

describe('the handshake in find_extent_buffer alone', () => {
  const findOnly: Strategy = {
    ...handshakeFind,
    name: 'find-only',
    extend: (Base) =>
      class FindOnly extends Base {
        override markExtentBufferAccessed(eb: ExtentBuffer, accessed: Page): void {
          if (accessed === NULL) {
            this.mem.spinLock(eb + EB_REFS_LOCK);
            this.mem.spinUnlock(eb + EB_REFS_LOCK);
          }
          super.markExtentBufferAccessed(eb, accessed);
        }
      },
  };

  /** What the search below comes up with. */
  const WAY = 'eb1:readahead-vs-releasepage:cold:find-only:readahead=2,reclaim=1:p2:a6b47c6b11c6a20c5a23';

  it('leaves the way through page->private open: from cold with two pages, a BUG_ON', () => {
    const setting = settingFor('cold', 'readahead=2,reclaim=1', 2);
    const { moves } = parseSchedule(WAY);
    const { steps, end } = replaySchedule({ setting, strategy: findOnly, moves, chances: NO_CHANCES });

    expect(end).toMatchObject({ kind: 'violated', invariant: 'B1' });
    // The reader missed the look-up, and took its reference under the lock of the other page.
    const isTaken = steps.find(
      ({ operation, result, functions }) =>
        operation === 'atomic_inc_not_zero' &&
        result === 'true' &&
        functions.some((call) => call.startsWith('attach_extent_buffer_page')),
    );
    expect(isTaken?.after.locks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['page0.flags:LOCKED', 'page1.flags:LOCKED']),
    );
  });

  it.runIf(allOr(true, false))('is found to, and to do nothing else', () => {
    const { violations } = search(findOnly, 'cold', 'readahead=2,reclaim=1', 2);

    expect(violations.map(({ invariant, witness }) => [invariant, witness?.schedule])).toEqual([['B1', WAY]]);
  });

  it.each([
    ['from primed', 'primed', 'finder=2,reclaim=2', 2],
    ['with one page, whose lock both need', 'cold', 'readahead=2,reclaim=1', 1],
  ] as const)('holds %s', (_where, start, actors, pages) => {
    expect(search(findOnly, start, actors, pages).verdict).toBe('holds');
  });
});

describe('a releasepage that looks at its buffer once private_lock is dropped', () => {
  const lateLook: Strategy = {
    ...recheckRelease,
    name: 'late-look',
    extend: (Base) =>
      class LateLook extends Base {
        override tryReleaseExtentBuffer(page: Page): boolean {
          const privateLock = this.fsInfo + FS_PRIVATE_LOCK;
          this.mem.spinLock(privateLock);
          const eb = this.readPointer(page + PAGE_PRIVATE);
          if (eb !== NULL) this.mem.spinLock(eb + EB_REFS_LOCK);
          this.mem.spinUnlock(privateLock);
          if (eb === NULL) return true;
          let isGoing =
            !this.extentBufferUnderIo(eb) &&
            this.mem.atomicRead(eb + EB_REFS) === 1 &&
            this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
          if (isGoing && this.mem.atomicRead(eb + EB_REFS) !== 1) {
            this.mem.setBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
            isGoing = false;
          }
          if (isGoing) return this.releaseExtentBuffer(eb);
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          return false;
        }
      },
  };

  it('is a use after free by the second of two, since only private_lock keeps a buffer without references', () => {
    const { violations } = search(lateLook, 'primed', 'finder=1,reclaim=2', 2);

    expect(violations.map(({ invariant }) => invariant)).toEqual(['UAF']);
    expect(search(lateLook, 'primed', 'finder=1,reclaim=1', 2).verdict).toBe('holds');
  });
});

describe('a reference of the read that is taken once it is submitted', () => {
  const late: Strategy = {
    ...bioRef,
    name: 'late-bio-ref',
    extend: (Base) => {
      const Prompt = bioRef.extend(Base);
      return class Late extends Prompt {
        protected override submitOneBio(eb: ExtentBuffer, bio: number): void {
          this.blockLayer.submit(this.fsInfo, eb, bio);
          this.mem.atomicInc(eb + EB_REFS);
        }
      };
    },
  };

  it('comes too late for a device that answers at once', () => {
    expect(search(late, 'primed', 'finder=1,reclaim=1,end-io=1').verdict).toBe('violated');
    expect(search(bioRef, 'primed', 'finder=1,reclaim=1,end-io=1').verdict).toBe('holds');
  });
});
