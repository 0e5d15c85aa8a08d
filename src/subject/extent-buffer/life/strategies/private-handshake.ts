import { EB_BFLAGS, EB_REFS_LOCK, type ExtentBuffer } from '../../v5.7/layout.ts';
import { NULL, type Page } from '../../../../memory/layout.ts';
import { EXTENT_BUFFER_STALE } from '../../v5.7/bflags.ts';
import { Note } from '../../v5.7/note.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/** The handshake of 2015 for whoever finds a buffer through page->private, too. */
export const privateHandshake: LifeStrategy = ofLife({
  name: 'private-handshake',
  expectation: 'holds',
  summary: 'who finds a STALE buffer through page->private locks and unlocks its refs_lock, too',
  origin: 'kernel.md 4.4: the handshake of Linux 062c19e9dd69 on the path that lacks it; not upstream',
  extend: (Base) =>
    class PrivateHandshake extends Base {
      override markExtentBufferAccessed(eb: ExtentBuffer, accessed: Page): void {
        if (accessed !== NULL && this.mem.testBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS)) {
          this.note(Note.StaleHandshake);
          this.mem.spinLock(eb + EB_REFS_LOCK);
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
        }
        super.markExtentBufferAccessed(eb, accessed);
      }
    },
});
