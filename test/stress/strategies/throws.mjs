/** Breaks after a while, before there is code of its trials, in the middle of a read. */
let reads = 0;

export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      if (++reads === 300) throw new TypeError('planted: no such page');
      super.setIoPages(eb, numReads);
    }
  };
