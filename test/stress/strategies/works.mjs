/** The upstream fix once more, as somebody would write it from the README. */
export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.checkBufferTreeRef(eb);
    }
  };
