/**
 * A curve as bars of block characters, an eighth of a line fine, with a second, higher curve shaded behind it. Pure text,
 * 80 columns.
 */
import { UNKNOWN } from './number.ts';
import { REPORT_COLUMNS } from './wrap.ts';

/** One place on the horizontal axis. */
export interface PlotPoint {
  readonly offset: number;
  /** From 0 to 1. */
  readonly rate: number;
  /** A rate that includes the other, so that it is at least as high. */
  readonly behind: number;
}

/** What `curvePlot` draws. */
export interface CurvePlot {
  /** By ascending offset, two at least. */
  readonly points: readonly PlotPoint[];
  /** What is drawn of the axis. */
  readonly from: number;
  readonly to: number;
  /** Unit of the offset, at the end of the axis. */
  readonly unit: string;
}

const ROWS = 8;
const LABEL_COLUMNS = 8;
const BAR_COLUMNS: number = REPORT_COLUMNS - LABEL_COLUMNS - 2;
const EIGHTHS = ' ▁▂▃▄▅▆▇█';
const SHADE = '░';
const FULL = '█';
/** Columns between two labels of the horizontal axis, at least. */
const TICK_COLUMNS = 11;

/** The curve in lines of at most 80 columns: rows of bars, the axis and its labels. */
export function curvePlot(plot: CurvePlot): string[] {
  const { from, to, points } = plot;
  const width = (to - from) / BAR_COLUMNS;
  const columns = Array.from({ length: BAR_COLUMNS }, (_, column) => {
    const left = from + column * width;
    // A column as wide as a peak must not hide it.
    const inside = points.filter(({ offset }) => offset >= left && offset < left + width);
    const all = [heightsAt(plot, left + width / 2), ...inside];
    return {
      rate: Math.max(...all.map(({ rate }) => rate)),
      behind: Math.max(...all.map(({ behind }) => behind)),
    };
  });
  const top = Math.max(...columns.flatMap(({ rate, behind }) => [rate, behind]));
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const row = ROWS - 1 - index;
    const label = index === 0 ? percentLabel(top) : row * 2 === ROWS ? percentLabel(top / 2) : '';
    const bars = columns.map((heights) => cell(heights, { row, top })).join('');
    return `${label.padStart(LABEL_COLUMNS)} │${bars}`.trimEnd();
  });
  return [...rows, ...axis(plot)];
}

function cell(
  { rate, behind }: Pick<PlotPoint, 'rate' | 'behind'>,
  { row, top }: { readonly row: number; readonly top: number },
): string {
  const eighths = top === 0 ? 0 : Math.round(((rate / top) * ROWS - row) * 8);
  if (eighths >= 8) return FULL;
  if (eighths > 0) return EIGHTHS.charAt(eighths);
  // The shade has no eighths: it fills a cell that is at least half covered.
  return top > 0 && (behind / top) * ROWS - row >= 0.5 ? SHADE : ' ';
}

/** Rates at an offset, by linear interpolation between neighbors. */
function heightsAt({ points }: CurvePlot, offset: number): Pick<PlotPoint, 'rate' | 'behind'> {
  const index = points.findIndex((point) => point.offset >= offset);
  const right = points[index];
  const left = points[index - 1];
  if (right === undefined || left === undefined) {
    const { rate = 0, behind = 0 } = (index === -1 ? points.at(-1) : points[0]) ?? {};
    return { rate, behind };
  }
  const part = (offset - left.offset) / (right.offset - left.offset);
  return {
    rate: left.rate + part * (right.rate - left.rate),
    behind: left.behind + part * (right.behind - left.behind),
  };
}

function axis({ from, to, unit }: CurvePlot): string[] {
  const step = tickStep(to - from);
  const columnOf = (offset: number): number =>
    Math.min(BAR_COLUMNS - 1, Math.floor(((offset - from) / (to - from)) * BAR_COLUMNS));
  const line = Array.from({ length: BAR_COLUMNS }, () => '─');
  let labels = '';
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) {
    const column = columnOf(tick);
    const label = `${tick + 0}${labels === '' ? ` ${unit}` : ''}`;
    const at = LABEL_COLUMNS + 2 + column - Math.floor(label.length / 2);
    line[column] = '┴';
    if (at < labels.length + 1 || at + label.length > REPORT_COLUMNS) continue;
    labels = labels.padEnd(at) + label;
  }
  return [`${'0'.padStart(LABEL_COLUMNS)} └${line.join('')}`, labels];
}

/** A round step between labels of an axis that leaves room for them: 1, 2 or 5 times a power of ten. */
export function tickStep(span: number): number {
  const least = (span * TICK_COLUMNS) / BAR_COLUMNS;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

/** A rate as a label of the vertical axis. */
function percentLabel(rate: number): string {
  if (!Number.isFinite(rate)) return UNKNOWN;
  const value = rate * 100;
  if (value >= 9.95 || value === 0) return `${value.toFixed(0)} %`;
  return value >= 0.095 ? `${Number(value.toPrecision(2))} %` : `${(rate * 1e6).toPrecision(2)} ppm`;
}
