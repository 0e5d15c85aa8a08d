/**
 * Input that cannot be: exit status 64. The message is one line that says what was wrong, the value and what to do,
 * and nothing has been started or written.
 */
export class UsageError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'UsageError';
  }
}
