/** The window held open, with the fix of upstream behind it. */
import beforeTheFix from './holds-the-window.mjs';

export const expectation = 'holds';

export default (Base) =>
  class extends beforeTheFix(Base) {
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.checkBufferTreeRef(eb);
    }
  };
