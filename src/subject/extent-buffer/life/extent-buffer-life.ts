import { EB_BFLAGS, type ExtentBuffer } from '../v5.7/layout.ts';
import { EXTENT_BUFFER_STALE } from '../v5.7/bflags.ts';
import { ExtentBufferWrite } from './extent-buffer-write.ts';

/**
 * The kernel of v5.7 with everything that happens to a buffer: reads and releases as in v5.7/, changes and writes, and how a buffer is
 * used again for a block that was just allocated. A strategy is a subclass with methods overridden.
 */
export class ExtentBufferLife extends ExtentBufferWrite {
  /** 1.6 btrfs_init_new_buffer: the buffer of a block that was just allocated, referenced, its tree lock held. */
  btrfsInitNewBuffer(): ExtentBuffer {
    const eb = this.allocExtentBuffer();
    this.btrfsTreeLock(eb);
    this.btrfsCleanTreeBlock(eb);
    // Without the refs_lock.
    this.mem.clearBit(EXTENT_BUFFER_STALE, eb + EB_BFLAGS);
    this.reached('init:clear-stale');
    this.setExtentBufferUptodate(eb);
    this.writeExtentBuffer(eb);
    return eb;
  }
}
