import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { LitmusForm } from '../../explore/litmus/sources.ts';
import type { ExportTask } from '../../study/task.ts';
import { loadScenarioArgument } from '../scenario-argument.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import type { Io } from '../io.ts';
import { checkOutFile, saveOutFile } from '../out-file.ts';
import { parseName } from '../parse.ts';
import { OUTPUT, WHAT } from '../run-options.ts';
import { filesOf, strategyArgument } from '../strategy-argument.ts';
import { UsageError } from '../usage-error.ts';
import { readUserFile } from '../user-file.ts';
import { quotedPath } from '../visible.ts';

const OPTION = '--litmus';
/** A schedule wherever it stands in a file: a schedule has no blanks and no quotes in it. */
const SCHEDULE = /\beb\d+:[^\s"'`\\]+/;
const FORMS: readonly LitmusForm[] = ['litmus', 'c'];

/** `ebtorture export`: a witness for other tools. */
export const exportWitness: Command = {
  name: 'export',
  summary: 'Write a witness as a litmus test of the Linux memory model',
  positionals: [],
  options: [
    {
      name: 'litmus',
      kind: 'text',
      group: WHAT,
      summary: 'A schedule (eb1:...), a file that holds one, or a result with a witness',
    },
    {
      name: 'strategy',
      kind: 'text',
      group: WHAT,
      summary: 'Play it under another strategy',
      defaultText: "the schedule's own",
    },
    {
      name: 'form',
      kind: 'text',
      group: OUTPUT,
      summary: 'litmus: for herd7; c: for Dartagnan, which takes larger ones',
      defaultText: 'by --out, or by its size',
    },
    { name: 'out', kind: 'text', group: OUTPUT, summary: 'Save it in this file, and print how to judge it' },
  ],
  examples: [
    ['ebtorture export --litmus eb1:...', 'print it'],
    ['ebtorture export --litmus found.json --out it.litmus', 'of explore --out'],
  ],
  epilogue: `Exit status:
  0 written, 64 usage, or a step that no litmus test can say, 70 the strategy
  broke, or the test could not be saved`,
  run: async (args, { io }) => {
    const given = await givenSchedule(args, io);
    const { performSafely } = await import('../../study/in-thread.ts');
    const { judgingCommands } = await import('../../explore/litmus/sources.ts');
    const form = formOf(args);
    const { task, inputs } = await exportTask(args, io, given);
    const outText = args.text('out');
    const out =
      outText === undefined ? undefined : await checkOutFile('--out', outText, { cwd: io.cwd, inputs });
    const exported = await performSafely({ ...task, form });
    if ('refused' in exported) throw new UsageError(`${OPTION}: ${exported.refused}`);
    if (out === undefined) {
      await io.stdout.write(exported.text);
      return ExitStatus.Ok;
    }
    await saveOutFile(out, exported.text);
    await io.stdout.write(judgingCommands(basename(out), exported.form).join('\n') + '\n');
    return ExitStatus.Ok;
  },
};

/** The form that is asked for, by its name or by that of the file. */
function formOf(args: Arguments): LitmusForm | undefined {
  const text = args.text('form');
  const name =
    text === undefined
      ? extname(args.text('out') ?? '').slice(1)
      : parseName('--form', text, { kind: 'form', known: FORMS });
  return FORMS.find((form) => form === name);
}

interface GivenSchedule {
  readonly text: string;
  /** The file that it is from. */
  readonly file: string | undefined;
}

async function givenSchedule(args: Arguments, io: Io): Promise<GivenSchedule> {
  const text = args.text('litmus');
  if (text === undefined)
    throw new UsageError(`export: expected ${OPTION} with a schedule (eb1:...) or a file that holds one`);
  if (SCHEDULE.exec(text)?.index === 0 || !existsSync(resolve(io.cwd, text)))
    return { text, file: undefined };
  const found = SCHEDULE.exec(await readUserFile(text, { option: OPTION, cwd: io.cwd }))?.[0];
  if (found === undefined) throw new UsageError(`${OPTION}: ${quotedPath(text)} holds no witness`);
  return { text: found, file: text };
}

interface WhatToExport {
  readonly task: ExportTask;
  /** Files that it is made of. */
  readonly inputs: readonly string[];
}

async function exportTask(args: Arguments, io: Io, { text, file }: GivenSchedule): Promise<WhatToExport> {
  const { parseSchedule, ScheduleError } = await import('../../explore/schedule/schedule.ts');
  const { subjectOf } = await import('../../study/subject.ts');
  const { settingNamed } = await import('../../catalog/named-setting.ts');
  try {
    const schedule = parseSchedule(text);
    await loadScenarioArgument(OPTION, schedule.scenario, io.cwd);
    const { moves, readsFail, trylocksFail, setupsFail } = schedule;
    const setting = settingNamed(schedule);
    const strategy = args.text('strategy') ?? schedule.strategy;
    const { scenario } = setting;
    const source = await strategyArgument('--strategy', strategy, { cwd: io.cwd, scenario });
    const chances = { readsFail, trylocksFail, setupsFail };
    return {
      task: { kind: 'export', ...subjectOf(setting, source), moves, chances, schedule: text },
      inputs: [...(file === undefined ? [] : [file]), ...filesOf([source])],
    };
  } catch (error) {
    if (error instanceof ScheduleError || error instanceof RangeError)
      throw new UsageError(`${OPTION}: ${error.message}`, { cause: error });
    throw error;
  }
}
