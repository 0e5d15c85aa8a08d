/** Allocates without end. */
const kept = [];

export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      kept.push(Array.from({ length: 1_000 }, () => ({ eb })));
      super.setIoPages(eb, numReads);
    }
  };
