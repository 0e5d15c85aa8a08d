import { didYouMean } from '../fix/plug-in/suggest.ts';
import { echoed } from './parse.ts';
import { UsageError } from './usage-error.ts';

/** An option of a command. */
export interface OptionSpec {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  /** A flag takes no value, a list may be given several times. */
  readonly kind: 'text' | 'list' | 'flag';
  /** Heading in the help. */
  readonly group: string;
  /** Shown in the help. */
  readonly defaultText?: string;
}

/** A word of a command that is no option. */
export interface PositionalSpec {
  readonly name: string;
  readonly summary: string;
  /** Whether it takes all words that are left. */
  readonly isList?: boolean;
}

/** What a command declares of its arguments. */
export interface ArgumentSpecs {
  readonly options: readonly OptionSpec[];
  /** In their order; all may be left out. */
  readonly positionals: readonly PositionalSpec[];
}

/** Options that every command has. */
const COMMON = ['help', 'h', 'version', 'V'];

/** Arguments of a command as yargs split them: still text, checked for what the command does not know. */
export class Arguments {
  readonly #parsed: Readonly<Record<string, unknown>>;
  readonly #raw: readonly string[];
  readonly #specs: ArgumentSpecs;

  /**
   * `rest` are the words that belong to no option.
   * @throws {UsageError} If there is an option or a word that the command does not take.
   */
  constructor(
    parsed: Readonly<Record<string, unknown>>,
    { specs, raw }: { readonly specs: ArgumentSpecs; readonly raw: readonly string[] },
  ) {
    this.#parsed = parsed;
    this.#raw = raw;
    this.#specs = specs;
    const names = specs.options.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]));
    const known = new Set([...names, ...specs.positionals.map(({ name }) => name), ...COMMON, '_', '$0']);
    for (const name of Object.keys(parsed)) {
      if (!known.has(name)) {
        throw unknownOption(name.length === 1 ? `-${name}` : `--${name}`, [...names, 'help', 'version']);
      }
    }
    for (const { name, kind } of specs.options) {
      const prefix = `--${name}=`;
      const given = kind === 'flag' ? raw.find((word) => word.startsWith(prefix)) : undefined;
      if (given !== undefined) {
        throw new UsageError(`--${name}: takes no value, got ${echoed(given.slice(prefix.length))}`);
      }
    }
  }

  /** The same arguments with other values; undefined takes one away. */
  with(values: Readonly<Record<string, string | readonly string[] | true | undefined>>): Arguments {
    return new Arguments({ ...this.#parsed, ...values }, { specs: this.#specs, raw: this.#raw });
  }

  /** The words of the command line. */
  get words(): readonly string[] {
    return this.#raw;
  }

  /** The value of an option, undefined if it is not given. */
  text(name: string): string | undefined {
    const value = this.#parsed[name];
    if (Array.isArray(value)) throw new UsageError(`--${name}: is given ${value.length} times; give it once`);
    return value === undefined ? undefined : wordOf(value);
  }

  /** All values of an option that may be given several times. */
  list(name: string): string[] {
    const value = this.#parsed[name];
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map(wordOf) : [wordOf(value)];
  }

  /** Whether an option is given at all. */
  isGiven(name: string): boolean {
    return this.#parsed[name] !== undefined && this.#parsed[name] !== false;
  }

  flag(name: string): boolean {
    return this.#parsed[name] === true;
  }

  /** How the user wrote an option that has an alias. */
  spelling(name: string, alias: string): string {
    const isAlias = this.#raw.some((word) => word === `--${alias}` || word.startsWith(`--${alias}=`));
    return isAlias ? `--${alias}` : `--${name}`;
  }
}

/** A word of the command line. */
function wordOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new UsageError(`expected a word, got ${JSON.stringify(value)}`);
}

/** The error of an option that none of `known` is; `typed` with its dashes, and perhaps with its value. */
export function unknownOption(typed: string, known: readonly string[]): UsageError {
  const [option = ''] = typed.split('=', 1);
  const near = didYouMean(option.replace(/^-+/, ''), known, (found) => `--${found}`);
  return new UsageError(`unknown option ${echoed(option)}${near}`);
}
