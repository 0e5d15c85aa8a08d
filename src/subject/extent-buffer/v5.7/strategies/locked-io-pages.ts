import { EB_REFS_LOCK, type ExtentBuffer } from '../layout.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/**
 * A negative control: releasepage tests io_pages under the refs_lock, so the store is put there too. It does not help:
 * TREE_REF is already gone, and it is free_extent_buffer that releases.
 */
export const lockedIoPages: ExtentBufferStrategy = ofExtentBuffer({
  name: 'locked-io-pages',
  expectation: 'violates',
  summary: 'io_pages is set under the refs_lock, TREE_REF is not checked',
  origin: 'negative control',
  extend: (Base) =>
    class LockedIoPages extends Base {
      protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
        this.mem.spinLock(eb + EB_REFS_LOCK);
        super.setIoPages(eb, numReads);
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
      }
    },
});
