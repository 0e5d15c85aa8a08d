import { PlugInError } from '../fix/plug-in/plug-in-error.ts';

/** A scenario that is not there, or a module that is none. */
export class ScenarioError extends PlugInError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'ScenarioError';
  }
}
