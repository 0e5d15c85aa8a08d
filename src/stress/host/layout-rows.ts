/** How a source says that processors lie, before its names are made numbers. */
import type { Processor } from '../topology/topology.ts';

/** What a processor lies in, by any name that no other of its kind has; null where the source does not tell. */
export interface LayoutRow {
  readonly core: string | null;
  readonly l2: string | null;
  readonly l3: string | null;
  readonly package: string | null;
  /** The system's number. */
  readonly node: number | null;
}

/** By number, a row for each online processor. */
export type Layout = ReadonlyMap<number, LayoutRow>;

/** The levels that are known by name. */
const LEVELS = ['core', 'l2', 'l3', 'package'] as const;

/** The same with numbers from 0 on, in order of the lowest processor of each: whoever tells, the numbers are the same. */
export type NumberedRow = Pick<Processor, (typeof LEVELS)[number] | 'node'>;

export function numbered(layout: Layout): ReadonlyMap<number, NumberedRow> {
  const rows = [...layout].toSorted(([a], [b]) => a - b);
  const numbers = Object.fromEntries(
    LEVELS.map((level) => {
      const names = new Set(rows.map(([, row]) => row[level]).filter((name) => name !== null));
      return [level, new Map([...names].map((name, index) => [name, index]))];
    }),
  );
  const numberOf = (level: (typeof LEVELS)[number], name: string | null): number | null =>
    name === null ? null : (numbers[level]?.get(name) ?? null);
  return new Map(
    rows.map(([number, row]) => [
      number,
      {
        core: numberOf('core', row.core),
        l2: numberOf('l2', row.l2),
        l3: numberOf('l3', row.l3),
        package: numberOf('package', row.package),
        node: row.node,
      },
    ]),
  );
}
