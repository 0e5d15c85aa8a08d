/** Upstream's fix, and two locks that are taken both ways in every trial: under a lock of its own, so that nobody can deadlock. */
import { FS_BUFFER_LOCK, FS_OWN, FS_PRIVATE_LOCK } from 'ebtorture/strategy';

export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.checkBufferTreeRef(eb);
    }

    findExtentBuffer() {
      this.#take(FS_OWN, FS_PRIVATE_LOCK, FS_BUFFER_LOCK);
      this.#take(FS_OWN, FS_BUFFER_LOCK, FS_PRIVATE_LOCK);
      return super.findExtentBuffer();
    }

    #take(...locks) {
      for (const lock of locks) this.mem.spinLock(this.fsInfo + lock);
      for (const lock of locks.toReversed()) this.mem.spinUnlock(this.fsInfo + lock);
    }
  };
