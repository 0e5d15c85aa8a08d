/** Overrides a method that the model does not have: a typo would otherwise be a fix that does nothing. */
export default (Base) =>
  class extends Base {
    setIoPage(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.checkBufferTreeRef(eb);
    }
  };
