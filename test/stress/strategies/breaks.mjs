/** Throws in its first read. */
export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.helper.check(eb);
    }
  };
