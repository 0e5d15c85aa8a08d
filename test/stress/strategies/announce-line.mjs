// Planted: proved under SC, broken on x86. The finder announces itself with a plain store and then looks at TREE_REF;
// releasepage clears TREE_REF (fully ordered) and then looks for an announcement. With MB=1 a full barrier stands between.
const EB_REFS = 0,
  EB_BFLAGS = 1,
  EB_REFS_LOCK = 3,
  FS_IO = 18,
  PAGE_FLAGS = 0,
  PAGE_PRIVATE = 1,
  FS_PRIVATE_LOCK = 16,
  TREE_REF = 4;
export const apiVersion = 1;
export const expectation = 'holds';
export const summary = 'planted: announce, then look';
export const origin = 'own';
import { PG_PRIVATE as PP } from 'ebtorture/strategy';
export default (Base) =>
  class AnnounceFind extends Base {
    markExtentBufferAccessed(eb, accessed) {
      this.mem.writeOnce(this.fsInfo + FS_IO, 1);
      super.markExtentBufferAccessed(eb, accessed);
    }
    tryReleaseExtentBuffer(page) {
      const privateLock = this.fsInfo + FS_PRIVATE_LOCK;
      this.mem.spinLock(privateLock);
      if (!this.mem.testBit(PP, page + PAGE_FLAGS)) {
        this.mem.spinUnlock(privateLock);
        return true;
      }
      const eb = this.readPointer(page + PAGE_PRIVATE);
      this.mem.spinLock(eb + EB_REFS_LOCK);
      if (this.mem.atomicRead(eb + EB_REFS) !== 1 || this.extentBufferUnderIo(eb)) {
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        this.mem.spinUnlock(privateLock);
        return false;
      }
      this.mem.spinUnlock(privateLock);
      if (!this.mem.testAndClearBit(TREE_REF, eb + EB_BFLAGS)) {
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        return false;
      }
      if (this.mem.readOnce(this.fsInfo + FS_IO) !== 0) {
        this.mem.setBit(TREE_REF, eb + EB_BFLAGS);
        this.mem.spinUnlock(eb + EB_REFS_LOCK);
        return false;
      }
      return this.releaseExtentBuffer(eb);
    }
  };
