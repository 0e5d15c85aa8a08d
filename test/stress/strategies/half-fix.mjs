/** The right check in the wrong place, declared to hold. */
export default (Base) =>
  class extends Base {
    lockExtentBufferPages(eb, wait) {
      this.checkBufferTreeRef(eb);
      return super.lockExtentBufferPages(eb, wait);
    }
  };
