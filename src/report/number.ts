/**
 * Numbers as reports show them: short, the same in every locale, and never a nonzero that reads as zero.
 */

/** What stands for a number that is not known. */
export const UNKNOWN = '-';

const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const PLAIN_MIN = 0.00995;
const SIZE_MIN = 1e-9;

/** A whole number with thousands separators: `1,234,567`. */
export function grouped(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  // As toLocaleString('en-US') writes it, which loads all of Intl first: 5 to 10 ms.
  return String(Math.round(value)).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
}

/** Three digits (two below 1) and an SI prefix, at most six characters below 10^21: `31.4M`, `999`, `0.0123`, `1.2e-4`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < SIZE_MIN) return '~0';
  if (size < PLAIN_MIN || size >= 999.5e18) return value.toExponential(1).replace('+', '');
  if (size < 999.5) return Number.isInteger(value) ? String(value) : threeDigits(value);
  let power = Math.floor(Math.log10(size) / 3);
  // 999,600 rounds to 1.00M, not to 1000k.
  if (size / 1000 ** power >= 999.5) power++;
  return threeDigits(value / 1000 ** power) + (SI[power] ?? '');
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  return value.toFixed(size >= 0.0995 ? 2 : 4);
}

/** `count` of `total` as a percentage, in parts per million where it is small: `62.0 %`, `393 ppm`, `0`. */
export function share(count: number, total: number): string {
  if (!(total > 0)) return UNKNOWN;
  if (count === 0) return '0';
  const part = count / total;
  if (part < 0.9995e-3) return `${short(part * 1e6)} ppm`;
  if (count === total) return '100 %';
  const text = (part * 100).toFixed(part < 0.0995 ? 2 : 1);
  return text === '100.0' ? '>99.9 %' : `${text} %`;
}

/** A probability as a percentage without padding: `10 %`, `0.5 %`. */
export function percent(probability: number): string {
  return `${Number((probability * 100).toPrecision(6))} %`;
}

/** A time as people say it: `820 ms`, `10.1 s`, `2 min 5 s`, `3 h 0 min`, `2 d 4 h`. */
export function elapsed(ms: number): string {
  if (!Number.isFinite(ms)) return UNKNOWN;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A size in memory: `640 KiB`, `12.5 MiB`. */
export function bytes(size: number): string {
  if (!Number.isFinite(size)) return UNKNOWN;
  if (size < 2 ** 20) return `${Math.ceil(size / 2 ** 10)} KiB`;
  if (size < 2 ** 30) return `${(size / 2 ** 20).toFixed(1)} MiB`;
  return `${(size / 2 ** 30).toFixed(1)} GiB`;
}

/** `1 trial`, `2 trials`; `form` is how the number is written. */
export function counted(value: number, noun: string, form: (value: number) => string = grouped): string {
  return `${form(value)} ${plural(noun, value)}`;
}

/** The noun for so many. */
export function plural(noun: string, count: number): string {
  if (count === 1) return noun;
  return noun.endsWith('ch') ? `${noun}es` : `${noun}s`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
