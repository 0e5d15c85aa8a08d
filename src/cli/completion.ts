/** What a shell offers behind an option: names that the registries know. */
import yargs from 'yargs';
import { TOPICS } from '../report/listing.ts';
import { kernelTables } from '../catalog/kernel-tables.ts';
import { alphabetOf, huntedKernels } from '../catalog/alphabets.ts';
import { findScenario, scenarios } from '../catalog/registry.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { HUNT_DEFAULTS } from '../study/hunt/hunt-result.ts';
import { PLACEMENT_CLASSES } from '../stress/topology/placement.ts';
import { readKernels } from '../study/drift/drift.ts';

const NAME = 'ebtorture';

/** Values by the word in front of them, in a scenario. */
function valuesIn({ subject, kernels, starts, roles }: Scenario): ReadonlyMap<string, readonly string[]> {
  const strategyNames = subject.strategies.map(({ name }) => name);
  const roleNames = roles.map(({ name }) => name);
  return new Map<string, readonly string[]>([
    ['--scenario', scenarios.map(({ name }) => name)],
    ['--kernel', kernels?.names ?? []],
    ['--start', starts.map(({ name }) => name)],
    ['--until', ['decided', 'violation']],
    ['--instances', ['auto']],
    ['--form', ['litmus', 'c']],
    ['--placement', [...PLACEMENT_CLASSES, 'all']],
    ['--strategy', strategyNames],
    ['--strategies', [...strategyNames, 'all']],
    ['--actors', roleNames.map((role) => `${role}=`)],
    ['--last-toucher', roleNames],
    ['--delay', subject.points.map(({ name }) => `${name}=`)],
    ['list', TOPICS],
  ]);
}

/** Values by the word in front of them, of commands that have kernels of their own. */
function valuesOfCommand(words: readonly string[]): ReadonlyMap<string, readonly string[]> | undefined {
  // Kernels that were read, of which some have no scenario.
  if (words.includes('drift'))
    return new Map([['--kernel', readKernels(kernelTables).map(({ kernel }) => kernel)]]);
  if (!words.includes('hunt')) return undefined;
  const alphabet = alphabetOf(valueOf('--kernel', words) ?? HUNT_DEFAULTS.kernel);
  const strategyNames = alphabet?.subject.strategies.map(({ name }) => name) ?? [];
  return new Map<string, readonly string[]>([
    ['--kernel', huntedKernels],
    ['--only', alphabet?.operations.map(({ name }) => name) ?? []],
    ...['--strategy', '--against', '--strategies'].map((option) => [option, strategyNames] as const),
  ]);
}

/** The scenario that a command line names, or the one that is played unless it does. */
function scenarioOn(words: readonly string[]): Scenario | undefined {
  const name = valueOf('--scenario', words);
  const named = name === undefined ? undefined : findScenario(name);
  const { kernels } = named ?? {};
  const kernel = valueOf('--kernel', words);
  return kernel !== undefined && kernels?.names.includes(kernel) === true
    ? kernels.of(kernel)
    : (named ?? scenarios[0]);
}

function valueOf(option: string, words: readonly string[]): string | undefined {
  if (!words.includes(option)) return undefined;
  const [value, next] = words.slice(words.indexOf(option) + 1);
  return value === '=' ? next : value;
}

/** Options whose values are lists with commas between. */
const LISTS = new Set(['--strategies', '--actors', '--delay', '--only']);

/**
 * What the last of `words` can become, undefined if it is no value. A shell that splits at `=` gives `--start`, `=`
 * and the value as three words.
 */
export function completions(words: readonly string[]): string[] | undefined {
  const current = words.at(-1) ?? '';
  const before = words.at(-2) === '=' ? words.at(-3) : words.at(-2);
  const scenario = scenarioOn(words);
  const values =
    valuesOfCommand(words)?.get(before ?? '') ?? (scenario && valuesIn(scenario).get(before ?? ''));
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
