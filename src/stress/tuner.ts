import type { Prng } from '../stats/prng.ts';
import type { Pace } from './protocol.ts';

/** What a block of a setting showed. */
export interface TuneCount {
  readonly trials: number;
  readonly violations: number;
  readonly seconds: number;
}

/** A setting and what its blocks of the last round have shown. */
export interface Tried extends TuneCount {
  readonly pace: Pace;
  /** Blocks of the last round that it took part in, in their order. */
  readonly blocks: readonly TuneCount[];
  /** Rounds that it took part in. */
  readonly rounds: number;
}

/** One round: how many stay in, and for how long and how often each of them is tried. */
interface Round {
  readonly keep: number;
  readonly ms: number;
  readonly blocks: number;
}

/**
 * Successive halving (Karnin, Koren and Somekh, ICML 2013): every round has fewer settings and gives each of them more
 * time. Three seconds in all with 110 settings.
 */
const ROUNDS: readonly Round[] = [
  { keep: Infinity, ms: 5, blocks: 1 },
  { keep: 24, ms: 8, blocks: 2 },
  { keep: 8, ms: 20, blocks: 3 },
  { keep: 3, ms: 40, blocks: 8 },
];
/** Settings of the first round that are varied in the second. */
const VARIED = 4;

/** What is tuned, and how. */
export interface TunerParts {
  readonly untuned: Pace;
  readonly first: readonly Pace[];
  readonly variationsOf: (pace: Pace) => readonly Pace[];
  /** Runs a block of a setting for so many ms. */
  readonly measure: (pace: Pace, ms: number) => Promise<TuneCount>;
  readonly prng: Prng;
  readonly isAborted: () => boolean;
}

/**
 * Tries settings in rounds of interleaved blocks and returns all of them, those that lasted longest first, then by
 * violations per second. The untuned one takes part in every round, and is the first of the list.
 */
export async function tune(parts: TunerParts): Promise<readonly [untuned: Tried, ...others: Tried[]]> {
  const tried = new Map<string, Tried>();
  let pool = [parts.untuned, ...parts.first];
  for (const [index, { blocks: turns, ms }] of ROUNDS.entries()) {
    if (parts.isAborted()) break;
    const blocks = new Map(pool.map((pace) => [keyOf(pace), [] as TuneCount[]]));
    for (let turn = 0; turn < turns; turn++) {
      for (const pace of parts.prng.shuffle([...pool])) {
        blocks.get(keyOf(pace))?.push(await parts.measure(pace, ms));
        if (parts.isAborted()) break;
      }
    }
    const round = pool.map((pace) => triedOf(pace, blocks.get(keyOf(pace)) ?? [], index + 1));
    // In a round without a violation of any setting something else had a processor: it says nothing of any of them.
    if (index > 0 && round.every(({ violations }) => violations === 0)) break;
    for (const each of round) tried.set(keyOf(each.pace), each);
    pool = poolOf(parts, ranked(tried, parts.untuned), { index, tried });
  }
  const untuned = tried.get(keyOf(parts.untuned)) ?? triedOf(parts.untuned, [], 0);
  return [untuned, ...ranked(tried, parts.untuned)];
}

/** Who takes part in the round after number `index`: the best, and what lies beside them. */
function poolOf(
  { untuned, variationsOf }: TunerParts,
  others: readonly Tried[],
  { index, tried }: { readonly index: number; readonly tried: ReadonlyMap<string, Tried> },
): Pace[] {
  const next = ROUNDS[index + 1];
  const best = others.filter(({ rounds, violations }) => rounds === index + 1 && violations > 0);
  const pool = [untuned, ...best.slice(0, next?.keep ?? 0).map(({ pace }) => pace)];
  if (index > 0) return pool;
  const beside = best.slice(0, VARIED).flatMap(({ pace }) => variationsOf(pace));
  const fresh = new Map(beside.map((pace) => [keyOf(pace), pace]));
  return [...pool, ...[...fresh].flatMap(([key, pace]) => (tried.has(key) ? [] : [pace]))];
}

function ranked(tried: ReadonlyMap<string, Tried>, untuned: Pace): Tried[] {
  return [...tried]
    .filter(([key]) => key !== keyOf(untuned))
    .map(([, each]) => each)
    .toSorted((a, b) => b.rounds - a.rounds || perSecond(b) - perSecond(a));
}

function triedOf(pace: Pace, blocks: readonly TuneCount[], rounds: number): Tried {
  const sum = (of: keyof TuneCount): number => blocks.reduce((total, block) => total + block[of], 0);
  return {
    pace,
    blocks,
    rounds,
    trials: sum('trials'),
    violations: sum('violations'),
    seconds: sum('seconds'),
  };
}

/** Violations per second, 0 for no time. */
export function perSecond({ violations, seconds }: TuneCount): number {
  return seconds === 0 ? 0 : violations / seconds;
}

function keyOf({ stride, worlds, launch }: Pace): string {
  return launch === undefined ? `${stride} ${worlds}` : `launch ${launch.offsetNs} ${launch.lastToucher}`;
}
