import type { ExtentBuffer } from '../../v5.7/layout.ts';
import { PAGE_FLAGS, pageAt } from '../../../../memory/layout.ts';
import { PG_ERROR } from '../../../../memory/page-flags.ts';
import { BIO_INCOMPLETE } from '../../../../model/block-layer.ts';
import { EIO } from '../../v5.7/extent-buffer-io.ts';
import { Note } from '../../v5.7/note.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/**
 * The kernel before July 2016: a page that does not enter the bio of a read is unlocked and stays counted, though no completion will
 * come for it.
 */
export const pageStaysCounted: LifeStrategy = ofLife({
  name: 'page-stays-counted',
  expectation: 'violates',
  summary: 'a page whose read cannot be set up keeps its share of io_pages',
  origin: 'Linux before baf863b9c296 (2016)',
  extend: (Base) =>
    class PageStaysCounted extends Base {
      protected override submitReads(eb: ExtentBuffer): number {
        let error = 0;
        let bio = 0;
        for (let index = 0; index < this.geometry.pages; index++) {
          const page = pageAt(this.fsInfo, index);
          if (this.isPageUptodate(page)) {
            this.mem.unlockPage(page);
            continue;
          }
          this.mem.clearBit(PG_ERROR, page + PAGE_FLAGS);
          if (this.blockLayer.setupFails()) {
            error = EIO;
            this.note(Note.ReadFailed);
            this.mem.unlockPage(page);
          } else {
            bio |= 1 << index;
          }
        }
        if (bio !== 0) this.submitOneBio(eb, error === 0 ? bio : bio | BIO_INCOMPLETE);
        return error;
      }
    },
});
