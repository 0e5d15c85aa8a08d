import type { Machine } from '../../stress/host/machine-facts.ts';
import type {
  BodyRecord,
  CompareHeader,
  ExplainHeader,
  HeaderRecord,
  HistoryHeader,
  HuntHeader,
  MutateHeader,
  SearchHeader,
  StressHeader,
  WindowHeader,
} from './records.ts';

/** What a command says of itself in a header; where it is called from is known there. */
export type HeaderOf<Own extends HeaderRecord> = Omit<
  Own,
  'kind' | 'journal' | 'commandLine' | 'options' | 'seed'
>;
export type AnyHeader =
  | HeaderOf<CompareHeader>
  | HeaderOf<StressHeader>
  | HeaderOf<ExplainHeader>
  | HeaderOf<WindowHeader>
  | HeaderOf<HuntHeader>
  | HeaderOf<MutateHeader>
  | HeaderOf<HistoryHeader>
  | HeaderOf<SearchHeader>;

/** Where a command puts down what it does, and what it goes on from. */
export interface Journal {
  /**
   * Before anything is found out that `begin` must wait for.
   * @throws If it was of another command.
   */
  readonly requireSame: (header: AnyHeader) => void;
  /**
   * Before any work: says what is to be done. Gives what was put down before by a command that was cut.
   * @throws If that was another one, or if nothing can be put down.
   */
  readonly begin: (header: AnyHeader) => Promise<Begun>;
  /** Puts something down; does not wait until it is there. */
  readonly add: (record: BodyRecord) => void;
}

/** Where a command stands that begins. */
export interface Begun {
  /** The machine as it was when the work began for the first time. */
  readonly machine: Machine;
  /** What was put down before, in its order. */
  readonly records: AsyncIterable<BodyRecord>;
  /** Whether all was done before. */
  readonly isWhole: boolean;
}

/** A journal that is none, is damaged, or is of something else. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** Where two values differ first, in words; undefined if they are equal as JSON. */
export function differenceOf(there: unknown, here: unknown, where = ''): string | undefined {
  if (isObject(there) && isObject(here)) {
    for (const key of new Set([...Object.keys(there), ...Object.keys(here)])) {
      const found = differenceOf(there[key], here[key], where === '' ? key : `${where}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const [before, now] = [textOf(there), textOf(here)];
  return before === now ? undefined : `${where} is ${before} there, and ${now} here`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
