import { EB_REFS, type ExtentBuffer, FS_PRIVATE_LOCK, PAGE_PRIVATE } from '../../v5.7/layout.ts';
import { NULL, type Page, PAGE_FLAGS } from '../../../../memory/layout.ts';
import { PG_PRIVATE } from '../../../../memory/page-flags.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/** The kernel of March 2012: who finds a buffer through a page takes a reference whatever the count is. */
export const plainGet: LifeStrategy = ofLife({
  name: 'plain-get',
  expectation: 'violates',
  summary: 'alloc_extent_buffer takes a reference of the buffer in page->private even if it has none left',
  origin: 'Linux before 115391d23152 (2012)',
  extend: (Base) =>
    class PlainGet extends Base {
      protected override attachExtentBufferPage(eb: ExtentBuffer, page: Page): ExtentBuffer {
        const privateLock = this.fsInfo + FS_PRIVATE_LOCK;
        this.mem.spinLock(privateLock);
        if (this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
          const exists = this.readPointer(page + PAGE_PRIVATE);
          this.mem.atomicInc(exists + EB_REFS);
          this.mem.spinUnlock(privateLock);
          this.mem.unlockPage(page);
          this.putPage(page);
          this.markExtentBufferAccessed(exists, page);
          return exists;
        }
        this.mem.setBit(PG_PRIVATE, page + PAGE_FLAGS);
        this.getPage(page);
        this.mem.writeOnce(page + PAGE_PRIVATE, eb);
        this.mem.spinUnlock(privateLock);
        return NULL;
      }
    },
});
