/**
 * Parsers of option values. Each takes the option as the user typed it and the text behind it, and either returns a
 * value or throws a `UsageError` that says what was expected and what came instead.
 */
import { STARTS_ASKED_MAX } from '../stress/plan/starts.ts';
import { grouped } from '../report/number.ts';
import type { Point } from '../fix/subject.ts';
import type { Shard } from '../stats/shard.ts';
import type { RoleCount } from '../scenario/scenario.ts';
import { didYouMean } from '../fix/plug-in/suggest.ts';
import { UsageError } from './usage-error.ts';
import { clipped } from './visible.ts';

/** Limits, both of them allowed. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export const PAGES: Range = { min: 1, max: 16 };
export const STRIDE: Range = { min: 1, max: 65_536 };
/** Offsets of a window profile: with fewer there is no curve. */
export const POINTS_COUNT: Range = { min: 8, max: 256 };
export const WORLDS_MAX: number = 2 ** 24;
export const FOLD: Range = { min: 2, max: 1e9 };
export const STARTS: Range = { min: 1, max: STARTS_ASKED_MAX };
/** As many as a cluster may have tasks. */
export const SHARDS_MAX = 10_000;
export const SEED: Range = { min: 0, max: 2 ** 32 - 1 };
export const DURATION_MS: Range = { min: 100, max: 30 * 24 * 3_600_000 };
export const TRIALS: Range = { min: 1, max: 1e15 };
export const JITTER_NS: Range = { min: 0, max: 1_000_000 };
/** The highest probability of a stall: stalls are to be rare, or they hide the race. */
export const STALL_MAX = 0.01;
export const STALL_NS: Range = { min: 2_000, max: 10_000_000 };
const DELAY_NS: Range = { min: 0, max: 1_000_000 };
const OFFSET_NS_MAX = 100_000;
/** Below this range every offset is the same one. */
const OFFSET_RANGE_NS_MIN = 20;
const ACTOR_COUNT: Range = { min: 1, max: 16 };

const ECHO_CHARACTERS_MAX = 60;
const UNITS_MS: ReadonlyMap<string | undefined, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 24 * 3_600_000],
]);
const MULTIPLES: ReadonlyMap<string | undefined, number> = new Map([
  [undefined, 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
]);

/** What came instead, on one line: numbers as they are, the rest in quotes. */
export function echoed(text: string): string {
  if (text.length <= ECHO_CHARACTERS_MAX && /^-?\d+(\.\d+)?$/.test(text)) return text;
  return `'${clipped(text, ECHO_CHARACTERS_MAX)}'`;
}

function fail(option: string, expected: string, text: string): never {
  throw new UsageError(`${option}: expected ${expected}, got ${echoed(text)}`);
}

/** A whole number in decimal digits. */
export function parseInteger(option: string, text: string, { min, max }: Range): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  return fail(option, `an integer from ${grouped(min)} to ${grouped(max)}`, text);
}

/** A number from 0 to `max`. */
export function parseProbability(option: string, text: string, max = 1): number {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= max) return value;
  return fail(option, `a probability from 0 to ${max}`, text);
}

/** A time with its unit, as milliseconds: `10s`, `1500ms`, `2m`, `1h`, `1d`. */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const ms = Math.round(Number(match?.[1]) * (UNITS_MS.get(match?.[2]) ?? Number.NaN));
  if (ms >= DURATION_MS.min && ms <= DURATION_MS.max) return ms;
  return fail(option, 'a time from 100ms to 30d, such as 10s, 1500ms, 2m or 1h', text);
}

/** Offsets in ns: `500` for both sides of zero, or `-200..600`. */
export function parseOffsets(option: string, text: string): readonly [number, number] {
  const match = /^(?:(-?\d{1,6})\.\.)?(-?\d{1,6})$/.exec(text);
  const to = Number(match?.[2]);
  const from = match?.[1] === undefined ? -to : Number(match[1]);
  const isRange = to - from >= OFFSET_RANGE_NS_MIN && Math.max(-from, to) <= OFFSET_NS_MAX;
  if (isRange) return [from, to];
  return fail(
    option,
    `offsets in ns such as 500 or -200..600, at least ${OFFSET_RANGE_NS_MIN} apart, up to ${grouped(OFFSET_NS_MAX)}`,
    text,
  );
}

/** A start offset in ns, which may be negative. */
export function parseOffset(option: string, text: string): number {
  const value = /^-?\d{1,6}$/.test(text) ? Number(text) + 0 : Number.NaN;
  if (Math.abs(value) <= OFFSET_NS_MAX) return value;
  return fail(option, `whole ns from -${grouped(OFFSET_NS_MAX)} to ${grouped(OFFSET_NS_MAX)}`, text);
}

/** A count of trials: `10`, `1e6`, `10M`, `2k`. */
export function parseTrials(option: string, text: string): number {
  return parseCount(option, text, 'trials');
}

/** A count of things: `10`, `1e6`, `10M`, `2k`. */
export function parseCount(option: string, text: string, things: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)([kMG])?$/.exec(text);
  const value = Number(match?.[1]) * (MULTIPLES.get(match?.[2]) ?? Number.NaN);
  if (Number.isInteger(value) && value >= TRIALS.min && value <= TRIALS.max) return value;
  return fail(option, `a whole number of ${things} from 1 to 1e15, such as 10, 1e6, 10M or 2k`, text);
}

/** What there is to choose from. */
export interface Names<Name extends string> {
  /** What they are names of. */
  readonly kind: string;
  readonly known: readonly Name[];
}

/** A part of a work, such as `2/4`. */
export function parseShard(option: string, text: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (index >= 1 && index <= of && of <= SHARDS_MAX) return { index, of };
  return fail(option, `a part such as 2/4, from 1/4 to 4/4, of up to ${grouped(SHARDS_MAX)}`, text);
}

/** One of the known names. */
export function parseName<Name extends string>(
  option: string,
  text: string,
  { kind, known }: Names<Name>,
): Name {
  const found = known.find((name) => name === text);
  if (found !== undefined) return found;
  const near = didYouMean(text, known);
  throw new UsageError(`${option}: unknown ${kind} ${echoed(text)}${near} (known: ${known.join(', ')})`);
}

/** The items of a list with commas between; none may be empty. */
export function parseList(option: string, texts: readonly string[], example: string): string[] {
  return texts.flatMap((text) => {
    const items = text.split(',').map((item) => item.trim());
    return items.includes('') ? fail(option, `a list such as ${example}`, text) : items;
  });
}

/** Actors with their numbers: `finder=2,reclaim=1`. */
export function parseActors(option: string, text: string, roles: readonly string[]): RoleCount[] {
  const counts = parsePairs(option, [text], 'finder=2,reclaim=1');
  return [...counts].map(([name, count]) => {
    const role = parseName(option, name, { kind: 'actor', known: roles });
    return { role, count: parseInteger(`${option} ${role}`, count, ACTOR_COUNT) };
  });
}

/** Delays in ns by point: `find:ref=200,read:entry=50`. */
export function parseDelays(
  option: string,
  texts: readonly string[],
  points: readonly Point[],
): Record<string, number> {
  const known = points.map(({ name }) => name);
  const delays = [...parsePairs(option, texts, 'find:ref=200')].map(([name, ns]): [string, number] => {
    const point = parseName(option, name, { kind: 'point', known });
    return [point, parseInteger(`${option} ${point}`, ns, DELAY_NS)];
  });
  return Object.fromEntries(delays);
}

/** `name=value` items, each name once. */
function parsePairs(option: string, texts: readonly string[], example: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const item of parseList(option, texts, example)) {
    const at = item.indexOf('=');
    if (at < 1) fail(option, `name=number such as ${example}`, item);
    const name = item.slice(0, at);
    if (pairs.has(name)) throw new UsageError(`${option}: ${echoed(name)} is given twice`);
    pairs.set(name, item.slice(at + 1));
  }
  return pairs;
}
