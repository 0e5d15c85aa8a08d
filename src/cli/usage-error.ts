import { visible } from '../report/visible.ts';

/**
 * Input that cannot be: exit status 64. The message is one line that says what was wrong, the value and what to do,
 * and nothing has been started or written.
 */
export class UsageError extends Error {
  /** `message` may have text of the user in it, and lines of others: it becomes one line that can be seen. */
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(visible(message.replaceAll(/(?:[\r\n]+[ \t]*)+/g, ' ')), options);
    this.name = 'UsageError';
  }
}
