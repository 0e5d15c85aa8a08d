import { parseArgs, type ParseArgsConfig } from 'node:util';
import { STARTS_MIN } from './judge.ts';
import { type Operand, OperandError, operandOf } from './operands.ts';

/** What `bench:compare` is asked for. */
export interface CompareOptions {
  /** Two of the same kind; one build for a check. */
  readonly operands: readonly Operand[];
  readonly strategy: string;
  /** Starts in each line at most. */
  readonly startsMax: number;
  readonly check:
    { readonly repetitions: number; readonly plantedPercent: number; readonly record: string } | undefined;
}

const OPTIONS = {
  strategy: { type: 'string', default: 'none' },
  // A dozen are enough where the host leaves the actors their cores; where it does not, for minutes, only more of them tell.
  starts: { type: 'string', default: '160' },
  check: { type: 'boolean', default: false },
  repetitions: { type: 'string', default: '20' },
  planted: { type: 'string', default: '10' },
  record: { type: 'string', default: 'bench/results/compare-check.jsonl' },
} as const satisfies ParseArgsConfig['options'];

/**
 * The options in the arguments of a command line.
 * @param root - The repository that revisions are of.
 * @throws {OperandError} If they are not usable.
 */
export function compareOptions(args: readonly string[], root: string): CompareOptions {
  const { values, positionals } = parsed(args);
  if (positionals.length !== (values.check ? 1 : 2)) {
    throw new OperandError(
      values.check
        ? '--check: expected one build to check with, such as .'
        : 'expected two revisions or built directories, before and after, such as HEAD~1 . ; or two result files',
    );
  }
  const operands = positionals.map((name) => operandOf(name, root));
  const results = operands.filter(({ kind }) => kind === 'results');
  if (results.length > 0 && results.length < (values.check ? 2 : operands.length)) {
    throw new OperandError(`${results[0]?.name}: a result can only be compared with another result`);
  }
  return {
    operands,
    strategy: values.strategy,
    startsMax: wholeNumber('starts', values.starts, STARTS_MIN),
    check: values.check
      ? {
          repetitions: wholeNumber('repetitions', values.repetitions, 1),
          plantedPercent: wholeNumber('planted', values.planted, 2),
          record: values.record,
        }
      : undefined,
  };
}

function parsed(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true; args: string[] }>> {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new OperandError(error instanceof Error ? error.message.replace(/[.\n].*$/s, '') : String(error));
  }
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > 1000) {
    throw new OperandError(`--${name}: expected a whole number from ${min} to 1000, got '${text}'`);
  }
  return value;
}
