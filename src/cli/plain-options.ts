import type { ArgumentSpecs } from './arguments.ts';

/** An option, perhaps with its value. */
const OPTION = /^--([a-z][a-z-]*)(?:=(.*))?$/s;
/** Values that no parser takes for anything else. */
const VALUE = /^[\w./~][\w.,:=/~@+-]*$/;

/**
 * The options behind a command as yargs gives them, if they are plain: known, in full, each once, with values that mean
 * what they say. Undefined for whatever else there is: help, aliases, further words, quotes, mistakes. Most command lines are
 * plain, and yargs takes longer to load than a small search runs; a test holds the two together.
 */
export function plainOptions(
  words: readonly string[],
  { options }: Pick<ArgumentSpecs, 'options'>,
): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = {};
  for (let index = 0; index < words.length; index++) {
    const [, name = '', given] = OPTION.exec(words[index] ?? '') ?? [];
    const option = options.find((candidate) => candidate.name === name && candidate.alias === undefined);
    if (option === undefined || name in found) return undefined;
    if (option.kind === 'flag') {
      if (given !== undefined) return undefined;
      found[name] = true;
    } else {
      const value = given ?? words[++index] ?? '';
      if (!VALUE.test(value)) return undefined;
      found[name] = value;
    }
  }
  return found;
}
