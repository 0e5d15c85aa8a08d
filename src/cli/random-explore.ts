/** `explore --scheduler`: random schedules, for what is too big to finish. */
import { plugInsOf } from '../catalog/plug-ins-of.ts';
import type { RandomTask } from '../study/task.ts';
import type { OutJournal } from './out-journal.ts';
import { printSearched } from './print-searched.ts';
import { randomReport } from '../report/random-report.ts';
import type { Setting } from '../scenario/setting.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { ExitStatus } from './exit-status.ts';
import type { Io } from './io.ts';
import { parseInteger, parseName, type Range, SEED } from './parse.ts';
import { UsageError } from './usage-error.ts';

const RANDOM = 'Random schedules, for what is too big to finish:';
const SCHEDULERS = ['uniform', 'pct'] as const;
const SCHEDULES: Range = { min: 1, max: 1e9 };
const DEPTH: Range = { min: 1, max: 16 };
const SCHEDULES_DEFAULT = 10_000;
const SEED_DEFAULT = 1;
const DEPTH_DEFAULT = 3;

/** In the order of the help. */
export const RANDOM_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'scheduler',
    kind: 'text',
    group: RANDOM,
    summary: `${SCHEDULERS.join(' or ')}, instead of the search`,
  },
  {
    name: 'schedules',
    kind: 'text',
    group: RANDOM,
    summary: 'How many',
    defaultText: String(SCHEDULES_DEFAULT),
  },
  { name: 'seed', kind: 'text', group: RANDOM, summary: 'Their seed', defaultText: String(SEED_DEFAULT) },
  {
    name: 'depth',
    kind: 'text',
    group: RANDOM,
    summary: 'Ordering constraints of a violation that pct is after',
    defaultText: String(DEPTH_DEFAULT),
  },
];

/** Options of the search, which random schedules have no use for. */
const OF_SEARCH = [
  'steps-max',
  'states-max',
  'time-max',
  'threads',
  'no-symmetry',
  'no-partial-order',
  'no-merge',
];

/**
 * What is asked of the random schedulers, or undefined if nothing is.
 * @throws {UsageError} If that cannot be.
 */
export function randomArguments(
  args: Arguments,
): Pick<RandomTask, 'scheduler' | 'schedules' | 'seed'> | undefined {
  const text = args.text('scheduler');
  if (text === undefined) {
    const stray = ['schedules', 'seed', 'depth'].find((name) => args.text(name) !== undefined);
    if (stray === undefined) return undefined;
    throw new UsageError(`--${stray}: is for random schedules; give --scheduler ${SCHEDULERS.join(' or ')}`);
  }
  const kind = parseName('--scheduler', text, { kind: 'scheduler', known: SCHEDULERS });
  const other = OF_SEARCH.find((name) => args.isGiven(name));
  if (other !== undefined) {
    throw new UsageError(`--${other}: is for the search; leave it out with --scheduler`);
  }
  const integer = (name: string, range: Range, fallback: number): number => {
    const given = args.text(name);
    return given === undefined ? fallback : parseInteger(`--${name}`, given, range);
  };
  if (kind === 'uniform' && args.text('depth') !== undefined) {
    throw new UsageError('--depth: is for --scheduler pct; leave it out with uniform');
  }
  return {
    scheduler: kind === 'uniform' ? { kind } : { kind, depth: integer('depth', DEPTH, DEPTH_DEFAULT) },
    schedules: integer('schedules', SCHEDULES, SCHEDULES_DEFAULT),
    seed: integer('seed', SEED, SEED_DEFAULT),
  };
}

/** Plays the schedules, prints what they found, and returns the exit status. */
export async function printRandom(
  task: Omit<RandomTask, 'kind'>,
  { actors }: Setting,
  {
    io,
    args,
    journal,
  }: { readonly io: Io; readonly args: Arguments; readonly journal: OutJournal | undefined },
): Promise<number> {
  const { performSafely, performUntilInterrupted } = await import('../study/in-thread.ts');
  const interrupt = new AbortController();
  const { signal } = interrupt;
  // Few are over sooner than a thread has started, and before anybody can end them.
  const isShort = task.schedules <= SCHEDULES_DEFAULT && plugInsOf(task.strategy, task.scenario).length === 0;
  const disconnect = isShort ? undefined : io.onInterrupt(() => interrupt.abort());
  const result = await (
    isShort
      ? performSafely({ kind: 'random', ...task })
      : performUntilInterrupted({ kind: 'random', ...task }, { signal })
  ).finally(disconnect);
  const labels = actors.map(({ label }) => label);
  await printSearched(args, io, {
    report: (paint) => randomReport(result, labels, paint),
    document: result,
    verdict: { verdict: result.verdict, isInterrupted: result.isInterrupted === true },
    journal,
  });
  if (result.isInterrupted === true) return ExitStatus.Interrupted;
  return result.verdict === 'violated' ? ExitStatus.Violated : ExitStatus.Inconclusive;
}
