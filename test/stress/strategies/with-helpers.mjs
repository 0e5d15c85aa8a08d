/** Upstream's fix with helpers of its own, which start with _ or #. */
/* oxlint-disable no-underscore-dangle -- that is how helpers are told from overrides */
export const apiVersion = 1;
export const summary = 'upstream, in three methods';

export default (Base) =>
  class extends Base {
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.#check(eb);
    }

    #check(eb) {
      this._repair(eb);
    }

    _repair(eb) {
      this.checkBufferTreeRef(eb);
    }
  };
