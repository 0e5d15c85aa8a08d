// A check number of its own.
export default (Base) =>
  class extends Base {
    setIoPages(eb, n) {
      super.setIoPages(eb, n);
      this.checkBufferTreeRef(eb);
      this.violated(99);
    }
  };
