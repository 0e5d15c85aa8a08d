/** Takes the refs_lock and forgets to release it. */
import { EB_REFS_LOCK } from '../../../dist/catalog/strategy-api.js';

export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      this.mem.spinLock(eb + EB_REFS_LOCK);
      super.setIoPages(eb, numReads);
    }
  };
