// The same without the fix: a witness has to be printed.
export default (Base) =>
  class extends Base {
    setIoPages(eb, n) {
      super.setIoPages(eb, n);
      this.mem.spinLock(eb + 7);
      this.mem.spinUnlock(eb + 7);
    }
  };
