import { EB_BFLAGS, type ExtentBuffer } from '../../v5.7/layout.ts';
import type { Page } from '../../../../memory/layout.ts';
import { EXTENT_BUFFER_UPTODATE, EXTENT_BUFFER_WRITE_ERR } from '../../v5.7/bflags.ts';
import { EIO, type Wait } from '../../v5.7/extent-buffer-io.ts';
import { Note } from '../../v5.7/note.ts';
import { type LifeClass, type LifeStrategy, ofLife } from '../strategy.ts';

/** c2e39305299f: a buffer that could not be written is not up to date any more, so that whoever reads it hears of the error. */
function clearsUptodate(Base: LifeClass): LifeClass {
  return class ClearsUptodate extends Base {
    protected override setBtreeIoerr(page: Page, eb: ExtentBuffer): boolean {
      const isFirst = super.setBtreeIoerr(page, eb);
      if (isFirst) this.mem.clearBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
      return isFirst;
    }
  };
}

/** The kernel of November 2021. */
export const readUnderWrite: LifeStrategy = ofLife({
  name: 'read-under-write',
  expectation: 'violates',
  summary: 'a write error clears UPTODATE, and a read may start while the write is still in flight',
  origin: 'Linux c2e39305299f (2021), before 651740a50241',
  extend: (Base) => class ReadUnderWrite extends clearsUptodate(Base) {},
});

/** The kernel of December 2021. */
export const readChecksWriteErr: LifeStrategy = ofLife({
  name: 'read-checks-write-err',
  expectation: 'holds',
  summary: 'a write error clears UPTODATE, and a read of a buffer with WRITE_ERR fails',
  origin: 'Linux 651740a50241, "btrfs: check WRITE_ERR when trying to read an extent buffer"',
  extend: (Base) =>
    class ReadChecksWriteErr extends clearsUptodate(Base) {
      override readExtentBufferPages(eb: ExtentBuffer, wait: Wait): number {
        if (this.mem.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS)) {
          this.note(Note.AlreadyUptodate);
          return 0;
        }
        // WRITE_ERR is set before UPTODATE is cleared: who finds the latter clear for an error of a write finds the former set.
        if (this.mem.testBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS)) return EIO;
        return super.readExtentBufferPages(eb, wait);
      }
    },
});
