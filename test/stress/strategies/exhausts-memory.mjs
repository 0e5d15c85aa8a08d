/** Allocates without end, in its first read. */
const kept = [];

export default (Base) =>
  class extends Base {
    setIoPages(eb) {
      for (;;) kept.push(Array.from({ length: 1_000 }, () => ({ eb })));
    }
  };
