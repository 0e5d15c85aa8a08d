import type { ModelClass } from '../../../src/fix/strategy.ts';
import {
  EB_OWN,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
} from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { NULL, type Page } from '../../../src/memory/layout.ts';
import { Check } from '../../../src/model/check.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { ATTACHED, type Planted } from './planted.ts';

/** Waits for a page lock under a lock of the kind, or behind it. */
function sleeping(lock: 'spinLock' | 'rcuReadLock', isUnder: boolean): ModelClass {
  return class extends ExtentBufferModel {
    override btreeReleasepage(page: Page): boolean {
      const { mem } = this;
      if (lock === 'spinLock') mem.spinLock(this.fsInfo + FS_PRIVATE_LOCK);
      else mem.rcuReadLock();
      if (isUnder) mem.lockPage(page);
      if (lock === 'spinLock') mem.spinUnlock(this.fsInfo + FS_PRIVATE_LOCK);
      else mem.rcuReadUnlock();
      if (!isUnder) mem.lockPage(page);
      mem.unlockPage(page);
      return true;
    }
  };
}

/** Bugs in the use of memory, of locks and of read sections. */
export const plantedInUse: readonly Planted[] = [
  {
    check: Check.WildAccess,
    bug: 'a lock is taken where there is none',
    buggy: {
      Model: class extends ExtentBufferModel {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          this.mem.spinLock(eb + EB_OWN - 7);
          return super.checkBufferTreeRef(eb);
        }
      },
    },
    run: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
  },
  {
    check: Check.WildAccess,
    bug: 'the NULL pointer is followed',
    buggy: {
      Model: class extends ExtentBufferModel {
        override checkBufferTreeRef(): boolean {
          return super.checkBufferTreeRef(NULL);
        }
      },
    },
    run: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
  },
  {
    check: Check.BadUnlock,
    bug: 'a spin lock is given back twice',
    buggy: {
      Model: class extends ExtentBufferModel {
        override freeExtentBufferStale(eb: ExtentBuffer): void {
          super.freeExtentBufferStale(eb);
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
        }
      },
    },
    state: { 'eb0.refs': 3 },
    run: (model, world) => {
      model.freeExtentBufferStale(world.buffer(0));
      world.set({ 'eb0.refs': 1 });
    },
  },
  {
    check: Check.BadUnlock,
    bug: 'a spin lock is given back that another actor holds',
    buggy: { state: { 'eb0.refs_lock': 2 } },
    repaired: { state: { 'eb0.refs_lock': 1 } },
    run: (model, world) => {
      world.set({ 'eb0.refs': 2 });
      model.releaseExtentBuffer(world.buffer(0));
    },
  },
  {
    check: Check.BadUnlock,
    bug: 'a page is unlocked that is not locked',
    state: { 'page0.flags': ATTACHED },
    buggy: {
      Model: class extends ExtentBufferModel {
        override btreeReleasepage(page: Page): boolean {
          this.mem.unlockPage(page);
          return true;
        }
      },
    },
    run: (model, world) => model.btreeReleasepage(world.page(0)),
  },
  {
    check: Check.RcuImbalance,
    bug: 'a read section is left twice',
    buggy: {
      Model: class extends ExtentBufferModel {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          this.mem.rcuReadUnlock();
          return super.checkBufferTreeRef(eb);
        }
      },
    },
    run: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
  },
  {
    check: Check.RcuImbalance,
    bug: 'one of two read sections is never left',
    buggy: {
      Model: class extends ExtentBufferModel {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          this.mem.rcuReadLock();
          this.mem.rcuReadLock();
          this.mem.rcuReadUnlock();
          return super.checkBufferTreeRef(eb);
        }
      },
    },
    repaired: {
      Model: class extends ExtentBufferModel {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          this.mem.rcuReadLock();
          this.mem.rcuReadLock();
          this.mem.rcuReadUnlock();
          this.mem.rcuReadUnlock();
          return super.checkBufferTreeRef(eb);
        }
      },
    },
    run: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
  },
  ...(['spinLock', 'rcuReadLock'] as const).map((lock): Planted => ({
    check: Check.SleepInAtomic,
    bug: `a page lock is waited for behind ${lock}`,
    buggy: { Model: sleeping(lock, true) },
    repaired: { Model: sleeping(lock, false) },
    run: (model, world) => model.btreeReleasepage(world.page(0)),
  })),
  {
    check: Check.LockHeld,
    bug: 'a spin lock is never given back',
    buggy: {
      Model: class extends ExtentBufferModel {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          this.mem.spinLock(eb + EB_REFS_LOCK);
          return false;
        }
      },
    },
    run: (model, world) => model.checkBufferTreeRef(world.buffer(0)),
  },
];
