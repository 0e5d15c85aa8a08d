/** Runs the engine, shows progress, and prints and saves the result. */
import { PlugInError } from '../fix/plug-in/plug-in-error.ts';
import { jsonDocument } from '../report/json-document.ts';
import { bytes } from '../report/number.ts';
import type { Paint } from '../report/paint.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import type { RunOptions } from '../stress/plan/options.ts';
import type { Journal } from '../study/journal/journal.ts';
import type { Called } from './called.ts';
import type { Io } from './io.ts';
import { OutJournal, verdictOf } from './out-journal.ts';
import { ProgressLine } from './progress.ts';
import type { OutputSettings } from './run-settings.ts';
import { UsageError } from './usage-error.ts';

/** Shared memory that is not worth a line. */
const MEMORY_BYTES_SMALL = 64 * 2 ** 20;

/** What the engine calls back, and when it is to stop. */
type RunHooks = Required<Pick<RunOptions, 'signal' | 'onProgress' | 'onMemory' | 'onNotice'>> & {
  readonly journal: Journal | undefined;
};

/** What every run has. */
interface AnyResult {
  readonly verdict: string;
  readonly isInterrupted: boolean;
}

/** One run. */
export interface Run<Result extends AnyResult> {
  readonly settings: OutputSettings;
  readonly called: Called;
  /** The command that runs it again, in lines. */
  readonly rerun: readonly string[];
  /** The command that searches the schedules of a strategy whose actors have stopped. @default none is named */
  readonly searchOf?: (strategy: string) => readonly string[];
  readonly start: (hooks: RunHooks) => Promise<Result>;
  readonly report: (result: Result, paint: Paint) => string;
  /** Whether a strategy is there to be compared with. @default none is */
  readonly isControl?: (strategy: string) => boolean;
  /** The exit status of a result. */
  readonly statusOf: (result: Result) => number;
}

/**
 * Runs to the end, or to Ctrl-C, and returns the exit status.
 * @throws {UsageError} If the engine refuses the settings.
 * @throws {HarnessError} If the run breaks, or if its result cannot be saved: then it has been printed.
 */
export async function printRun<Result extends AnyResult>(run: Run<Result>, io: Io): Promise<number> {
  const { settings, called } = run;
  const interrupt = new AbortController();
  const disconnect = io.onInterrupt(() => {
    interrupt.abort();
  });
  const { out: path, resumed } = settings;
  // What cannot be put down any more is not worth running for: what was measured so far is printed.
  const onFailure = (): void => interrupt.abort();
  const journal = path === undefined ? undefined : new OutJournal({ path, called, resumed, onFailure });
  try {
    const result = await measured(run, io, { signal: interrupt.signal, journal });
    const failure = await journal?.finish(result, verdictOf(result));
    const report = settings.isJson ? io.stderr : io.stdout;
    if (!settings.isJson || !settings.isQuiet) await report.write(run.report(result, report.paint));
    if (settings.isJson) await io.stdout.write(jsonDocument(result));
    if (failure !== undefined) throw failure;
    return run.statusOf(result);
  } finally {
    await journal?.close();
    disconnect();
  }
}

async function measured<Result extends AnyResult>(
  run: Run<Result>,
  io: Io,
  { signal, journal }: Pick<RunHooks, 'signal' | 'journal'>,
): Promise<Result> {
  const { isQuiet } = run.settings;
  const isShown = io.stderr.isTTY && !isQuiet && io.env['TERM'] !== 'dumb';
  const line = new ProgressLine(io.stderr);
  let hasStarted = false;
  try {
    return await run.start({
      signal,
      journal,
      onProgress: (progress) => {
        // A search for a setting comes before the memory of the run is taken, which may be refused.
        hasStarted ||= progress.tuningBlocks === undefined;
        if (isShown) void line.show(progress, run.isControl ?? (() => false));
      },
      onNotice: (sentence) => {
        if (!isQuiet) void io.stderr.write(`ebtorture: ${sentence}\n`);
      },
      onMemory: (size) => {
        if (size >= MEMORY_BYTES_SMALL)
          void io.stderr.write(`ebtorture: takes ${bytes(size)} of shared memory\n`);
      },
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const isRefused = error instanceof PlugInError || (error instanceof RangeError && !hasStarted);
    if (isRefused) throw new UsageError(error.message, { cause: error });
    if (error instanceof HarnessError && error.code !== 'ERR_OUTPUT_FAILED') throw withCommands(error, run);
    throw error;
  } finally {
    await line.clear();
  }
}

/** A fault is rarely the same twice: the seed must not be lost with it. What actors wait for in a circle, a search has a schedule of. */
function withCommands(
  error: HarnessError,
  { rerun, searchOf }: Pick<Run<AnyResult>, 'rerun' | 'searchOf'>,
): HarnessError {
  const { code, strategy } = error;
  const search = code === 'ERR_ACTOR_HUNG' && strategy !== undefined ? searchOf?.(strategy) : undefined;
  const found = search === undefined ? [] : ['Search for a schedule that stops them:', ...search];
  const message = [error.message, 'Run it again:', ...rerun, ...found].join('\n');
  return new HarnessError(code, message, { cause: error });
}
