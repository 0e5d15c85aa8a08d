import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { replayReport } from '../../report/replay-report.ts';
import { loadScenarioArgument } from '../scenario-argument.ts';
import { calledAs } from '../called.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import { printSearched, searchedOut, searchJournal } from '../print-searched.ts';
import { RUN_OPTIONS, WHAT } from '../run-options.ts';
import { filesOf, strategyArgument } from '../strategy-argument.ts';
import { UsageError } from '../usage-error.ts';
import { readUserFile } from '../user-file.ts';

/** How a schedule begins, of whatever version. */
const SCHEDULE = /^\s*eb\d+:/;
/** Ends that are violations. */
const VIOLATING: ReadonlySet<string> = new Set(['violated', 'deadlock', 'livelock']);

/** A replay has no progress to show either: see `explore`. */
const OUTPUTS = new Set(['json', 'out', 'quiet']);

/** `ebtorture replay`: a schedule, step by step. */
export const replay: Command = {
  name: 'replay',
  summary: 'Walk through a schedule, one column per CPU',
  positionals: [{ name: 'schedule', summary: 'A schedule (eb1:...) or a file that holds one' }],
  options: [
    {
      name: 'strategy',
      kind: 'text',
      group: WHAT,
      summary: 'Play it under another strategy',
      defaultText: "the schedule's own",
    },
    ...RUN_OPTIONS.filter(({ name }) => OUTPUTS.has(name)),
  ],
  examples: [['ebtorture replay eb1:... --strategy upstream', 'what the fix makes of it']],
  epilogue: `Exit status:
  0 harmless or impossible under this strategy, 1 violated, 64 usage, 70 the
  strategy broke, or the result could not be saved`,
  run: async (args, { io }) => {
    const given = args.text('schedule');
    if (given === undefined)
      throw new UsageError('replay: expected a schedule (eb1:...) or a file that holds one');
    const { parseSchedule, ScheduleError } = await import('../../explore/schedule/schedule.ts');
    const { performSafely } = await import('../../study/in-thread.ts');
    const { subjectOf } = await import('../../study/subject.ts');
    const { describeStrategy } = await import('../../catalog/describe-strategy.ts');
    const { settingNamed } = await import('../../catalog/named-setting.ts');
    const isFile = !SCHEDULE.test(given) && existsSync(resolve(io.cwd, given));
    const text = isFile ? await readUserFile(given, { option: 'replay', cwd: io.cwd }) : given;
    try {
      const schedule = parseSchedule(text);
      await loadScenarioArgument('replay', schedule.scenario, io.cwd);
      const { moves, readsFail, trylocksFail, setupsFail } = schedule;
      const setting = settingNamed(schedule);
      const { scenario } = setting;
      const source = await strategyArgument('--strategy', args.text('strategy') ?? schedule.strategy, {
        cwd: io.cwd,
        scenario,
      });
      const out = await searchedOut(args, io, [...(isFile ? [given] : []), ...filesOf([source])]);
      const { name } = await describeStrategy(source, scenario);
      const chances = { readsFail, trylocksFail, setupsFail };
      const subject = subjectOf(setting, source);
      const result = await performSafely({ kind: 'replay', ...subject, moves, chances });
      const called = {
        ...calledAs(args, 'replay', { options: replay.options, seed: null }),
        command: 'replay',
      } as const;
      const title = { strategy: name, actors: setting.actors.map(({ label }) => label) };
      if (result.end.kind === 'impossible' && args.text('strategy') === undefined) {
        throw new ScheduleError(`step ${result.end.step} is impossible: ${result.end.reason}`);
      }
      await printSearched(args, io, {
        report: (paint) => replayReport(title, result, paint),
        document: { schema: 'ebtorture.replay/1', ...title, ...result },
        verdict: { verdict: result.end.kind, isInterrupted: false },
        journal: await searchJournal(out, called, { schedule: text.trim(), strategy: source }),
      });
      return VIOLATING.has(result.end.kind) ? ExitStatus.Violated : ExitStatus.Ok;
    } catch (error) {
      if (error instanceof ScheduleError || error instanceof RangeError) {
        throw new UsageError(`replay: ${error.message}`, { cause: error });
      }
      throw error;
    }
  },
};
