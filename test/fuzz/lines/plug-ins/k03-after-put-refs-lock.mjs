// The fix of 2020, and a caller that, after its last put and outside any rcu read section, does: this.mem.spinLock(eb + S.EB_REFS_LOCK); this.mem.spinUnlock(eb + S.EB_REFS_LOCK);
import * as S from 'ebtorture/strategy';
export const apiVersion = 1;
export const expectation = 'violates';
export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.checkBufferTreeRef(eb);
    }
    freeExtentBuffer(eb) {
      super.freeExtentBuffer(eb);
      this.mem.spinLock(eb + S.EB_REFS_LOCK);
      this.mem.spinUnlock(eb + S.EB_REFS_LOCK);
    }
  };
