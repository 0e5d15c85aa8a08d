/** A fix of a function that a finder never calls. */
export default (Base) =>
  class extends Base {
    allocExtentBuffer() {
      const eb = super.allocExtentBuffer();
      this.checkBufferTreeRef(eb);
      return eb;
    }
  };
