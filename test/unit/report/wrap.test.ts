import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tail, wrapped } from '../../../src/report/wrap.ts';

describe('wrapped', () => {
  it('breaks at spaces and indents the lines that follow', () => {
    expect(wrapped('one two three', { prefix: 'note: ', columns: 14 })).toEqual([
      'note: one two',
      '      three',
    ]);
  });

  it('cuts a word that is longer than a line', () => {
    expect(wrapped('abcdefgh ij', { columns: 5 })).toEqual(['abcde', 'fgh', 'ij']);
  });

  it('moves a word to the left that does not fit behind the indent, and never breaks it', () => {
    expect(wrapped('run abcdefgh ij', { prefix: '   x ', columns: 10 })).toEqual([
      '   x run',
      '  abcdefgh',
      '     ij',
    ]);
    expect(wrapped('abcdefgh ij', { prefix: '   x ', columns: 10 })).toEqual([
      '   x',
      '  abcdefgh',
      '     ij',
    ]);
  });

  it('loses no character and exceeds no line', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 5, max: 80 }), (text, columns) => {
        const lines = wrapped(text, { prefix: '- ', columns });

        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(`-${text.replaceAll(/\s/g, '')}`);
      }),
    );
  });
});

describe('tail', () => {
  it('keeps the end of a path', () => {
    expect(tail('./strategies/my-fix.mjs', 13)).toBe('...my-fix.mjs');
    expect(tail('upstream', 8)).toBe('upstream');
  });
});
