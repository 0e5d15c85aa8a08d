import { short } from '../../number.ts';

/** A logarithmic axis: powers of ten that hold all values. */
export interface LogAxis {
  readonly low: number;
  readonly high: number;
  /** Its powers of ten, or some of them where there is no room for all. */
  readonly ticks: readonly number[];
}

/** The axis that holds all of `values` that are above 0; undefined without any. */
export function logAxis(values: readonly number[], ticksMax: number): LogAxis | undefined {
  const usable = values.filter((value) => value > 0 && Number.isFinite(value));
  if (usable.length === 0) return undefined;
  const least = usable.reduce((min, value) => Math.min(min, value));
  const most = usable.reduce((max, value) => Math.max(max, value));
  const first = Math.floor(Math.log10(least));
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)));
  const step = Math.ceil((last - first + 1) / ticksMax);
  const ticks: number[] = [];
  for (let power = first; power <= last; power += step) ticks.push(10 ** power);
  return { low: 10 ** first, high: 10 ** last, ticks };
}

/** The text of a power of ten: `0.1`, `100`, `10k`, `1M`. */
export function tickText(value: number): string {
  if (value < 1) return short(value);
  const [size, unit] =
    value >= 1e9 ? [1e9, 'G'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Math.round(value / size)}${unit}`;
}
