/** What charts have in common: a logarithmic axis, and SVG that takes its colors from the page around it. */
import { short } from '../number.ts';
import { element, escaped } from './markup.ts';

export const CHART_WIDTH = 720;

/** A logarithmic axis. */
export interface LogScale {
  /** Ends of the axis, powers of ten. */
  readonly low: number;
  readonly high: number;
  /** Where a value lies; values beyond the ends lie on them. */
  readonly at: (value: number) => number;
  /** The powers of ten on it. */
  readonly ticks: readonly number[];
}

/** The axis from pixel `from` to pixel `to` that holds all of `values`, each above 0; undefined without any. */
export function logScale(values: readonly number[], from: number, to: number): LogScale | undefined {
  const usable = values.filter((value) => value > 0 && Number.isFinite(value));
  if (usable.length === 0) return undefined;
  const least = usable.reduce((min, value) => Math.min(min, value));
  const most = usable.reduce((max, value) => Math.max(max, value));
  const first = Math.floor(Math.log10(least));
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)));
  const [low, high] = [10 ** first, 10 ** last];
  return {
    low,
    high,
    at: (value) => {
      const share = (Math.log10(Math.min(high, Math.max(low, value))) - first) / (last - first);
      return from + share * (to - from);
    },
    ticks: Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index)),
  };
}

export function line(
  classes: string,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): string {
  return element('line', { class: classes, x1, y1, x2, y2 });
}

export function label(
  text: string,
  {
    x,
    y,
    anchor = 'start',
    classes = 'tick',
  }: { readonly x: number; readonly y: number; readonly anchor?: string; readonly classes?: string },
): string {
  return element('text', { class: classes, x, y, 'text-anchor': anchor }, [escaped(text)]);
}

/** The text of a power of ten: `0.1`, `100`, `10k`, `1M`. */
export function tickText(value: number): string {
  if (value < 1) return short(value);
  const [size, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Math.round(value / size)}${unit}`;
}

/** The chart with what it shows, for those who read it and for those who hear it. */
export function figure(caption: string, height: number, parts: readonly string[]): string {
  const drawing = element(
    'svg',
    {
      viewBox: `0 0 ${CHART_WIDTH} ${height}`,
      width: CHART_WIDTH,
      height,
      role: 'img',
      'aria-label': caption,
    },
    parts,
  );
  return element('figure', {}, [drawing, element('figcaption', {}, [escaped(caption)])]);
}
