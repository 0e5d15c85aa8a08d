/** A witness that is no test: it cannot be played, or has a step that the dialect has no words for. */
export class LitmusExportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LitmusExportError';
  }
}
