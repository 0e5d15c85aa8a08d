import { describe, expect, it } from 'vitest';
import { plain } from '../../../src/report/paint.ts';
import { type TextTable, textTable } from '../../../src/report/text-table.ts';

const table: TextTable = {
  columns: [
    { header: 'count', align: 'right', group: 'trials' },
    { header: 'M/s', align: 'right', group: 'trials' },
    { header: 'verdict', align: 'left' },
  ],
  rows: [
    { kind: 'heading', text: 'controls' },
    { kind: 'cells', label: 'none', cells: ['31.4M', '12.6', { text: 'violated', tone: 'good' }] },
  ],
};

describe('textTable', () => {
  it('aligns columns under their headers and groups', () => {
    expect(textTable(table, plain)).toEqual([
      '        - trials --',
      '        count   M/s  verdict',
      'controls',
      '  none  31.4M  12.6  violated',
    ]);
  });

  it('paints cells without moving what is behind them', () => {
    const painted = textTable(table, (tone, text) => `<${tone}>${text}</>`);

    expect(painted.at(-1)).toBe('  none  31.4M  12.6  <good>violated</>');
    expect(painted.slice(0, -1)).toEqual(textTable(table, plain).slice(0, -1));
  });

  it('takes one space between columns, then shortens labels, where the width runs out', () => {
    const wide: TextTable = {
      columns: [
        { header: 'a', align: 'right' },
        { header: 'b', align: 'right' },
      ],
      rows: [{ kind: 'cells', label: 'l'.repeat(30), cells: ['1'.repeat(30), '2'.repeat(30)] }],
    };
    const [, row = ''] = textTable(wide, plain);

    expect(row).toHaveLength(80);
    expect(row).toBe(`  ...${'l'.repeat(13)} ${'1'.repeat(30)} ${'2'.repeat(30)}`);
  });
});
