/**
 * The kernel before the fix, whose actors wait for each other where the race is: whoever finds the buffer, until reclaim has
 * begun, and then until TREE_REF is gone; reclaim, behind its look at refs, until somebody has found the buffer. By rounds,
 * so that a trial in which nobody comes ends, too.
 */
import {
  EB_BFLAGS,
  EB_REFS,
  EB_REFS_LOCK,
  EXTENT_BUFFER_TREE_REF,
  FS_TREE_SLOT,
  NULL,
} from '../../../dist/catalog/strategy-api.js';

export const expectation = 'violates';

const ROUNDS = 300;

function awaits(mem, hasHappened) {
  for (let round = 0; round < ROUNDS && !hasHappened(); round++) mem.cpuRelax();
}

export default (Base) =>
  class extends Base {
    findExtentBuffer() {
      // Without a reference, so that only the read section keeps the buffer there.
      this.mem.rcuReadLock();
      const there = this.mem.readOnce(this.fsInfo + FS_TREE_SLOT);
      if (there !== NULL) awaits(this.mem, () => this.mem.readOnce(there + EB_REFS_LOCK) !== 0);
      this.mem.rcuReadUnlock();
      const eb = super.findExtentBuffer();
      if (eb !== NULL) awaits(this.mem, () => !this.mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS));
      return eb;
    }

    extentBufferUnderIo(eb) {
      const isUnderIo = super.extentBufferUnderIo(eb);
      if (this.mem.atomicRead(eb + EB_REFS) === 1)
        awaits(this.mem, () => this.mem.atomicRead(eb + EB_REFS) > 1);
      return isUnderIo;
    }
  };
