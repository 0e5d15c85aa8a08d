import type { Worker } from 'node:worker_threads';
import { isPlugIn, loadStrategy, StrategyError } from './load.ts';
import { placeInThread } from './stack-of-thread.ts';
import type { Strategy } from '../strategy.ts';
import { startThread, YOUNG_HEAP_MB } from './threads.ts';

/** How long a module may take to load. */
const LOAD_MS = 5_000;
const HEAP_MB = 64;

/** A strategy without its code. */
export interface StrategyDescription extends Omit<Strategy, 'extend'> {
  /** The methods that a plug-in overrides; empty for the strategies of the project. */
  readonly overrides: readonly string[];
}

/** What the thread answers. */
export type Answer =
  | { readonly kind: 'described'; readonly description: StrategyDescription }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Describes a strategy as `loadStrategy` finds it. A plug-in is loaded in a thread of its own and not in this one, so
 * that one which never finishes loading ends with a sentence.
 * @throws {StrategyError} If there is none, or if a model cannot be made of it.
 */
export async function describeStrategy(source: string): Promise<StrategyDescription> {
  if (isPlugIn(source)) return describedInThread(source);
  const { name, expectation, summary, origin } = await loadStrategy(source);
  return { name, expectation, summary, origin, overrides: [] };
}

async function describedInThread(source: string): Promise<StrategyDescription> {
  const worker = startThread(new URL('./describe-thread', import.meta.url), {
    workerData: source,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    // What a plug-in prints while it loads is printed when it runs.
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Answer>((resolve) => {
      const refuse = (message: string): void =>
        resolve({ kind: 'refused', message: `${source}: ${message}` });
      worker.once('message', resolve);
      worker.once('error', (error: NodeJS.ErrnoException) => {
        refuse(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `ran out of memory (${HEAP_MB} MB) while it was loaded`
            : `cannot be loaded: ${error.message}`,
        );
      });
      worker.once('exit', () => {
        refuse('its thread ended while it was loaded: a top-level await that never settles, or an exit');
      });
      timer = setTimeout(() => void stuck(worker, source).then(refuse), LOAD_MS);
    });
    if (answer.kind === 'described') return answer.description;
    throw new StrategyError(answer.message);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

async function stuck({ threadId }: Worker, source: string): Promise<string> {
  const place = await placeInThread(threadId, source);
  const where = place === undefined ? 'a top-level await that has not settled' : `it stands in ${place}`;
  return `was not loaded within ${LOAD_MS / 1000} s: ${where}`;
}
