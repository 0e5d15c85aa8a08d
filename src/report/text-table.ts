/**
 * Tables in text. The first column holds labels and gives way where the rest needs the room; cells are painted after
 * they are padded, so that escape sequences do not count as width.
 */
import type { Paint, Tone } from './paint.ts';
import { REPORT_COLUMNS, tail } from './wrap.ts';

/** One column behind the labels. */
export interface Column {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** A title above this and the neighboring columns of the same group. */
  readonly group?: string;
}

/** A cell, with a meaning if it has one. */
type Cell = string | { readonly text: string; readonly tone: Tone };

/** A line across all columns, or a label with its cells. */
export type Row =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'cells'; readonly label: string; readonly cells: readonly Cell[] };

/** What `textTable` draws. */
export interface TextTable {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** A label that has no room gets a line of its own, and is not cut: what tells it from another may stand anywhere in it. @default false */
  readonly areLabelsWhole?: boolean;
}

const INDENT = 2;
const LABEL_COLUMNS_MIN = 8;

/** Draws a table, with two spaces between columns, or one where that is too wide. */
export function textTable(table: TextTable, paint: Paint): string[] {
  const widths = table.columns.map(({ header }, index) =>
    Math.max(header.length, ...table.rows.map((row) => textOf(cellOf(row, index)).length)),
  );
  const label = Math.max(
    0,
    ...table.rows.map((row) => (row.kind === 'cells' ? row.label.length + INDENT : 0)),
  );
  const total = (gap: number): number => widths.reduce((sum, width) => sum + gap + width, 0);
  const gap = label + total(2) <= REPORT_COLUMNS ? 2 : 1;
  const room = Math.max(REPORT_COLUMNS - total(gap), LABEL_COLUMNS_MIN);
  const frame = { labelColumns: Math.min(label, room), widths, gap };
  const lines = [groupLine(table, frame), headerLine(table, frame)].filter((line) => line !== '');
  return [...lines, ...table.rows.flatMap((row) => rowLines(table, row, { frame, paint }))];
}

interface Frame {
  readonly labelColumns: number;
  readonly widths: readonly number[];
  readonly gap: number;
}

function headerLine({ columns }: TextTable, frame: Frame): string {
  const cells = columns.map(({ header, align }, index) => padded(header, frame.widths[index] ?? 0, align));
  return joined(['', ...cells], frame);
}

/** Titles between dashes over the columns they belong to; empty if there is none. */
function groupLine({ columns }: TextTable, { labelColumns, widths, gap }: Frame): string {
  let line = ' '.repeat(labelColumns);
  for (let from = 0; from < columns.length;) {
    const group = columns[from]?.group;
    const others = columns.slice(from).findIndex((column) => column.group !== group);
    const to = group === undefined ? from + 1 : others === -1 ? columns.length : from + others;
    const width = widths.slice(from, to).reduce((sum, each) => sum + gap + each, -gap);
    line += ' '.repeat(gap) + (group === undefined ? ' '.repeat(width) : dashed(group, width));
    from = to;
  }
  return line.trimEnd();
}

function dashed(title: string, width: number): string {
  const dashes = Math.max(width - title.length - 2, 0);
  const left = Math.floor(dashes / 2);
  return `${'-'.repeat(left)} ${title} ${'-'.repeat(dashes - left)}`.slice(
    0,
    Math.max(width, title.length + 2),
  );
}

function rowLines(
  { columns, areLabelsWhole = false }: TextTable,
  row: Row,
  { frame, paint }: { readonly frame: Frame; readonly paint: Paint },
): string[] {
  if (row.kind === 'heading') return [tail(row.text, REPORT_COLUMNS)];
  const cells = columns.map(({ align }, index) => {
    const cell = cellOf(row, index);
    const text = padded(textOf(cell), frame.widths[index] ?? 0, align);
    if (typeof cell === 'string' || cell.text === '') return text;
    return text.replace(cell.text, () => paint(cell.tone, cell.text));
  });
  const indent = ' '.repeat(INDENT);
  const room = frame.labelColumns - INDENT;
  return areLabelsWhole && row.label.length > room
    ? [indent + row.label, joined(['', ...cells], frame)]
    : [joined([indent + tail(row.label, room), ...cells], frame)];
}

function joined([label = '', ...cells]: readonly string[], { labelColumns, gap }: Frame): string {
  return [label.padEnd(labelColumns), ...cells].join(' '.repeat(gap)).trimEnd();
}

function padded(text: string, width: number, align: Column['align']): string {
  return align === 'left' ? text.padEnd(width) : text.padStart(width);
}

function cellOf(row: Row, index: number): Cell {
  return row.kind === 'cells' ? (row.cells[index] ?? '') : '';
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
