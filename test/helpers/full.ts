/**
 * How much of a large family of searches is made: all of it in the project `full` (npm run test:full; CI runs it where the model,
 * a search or a test of them changed), a fixed part that reaches every kind of it in the unit tests.
 */
/** Whether all is made. */
export const isFull: boolean = process.env['EBTORTURE_FULL'] === '1';

/** All of a family where everything is run, else the part of it. */
export function allOr<T>(all: T, part: T): T {
  return isFull ? all : part;
}
