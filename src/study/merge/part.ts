import type { BodyRecord, HeaderRecord, VerdictRecord } from '../journal/records.ts';

/** One journal that is to be added up with others. */
export interface Part<Header extends HeaderRecord = HeaderRecord> {
  /** How it is named in messages. */
  readonly named: string;
  readonly header: Header;
  /** In their order; the verdict left out. */
  readonly records: readonly BodyRecord[];
  /** Undefined where the command was cut. */
  readonly verdict: VerdictRecord | undefined;
}

/** Whether the command of a journal has come to the end that it was asked for. */
export function isWhole({ verdict }: Pick<Part, 'verdict'>): boolean {
  return verdict?.isInterrupted === false;
}
