/** What yargs makes of a command line: a command with its arguments, a text to print, or a usage error. */
import yargs, { type Argv } from 'yargs';
import { REPORT_COLUMNS } from '../report/wrap.ts';
import { version } from '../stress/host/environment.ts';
import { Arguments, type OptionSpec, unknownOption } from './arguments.ts';
import type { Command } from './command.ts';
import { commands } from './commands/registry.ts';
import { completions } from './completion.ts';
import { echoed } from './parse.ts';
import { didYouMean } from '../fix/plug-in/suggest.ts';
import { UsageError } from './usage-error.ts';

const COMPLETION_OPTION = '--get-yargs-completions';
/** yargs wants a command for its script; `completion` is ours, since its own does not get on with a default command. */
const HIDDEN_COMMAND = 'get-yargs-completion-script';

type Done = (completions: string[]) => void;
type ByDefault = (onCompleted: (error: Error | null, completions: string[] | undefined) => void) => void;

/** What is to be done. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: Command; readonly args: Arguments }
  | { readonly kind: 'text'; readonly text: string };

/**
 * Splits a command line.
 * @throws {UsageError} If it cannot be understood.
 */
export function parseCommandLine(argv: readonly string[]): Parsed {
  refuseInherited(argv);
  let text = '';
  let failure: unknown;
  const parser = parserOf(argv);
  try {
    void parser.parse([...argv], {}, (error: unknown, _argv: unknown, output: string) => {
      failure ??= error;
      text = output;
    });
  } catch (thrown) {
    if (thrown instanceof Chosen) return { kind: 'command', ...withArguments(thrown, argv) };
    throw thrown;
  }
  if (failure !== undefined && failure !== null) throw usageErrorOf(failure);
  return { kind: 'text', text: text === '' ? '' : `${text}\n` };
}

/**
 * yargs keeps options in plain objects: one that is called as a member of those (`--constructor`) would be taken for something
 * else. No command has such an option.
 * @throws {UsageError} If there is one.
 */
function refuseInherited(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    // A list of words is kept under the name `_`, and the name of the program under `$0`.
    const name = /^--?(?:no-)?([^=]+)/.exec(word)?.[1];
    if (name === undefined) continue;
    if (name in Object.prototype || name === '_' || name === '$0') throw unknownOption(word, []);
  }
}

/** Thrown by the handler of a command: where one returns, yargs goes on to lay out its help text, which takes 15 ms. */
class Chosen extends Error {
  readonly command: Command;
  readonly parsed: Readonly<Record<string, unknown>>;

  constructor(command: Command, parsed: Readonly<Record<string, unknown>>) {
    super(command.name);
    this.command = command;
    this.parsed = parsed;
  }
}

function withArguments(
  { command, parsed }: Chosen,
  argv: readonly string[],
): { readonly command: Command; readonly args: Arguments } {
  const args = new Arguments(parsed, { specs: command, raw: argv });
  requireNoRest(command, parsed['_']);
  return { command, args };
}

function parserOf(argv: readonly string[]): Argv {
  let parser: Argv = yargs([])
    .scriptName('ebtorture')
    .locale('en')
    .exitProcess(false)
    .showHelpOnFail(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .usage(
      'Runs the lifetime rules of the btrfs extent_buffer on real worker threads.\n\n$0 [command] [options]',
    )
    .wrap(REPORT_COLUMNS)
    .help('help')
    .alias('h', 'help')
    .version(version())
    .alias('V', 'version');
  for (const command of commands) {
    const positionals = command.positionals
      .map(({ name, isList }) => ` [${name}${isList === true ? '..' : ''}]`)
      .join('');
    parser = parser.command({
      command: [command.name + positionals, ...(command.isDefault === true ? ['$0'] : [])],
      describe: command.summary,
      builder: (builder: Argv) => withOptions(builder, command),
      handler: (parsed) => {
        throw new Chosen(command, parsed);
      },
    });
  }
  const words = argv.slice(argv.indexOf(COMPLETION_OPTION) + 1);
  const complete = (_current: string, _argv: unknown, byDefault: ByDefault, done: Done): void => {
    const values = completions(words);
    if (values === undefined) byDefault((_error, found) => done(found ?? []));
    else done(values);
  };
  return parser.completion(HIDDEN_COMMAND, false, complete);
}

function withOptions(builder: Argv, command: Command): Argv {
  let parser = builder;
  for (const option of command.options) parser = parser.option(option.name, optionOf(option));
  for (const { name, summary } of command.positionals)
    parser = parser.positional(name, { describe: summary });
  return parser.epilogue([examplesOf(command), command.epilogue ?? []].flat().join('\n\n'));
}

/** In our own words: the table of yargs breaks the lines that are to be pasted. */
function examplesOf({ examples }: Command): string {
  const columns = Math.max(...examples.map(([line]) => line.length));
  return ['Examples:', ...examples.map(([line, summary]) => `  ${line.padEnd(columns)}  ${summary}`)].join(
    '\n',
  );
}

/** Without a type, as the values are text that our own parsers take. */
function optionOf({ kind, alias, group, summary, defaultText }: OptionSpec): Record<string, unknown> {
  return {
    describe: summary,
    group,
    ...(kind === 'flag' ? { type: 'boolean' } : { requiresArg: true }),
    ...(alias !== undefined && { alias }),
    ...(defaultText !== undefined && { defaultDescription: defaultText }),
  };
}

function usageErrorOf(failure: unknown): UsageError {
  const message = failure instanceof Error ? failure.message : String(failure);
  const missing = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  const text = missing === undefined ? message : `--${missing}: needs a value`;
  return new UsageError(text, { cause: failure });
}

/** Words that are neither options nor positional arguments. */
function requireNoRest(command: Command, words: unknown): void {
  const rest = Array.isArray(words) ? words.map(String) : [];
  const extra = rest[0] === command.name ? rest[1] : rest[0];
  if (extra === undefined) return;
  if (rest[0] === command.name) throw new UsageError(`${command.name}: unexpected argument ${echoed(extra)}`);
  const known = commands.map(({ name }) => name);
  throw new UsageError(
    `unknown command ${echoed(extra)}${didYouMean(extra, known)} (known: ${known.join(', ')})`,
  );
}
