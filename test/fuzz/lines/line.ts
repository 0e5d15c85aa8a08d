/** Generates command lines: mostly wrong ones, each in one or two places. */
import type { OptionSpec } from '../../../src/cli/arguments.ts';
import type { Command } from '../../../src/cli/command.ts';
import { commands } from '../../../src/cli/commands/registry.ts';
import { Prng } from '../../../src/stats/prng.ts';
import type { Folder } from './folder.ts';
import { Pick } from './pick.ts';
import { HOSTILE, INHERITED, SCHEDULES, valuesOf, WORDS } from './words.ts';

/** Where a line is to run. */
export interface Surroundings {
  readonly folder: Folder;
  /** Whether plug-ins may be taken that are waited for, for seconds. */
  readonly mayBeSlow: boolean;
}

/** Those that take ten seconds, be the line right; `cpus` where there are many. */
const SLOW = new Set(['cpus', 'history', 'hunt']);
/** Other commands with more to them than a text. */
const RUNNING = commands.filter(({ name, options }) => options.length > 1 && !SLOW.has(name));
/** Options that name a file to write. */
const OUTPUTS = new Set(['out', 'html', 'junit']);
const STRATEGIES = new Set(['strategy', 'strategies']);
/** What bounds a run, the first of it where nothing does. */
const LENGTHS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['compare', ['duration', 'trials']],
  ['stress', ['duration', 'trials']],
  ['explain', ['duration', 'trials']],
  // It has so many starts and offsets that even the shortest duration takes seconds.
  ['window', ['trials-per-point', 'duration']],
  ['explore', ['time-max']],
  ['mutate', ['time-max']],
  ['history', ['time-max']],
  ['hunt', ['time']],
]);
/** A mutation run of many settings takes minutes, however short each search. */
const MUTATE = ['--explore-only', '--pages=1', '--strategy=early-check'];
/** A limit that ends the search of no two actors: with all functions each of a hundred mutants would have its thread ended by it. */
const MODEL_TIME_MAX = '10s';
/** Actors whose searches take minutes: each mutant would reach its limit. */
const MANY_ACTORS = 'finder=16';

/** Line number `index` of a seed: each is its own, so that one can be run again alone. */
export function commandLine(seed: number, index: number, surroundings: Surroundings): readonly string[] {
  return new LineMaker(new Pick(new Prng(seed).fork(index)), surroundings).line();
}

class LineMaker {
  readonly #pick: Pick;
  readonly #in: Surroundings;
  /** Files that the line has named to be read. */
  readonly #inputs: string[] = [];

  constructor(pick: Pick, surroundings: Surroundings) {
    this.#pick = pick;
    this.#in = surroundings;
  }

  line(): readonly string[] {
    const pick = this.#pick;
    if (pick.chance(0.03)) return this.#oddLine();
    const command = pick.chance(0.1) ? pick.one(commands) : pick.one(RUNNING);
    const words = command.isDefault === true && pick.chance(0.5) ? [] : [command.name];
    const options = Array.from({ length: pick.below(5) }, () => this.#option(command)).flat();
    const positionals = this.#positionals(command);
    const parts = pick.chance(0.8) ? [...positionals, ...options] : [...options, ...positionals];
    if (pick.chance(0.05)) parts.splice(pick.below(parts.length + 1), 0, pick.oneOf(HOSTILE, WORDS, ['--']));
    return [...words, ...parts, ...this.#bounds(command, parts)];
  }

  /** No command, or a word where one should be. */
  #oddLine(): readonly string[] {
    const pick = this.#pick;
    const word = pick.oneOf(HOSTILE, WORDS, ['--help', '--version', '-h', '-V', '--get-yargs-completions']);
    const more = Array.from({ length: pick.below(3) }, () => pick.oneOf(HOSTILE, WORDS));
    // Whatever it means: not ten seconds.
    return [word, ...more, '--duration=100ms'];
  }

  #positionals(command: Command): string[] {
    const pick = this.#pick;
    const { folder } = this.#in;
    const count = pick.below(3);
    if (command.name === 'replay' && pick.chance(0.9)) {
      return [this.#input(pick.oneOf(SCHEDULES, SCHEDULES, ['schedule.txt'], folder.files, HOSTILE))];
    }
    if (command.name === 'report' || command.name === 'diff') {
      return Array.from({ length: count + 1 }, () =>
        this.#input(pick.oneOf(folder.documents, folder.documents, folder.files, HOSTILE)),
      );
    }
    return command.name === 'list' && pick.chance(0.8) ? [pick.oneOf(WORDS, HOSTILE)] : [];
  }

  #input(word: string): string {
    this.#inputs.push(word);
    return word;
  }

  #option(command: Command): string[] {
    const pick = this.#pick;
    if (command.options.length === 0 || pick.chance(0.05)) return this.#unknownOption();
    const option = pick.one(command.options);
    const written = this.#written(option, command);
    return pick.chance(0.05) ? [...written, ...this.#written(option, command)] : written;
  }

  #written(option: OptionSpec, command: Command): string[] {
    const pick = this.#pick;
    const name = option.alias !== undefined && pick.chance(0.3) ? option.alias : option.name;
    if (option.kind === 'flag') return [pick.chance(0.9) ? `--${name}` : `--${name}=${pick.one(HOSTILE)}`];
    if (pick.chance(0.03)) return [`--${name}`];
    const value = this.#value(option, command);
    return pick.chance(0.5) ? [`--${name}=${value}`] : [`--${name}`, value];
  }

  #value({ name }: OptionSpec, command: Command): string {
    const pick = this.#pick;
    const { folder, mayBeSlow } = this.#in;
    if (OUTPUTS.has(name)) {
      const others = [
        'pipe',
        'folder',
        '/dev/full',
        '/dev/null',
        '/dev/stdout',
        'dangling.json',
        'no/such',
        'loop',
      ];
      return pick.oneOf(['out.json'], others, ['', '-', '/', 'x'.repeat(300)], [...this.#inputs, 'out.html']);
    }
    if (name === 'resume') return this.#input(pick.oneOf(folder.files, folder.documents, HOSTILE));
    if (STRATEGIES.has(name) && pick.chance(0.5)) {
      const plugIn = pick.one(mayBeSlow && pick.chance(0.2) ? folder.slowPlugIns : folder.plugIns);
      this.#input(plugIn);
      return command.name === 'compare' && pick.chance(0.5) ? `none,${plugIn}` : plugIn;
    }
    if (STRATEGIES.has(name) && pick.chance(0.2)) return `./${pick.one(folder.files)}`;
    const values = valuesOf(name).filter((value) => command.name !== 'mutate' || value !== MANY_ACTORS);
    // What is good stands in front.
    return pick.chance(0.6) ? pick.one(values.slice(0, 2)) : pick.oneOf(values, values, HOSTILE);
  }

  #unknownOption(): string[] {
    const pick = this.#pick;
    const option = pick.one(commands.flatMap(({ options }) => options)).name;
    const name = pick.oneOf(
      INHERITED,
      [option, `no-${option}`, option.slice(1), `${option}s`, '_', '$0', 'x.y', ''],
      HOSTILE,
    );
    const dashes = pick.one(['--', '--', '-', '---', '--no-']);
    const value = pick.one(HOSTILE);
    return pick.one([[`${dashes}${name}`], [`${dashes}${name}=${value}`], [`${dashes}${name}`, value]]);
  }

  /** What keeps a line that is right short. */
  #bounds(command: Command, parts: readonly string[]): string[] {
    const has = (option: string): boolean =>
      parts.some((part) => part === `--${option}` || part.startsWith(`--${option}=`));
    const bounds: string[] = [];
    const lengths = LENGTHS.get(command.name) ?? [];
    const isRandom = command.name === 'explore' && has('scheduler');
    if (isRandom && !has('schedules')) bounds.push('--schedules=10');
    if (!isRandom && lengths[0] !== undefined && !lengths.some(has)) {
      const time = command.name === 'mutate' && has('model') ? MODEL_TIME_MAX : '100ms';
      bounds.push(`--${lengths[0]}=${lengths[0].startsWith('trials') ? '10' : time}`);
    }
    // Four proofs with three actors take a quarter of a minute.
    if (command.name === 'compare' && !has('no-prove') && this.#pick.chance(0.8)) bounds.push('--no-prove');
    // All races share it.
    if (command.name === 'history' && has('hardware') && !has('duration')) bounds.push('--duration=2s');
    if (command.name === 'mutate' && !has('resume')) {
      bounds.push(...MUTATE.filter((option) => !has(option.slice(2).replace(/=.*/, ''))));
    }
    return bounds;
  }
}
