/** What a shell offers behind an option: names that the registries know. */
import yargs from 'yargs';
import { TOPICS } from '../report/listing.ts';
import { scenarios } from '../catalog/registry.ts';

const NAME = 'ebtorture';
const subjects = [...new Set(scenarios.map(({ subject }) => subject))];
const strategyNames = [...new Set(subjects.flatMap(({ strategies }) => strategies.map(({ name }) => name)))];
const points = new Set(subjects.flatMap((subject) => subject.points.map(({ name }) => name)));
const starts = new Set(scenarios.flatMap((scenario) => scenario.starts.map(({ name }) => name)));
const roles = new Set(scenarios.flatMap((scenario) => scenario.roles.map(({ name }) => name)));

/** Values by the word in front of them. */
const VALUES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['--scenario', scenarios.map(({ name }) => name)],
  ['--start', [...starts]],
  ['--until', ['decided', 'violation']],
  ['--strategy', strategyNames],
  ['--strategies', [...strategyNames, 'all']],
  ['--actors', [...roles].map((role) => `${role}=`)],
  ['--last-toucher', [...roles]],
  ['--delay', [...points].map((point) => `${point}=`)],
  ['list', TOPICS],
]);

/** Options whose values are lists with commas between. */
const LISTS = new Set(['--strategies', '--actors', '--delay']);

/**
 * What the last of `words` can become, undefined if it is no value. A shell that splits at `=` gives `--start`, `=`
 * and the value as three words.
 */
export function completions(words: readonly string[]): string[] | undefined {
  const current = words.at(-1) ?? '';
  const before = words.at(-2) === '=' ? words.at(-3) : words.at(-2);
  const values = VALUES.get(before ?? '');
  if (values === undefined || before === undefined || current.startsWith('-')) return undefined;
  const typed = LISTS.has(before) ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  return values.map((value) => typed + value).filter((value) => value.startsWith(current));
}

/** The script for the shell of the user. */
export function completionScript(): string {
  let script = '';
  const parser = yargs([]).scriptName(NAME).locale('en').exitProcess(false).completion('completion');
  void parser.parse(['completion'], {}, (_error: unknown, _argv: unknown, output: string) => {
    script ||= output;
  });
  return `${script}\n`;
}
