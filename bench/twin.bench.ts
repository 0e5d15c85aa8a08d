/**
 * How fast is the hardware engine compared with a native program that makes the same shared accesses?
 *
 * Pairs of adjacent blocks, one of the engine and one of the C11 twin (native/twin.c), in random order: `primed`, one finder,
 * one reclaim, 4 pages, 256 worlds, stride 64. In sessions, in each of which both are started anew, since what the
 * JIT compiler makes of the code, and where the system puts a process, moves both rates: the session is the unit that intervals
 * rest on. The ratio is taken within each pair, and reported for each placement of the cores that was met, told apart by the round trips that both measure. Each
 * actor is kept on a processor of its own on both sides, where `taskset` can: what is compared are the programs, not what the
 * system's scheduler did with them in this minute.
 */
import { availableParallelism } from 'node:os';
import { pairedRatio } from '../src/stats/paired-ratio.ts';
import { type Placement, placementAt, placementsOf } from '../src/stats/placement.ts';
import { Prng } from '../src/stats/prng.ts';
import { median } from '../src/stats/quantile.ts';
import type { ProcessBlock } from './block-process.ts';
import { runEngineBlock, startEngine } from './engine-session.ts';
import { compileNative } from './native-program.ts';
import { Twin } from './native-twin.ts';

/** What the JIT compiler makes of the code moves a whole session: many short ones tell more than a few long ones. */
const SESSIONS = 24;
/** Short, so that the host leaves the cores where they are for both blocks of a pair. */
const BLOCK_MS = 50;
const PAIRS_PER_SESSION = 8;
/** How long the engine runs before the first pair: enough for the JIT compiler to settle. */
const WARM_UP_MS = 750;
const CONFIDENCE = 0.95;

interface Rates {
  readonly trialsPerSecond: number;
  readonly violationsPerSecond: number;
}

/** One pair of blocks. */
export interface TwinPair {
  /** Which session of the engine it belongs to: what the JIT compiler makes of the code differs between sessions. */
  readonly session: number;
  /** Round trip in ns that the twin measured; null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
  /** The same for the engine's block; absent in older results. */
  readonly engineRoundTripNs?: number | null;
  readonly engine: Rates;
  readonly native: Rates;
}

/** What one suite saves. */
export interface TwinResult {
  readonly strategy: string;
  readonly compiler: string;
  /** Whether each actor was kept on a processor of its own, on both sides; absent in older results. */
  readonly isPinned?: boolean;
  readonly pairs: readonly TwinPair[];
}

/** Runs the pairs; undefined where there is no C compiler. */
export async function twinSuite(strategy: 'none' | 'upstream'): Promise<TwinResult | undefined> {
  const compiled = compileNative('twin');
  if (compiled === undefined) return undefined;
  const prng = new Prng(1);
  try {
    const pairs: TwinPair[] = [];
    let isPinned = false;
    for (let session = 0; session < SESSIONS; session++) {
      const twin = new Twin(compiled.path, { strategy, pages: 4, worlds: 256, stride: 64 });
      try {
        await twin.runBlock(BLOCK_MS);
        isPinned = twin.pin();
        pairs.push(...(await runSession({ strategy, session, twin, prng, isPinned })));
      } finally {
        await twin.end();
      }
    }
    return { strategy, compiler: compiled.compiler, isPinned, pairs };
  } finally {
    compiled.remove();
  }
}

async function runSession(options: {
  readonly strategy: string;
  readonly session: number;
  readonly twin: Twin;
  readonly prng: Prng;
  readonly isPinned: boolean;
}): Promise<TwinPair[]> {
  const { strategy, session, twin, prng, isPinned } = options;
  const engine = await startEngine(
    { strategy, ...(isPinned && { pinned: 'apart' }) },
    availableParallelism(),
  );
  try {
    await runEngineBlock(engine, WARM_UP_MS);
    const pairs: TwinPair[] = [];
    for (let pair = 0; pair < PAIRS_PER_SESSION; pair++) {
      const first = prng.nextBelow(2) === 0 ? await runEngineBlock(engine, BLOCK_MS) : undefined;
      const native = await twin.runBlock(BLOCK_MS);
      const block = first ?? (await runEngineBlock(engine, BLOCK_MS));
      pairs.push({
        session,
        roundTripNs: native.roundTripNs,
        engineRoundTripNs: block.roundTripNs,
        engine: ratesOf(block),
        native: ratesOf(native),
      });
    }
    await engine.end();
    return pairs;
  } finally {
    await engine.destroy();
  }
}

function ratesOf(block: Pick<ProcessBlock, 'trials' | 'violations' | 'seconds'>): Rates {
  const { trials, violations, seconds } = block;
  return { trialsPerSecond: trials / seconds, violationsPerSecond: violations / seconds };
}

/** The placements of the cores that both sides of all these pairs met. */
export function placementsOfPairs(pairs: readonly TwinPair[]): readonly Placement[] {
  return placementsOf(pairs.flatMap((pair) => tripsOf(pair).flatMap((trip) => trip ?? [])));
}

/** The pairs both of whose blocks met a placement: one that the host moved between them compares nothing. */
export function pairsIn(
  pairs: readonly TwinPair[],
  placements: readonly Placement[],
  index: number,
): readonly TwinPair[] {
  const isHere = (trip: number | null): boolean => trip !== null && placementAt(placements, trip) === index;
  return pairs.filter((pair) => tripsOf(pair).every(isHere));
}

/** Round trips of the twin's block and of the engine's; older results have only the first. */
function tripsOf({ roundTripNs, engineRoundTripNs = roundTripNs }: TwinPair): (number | null)[] {
  return [roundTripNs, engineRoundTripNs];
}

/** A paragraph for people: ratios with intervals, a paragraph per placement. */
export function formatTwin({ strategy, compiler, isPinned = false, pairs }: TwinResult): string {
  const placements = placementsOfPairs(pairs);
  const met = placements.map((_, index) => pairsIn(pairs, placements, index));
  const left = pairs.length - met.flat().length;
  return [
    `Engine over C11 twin, ${strategy}${isPinned ? ', each actor on a processor of its own' : ''}, ${compiler}`,
    ...met.flatMap((here, index) => linesOf(here, placements[index]?.roundTripNs ?? Number.NaN)),
    ...(left === 0
      ? []
      : [`  left out: ${left} of ${pairs.length} pairs, not side by side or moved between the two`]),
  ].join('\n');
}

function linesOf(pairs: readonly TwinPair[], roundTripNs: number): string[] {
  const sessions = bySession(pairs);
  const [engine, native] = (['engine', 'native'] as const).map((side) =>
    (median(pairs.map((pair) => pair[side].trialsPerSecond)) / 1e6).toFixed(2),
  );
  return [
    `  round trip ${roundTripNs.toFixed(0)} ns, ${pairs.length} pairs in ${sessions.length} sessions`,
    `    trials/s      ${ratioText(sessions.map(trialsRatio))}   (medians ${engine} and ${native} M/s)`,
    `    violations/s  ${ratioText(sessions.map(violationsRatio))}`,
  ];
}

/** Pairs by session, in order. */
export function bySession(pairs: readonly TwinPair[]): (readonly TwinPair[])[] {
  const sessions = new Map<number, TwinPair[]>();
  for (const pair of pairs) sessions.set(pair.session, [...(sessions.get(pair.session) ?? []), pair]);
  return [...sessions.values()];
}

/** Trials per second of the engine over the twin's in one session. */
export function trialsRatio(pairs: readonly TwinPair[]): number {
  return median(pairs.map(({ engine, native }) => engine.trialsPerSecond / native.trialsPerSecond));
}

/** The same for violations, of all its pairs together: a short block may have none. */
function violationsRatio(pairs: readonly TwinPair[]): number {
  const sum = (side: 'engine' | 'native'): number =>
    pairs.reduce((total, pair) => total + pair[side].violationsPerSecond, 0);
  return sum('engine') / sum('native');
}

/** The median over sessions with its interval. One without a violation on one side counts as 0 or more than all others. */
function ratioText(ratios: readonly number[]): string {
  const pairs = ratios
    .filter((ratio) => !Number.isNaN(ratio))
    .map((ratio) => ({ a: Math.min(Math.max(ratio, Number.MIN_VALUE), Number.MAX_VALUE), b: 1 }));
  if (pairs.length === 0) return 'none';
  const { median: middle, low, high } = pairedRatio({ pairs, confidence: CONFIDENCE });
  const text = (ratio: number): string => (ratio === Number.MAX_VALUE ? 'no bound' : ratio.toFixed(3));
  return `${text(middle)} [${text(low)}, ${text(high)}]`;
}
