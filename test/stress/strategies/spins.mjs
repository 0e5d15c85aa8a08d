/** Spins without touching memory. */
let reads = 0;

export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      if (++reads === 300) for (;;);
      super.setIoPages(eb, numReads);
    }
  };
