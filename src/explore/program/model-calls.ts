/** What can be told of the calls that a model makes. */
import type { Address } from '../../memory/layout.ts';
import type { Step, StepKind } from './step.ts';

/** Frames above `callSite` of which the last is the caller of a step: `#cutRounds`, `#next`, the memory method. */
export const FRAMES_OF_STEP = 4;
/** The same of a call: `#cutRounds`, `call`, who observes, the method that stands for the model's. */
export const FRAMES_OF_CALL = 5;

/** Whether a step is just that. */
export function isStep(
  step: Step,
  kind: StepKind,
  address: Address,
  operand: number,
  replacement: number,
): boolean {
  return (
    step.kind === kind &&
    step.address === address &&
    step.operand === operand &&
    step.replacement === replacement
  );
}

/** Whether a value is a promise, or something like one. */
export function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** A call with its arguments: as a join of them would be, without the array. */
export function callText(name: string, args: readonly unknown[]): string {
  let text = `${name}(`;
  for (let index = 0; index < args.length; index++)
    text += index === 0 ? String(args[index]) : `,${String(args[index])}`;
  return `${text})`;
}

/** Where `caller` called what is running, so many frames above this, or '' if something stands between them. */
export function callSite(caller: string, frames: number): string {
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was, never called from here
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = frames;
    Error.prepareStackTrace = (_error, sites): string => {
      const site = sites[frames - 1];
      if (site?.getFunctionName() !== caller) return '';
      return `${site.getLineNumber()}:${site.getColumnNumber()}`;
    };
    Error.captureStackTrace(holder, callSite);
    return typeof holder.stack === 'string' ? holder.stack : '';
  } finally {
    Object.assign(Error, { prepareStackTrace });
    Error.stackTraceLimit = stackTraceLimit;
  }
}
