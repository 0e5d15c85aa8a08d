/**
 * One session of a build: a process of its own that runs `ebtorture stress` for a moment. Process, threads and compiled code
 * are new each time, and the command line is the one interface that all revisions share.
 */
import { median } from '../../src/stats/quantile.ts';
import type { StressResult } from '../../src/stress/result.ts';
import { runChild } from './child.ts';
import type { SessionSample } from './judge.ts';

/** Four blocks, of which the first is the JIT compiler's. */
const DURATION = '800ms';
/** Long strides: changing from one actor to the other is then a few percent of the time. */
const ONE_CORE = ['--stride', '256', '--worlds', '512'];

/** What to run. */
export interface SessionOrder {
  /** The build's dist/cli/main.js. */
  readonly main: string;
  readonly strategy: string;
  /** Keeps all threads on this processor, where they take turns; undefined: as users run it. */
  readonly processor?: number | undefined;
  readonly signal: AbortSignal;
}

/** A build that cannot be measured. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
}

/**
 * Runs a session.
 * @throws {SessionError} If the build does not give a result.
 */
export async function runSession(order: SessionOrder): Promise<SessionSample> {
  const { main, strategy, processor, signal } = order;
  const stress = [main, 'stress', '--strategy', strategy, '--no-control', '--duration', DURATION, '--json'];
  const common = [...stress, '--quiet', '--seed', '1'];
  const { status, stdout, stderr } = await runChild(
    processor === undefined
      ? [process.execPath, ...common]
      : ['taskset', '--cpu-list', String(processor), process.execPath, ...common, ...ONE_CORE],
    { signal },
  );
  if (status === null || status > 2) {
    const [reason = `status ${status}`] = stderr.trim().split('\n');
    throw new SessionError(`${main}: a session of '${strategy}' failed: ${reason}`);
  }
  const { arms } = JSON.parse(stdout) as Pick<StressResult, 'arms'>;
  const [, ...blocks] = arms[0]?.blockResults ?? [];
  const times = blocks.flatMap(({ seconds, trials }) => (trials > 0 ? [(1e9 * seconds) / trials] : []));
  if (times.length === 0) throw new SessionError(`${main}: a session of '${strategy}' ran no trials`);
  // Nothing makes a thread that meets nobody faster than its code is, while other processes make it slower.
  if (processor !== undefined) return { nsPerTrial: Math.min(...times), roundTripNs: null };
  const trips = blocks.flatMap(({ roundTripNs }) => roundTripNs ?? []);
  return { nsPerTrial: median(times), roundTripNs: trips.length === 0 ? null : median(trips) };
}
