import { EB_REFS_LOCK, type ExtentBuffer } from '../layout.ts';
import { type Page } from '../../../../memory/layout.ts';
import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/**
 * The handshake that find_extent_buffer has had with free_extent_buffer since 062c19e9dd69, for every buffer and not
 * only for a STALE one: a releasepage that saw the count before the finder raised it holds the refs_lock until it is
 * through, and one that comes later sees the finder's reference.
 *
 * Both ways to a buffer need it, and both end in mark_extent_buffer_accessed. In find_extent_buffer alone it would not
 * do: alloc_extent_buffer also finds buffers through page->private, where it holds the lock of one page and releasepage
 * that of another (test/explore/half-fixes.test.ts has the witness, from cold with two pages).
 */
export const handshakeFind: ExtentBufferStrategy = ofExtentBuffer({
  name: 'handshake-find',
  expectation: 'holds',
  summary:
    'who finds a buffer, in the tree or through a page, locks and unlocks refs_lock before looking at TREE_REF',
  origin: 'the STALE handshake of Linux 062c19e9dd69 (2015), for every buffer; not adopted',
  extend: (Base) =>
    class HandshakeFind extends Base {
      override markExtentBufferAccessed(eb: ExtentBuffer, accessed: Page): void {
        this.mem.spinLock(eb + EB_REFS_LOCK);
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        super.markExtentBufferAccessed(eb, accessed);
      }
    },
});
