import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  counted,
  elapsed,
  grouped,
  listed,
  percent,
  share,
  short,
} from '../../../src/report/number.ts';

describe('short', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [999, '999'],
    [999.6, '1.00k'],
    [1000, '1.00k'],
    [31_416_320, '31.4M'],
    [999_499, '999k'],
    [999_600, '1.00M'],
    [1e15, '1.00P'],
    [3.456, '3.46'],
    [9.996, '10.0'],
    [99.96, '100'],
    [0.0123, '0.0123'],
    [0.00012, '1.2e-4'],
    [1e21, '1.0e21'],
    [5e-324, '~0'],
    [Number.NaN, '-'],
    [Number.POSITIVE_INFINITY, '-'],
  ])('writes %d as %s', (value, text) => {
    expect(short(value)).toBe(text);
  });

  it('stays within 1 % of the number (6 % below 1) and within six characters', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 9e17, noNaN: true }), (value) => {
        const text = short(value);
        const match = /^([\d.]+(?:e-\d+)?)([kMGTPE]?)$/.exec(text);
        const back =
          Number(match?.[1]) * 1000 ** ' kMGTPE'.indexOf(match?.[2] === '' ? ' ' : (match?.[2] ?? '?'));

        expect(text.length).toBeLessThanOrEqual(6);
        expect(Math.abs(back / value - 1)).toBeLessThan(value < 1 ? 0.06 : 0.01);
      }),
    );
  });
});

describe('share', () => {
  it.each([
    [0, 10, '0'],
    [10, 10, '100 %'],
    [1, 0, '-'],
    [62, 100, '62.0 %'],
    [1, 100, '1.00 %'],
    [393, 1_000_000, '393 ppm'],
    [9_999, 10_000_000, '0.10 %'],
    [999_999_999, 1_000_000_000, '>99.9 %'],
    [1, 1e15, '1.0e-9 ppm'],
  ])('writes %d of %d as %s', (count, total, text) => {
    expect(share(count, total)).toBe(text);
  });

  it('shows a zero for zero only, and 100 % for all only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (count, others) => {
        const text = share(count, count + others);

        expect(text).not.toMatch(/^(0|100 %|0\.0+ .*)$/);
      }),
    );
  });
});

describe('elapsed', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [10_084, '10.1 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_599_600, '1 h 0 min'],
    [30 * 24 * 3_600_000, '30 d 0 h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(elapsed(ms)).toBe(text);
  });
});

describe('other numbers', () => {
  it('groups digits the same way in every locale', () => {
    for (const value of [0, 7, 999, 1000, 1_234_567, -999, -12_345, 2 ** 53, 1e20, 1234.5]) {
      expect(grouped(value)).toBe(Math.round(value).toLocaleString('en-US'));
    }
  });

  it('writes probabilities without padding', () => {
    expect([0.95, 0.1, 0.005, 1, 1e-7].map(percent)).toEqual(['95 %', '10 %', '0.5 %', '100 %', '0.00001 %']);
  });

  it('writes sizes in binary units', () => {
    expect([180_224, 13_107_200, 20 * 2 ** 30].map(bytes)).toEqual(['176 KiB', '12.5 MiB', '20.0 GiB']);
  });

  it('takes the singular for one', () => {
    expect([counted(1, 'trial'), counted(0, 'trial'), counted(2e6, 'trial', short)]).toEqual([
      '1 trial',
      '0 trials',
      '2.00M trials',
    ]);
  });

  it('joins names as a sentence does', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
