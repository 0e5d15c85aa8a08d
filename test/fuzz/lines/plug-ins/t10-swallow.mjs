// A try/catch of the plug-in's own swallows whatever the engine throws through the model.
export default (Base) =>
  class extends Base {
    setIoPages(eb, n) {
      try {
        super.setIoPages(eb, n);
        this.checkBufferTreeRef(eb);
      } catch {
        // Whatever it was.
      }
    }
  };
