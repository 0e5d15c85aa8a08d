import { NULL } from '../../../../memory/layout.ts';
import { Check } from '../check.ts';
import type { ExtentBuffer } from '../layout.ts';
import type { TodayStrategy } from '../strategy.ts';
import type { SubpageClass } from '../subpage.ts';

/** alloc_extent_buffer that detaches the folios of a buffer which it gives up, and has the release detach them again. */
export const doubleDetach: TodayStrategy = {
  name: 'double-detach',
  expectation: 'violates',
  summary: 'an allocation that finds the block in the tree detaches its folios twice: eb_refs falls by two',
  origin: 'Linux 09e6cef19c9f as first posted (Dec 2023): no release had this',
  extend: (Base: SubpageClass) =>
    class DoubleDetach extends Base {
      protected override freeNewBuffer(
        eb: ExtentBuffer,
        attached: number,
        existing: ExtentBuffer,
      ): ExtentBuffer {
        this.warnOn(!this.refcountDecAndTest(eb), Check.N4);
        for (let index = 0; index < attached; index++) {
          const folio = this.folio(index);
          if (!this.detachExtentBufferFolio(eb, folio)) return existing;
          this.mem.unlockPage(folio);
          // Its reference stays until the release has detached the folio once more.
        }
        for (let index = 0; index < attached; index++) {
          const folio = this.folio(index);
          if (!this.detachExtentBufferFolio(eb, folio)) return existing;
          this.folioPut(folio);
        }
        if (!this.mem.kmemCacheFree(eb)) this.violated(Check.DoubleFree);
        return existing;
      }
    },
};

/** alloc_extent_buffer that takes what the tree says of a block which is there already for its own result. */
export const existsIsAnError: TodayStrategy = {
  name: 'exists-is-an-error',
  expectation: 'violates',
  summary:
    'an allocation that finds the block in the tree returns -EEXIST, and keeps its reference of that one',
  origin: 'Linux 09e6cef19c9f as first posted (Dec 2023): no release had this',
  extend: (Base: SubpageClass) =>
    class ExistsIsAnError extends Base {
      protected override freeNewBuffer(
        eb: ExtentBuffer,
        attached: number,
        existing: ExtentBuffer,
      ): ExtentBuffer {
        super.freeNewBuffer(eb, attached, existing);
        return NULL;
      }
    },
};
