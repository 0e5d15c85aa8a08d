import { EB_BFLAGS, EB_READ_MIRROR, type ExtentBuffer } from '../../v5.7/layout.ts';
import { pageAt } from '../../../../memory/layout.ts';
import { EXTENT_BUFFER_READ_ERR, EXTENT_BUFFER_UPTODATE } from '../../v5.7/bflags.ts';
import { WAIT_COMPLETE, WAIT_NONE, type Wait } from '../../v5.7/extent-buffer-io.ts';
import { Note } from '../../v5.7/note.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/** The kernel before August 2016: a page is counted as soon as it is locked, the pages behind it are not yet. */
export const countWhileLocking: LifeStrategy = ofLife({
  name: 'count-while-locking',
  expectation: 'violates',
  summary: 'read_extent_buffer_pages counts the pages to read while it locks them',
  origin: 'Linux before 2571e739677f (2016)',
  extend: (Base) =>
    class CountWhileLocking extends Base {
      override readExtentBufferPages(eb: ExtentBuffer, wait: Wait): number {
        if (this.mem.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS)) {
          this.note(Note.AlreadyUptodate);
          return 0;
        }
        this.reached('read:entry');
        const { pages } = this.geometry;
        let numReads = 0;
        for (let index = 0; index < pages; index++) {
          const page = pageAt(this.fsInfo, index);
          if (wait === WAIT_COMPLETE) {
            this.mem.lockPage(page);
          } else if (!this.mem.trylockPage(page)) {
            this.unlockPages(index);
            this.note(Note.ReadSkipped);
            return 0;
          }
          if (!this.isPageUptodate(page)) numReads++;
        }
        if (numReads === 0) {
          this.mem.setBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
          this.unlockPages(pages);
          this.note(Note.AlreadyUptodate);
          return 0;
        }
        this.reached('read:locked');
        this.mem.clearBit(EXTENT_BUFFER_READ_ERR, eb + EB_BFLAGS);
        this.mem.writeOnce(eb + EB_READ_MIRROR, 0);
        this.setIoPages(eb, numReads);
        this.reached('read:io-pages');
        const error = this.submitReads(eb);
        this.reached('read:submitted');
        return error !== 0 || wait === WAIT_NONE ? error : this.waitForPages();
      }
    },
});
