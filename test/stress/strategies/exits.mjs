/** Ends its thread after a while, as a crash in native code would. */
let releases = 0;

export default (Base) =>
  class extends Base {
    tryReleaseExtentBuffer(page) {
      if (++releases === 300) process.exit(7);
      return super.tryReleaseExtentBuffer(page);
    }
  };
