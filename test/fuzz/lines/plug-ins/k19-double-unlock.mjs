// e5b559601177 (2025), double unlock of the tree's lock on one way out of try_release: buffer_lock is unlocked twice here.
import {
  EB_BFLAGS,
  EB_REFS,
  EB_REFS_LOCK,
  EXTENT_BUFFER_TREE_REF,
  FS_BUFFER_LOCK,
  FS_TREE_SLOT,
  NULL,
  Note,
} from 'ebtorture/strategy';
export const apiVersion = 1;
export const expectation = 'violates';
export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      if (this.checkBufferTreeRef(eb)) this.note(Note.Rescued);
    }
    tryReleaseExtentBuffer(_page) {
      const lock = this.fsInfo + FS_BUFFER_LOCK;
      this.mem.spinLock(lock);
      const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
      if (eb === NULL) {
        this.mem.spinUnlock(lock);
        return true;
      }
      this.mem.spinLock(eb + EB_REFS_LOCK);
      if (this.mem.atomicRead(eb + EB_REFS) !== 1 || this.extentBufferUnderIo(eb)) {
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        this.mem.spinUnlock(lock);
        return false;
      }
      this.mem.spinUnlock(lock);
      if (!this.mem.testAndClearBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) {
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        this.mem.spinUnlock(lock); // the second time
        return false;
      }
      return this.releaseExtentBuffer(eb);
    }
  };
