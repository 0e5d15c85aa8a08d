/** A placement that cannot be: bad input. The message is one line that begins with the option. */
export class PlacementError extends RangeError {
  override readonly name = 'PlacementError';
}
