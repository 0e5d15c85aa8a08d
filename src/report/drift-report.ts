/** The text of `drift`: what the models rest on, function by function, and what a source tree has otherwise. */
import type {
  DriftFound,
  DriftResult,
  DriftRow,
  DriftStatus,
  ReadKernel,
} from '../study/drift/drift-result.ts';
import { counted, listed } from './number.ts';
import type { Paint, Tone } from './paint.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import { wrapped } from './wrap.ts';

const TONES: Readonly<Record<DriftStatus, Tone>> = {
  same: 'good',
  renamed: 'unsure',
  changed: 'bad',
  missing: 'bad',
};

/** Renders a result. */
export function driftReport(result: DriftResult, paint: Paint): string {
  const { source, kernel } = result;
  const lines =
    source === null || kernel === null
      ? listedLines(result)
      : comparedLines(result, { ...source, kernel, paint });
  return `${lines.join('\n')}\n`;
}

function listedLines({ kernels, kernel, functions }: DriftResult): string[] {
  return [
    'ebtorture drift: the kernel functions that the models were written from',
    ...wrapped(listed((kernel === null ? kernels : [kernel]).map(kernelText)), { prefix: '  kernels    ' }),
    `  functions  ${functions.length}`,
    ...grouped(functions, ({ model }) => model.class).flatMap(modelLines),
  ];
}

function modelLines([name, rows]: Group): string[] {
  const title = wrapped(`${name} (${generationText(rows)})`);
  return ['', ...title, ...grouped(rows, ({ file }) => file).flatMap(fileLines)];
}

function fileLines([file, rows]: Group): string[] {
  return ['', file, ...rows.flatMap(rowLines)];
}

function kernelText({ kernel, release }: ReadKernel): string {
  return `${kernel} (read in ${release})`;
}

function generationText([first]: readonly DriftRow[]): string {
  return first === undefined
    ? ''
    : `generation ${first.generation}; sections are those of ${first.notes.name}`;
}

/** What some functions have in common, and those. */
type Group = readonly [string, readonly DriftRow[]];

/** In the order in which that comes up. */
function grouped(rows: readonly DriftRow[], keyOf: (row: DriftRow) => string): readonly Group[] {
  const groups = new Map<string, DriftRow[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row)) ?? [];
    groups.set(keyOf(row), group);
    group.push(row);
  }
  return [...groups];
}

function rowLines(row: DriftRow): string[] {
  return [`  ${row.function}`, ...factLines(row), ...wrapped(kernelsText(row), { prefix: '    in    ' })];
}

function factLines({ notes, facts, model }: DriftRow): string[] {
  return [
    ...wrapped(facts, { prefix: `    ${(notes.section ?? '').padEnd(5)} ` }),
    ...(model.methods.length === 0 ? [] : wrapped(model.methods.join(', '), { prefix: '    as    ' })),
  ];
}

/** `6.12 (as btrfs_release_extent_buffer_pages), 7.2, 7.3`. */
function kernelsText({ kernels, function: shown, file: shownFile }: DriftRow): string {
  return kernels
    .map(({ kernel, name, file }) => {
      const other = [name === shown ? '' : `as ${name}`, file === shownFile ? '' : `in ${file}`];
      const text = other.filter((part) => part !== '').join(' ');
      return text === '' ? kernel : `${kernel} (${text})`;
    })
    .join(', ');
}

interface Compared extends NonNullable<DriftResult['source']> {
  readonly kernel: ReadKernel;
  readonly paint: Paint;
}

const COLUMNS: readonly Column[] = [
  { header: 'text', align: 'left' },
  { header: 'method of the model', align: 'left' },
];

function comparedLines(result: DriftResult, { path, release, kernel, paint }: Compared): string[] {
  const { functions } = result;
  const others = functions.filter(({ source }) => source !== null && source.status !== 'same');
  return [
    'ebtorture drift: what a kernel has otherwise than it was read',
    ...wrapped(`${path}, Linux ${release}`, { prefix: '  source     ' }),
    ...wrapped(`with ${kernelText(kernel)}`, { prefix: '  compared   ' }),
    `  functions  ${functions.length}`,
    '',
    ...textTable(
      { columns: COLUMNS, rows: grouped(functions, ({ file }) => file).flatMap(tableRows) },
      paint,
    ),
    ...(others.length === 0 ? [] : ['', 'To be read again:']),
    ...others.flatMap(otherLines),
    '',
    ...wrapped(summaryText(result, kernel)),
    ...(result.verdict === 'drifted'
      ? wrapped('Whether what the model rests on has changed with the text, only a reader can tell.')
      : []),
  ];
}

function tableRows([file, rows]: Group): Row[] {
  const cells = rows.map((row): Row => ({ kind: 'cells', label: row.function, cells: cellsOf(row) }));
  return [{ kind: 'heading', text: file }, ...cells];
}

function cellsOf({ source, model: { methods } }: DriftRow): (string | { text: string; tone: Tone })[] {
  const [first = '-', ...others] = methods;
  const status = source?.status ?? 'missing';
  return [{ text: status, tone: TONES[status] }, others.length === 0 ? first : `${first} +${others.length}`];
}

function otherLines(row: DriftRow): string[] {
  const { source } = row;
  return [
    ...wrapped(`${row.function}, ${row.file}: ${source === null ? '' : foundText(source, row)}`, {
      prefix: '  ',
    }),
    ...factLines(row),
  ];
}

function foundText({ status, name, file, definitions }: DriftFound, row: DriftRow): string {
  const called = name === null || name === row.function ? [] : [`called ${name}`];
  const moved = file === null || file === row.file ? [] : [`in ${file}`];
  const twins = definitions > 1 ? [`${counted(definitions, 'definition')}, taken together`] : [];
  return [status, ...called, ...moved, ...twins].join(', ');
}

/** `33 of 36 as read in 7.3.4; 2 changed; 1 is gone.` */
function summaryText({ counts, functions }: DriftResult, { release }: ReadKernel): string {
  const { same = 0, changed = 0, renamed = 0, missing = 0 } = counts ?? {};
  return `${[
    `${same} of ${functions.length} as read in ${release}`,
    ...(changed === 0 ? [] : [`${changed} changed`]),
    ...(renamed === 0 ? [] : [`${renamed} only renamed or moved`]),
    ...(missing === 0 ? [] : [`${missing} ${missing === 1 ? 'is' : 'are'} gone`]),
  ].join('; ')}.`;
}
