/** Tables: with a caption above, scopes, and a region of their own that says that it can be scrolled. */
import { element, escaped } from '../saved/markup.ts';

/** Text, or markup with a value to sort by. */
export type Cell =
  string | { readonly markup: string; readonly value?: string | number; readonly classes?: string };

export interface TableRow {
  /** The first one is its heading. */
  readonly cells: readonly Cell[];
  readonly classes?: string;
  readonly id?: string;
}

export interface PageTable {
  readonly caption: string;
  readonly columns: readonly { readonly header: string; readonly isNumber?: boolean }[];
  readonly rows: readonly TableRow[];
  /** Whether a reader may sort it, which takes the script. @default false */
  readonly isSortable?: boolean;
}

/** The table in a region that scrolls where it is too wide. */
export function tableMarkup({ caption, columns, rows, isSortable = false }: PageTable): string {
  const classOf = (index: number): string => (columns[index]?.isNumber === true ? 'number' : '');
  const head = columns.map(({ header }, index) =>
    element('th', { scope: 'col', ...classed(classOf(index)) }, [escaped(header)]),
  );
  const body = rows.map(({ cells, classes = '', id }) =>
    element(
      'tr',
      { ...classed(classes), ...(id !== undefined && { id }) },
      cells.map((cell, index) => cellMarkup(cell, index, classOf(index))),
    ),
  );
  // A caption inside would be as wide as the table, and say out of sight that it can be scrolled.
  return element('div', { class: 'table' }, [
    element('p', { class: 'caption' }, [escaped(caption), '<span class="hint"> (scrolls sideways)</span>']),
    element('div', { class: 'scroll', role: 'group', tabindex: 0, 'aria-label': caption }, [
      element('table', { 'aria-label': caption, ...(isSortable && { class: 'sortable' }) }, [
        element('thead', {}, [element('tr', {}, head)]),
        element('tbody', {}, body),
      ]),
    ]),
  ]);
}

function cellMarkup(cell: Cell, index: number, align: string): string {
  const isText = typeof cell === 'string';
  const classes = [align, isText ? '' : (cell.classes ?? '')].filter((name) => name !== '').join(' ');
  const value = isText ? undefined : cell.value;
  return element(
    index === 0 ? 'th' : 'td',
    {
      ...(index === 0 && { scope: 'row' }),
      ...classed(classes),
      ...(value !== undefined && { 'data-value': String(value) }),
    },
    [isText ? escaped(cell) : cell.markup],
  );
}

function classed(classes: string): { readonly class?: string } {
  return classes === '' ? {} : { class: classes };
}
