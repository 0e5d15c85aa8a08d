/** More steps than any operation takes: reading two mirrors of a buffer with 16 pages takes some 700. */
export const LOG_MAX: number = 1_000;

/** A strategy that cannot be explored: it threw, or it keeps something in its model. */
export class ProgramError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'ProgramError';
  }
}

/** An operation that takes more steps than can be searched: a long loop, or one without an end. Nothing is said of it. */
export class OperationTooLong extends ProgramError {
  constructor(operation: string) {
    super(`${operation}: took ${LOG_MAX} steps and has not returned: too long to be searched`);
    this.name = 'OperationTooLong';
  }
}
