import type { HeaderRecord } from '../study/journal/records.ts';
import type { Arguments, ArgumentSpecs } from './arguments.ts';
import { keptOptions } from './resumed-journal.ts';

/** How a command was called, for the header of its journal. */
export interface Called extends Pick<HeaderRecord, 'commandLine' | 'options' | 'seed'> {
  readonly command: HeaderRecord['command'];
}

/** That of a command with these arguments; `seed` is what it has chosen where none was given, and null where it has none. */
export function calledAs(
  args: Arguments,
  command: HeaderRecord['command'],
  { options: known, seed }: Pick<ArgumentSpecs, 'options'> & { readonly seed: number | null },
): Called {
  const options = keptOptions(args, { options: known });
  return {
    command,
    commandLine: ['ebtorture', ...args.words],
    options: seed === null ? options : { ...options, seed: String(seed) },
    seed,
  };
}
