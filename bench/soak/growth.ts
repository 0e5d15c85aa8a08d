/** What samples of a run's resident memory say about an hour of it. */
import { median } from '../../src/stats/quantile.ts';
import { type Point, type Trend, trend } from './trend.ts';

/** JIT compiler and heaps settle in the first minute. */
const SETTLED_S = 60;
/**
 * How often the run starts its threads: the most that a run of any length does by itself. Each start is a window that counts with
 * its median. Memory rises by some MB while V8 compiles and falls again, in every start, and windows of another length
 * would see now more of the one and now of the other.
 */
export const STARTS = 32;
/** A window that the first minute has left less of does not count. */
const LEFT_MIN = 1 / 3;
const HOUR_S = 3600;
/** The most that a run of an hour may grow after its first minute, in MB. */
export const GROWTH_MAX_MB = 5;

/** One reading of a process. */
export interface Sample {
  /** Since the start. */
  readonly seconds: number;
  /** Resident memory, in units of 1024 bytes. */
  readonly kilobytes: number;
}

/** How a run grew after its first minute. Slopes are in MB an hour. */
export interface Growth {
  readonly minutes: number;
  /** Medians of the starts, in MB, at their middles in seconds. */
  readonly windows: readonly Point[];
  /** From the first window to the last, in MB. */
  readonly seenMb: number;
  readonly all: Trend;
  /** Of the later half of the windows: a curve that levels off has a smaller slope there than on the whole. */
  readonly later: Trend;
  /**
   * What an hour grows by after its first minute, in MB, with the 95 % interval of the slope: what was seen, and the rest of the
   * hour at the slope of the later half. With the slope of all, a curve that levels off would never have done so. A slope
   * below zero is taken for none: what falls does so by chance.
   */
  readonly hourMb: Trend;
  /** Whether that is below the limit; null where the interval holds it: a longer run is needed. */
  readonly isMet: boolean | null;
}

/**
 * Judges samples.
 * @throws {RangeError} If a window has none: there are too few, or the run was no longer than its first minute.
 */
export function growthOf(samples: readonly Sample[]): Growth {
  const endS = samples.at(-1)?.seconds ?? 0;
  const windowS = endS / STARTS;
  const windows = Array.from({ length: STARTS }, (_, start) => {
    const from = Math.max(SETTLED_S, start * windowS);
    const to = (start + 1) * windowS;
    return { from, to };
  })
    .filter(({ from, to }) => to - from >= LEFT_MIN * windowS)
    .map(({ from, to }) => {
      const within = samples.filter(({ seconds }) => seconds > from && seconds <= to * (1 + 1e-9));
      return { at: (from + to) / 2, value: median(within.map(({ kilobytes }) => (kilobytes * 1024) / 1e6)) };
    });
  const all = perHour(trend(windows));
  const later = perHour(trend(windows.slice(Math.floor(windows.length / 2))));
  const seenMb = (windows.at(-1)?.value ?? 0) - (windows[0]?.value ?? 0);
  const restHours = Math.max(0, HOUR_S - endS) / HOUR_S;
  const hourAt = (slope: number): number => seenMb + restHours * Math.max(0, slope);
  const hourMb = { slope: hourAt(later.slope), low: hourAt(later.low), high: hourAt(later.high) };
  return { minutes: endS / 60, windows, seenMb, all, later, hourMb, isMet: judged(hourMb) };
}

function perHour({ slope, low, high }: Trend): Trend {
  return { slope: slope * HOUR_S, low: low * HOUR_S, high: high * HOUR_S };
}

function judged({ low, high }: Trend): boolean | null {
  if (high < GROWTH_MAX_MB) return true;
  return low >= GROWTH_MAX_MB ? false : null;
}

/** Some lines for people. */
export function formatGrowth({ minutes, windows, seenMb, all, later, hourMb, isMet }: Growth): string {
  const levels = windows.map(({ value }) => value);
  const answer = isMet === null ? 'not decided, take more --minutes' : isMet ? 'met' : 'not met';
  return [
    `Resident memory of a run of ${minutes.toFixed(0)} minutes after its first, medians of ${windows.length} starts of the threads`,
    `  from ${mb(levels[0])} to ${mb(levels.at(-1))} MB: ${signed(seenMb)} MB (least ${mb(Math.min(...levels))}, most ${mb(Math.max(...levels))})`,
    `  slope of all    ${perHourText(all)}`,
    `  later half      ${perHourText(later)}`,
    `  an hour         ${signed(hourMb.slope)} MB [${signed(hourMb.low)}, ${signed(hourMb.high)}]; less than ${GROWTH_MAX_MB} MB: ${answer}`,
  ].join('\n');
}

function perHourText({ slope, low, high }: Trend): string {
  return `${signed(slope)} MB an hour [${signed(low)}, ${signed(high)}]`;
}

function mb(value = NaN): string {
  return value.toFixed(1);
}

function signed(value: number): string {
  const size = Math.abs(value).toFixed(1);
  return `${value < 0 && Number(size) > 0 ? '-' : '+'}${size}`;
}
