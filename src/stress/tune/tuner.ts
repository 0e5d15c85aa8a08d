import type { Prng } from '../../stats/prng.ts';
import type { Pace } from '../plan/protocol.ts';
import type { TuneCount } from './tune-count.ts';
import { placementGroups } from './tune-gain.ts';

/** A setting and what its blocks of the last round have shown. */
export interface Tried {
  readonly pace: Pace;
  /** Blocks of the last round that it took part in, in their order. */
  readonly blocks: readonly TuneCount[];
  /** Violations per second, relative to those of all settings of that round in the same placement of the cores. */
  readonly score: number;
  /** Rounds that it took part in. */
  readonly rounds: number;
}

/** One round: how many stay in, and for how long and how often each of them is tried. */
interface Round {
  readonly keep: number;
  readonly ms: number;
  /** Starts of the threads, and blocks of each setting in each of them. */
  readonly starts: number;
  readonly blocks: number;
  /** How many of the best of the round before are varied for this one. */
  readonly varied: number;
}

/**
 * Successive halving (Karnin, Koren and Somekh, ICML 2013): every round has fewer settings and gives each of them more
 * time. Every round has starts of the threads of its own, since what the JIT compiler makes of the code moves the best offset.
 */
const ROUNDS: readonly Round[] = [
  { keep: Infinity, ms: 5, starts: 1, blocks: 1, varied: 0 },
  { keep: 16, ms: 6, starts: 1, blocks: 2, varied: 4 },
  { keep: 8, ms: 8, starts: 1, blocks: 2, varied: 2 },
  { keep: 5, ms: 10, starts: 3, blocks: 3, varied: 0 },
];

/** What is tuned, and how. */
export interface TunerParts {
  readonly untuned: Pace;
  readonly first: readonly Pace[];
  /** Settings beside a good one; `level` counts from 0, and each one is finer than the one before. */
  readonly variationsOf: (pace: Pace, level: number) => readonly Pace[];
  /** Starts the threads anew and warms them up. */
  readonly startAnew: () => Promise<void>;
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
  for (const [index, round] of ROUNDS.entries()) {
    if (parts.isAborted()) break;
    const found = scored(await blocksOf(parts, pool, round), index + 1);
    // In a round without a violation of any setting something else had a processor: it says nothing of any of them.
    if (index > 0 && found.every(({ blocks }) => !hasHits(blocks))) break;
    for (const each of found) tried.set(keyOf(each.pace), each);
    pool = poolOf(parts, ranked(tried, parts.untuned), { index, tried });
  }
  const untuned = tried.get(keyOf(parts.untuned)) ?? { pace: parts.untuned, blocks: [], score: 0, rounds: 0 };
  return [untuned, ...ranked(tried, parts.untuned)];
}

async function blocksOf(
  { startAnew, measure, prng, isAborted }: TunerParts,
  pool: readonly Pace[],
  { starts, blocks, ms }: Round,
): Promise<ReadonlyMap<Pace, readonly TuneCount[]>> {
  const counts = new Map(pool.map((pace) => [pace, [] as TuneCount[]]));
  for (let start = 0; start < starts; start++) {
    await startAnew();
    for (let turn = 0; turn < blocks; turn++) {
      for (const pace of prng.shuffle([...pool])) {
        if (isAborted()) return counts;
        counts.get(pace)?.push(await measure(pace, ms));
      }
    }
  }
  return counts;
}

/**
 * The settings of a round with their scores. Blocks are compared within a placement of the cores: the host moves these
 * meanwhile, and whoever has its turn in a near one would win.
 */
function scored(counts: ReadonlyMap<Pace, readonly TuneCount[]>, rounds: number): Tried[] {
  const all = [...counts.values()].flat();
  const { places, at } = placementGroups(all);
  const means = places.map((_, placement) =>
    mean(all.filter((block) => at(block) === placement).map(perSecond)),
  );
  return [...counts].map(([pace, blocks]) => ({
    pace,
    blocks,
    rounds,
    score: mean(
      blocks.flatMap((block) => {
        const usual = means[at(block) ?? -1];
        return usual === undefined || usual === 0 ? [] : [perSecond(block) / usual];
      }),
    ),
  }));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Who takes part in the round after number `index`: the best, and what lies beside them. */
function poolOf(
  { untuned, variationsOf }: TunerParts,
  others: readonly Tried[],
  { index, tried }: { readonly index: number; readonly tried: ReadonlyMap<string, Tried> },
): Pace[] {
  const { keep, varied } = ROUNDS[index + 1] ?? { keep: 0, varied: 0 };
  const best = others.filter(({ rounds, score }) => rounds === index + 1 && score > 0);
  const beside = best.slice(0, varied).flatMap(({ pace }) => variationsOf(pace, index));
  const fresh = new Map(beside.filter((pace) => !tried.has(keyOf(pace))).map((pace) => [keyOf(pace), pace]));
  return [untuned, ...best.slice(0, keep).map(({ pace }) => pace), ...fresh.values()];
}

function ranked(tried: ReadonlyMap<string, Tried>, untuned: Pace): Tried[] {
  return [...tried]
    .filter(([key]) => key !== keyOf(untuned))
    .map(([, each]) => each)
    .toSorted((a, b) => b.rounds - a.rounds || b.score - a.score);
}

/** Whether any of the blocks violated. */
export function hasHits(blocks: readonly TuneCount[]): boolean {
  return blocks.some(({ violations }) => violations > 0);
}

/** Violations per second, 0 for no time. */
export function perSecond({ violations, seconds }: Pick<TuneCount, 'violations' | 'seconds'>): number {
  return seconds === 0 ? 0 : violations / seconds;
}

function keyOf({ stride, worlds, launch, shift }: Pace): string {
  const { offsetNs, lastToucher } = launch ?? shift ?? { offsetNs: 0, lastToucher: 0 };
  const kind = launch !== undefined ? 'launch' : shift === undefined ? 'stride' : 'shift';
  return [kind, stride, worlds, offsetNs, lastToucher, shift?.jitterNs ?? 0, shift?.spacing ?? 0].join(' ');
}
