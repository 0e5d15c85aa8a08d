/** Rates before and after on one logarithmic axis: a row for each arm, and under it one for each placement of the actors. */
import * as Plot from '@observablehq/plot';
import type { Rate } from '../../../stress/result/rate.ts';
import { armLabels } from '../../arm-label.ts';
import { isSeenOnly, SEEN } from '../../arm-table.ts';
import { short } from '../../number.ts';
import { isMixed, type RunResult } from '../../run-header.ts';
import { tableMarkup } from '../table.ts';
import { AXIS, type Chart, drawn, type Format } from './drawing.ts';
import { type LogAxis, logAxis, tickText } from './log-axis.ts';

/** An interval that reaches further down than this share of its rate is cut off there, with an arrow. */
const TAIL = 0.03;
const ROW: Readonly<Record<Format, number>> = { wide: 24, narrow: 42 };
const LABELS_WIDTH = 185;
const NUMBERS_WIDTH = 160;
/** The last tick needs room for half of its text. */
const EDGE = 14;
const AXIS_LABEL = 'violations per million trials, logarithmic';
const TICKS: Readonly<Record<Format, number>> = { wide: 9, narrow: 5 };

/** A row of the chart. */
export interface RateRow {
  /** Of which arm or run; and where, if it is a part of one. */
  readonly name: string;
  readonly part?: string;
  /** What stands beside it. @default its part, or its name */
  readonly text?: string;
  readonly rate: Rate;
  /** Violations of all blocks, those that count for no rate too, where that is known. */
  readonly seen?: number | undefined;
  readonly isControl: boolean;
}

/** What the chart takes of a run. */
type RatesDrawn = Pick<RunResult, 'arms' | 'placements' | 'classes'>;

/** The chart of a run; nothing where no block counts. */
export function rateChart(result: RatesDrawn): string {
  const { arms } = result;
  const isOfSeveral = isMixed(result);
  const labels = armLabels(arms);
  const rows = arms.flatMap(({ rate, expectation, violations: { total: seen } }, arm): RateRow[] => {
    const isControl = expectation === 'violates';
    const name = labels[arm] ?? '';
    return [
      isOfSeveral ? { name, text: `${name}, mixed`, rate, seen, isControl } : { name, rate, seen, isControl },
      ...partsOf(result, arm).map(({ part, rate: own, seen: all }): RateRow => ({
        name,
        part,
        rate: own,
        seen: all,
        isControl,
      })),
    ];
  });
  const parts = isOfSeveral ? 'placement of the actors' : 'core-to-core round trip';
  const below = rows.length === arms.length ? '' : `; under each strategy the same by ${parts}`;
  return ratesChart(rows, `Violations per million trials with their 95 % intervals${below}.`);
}

/** The rates that an arm's is made of: of placements that were asked for, or of those that the host made. */
function partsOf(
  { placements, classes = [] }: RatesDrawn,
  arm: number,
): Required<Pick<RateRow, 'part' | 'rate' | 'seen'>>[] {
  const parts =
    classes.length > 1
      ? classes.map(({ placement, arms }) => ({
          part: placement,
          rate: arms[arm]?.rate ?? null,
          seen: arms[arm]?.violations,
        }))
      : (placements.length < 2 ? [] : placements).map(({ roundTripNs, rates }) => ({
          part: `round trip ${short(roundTripNs)} ns`,
          rate: rates[arm] ?? null,
          seen: undefined,
        }));
  return parts.flatMap(({ part, rate, seen }) => (rate === null ? [] : [{ part, rate, seen }]));
}

/** The chart of rows; nothing where none has a rate. */
export function ratesChart(all: readonly RateRow[], caption: string): string {
  const rows = all.filter(({ rate }) => rate.blocks > 0);
  const extents = rows.flatMap(({ rate, seen }) => (isSeenOnly(rate, seen) ? [] : extentOf(rate)));
  if (logAxis(extents, TICKS.wide) === undefined) return '';
  const chart: Chart = {
    caption,
    legend: [
      ['diamond control', 'declared to violate'],
      ['circle fix', 'declared to hold'],
      ['arrow', 'none seen, or an interval that goes on: the line ends at the bound'],
    ],
    plot: (format) => ratesPlot(rows, logAxis(extents, TICKS[format]), format),
    numbers: numbersTable(rows),
  };
  return drawn(chart);
}

interface Drawn extends RateRow {
  readonly key: string;
  readonly isPart: boolean;
}

function ratesPlot(rows: readonly RateRow[], axis: LogAxis | undefined, format: Format): Plot.PlotOptions {
  const { low = 1, high = 10, ticks = [] } = axis ?? {};
  const isWide = format === 'wide';
  const all = rows.map((row, index): Drawn => ({
    ...row,
    key: String(index),
    isPart: row.part !== undefined,
  }));
  return {
    height: 46 + all.length * ROW[format],
    marginTop: 6,
    marginBottom: 40,
    marginLeft: isWide ? LABELS_WIDTH : EDGE,
    marginRight: isWide ? NUMBERS_WIDTH : EDGE,
    r: { type: 'identity' },
    symbol: { type: 'identity' },
    x: { type: 'log', domain: [low, high], clamp: true },
    y: { type: 'point', domain: all.map(({ key }) => key), axis: null, padding: 0.7 },
    marks: [
      Plot.gridX(ticks, { className: 'grid' }),
      Plot.axisX(ticks, { ...AXIS, tickFormat: tickText, label: AXIS_LABEL }),
      ...series(
        all.filter(({ isControl }) => isControl),
        low,
      ),
      ...series(
        all.filter(({ isControl }) => !isControl),
        low,
      ),
      ...(isWide ? wideTexts(all) : narrowTexts(all)),
    ],
  };
}

/** Marks of the controls, or of the others. */
function series(rows: readonly Drawn[], low: number): Plot.Markish[] {
  const isControl = rows[0]?.isControl === true;
  const className = `by-arm ${isControl ? 'control' : 'fix'}`;
  const y = 'key';
  const seen = rows.filter(({ rate }) => rate.perMillion > 0);
  const zeros = rows.filter(({ rate, seen: all }) => rate.perMillion === 0 && !isSeenOnly(rate, all));
  // Too few blocks do not tell how they vary.
  const known = seen.filter(({ rate }) => rate.designEffect !== null);
  const isCut = ({ rate }: Drawn): boolean => rate.low < low;
  const markOf =
    (what: string) =>
    (row: Drawn): string =>
      `${nameOf(row)}|${what}`;
  return [
    Plot.link(
      known.filter((row) => !isCut(row)),
      {
        y,
        x1: ({ rate }: Drawn) => rate.low,
        x2: ({ rate }: Drawn) => rate.high,
        ariaLabel: markOf('interval'),
        className,
        strokeWidth: 2,
      },
    ),
    Plot.arrow([...known.filter(isCut), ...zeros], {
      y,
      x1: ({ rate }: Drawn) => rate.high,
      x2: low,
      headLength: 9,
      headAngle: 50,
      ariaLabel: markOf('bound'),
      className,
      strokeWidth: 1.6,
    }),
    Plot.text(zeros, { y, x: ({ rate }: Drawn) => rate.high, text: () => '|', fontSize: 13, className }),
    Plot.dot(seen, {
      y,
      x: ({ rate }: Drawn) => rate.perMillion,
      r: ({ isPart }: Drawn) => (isPart ? 3.5 : 5.5),
      symbol: isControl ? 'diamond' : 'circle',
      ariaLabel: markOf('rate'),
      className: `${className} filled`,
    }),
  ];
}

function wideTexts(rows: readonly Drawn[]): Plot.Markish[] {
  return [
    Plot.text(rows, {
      y: 'key',
      text: ({ name, part, text }: Drawn) => text ?? part ?? name,
      frameAnchor: 'left',
      textAnchor: 'end',
      dx: -12,
      className: 'label',
    }),
    Plot.text(rows, {
      y: 'key',
      text: ({ rate, seen }: Drawn) => rateText(rate, seen),
      frameAnchor: 'right',
      textAnchor: 'end',
      dx: NUMBERS_WIDTH - 2,
      className: 'figure',
    }),
  ];
}

function narrowTexts(rows: readonly Drawn[]): Plot.Markish[] {
  const above = { y: 'key', dy: -18 } as const;
  return [
    Plot.text(rows, {
      ...above,
      text: ({ name, part, text }: Drawn) => text ?? part ?? name,
      frameAnchor: 'left',
      textAnchor: 'start',
      dx: -EDGE + 2,
      className: 'label',
    }),
    Plot.text(rows, {
      ...above,
      text: ({ rate, seen }: Drawn) => rateText(rate, seen),
      frameAnchor: 'right',
      textAnchor: 'end',
      dx: EDGE - 2,
      className: 'figure',
    }),
  ];
}

function nameOf({ name, part }: RateRow): string {
  return part === undefined ? name : `${name}, ${part}`;
}

/** `1.97k [565, 6.66k]`, or the bound of a zero; `seen` are the violations of all blocks, where that is known. */
export function rateText(rate: Rate, seen?: number): string {
  const { perMillion, low, high, designEffect, blocks } = rate;
  if (isSeenOnly(rate, seen)) return SEEN;
  if (blocks === 0) return 'no block counts';
  if (perMillion === 0) return `0, below ${short(high)}`;
  return designEffect === null
    ? `${short(perMillion)}, too few blocks`
    : `${short(perMillion)} [${short(low)}, ${short(high)}]`;
}

function extentOf({ perMillion, low, high, designEffect }: Rate): number[] {
  if (designEffect === null && perMillion > 0) return [perMillion];
  return perMillion === 0 ? [high] : [Math.max(low, perMillion * TAIL), perMillion, high];
}

function numbersTable(rows: readonly RateRow[]): string {
  const table = tableMarkup({
    caption: 'Rates in violations per million trials',
    columns: [
      { header: 'strategy' },
      { header: 'per million', isNumber: true },
      { header: 'low', isNumber: true },
      { header: 'high', isNumber: true },
      { header: 'blocks', isNumber: true },
    ],
    rows: rows.map((row) => {
      const { perMillion, low, high, designEffect, blocks } = row.rate;
      const isSeen = isSeenOnly(row.rate, row.seen);
      const isKnown = !isSeen && (designEffect !== null || perMillion === 0);
      return {
        cells: [
          nameOf(row),
          isSeen ? SEEN : short(perMillion),
          isKnown ? short(low) : '-',
          isKnown ? short(high) : '-',
          String(blocks),
        ],
      };
    }),
  });
  return `<details><summary>The numbers</summary>${table}</details>`;
}
