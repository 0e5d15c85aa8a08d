/** A control: the reference is dropped twice, with whatever actors. */
export const expectation = 'violates';

export default (Base) =>
  class extends Base {
    freeExtentBuffer(eb) {
      super.freeExtentBuffer(eb);
      super.freeExtentBuffer(eb);
    }
  };
