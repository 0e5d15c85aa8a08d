import { describe, expect, it } from 'vitest';
import { curvePlot, type PlotPoint } from '../../../src/report/curve-plot.ts';

const plotOf = (points: readonly PlotPoint[]): string[] =>
  curvePlot({ points, from: -100, to: 100, unit: 'ns' });

/** How many of its lines have a bar or a shade at some place. */
const heightOf = (lines: readonly string[], cells: RegExp): number =>
  lines.filter((line) => cells.test(line.slice(10))).length;

describe('curvePlot', () => {
  it('draws the highest point over all rows, and labels it', () => {
    const lines = plotOf([
      { offset: -100, rate: 0, behind: 0 },
      { offset: 0, rate: 0.4, behind: 0.4 },
      { offset: 100, rate: 0, behind: 0 },
    ]);

    expect(heightOf(lines, /[▁-█]/)).toBe(8);
    expect(lines[0]).toMatch(/^ {4}40 % /);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
  });

  it('shades what lies behind, above the bars', () => {
    const lines = plotOf([
      { offset: -100, rate: 0.1, behind: 0.8 },
      { offset: 100, rate: 0.1, behind: 0.8 },
    ]);

    expect(heightOf(lines, /░/)).toBe(7);
    expect(heightOf(lines, /█/)).toBe(1);
  });

  it('shows an eighth of a row', () => {
    const lines = plotOf([
      { offset: -100, rate: 1 / 64, behind: 1 },
      { offset: 100, rate: 1 / 64, behind: 1 },
    ]);

    expect(lines[7]?.slice(10)).toBe('▁'.repeat(70));
  });

  it('puts zero of the axis where zero is', () => {
    const lines = plotOf([
      { offset: -100, rate: 0, behind: 0 },
      { offset: 100, rate: 0, behind: 0 },
    ]);

    expect(lines.at(-1)?.indexOf(' 0 ')).toBe(44);
    expect(lines.at(-2)?.[45]).toBe('┴');
  });

  it('draws nothing of a curve of zeros', () => {
    const lines = plotOf([
      { offset: -100, rate: 0, behind: 0 },
      { offset: 100, rate: 0, behind: 0 },
    ]);

    expect(heightOf(lines, /[▁-█░]/)).toBe(0);
  });
});
