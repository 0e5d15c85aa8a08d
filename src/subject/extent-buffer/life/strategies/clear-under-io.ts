import type { ExtentBuffer } from '../../v5.7/layout.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/** The kernel before 2014: a buffer whose transaction id is not the one expected is read anew, whatever is going on with it. */
export const clearUnderIo: LifeStrategy = ofLife({
  name: 'clear-under-io',
  expectation: 'violates',
  summary: 'verify_parent_transid clears UPTODATE of a buffer that is dirty or being written',
  origin: 'Linux before a26e8c9f75b0 (2014)',
  extend: (Base) =>
    class ClearUnderIo extends Base {
      override verifyParentTransid(eb: ExtentBuffer): void {
        this.clearExtentBufferUptodate(eb);
      }
    },
});
