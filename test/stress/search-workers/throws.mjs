/** A thread of a search that throws. */
export default function throws() {
  throw new RangeError('planted');
}
