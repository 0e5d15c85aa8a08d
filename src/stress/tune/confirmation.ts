import { lookAt, lookConfidence } from '../../stats/looks.ts';
import { isInPlacement } from '../../stats/placement.ts';
import type { Prng } from '../../stats/prng.ts';
import type { Pace } from '../plan/protocol.ts';
import { gainsOf, placementGroups, type PlacementGain, type TunePair } from './tune-gain.ts';
import type { TuneCount } from './tune-count.ts';

/**
 * Whether a setting that a search found is truly better than the natural one: the search chose it by chance too, in one
 * placement of the cores and in few starts of the threads. Here both run in turn, in many starts, until it is settled.
 */

/** What a confirmation comes to. */
export type TuneVerdict = 'used' | 'natural-best' | 'not-shown';

/** What was measured of a setting beside the natural one. */
export interface Confirmed {
  readonly pace: Pace;
  /** By placement of the cores, the one with most starts first. */
  readonly gains: readonly PlacementGain[];
  readonly blocks: readonly TuneCount[];
}

/** What the confirmation found. */
export interface Confirmation {
  readonly verdict: TuneVerdict;
  /** The setting that the verdict is about; undefined where there was none to confirm. */
  readonly best: Confirmed | undefined;
  readonly untuned: readonly TuneCount[];
  /** Starts of the threads, and how often the counts were looked at. */
  readonly starts: number;
  readonly looks: number;
  /** Of every interval: 95 % in each placement for all looks and settings together. */
  readonly confidence: number;
}

/** What is confirmed, and how. */
export interface ConfirmationParts {
  readonly untuned: Pace;
  /** The best first. */
  readonly candidates: readonly Pace[];
  /** Blocks in which the search last saw the best: a setting found in one placement says nothing of others in the next. */
  readonly searched: readonly TuneCount[];
  /** Starts the threads anew and warms them up. */
  readonly startAnew: () => Promise<void>;
  /** Runs a block of a setting for so many ms. */
  readonly measure: (pace: Pace, ms: number) => Promise<TuneCount>;
  readonly prng: Prng;
  /** Whether time is up. */
  readonly isOver: () => boolean;
}

const CONFIDENCE = 0.95;
/**
 * A setting is used if it has so many times the violations of the natural one, and the natural one is called best where every
 * other is shown to have less: a smaller gain is not worth a run whose rates are not natural, and where a start of the threads lasts as
 * long as here it could not be told from none in the time there is.
 */
export const NATURAL_MARGIN = 2;
/** With fewer starts no interval has bounds at the confidence of a first look. */
const STARTS_MIN = 8;
/** Turns of all settings in each start, and how long each block is. */
const TURNS = 7;
const BLOCK_MS = 10;

/** Runs the candidates beside the natural setting until it is settled whether one is better, or until time is up. */
export async function confirm(parts: ConfirmationParts): Promise<Confirmation> {
  const { untuned, candidates, startAnew, measure, prng, isOver } = parts;
  const pairs = candidates.map((): TunePair[] => []);
  const natural: TuneCount[] = [];
  let looks = 0;
  let starts = 0;
  while (candidates.length > 0 && !isOver()) {
    await startAnew();
    for (let turn = 0; turn < TURNS && !isOver(); turn++) {
      const counts = new Map<Pace, TuneCount>();
      for (const pace of prng.shuffle([untuned, ...candidates]))
        counts.set(pace, await measure(pace, BLOCK_MS));
      const base = counts.get(untuned);
      if (base === undefined) continue;
      natural.push(base);
      for (const [index, pace] of candidates.entries()) {
        const setting = counts.get(pace);
        if (setting !== undefined) pairs[index]?.push({ start: starts, setting, untuned: base });
      }
    }
    starts++;
    if (starts < STARTS_MIN || lookAt(starts, 'starts') === undefined) continue;
    const now = judged(parts, pairs, ++looks);
    if (now.verdict === 'used' || now.verdict === 'natural-best')
      return { ...now, untuned: natural, starts, looks };
  }
  return { ...judged(parts, pairs, looks + 1), untuned: natural, starts, looks: looks + 1 };
}

/** What the pairs so far say at look number `look`. */
function judged(
  { candidates, searched }: ConfirmationParts,
  pairs: readonly (readonly TunePair[])[],
  look: number,
): Pick<Confirmation, 'verdict' | 'best' | 'confidence'> {
  const alpha = 1 - lookConfidence({ confidence: CONFIDENCE, look });
  const confidence = 1 - alpha / Math.max(1, candidates.length);
  const places = placementGroups(pairs.flat().flatMap(({ setting, untuned }) => [setting, untuned]));
  const all = candidates.map((pace, index): Confirmed => {
    const own = pairs[index] ?? [];
    return { pace, gains: gainsOf(own, places, confidence), blocks: own.map(({ setting }) => setting) };
  });
  const used = all.filter(({ gains }) => gains.some(isShown)).toSorted((a, b) => gainShown(b) - gainShown(a));
  if (used[0] !== undefined) return { verdict: 'used', best: used[0], confidence };
  const ranked = all.toSorted((a, b) => (b.gains[0]?.ratio ?? 0) - (a.gains[0]?.ratio ?? 0));
  const isNatural = ranked.length > 0 && ranked.every((each) => isNoBetter(each, searched));
  return { verdict: isNatural ? 'natural-best' : 'not-shown', best: ranked[0], confidence };
}

/** Whether a gain is shown, and large enough for the setting to be used in this placement. */
export function isShown({ low, ratio }: Pick<PlacementGain, 'low' | 'ratio'>): boolean {
  return low > 1 && ratio >= NATURAL_MARGIN;
}

/** The largest of the gains that are shown. */
function gainShown({ gains }: Confirmed): number {
  return Math.max(...gains.filter(isShown).map(({ ratio }) => ratio));
}

/** Whether the natural setting is shown to be as good in every placement of which enough is known, and which was searched. */
function isNoBetter({ gains }: Confirmed, searched: readonly TuneCount[]): boolean {
  const known = gains.filter(({ high }) => high !== null);
  return (
    known.length > 0 &&
    known.every((gain) => (gain.high ?? Infinity) < NATURAL_MARGIN && wasSearched(gain, searched))
  );
}

/** Whether half of the blocks of the search, at least, met the placement of a gain. */
function wasSearched({ rangeNs }: PlacementGain, searched: readonly TuneCount[]): boolean {
  if (rangeNs === null) return true;
  const met = searched.filter(({ roundTripNs }) => isInPlacement({ rangeNs }, roundTripNs));
  return 2 * met.length >= searched.length;
}
