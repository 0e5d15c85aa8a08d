import type { Arguments } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { type Engine, hardwareEngine } from './engine.ts';
import { ExitStatus } from './exit-status.ts';
import { guarded } from './guarded.ts';
import type { Io } from './io.ts';
import { plainCommandLine } from './plain-command-line.ts';
import { loadGivenScenario } from './scenario-argument.ts';
import { UsageError } from './usage-error.ts';

/** Runs the command line and returns the exit status; it neither ends nor touches the process. */
export async function run(argv: readonly string[], io: Io, engine: Engine = hardwareEngine): Promise<number> {
  return guarded(io, async () => {
    const plain = await plainCommandLine(argv);
    if (plain !== undefined) return runCommand(plain.command, plain.args, { io, engine });
    const { parseCommandLine } = await import('./command-line.ts');
    const parsed = parseCommandLine(argv);
    if (parsed.kind === 'command') return runCommand(parsed.command, parsed.args, { io, engine });
    await io.stdout.write(parsed.text);
    return ExitStatus.Ok;
  });
}

async function runCommand(command: Command, given: Arguments, context: CommandContext): Promise<number> {
  const { cwd, stderr } = context.io;
  const resume = command.isResumable === true ? given.text('resume') : undefined;
  if (resume === undefined) return command.run(await loadGivenScenario(given, command, cwd), context);
  if (given.isGiven('out')) {
    throw new UsageError('--resume and --out: give only one of the two; a journal goes on where it is');
  }
  const { readResumedJournal, resumedArguments } = await import('./resumed-journal.ts');
  const resumed = await readResumedJournal(resume, { command: command.name, cwd });
  for (const notice of resumed.notices) await stderr.write(`ebtorture: ${notice}\n`);
  const args = resumedArguments(given, resumed, command);
  return command.run(await loadGivenScenario(args, command, cwd), { ...context, resumed });
}
