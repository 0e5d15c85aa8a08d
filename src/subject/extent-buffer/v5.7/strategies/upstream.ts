import type { ExtentBuffer } from '../layout.ts';
import { Note } from '../note.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/**
 * The fix of June 2020. Every releasepage of the buffer runs under the lock of one of its pages, and all of them are
 * locked here: whoever cleared TREE_REF has finished, and whoever comes later sees io_pages.
 */
export const upstream: ExtentBufferStrategy = ofExtentBuffer({
  name: 'upstream',
  expectation: 'holds',
  summary: 'check_buffer_tree_ref once io_pages is set, all pages locked',
  origin: 'Linux 6bf9cd2eed9a, "btrfs: fix fatal extent_buffer readahead vs releasepage race"',
  extend: (Base) =>
    class Upstream extends Base {
      protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
        super.setIoPages(eb, numReads);
        if (this.checkBufferTreeRef(eb)) this.note(Note.Rescued);
      }
    },
});
