/** Breaks after a while, in the middle of a read. */
let reads = 0;

export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      if (++reads === 10_000) throw new TypeError('planted: no such page');
      super.setIoPages(eb, numReads);
    }
  };
