/** A plug-in that is not there, or a module that is none: bad input, and no fault of the program. */
export class PlugInError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'PlugInError';
  }
}
