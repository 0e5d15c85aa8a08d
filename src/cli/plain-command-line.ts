import { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { loaders } from './commands/loaders.ts';
import { plainOptions } from './plain-options.ts';

/**
 * The command of a command line that needs no yargs, with its arguments; undefined if yargs is to say what is meant. Nor is
 * any other command loaded then.
 */
export async function plainCommandLine(
  argv: readonly string[],
): Promise<{ readonly command: Command; readonly args: Arguments } | undefined> {
  const [name = '', ...words] = argv;
  const command = await loaders.get(name)?.();
  const options = command && plainOptions(words, command);
  return command && options && { command, args: new Arguments(options, { specs: command, raw: argv }) };
}
