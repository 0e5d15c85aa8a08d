import { availableParallelism } from 'node:os';
import type { ExploreResult } from '../../explore/explore.ts';
import { exploreReport } from '../../report/explore-report.ts';
import { describeStrategy } from '../../catalog/describe-strategy.ts';
import { plugInsOf } from '../../catalog/plug-ins-of.ts';
import { actorsText } from '../../scenario/role-count.ts';
import type { Setting } from '../../scenario/setting.ts';
import { subjectOf } from '../../study/subject.ts';
import type { ExploreTask } from '../../study/task.ts';
import type { Arguments } from '../arguments.ts';
import { calledAs } from '../called.ts';
import type { Command, CommandContext } from '../command.ts';
import { ORDERINGS } from '../../memory/ordering.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { parseCount, parseDuration, parseInteger } from '../parse.ts';
import type { OutJournal } from '../out-journal.ts';
import { printSearched, searchedOut, searchJournal } from '../print-searched.ts';
import { printRandom, RANDOM_OPTIONS, randomArguments } from '../random-explore.ts';
import { orderingOption, RUN_OPTIONS, WHAT } from '../run-options.ts';
import { settingArgument } from '../run-settings.ts';
import { filesOf, givenStrategy, STRATEGY } from '../strategy-argument.ts';

const LIMITS = 'Limits:';
const SETTING = new Set(['scenario', 'kernel', 'start', 'actors', 'pages']);
/** A search has no progress to show: `--quiet` is there for scripts that give it to every command. */
const OUTPUTS = new Set(['json', 'out', 'quiet']);
const STATES_DEFAULT = 64_000_000;
const THREADS = { min: 1, max: 64 };

/** A command that needs no hardware engine. */
interface ExploreCommand extends Command {
  readonly run: (args: Arguments, context: Pick<CommandContext, 'io'>) => Promise<number>;
}

/** `ebtorture explore`: a proof, or the shortest schedule that violates. */
export const explore: ExploreCommand = {
  name: 'explore',
  summary: 'Search every interleaving: a proof, or the shortest witness',
  positionals: [{ name: 'test', summary: 'A litmus test in place of --scenario: NAME.litmus' }],
  options: [
    STRATEGY,
    ...RUN_OPTIONS.filter(({ name }) => SETTING.has(name)),
    orderingOption(ORDERINGS),
    { name: 'reads-fail', kind: 'flag', group: WHAT, summary: 'Every read may also fail' },
    { name: 'trylocks-fail', kind: 'flag', group: WHAT, summary: 'Every trylock_page may also fail' },
    { name: 'setups-fail', kind: 'flag', group: WHAT, summary: 'Every read may also fail to be set up' },
    { name: 'steps-max', kind: 'text', group: LIMITS, summary: 'Transitions', defaultText: 'none' },
    { name: 'states-max', kind: 'text', group: LIMITS, summary: 'States', defaultText: '64M' },
    { name: 'time-max', kind: 'text', group: LIMITS, summary: 'Time, such as 60s', defaultText: 'none' },
    {
      name: 'threads',
      kind: 'text',
      group: LIMITS,
      summary: 'Threads of a search that is not small',
      defaultText: 'one per core',
    },
    { name: 'no-symmetry', kind: 'flag', group: LIMITS, summary: 'Tell like actors apart' },
    {
      name: 'no-partial-order',
      kind: 'flag',
      group: LIMITS,
      summary: 'Search all orders of independent steps',
    },
    { name: 'no-merge', kind: 'flag', group: LIMITS, summary: 'Keep values apart that no longer matter' },
    ...RANDOM_OPTIONS,
    ...RUN_OPTIONS.filter(({ name }) => OUTPUTS.has(name)),
  ],
  examples: [
    ['ebtorture explore --strategy none --pages 1', 'the race, step by step'],
    ['ebtorture explore --strategy upstream --pages 1', 'a proof'],
    ['ebtorture explore --strategy ./my-fix.mjs --ordering x86', 'with store buffers'],
    ['ebtorture explore ./SB.litmus --ordering x86', 'a test of the memory model'],
    ['ebtorture explore --actors finder=6,reclaim=3 --scheduler pct', 'too big to prove'],
  ],
  epilogue: `Exit status:
  0 proved, 1 violated, 2 a limit ended the search, chance found nothing, or
  the proof is vacuous: an operation, the strategy's own steps or the changed
  step of a mutant never happen, 64 usage, 70 fault, or the result could not
  be saved, 130 interrupted`,
  run: async (args, { io }) => {
    const source = await givenStrategy(args, io.cwd);
    const setting = settingArgument(args);
    const out = await searchedOut(args, io, filesOf([source]));
    const random = randomArguments(args);
    const chances = {
      readsFail: args.flag('reads-fail'),
      trylocksFail: args.flag('trylocks-fail'),
      setupsFail: args.flag('setups-fail'),
    };
    const how = random ?? searchArguments(args);
    // A user's code is loaded before anything is put down.
    if (out !== undefined) await describeStrategy(source, setting.scenario);
    const called = calledAs(args, 'explore', { options: explore.options, seed: random?.seed ?? null });
    const subject = subjectOf(setting, source);
    const config = { ...subject, actors: actorsText(subject.actors), chances, ...how };
    const journal = await searchJournal(out, { ...called, command: 'explore' }, config);
    try {
      if (random !== undefined)
        return await printRandom({ ...random, ...subject, chances }, setting, { io, args, journal });
      const task = { kind: 'explore', ...subject, ...searchArguments(args), chances } as const;
      return await printExplored(await search(io, task), setting, { io, args, journal });
    } finally {
      await journal?.close();
    }
  },
};

/** How it is searched. */
function searchArguments(args: Arguments): Pick<ExploreTask, 'threads' | 'reductions' | 'limits'> {
  return {
    threads: threadCount(args),
    reductions: {
      symmetry: !args.flag('no-symmetry'),
      partialOrder: !args.flag('no-partial-order'),
      mergeValues: !args.flag('no-merge'),
    },
    limits: {
      stepsMax: limit(args, 'steps-max') ?? Infinity,
      statesMax: limit(args, 'states-max') ?? STATES_DEFAULT,
      timeMaxMs: timeLimit(args) ?? Infinity,
    },
  };
}

/** Prints what was found, and returns the exit status. */
async function printExplored(
  result: ExploreResult,
  { actors }: Setting,
  {
    io,
    args,
    journal,
  }: { readonly io: Io; readonly args: Arguments; readonly journal: OutJournal | undefined },
): Promise<number> {
  const labels = actors.map(({ label }) => label);
  await printSearched(args, io, {
    report: (paint) => exploreReport(result, labels, paint),
    document: { schema: 'ebtorture.explore/1', ...result },
    verdict: { verdict: result.verdict, isInterrupted: result.endedBy === 'interrupt' },
    journal,
  });
  if (result.endedBy === 'interrupt') return ExitStatus.Interrupted;
  switch (result.verdict) {
    case 'holds':
      return ExitStatus.Ok;
    case 'violated':
      return ExitStatus.Violated;
    case 'vacuous':
    case 'bounded':
      return ExitStatus.Inconclusive;
  }
}

/** Searches; Ctrl-C ends that as soon as threads do it. Where this one does, it ends the process: a quarter of a second, or a witness. */
async function search(io: Io, task: ExploreTask): Promise<ExploreResult> {
  const { performSafely } = await import('../../study/in-thread.ts');
  const interrupt = new AbortController();
  const connect = (): (() => void) => io.onInterrupt(() => interrupt.abort());
  const isInThread = plugInsOf(task.strategy, task.scenario).length > 0;
  let disconnect = isInThread ? connect() : (): void => {};
  try {
    return await performSafely(task, {
      signal: interrupt.signal,
      onThreads: (areRunning) => {
        if (isInThread) return;
        disconnect();
        if (areRunning) disconnect = connect();
      },
    });
  } finally {
    disconnect();
  }
}

function threadCount(args: Arguments): number {
  const text = args.text('threads');
  return text === undefined
    ? Math.min(availableParallelism(), THREADS.max)
    : parseInteger('--threads', text, THREADS);
}

function limit(args: Arguments, name: string): number | undefined {
  const text = args.text(name);
  return text === undefined
    ? undefined
    : parseCount(`--${name}`, text, name.startsWith('states') ? 'states' : 'steps');
}

function timeLimit(args: Arguments): number | undefined {
  const text = args.text('time-max');
  return text === undefined ? undefined : parseDuration('--time-max', text);
}
