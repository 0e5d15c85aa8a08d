import type { ExtentBuffer } from '../layout.ts';
import type { Wait } from '../extent-buffer-io.ts';
import { Note } from '../note.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/** A negative control: the right check in the wrong place. A releasepage may still run between it and the page locks. */
export const earlyCheck: ExtentBufferStrategy = ofExtentBuffer({
  name: 'early-check',
  expectation: 'violates',
  summary: 'check_buffer_tree_ref before the page locks are taken',
  origin: 'negative control: the check of 6bf9cd2eed9a, too early',
  extend: (Base) =>
    class EarlyCheck extends Base {
      protected override lockExtentBufferPages(eb: ExtentBuffer, wait: Wait): boolean {
        if (this.checkBufferTreeRef(eb)) this.note(Note.Rescued);
        return super.lockExtentBufferPages(eb, wait);
      }
    },
});
