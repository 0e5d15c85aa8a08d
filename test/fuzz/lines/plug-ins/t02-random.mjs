// Shuttle's "uncontrolled nondeterminism": the fix is applied by a coin of the plug-in's own.
export default (Base) =>
  class extends Base {
    setIoPages(eb, n) {
      super.setIoPages(eb, n);
      if (Math.random() < 0.5) this.checkBufferTreeRef(eb);
    }
  };
