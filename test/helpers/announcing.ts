import {
  EB_BFLAGS,
  EB_REFS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
  PAGE_PRIVATE,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { EXTENT_BUFFER_TREE_REF } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { type Address, FS_IO, type Page, PAGE_FLAGS } from '../../src/memory/layout.ts';
import { PG_PRIVATE } from '../../src/memory/page-flags.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';

/**
 * Proved under sequential consistency, broken on x86: the finder announces itself by a store and then looks at TREE_REF, and releasepage
 * clears TREE_REF and then looks for an announcement. `fence` stands between the two of the finder.
 */
export function announcing(name: string, fence: (memory: SharedMemory, word: Address) => void): Strategy {
  return {
    ...none,
    name,
    isPlugIn: true,
    extend: (Base) =>
      class extends none.extend(Base) {
        override markExtentBufferAccessed(eb: ExtentBuffer, accessed: Page): void {
          this.mem.writeOnce(this.fsInfo + FS_IO, 1);
          fence(this.mem, this.fsInfo + FS_IO);
          super.markExtentBufferAccessed(eb, accessed);
        }

        override tryReleaseExtentBuffer(page: Page): boolean {
          const privateLock = this.fsInfo + FS_PRIVATE_LOCK;
          this.mem.spinLock(privateLock);
          const isPrivate = this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS);
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a page's private field points to
          const eb = (isPrivate ? this.mem.readOnce(page + PAGE_PRIVATE) : 0) as ExtentBuffer;
          if (isPrivate) this.mem.spinLock(eb + EB_REFS_LOCK);
          const isBusy =
            isPrivate && (this.mem.atomicRead(eb + EB_REFS) !== 1 || this.extentBufferUnderIo(eb));
          if (isBusy) this.mem.spinUnlock(eb + EB_REFS_LOCK);
          this.mem.spinUnlock(privateLock);
          if (!isPrivate || isBusy) return !isPrivate;
          const isStripped = this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
          const isAnnounced = isStripped && this.mem.readOnce(this.fsInfo + FS_IO) !== 0;
          if (isAnnounced) this.mem.setBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS);
          if (isStripped && !isAnnounced) return this.releaseExtentBuffer(eb);
          this.mem.spinUnlock(eb + EB_REFS_LOCK);
          return false;
        }
      },
  };
}
