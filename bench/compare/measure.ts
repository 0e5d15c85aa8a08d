/**
 * Measures two builds in one run, so that whatever the machine does meanwhile hits both.
 *
 * one core: every actor of a session on the same processor, where they take turns and contend for nothing: the price of the
 * code. Both builds run at the same time, each on a processor of its own, which they swap from pair to pair.
 * two cores: as users run it, one build right after the other, in an order that swaps at random. Misses the far placement
 * of one session against the near one of the other: such a pair is left out.
 *
 * Pairs are added until the interval is narrow enough, or their number reaches its limit.
 */
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { Prng } from '../../src/stats/prng.ts';
import { allowedProcessors } from '../../src/stress/proc.ts';
import { type Finding, findingOf, isPrecise, type SessionPair, type SessionSample } from './judge.ts';
import { runSession } from './session.ts';

/** What to measure. */
export interface MeasureOptions {
  /** dist/cli/main.js of both. */
  readonly a: string;
  readonly b: string;
  readonly strategy: string;
  /** Pairs of each line at most. */
  readonly pairsMax: number;
  readonly signal: AbortSignal;
  /** Told after each pair. */
  readonly onPair?: (line: LineName, pairs: number) => void;
}

/** What the lines of an answer are called. */
export type LineName = 'one core' | 'two cores';

/** One line of an answer. */
export interface Line extends Finding {
  readonly name: LineName;
  readonly samples: readonly SessionPair[];
}

/** Two processors to keep threads on; those of taskset, so none where it is missing. */
export function processorsToPin(): readonly number[] {
  const hasTaskset = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'taskset')));
  return hasTaskset ? [...(allowedProcessors() ?? [])].slice(0, 2) : [];
}

/**
 * Measures all lines that this machine allows; after an abort, with the pairs there are.
 * @throws {SessionError} If a build does not run.
 */
export async function measureBuilds(options: MeasureOptions): Promise<readonly Line[]> {
  const { a, b, strategy, signal } = options;
  const prng = new Prng(randomInt(2 ** 32));
  const processors = processorsToPin();
  const session = (main: string, processor?: number): Promise<SessionSample> =>
    runSession({ main, strategy, processor, signal });

  const sideBySide = async (isSwapped: boolean): Promise<SessionPair> => {
    const [first = 0, second] = isSwapped ? processors.toReversed() : processors;
    if (second === undefined) return inTurn(isSwapped, (main) => session(main, first));
    const [ofA, ofB] = await Promise.all([session(a, first), session(b, second)]);
    return { a: ofA, b: ofB };
  };
  const inTurn = async (
    isSwapped: boolean,
    run: (main: string) => Promise<SessionSample>,
  ): Promise<SessionPair> => {
    const early = isSwapped ? undefined : await run(a);
    const ofB = await run(b);
    return { a: early ?? (await run(a)), b: ofB };
  };

  const plans: (readonly [LineName, (isSwapped: boolean) => Promise<SessionPair>])[] = [];
  if (processors.length > 0) plans.push(['one core', sideBySide]);
  if (availableParallelism() > 1 || plans.length === 0) {
    plans.push(['two cores', (isSwapped) => inTurn(isSwapped, (main) => session(main))]);
  }
  const lines: Line[] = [];
  for (const [name, pair] of plans) {
    const samples: SessionPair[] = [];
    let isSwapped = false;
    while (!signal.aborted && samples.length < options.pairsMax && !isPrecise(samples, plans.length)) {
      // Every two pairs have both orders.
      isSwapped = samples.length % 2 === 0 ? prng.nextBelow(2) === 1 : !isSwapped;
      const sample = await pair(isSwapped).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (sample === undefined) break;
      samples.push(sample);
      options.onPair?.(name, samples.length);
    }
    lines.push({ name, samples, ...findingOf(samples, plans.length) });
  }
  return lines;
}
