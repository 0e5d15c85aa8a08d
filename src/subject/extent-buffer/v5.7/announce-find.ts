import type { Page } from '../../../memory/layout.ts';
import { FS_OWN } from '../../../memory/layout.ts';
import { EXTENT_BUFFER_TREE_REF } from './bflags.ts';
import { EB_BFLAGS, EB_REFS_LOCK, type ExtentBuffer } from './layout.ts';
import { Note } from './note.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from './strategy.ts';

/** Set by whoever has found the buffer. */
const FOUND = FS_OWN;

/**
 * What holds where every store is visible at once, and violates where it may wait: the control of runs whose stores do. A finder
 * announces itself by a plain store and then looks at TREE_REF; releasepage clears TREE_REF and then looks for an announcement. Between
 * the store and the look `smp_mb()` is missing.
 */
export const announceFind: ExtentBufferStrategy = ofExtentBuffer({
  name: 'announce-find',
  expectation: 'violates',
  summary: 'a finder announces itself by a plain store, then looks at TREE_REF; no barrier stands between',
  origin: 'planted; own',
  extend: (Base) =>
    class AnnounceFind extends Base {
      override markExtentBufferAccessed(eb: ExtentBuffer, accessed: Page): void {
        this.mem.writeOnce(this.fsInfo + FOUND, 1);
        super.markExtentBufferAccessed(eb, accessed);
      }

      protected override releaseChecked(eb: ExtentBuffer): boolean {
        if (!this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) {
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          this.note(Note.ReleaseForeign);
          return false;
        }
        // Pairs with the look at TREE_REF of whoever finds the buffer, but not where the announcement still waits.
        if (this.mem.readOnce(this.fsInfo + FOUND) !== 0) {
          this.mem.setBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          this.note(Note.ReleaseRefused);
          return false;
        }
        const isGone = this.releaseExtentBuffer(eb);
        this.note(isGone ? Note.Released : Note.TreeRefStripped);
        return isGone;
      }
    },
});
