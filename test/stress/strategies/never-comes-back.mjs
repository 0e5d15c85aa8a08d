/** Spins without touching memory, from its first read on. */
export default (Base) =>
  class extends Base {
    setIoPages() {
      for (;;);
    }
  };
