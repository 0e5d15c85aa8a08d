import { PlugInError } from '../fix/plug-in/plug-in-error.ts';
import { HarnessError, type HarnessErrorCode } from '../stress/plan/harness-error.ts';
import { ExitStatus } from './exit-status.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** What shows nothing, and is no defect. */
const NOBODYS_FAULT: ReadonlySet<HarnessErrorCode> = new Set(['ERR_HOST_BUSY', 'ERR_TIME_OVER']);

/** Does the work of a command; what it throws becomes a line on stderr and an exit status. */
export async function guarded(io: Io, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (thrown) {
    // A plug-in that is none is bad input, whichever command it is given to.
    const error = thrown instanceof PlugInError ? new UsageError(thrown.message, { cause: thrown }) : thrown;
    await io.stderr.write(`ebtorture: ${failureText(error, io)}\n`);
    return statusOfFailure(error);
  }
}

function statusOfFailure(error: unknown): number {
  if (error instanceof UsageError) return ExitStatus.Usage;
  if (error instanceof Error && error.name === 'InterruptedError') return ExitStatus.Interrupted;
  const isNobodysFault = error instanceof HarnessError && NOBODYS_FAULT.has(error.code);
  return isNobodysFault ? ExitStatus.Inconclusive : ExitStatus.Fault;
}

/** A message for people; the stack only for those who ask for it. */
function failureText(error: unknown, { env }: Io): string {
  if (!(error instanceof Error)) return String(error);
  const isAsked = env['DEBUG']?.split(',').includes('ebtorture') === true;
  if (error instanceof UsageError) return error.message.replaceAll(/\s*[\r\n]+\s*/g, ' ');
  const isKnown = error instanceof HarnessError || error.name === 'InterruptedError';
  const message = isKnown ? error.message : `internal error: ${error.message}`;
  if (!isAsked) return isKnown ? message : `${message} (DEBUG=ebtorture shows where)`;
  return `${message}\n${error.stack ?? ''}${stackOf(error.cause)}`;
}

function stackOf(cause: unknown): string {
  return cause instanceof Error ? `\ncaused by ${cause.stack ?? cause.message}` : '';
}
