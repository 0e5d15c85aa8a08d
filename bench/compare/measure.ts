/**
 * Measures two builds in one run, in two ways.
 *
 * one core: both actors on the same processor, where they take turns and contend for nothing: the price of the code.
 * two cores: as users run it.
 *
 * Both are started anew until the interval is narrow enough, or their number reaches its limit.
 */
import { availableParallelism } from 'node:os';
import { processorsToPin } from '../processors.ts';
import type { Build } from './build.ts';
import { runStart } from './start.ts';
import { type Finding, findingOf, isPrecise, type StartPair } from './judge.ts';

/** What to measure. */
export interface MeasureOptions {
  readonly a: Build;
  readonly b: Build;
  readonly strategy: string;
  /** Starts in each line at most. */
  readonly startsMax: number;
  readonly signal: AbortSignal;
  /** Told after each start. */
  readonly onStart?: (line: LineName, starts: number) => void;
}

/** What the lines of an answer are called. */
export type LineName = 'one core' | 'two cores';

/** One line of an answer. */
export interface Line extends Finding {
  readonly name: LineName;
  readonly samples: readonly StartPair[];
}

/**
 * Measures all lines that this machine allows; after an abort, with the starts there are.
 * @throws {BlockProcessError} If a build does not run.
 */
export async function measureBuilds(options: MeasureOptions): Promise<readonly Line[]> {
  const { signal, startsMax, onStart } = options;
  const names: LineName[] = processorsToPin().length === 0 ? [] : ['one core'];
  if (availableParallelism() > 1 || names.length === 0) names.push('two cores');
  const lines: Line[] = [];
  for (const name of names) {
    const samples: StartPair[] = [];
    const start = { ...options, cores: name === 'one core' ? 1 : 2 } as const;
    try {
      while (!signal.aborted && samples.length < startsMax && !isPrecise(samples, names.length)) {
        samples.push(await runStart(start));
        onStart?.(name, samples.length);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    lines.push({ name, samples, ...findingOf(samples, names.length) });
  }
  return lines;
}
