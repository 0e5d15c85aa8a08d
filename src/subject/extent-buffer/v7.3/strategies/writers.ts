import { type ExtentBuffer, FS_TREE_MARKS, MARK_DIRTY, MARK_WRITEBACK } from '../layout.ts';
import type { TodayStrategy } from '../strategy.ts';

/** The kernel before 1f3d56db694c: the mark of a sync walk stays when the block is written. */
export const towriteKept: TodayStrategy = {
  name: 'towrite-kept',
  expectation: 'violates',
  summary: 'the start of a write leaves the mark TOWRITE: later walks come to the block for nothing',
  origin: 'Linux 5e121ae687b8 to 6.17-rc (2025)',
  extend: (Base) =>
    class TowriteKept extends Base {
      protected override markWriteback(): void {
        this.xaLock();
        this.mem.setBit(MARK_WRITEBACK, this.fsInfo + FS_TREE_MARKS);
        this.mem.clearBit(MARK_DIRTY, this.fsInfo + FS_TREE_MARKS);
        this.xaUnlock();
      }
    },
};

/** Completions as they were up to 7.0, in a kernel that relies on their being in a task. */
export const writtenInInterrupt: TodayStrategy = {
  name: 'written-in-interrupt',
  expectation: 'violates',
  summary: 'a write ends in the interrupt of the device',
  origin: 'Linux up to 7.0, with the assertions of 7.1: no kernel had this',
  extend: (Base) =>
    class WrittenInInterrupt extends Base {
      protected override inTask(): boolean {
        return false;
      }
    },
};

/** The kernel before 4db7384ce55c: a block that is passed over is put twice. */
export const putTwice: TodayStrategy = {
  name: 'put-twice',
  expectation: 'violates',
  summary: 'a block whose turn it is not is put by itself, and once more with its batch',
  origin: 'Linux before 4db7384ce55c (2025)',
  extend: (Base) =>
    class PutTwice extends Base {
      protected override passOver(eb: ExtentBuffer): void {
        super.passOver(eb);
        this.freeExtentBuffer(eb);
      }
    },
};
