// Upstream's fix in a module that takes four seconds to load (a top-level await, below the limit of five).
await new Promise((resolve) => setTimeout(resolve, 4000));
export default (Base) =>
  class extends Base {
    setIoPages(eb, n) {
      super.setIoPages(eb, n);
      this.checkBufferTreeRef(eb);
    }
  };
