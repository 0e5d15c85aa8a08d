import type { ExtentBuffer } from '../../v5.7/layout.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/** The kernel before September 2019: where lock_extent_buffer_for_io gives up, the buffer keeps WRITEBACK and is not dirty any more. */
export const writebackLeftSet: LifeStrategy = ofLife({
  name: 'writeback-left-set',
  expectation: 'violates',
  summary: 'where the flush before a locked page fails, lock_extent_buffer_for_io only unlocks pages',
  origin: 'Linux 2e3c25136adf (2019), before 18dfa7117a3f',
  extend: (Base) =>
    class WritebackLeftSet extends Base {
      protected override undoWriteback(_eb: ExtentBuffer): void {}
    },
});
