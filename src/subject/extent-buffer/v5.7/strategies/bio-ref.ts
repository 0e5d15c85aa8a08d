import { EB_IO_PAGES, EB_REFS, type ExtentBuffer, PAGE_PRIVATE } from '../layout.ts';
import { NULL, type Page, pageAt } from '../../../../memory/layout.ts';
import { Check } from '../check.ts';
import type { BioStatus } from '../../../../model/block-layer.ts';
import { Note } from '../note.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/**
 * The read holds a reference of its own from its submission to the end of its completion, which takes none: whatever
 * becomes of TREE_REF meanwhile, the buffer outlives its IO. TREE_REF may still be taken from a live user; such a
 * buffer goes with the last reference to it instead of staying cached. Alone it also keeps a failed read from naming a
 * buffer without a reference (kernel.md 1.12). The kernel has this and the check of 2020.
 */
export const bioRef: ExtentBufferStrategy = ofExtentBuffer({
  name: 'bio-ref',
  expectation: 'holds',
  summary: 'the read takes a reference when it is submitted and drops it at the end of its completion',
  origin: 'Linux 113fa05c2f2b and its series (2023), beside the check of 6bf9cd2eed9a',
  extend: (Base) =>
    class BioRef extends Base {
      override readonly bioReferences: number = 1;

      protected override submitOneBio(eb: ExtentBuffer, bio: number): void {
        this.mem.atomicInc(eb + EB_REFS);
        super.submitOneBio(eb, bio);
      }

      override endBioExtentReadpage(bio: number, status: BioStatus): void {
        // bio->bi_private in the kernel; here its page names the buffer, which the reference keeps attached.
        const eb = this.readPointer(pageAt(this.fsInfo, 31 - Math.clz32(bio & -bio)) + PAGE_PRIVATE);
        if (this.bugOn(eb === NULL, Check.B4)) return;
        super.endBioExtentReadpage(bio, status);
        this.freeExtentBuffer(eb);
      }

      /** 1.12 without the reference of its own. */
      protected override btreeReadpageEndIoHook(page: Page, status: BioStatus): boolean {
        this.reached('end-io:entry');
        const eb = this.readPointer(page + PAGE_PRIVATE);
        if (eb === NULL) {
          this.note(Note.ReadUnverified);
          return true;
        }
        const isLast = this.mem.atomicDecAndTest(eb + EB_IO_PAGES);
        this.reached('end-io:counted');
        return isLast ? this.finishRead(eb, status) : true;
      }
    },
});
