/**
 * How fast is the hardware engine compared with a native program that makes the same shared accesses?
 *
 * Pairs of adjacent blocks, one of the engine and one of the C11 twin (native/twin.c), in random order: `primed`, one finder,
 * one reclaim, 4 pages, 256 worlds, stride 64. In sessions, in each of which both are started anew, since what the
 * JIT compiler makes of the code, and where the system puts a process, moves both rates. The ratio is taken within each
 * pair, and reported for each placement of the cores that was met, told apart by the round trips that both measure. Each
 * actor is kept on a processor of its own on both sides, where `taskset` can: what is compared are the programs, not what the
 * system's scheduler did with them in this minute.
 */
import { availableParallelism } from 'node:os';
import { pairedRatio } from '../src/stats/paired-ratio.ts';
import { Prng } from '../src/stats/prng.ts';
import { median } from '../src/stats/quantile.ts';
import type { ProcessBlock } from './block-process.ts';
import { runEngineBlock, startEngine } from './engine-session.ts';
import { compileTwin, Twin } from './native-twin.ts';

/** What the JIT compiler makes of the code moves a whole session: many short ones tell more than a few long ones. */
const SESSIONS = 24;
const BLOCK_MS = 150;
/** Blocks before the first pair: enough for the JIT compiler to settle. */
const WARM_UP_BLOCKS = 5;
const CONFIDENCE = 0.95;
/** Round trips below which cores are as near as that; this kind of machine has about 50, 110 and 500 ns. */
const PLACEMENTS = [
  { name: 'nearest', belowNs: 80 },
  { name: 'near', belowNs: 250 },
];

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
export async function twinSuite(
  strategy: 'none' | 'upstream',
  pairCount: number,
): Promise<TwinResult | undefined> {
  const compiled = compileTwin();
  if (compiled === undefined) return undefined;
  const prng = new Prng(1);
  try {
    const pairs: TwinPair[] = [];
    let isPinned = false;
    for (let session = 0; session < SESSIONS; session++) {
      const count = Math.floor(((session + 1) * pairCount) / SESSIONS) - pairs.length;
      const twin = new Twin(compiled.path, { strategy, pages: 4, worlds: 256, stride: 64 });
      try {
        await twin.runBlock(BLOCK_MS);
        isPinned = twin.pin();
        pairs.push(...(await runSession({ strategy, session, count, twin, prng, isPinned })));
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
  readonly count: number;
  readonly twin: Twin;
  readonly prng: Prng;
  readonly isPinned: boolean;
}): Promise<TwinPair[]> {
  const { strategy, session, count, twin, prng, isPinned } = options;
  const engine = await startEngine({ strategy, isPinned }, availableParallelism());
  try {
    for (let block = 0; block < WARM_UP_BLOCKS; block++) await runEngineBlock(engine, BLOCK_MS);
    const pairs: TwinPair[] = [];
    for (let pair = 0; pair < count; pair++) {
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

/** Pairs by placement of the cores: those that the host moved between their two blocks compare nothing. */
export function byPlacement(pairs: readonly TwinPair[]): ReadonlyMap<string, readonly TwinPair[]> {
  const placements = new Map<string, TwinPair[]>();
  for (const pair of pairs) {
    const { roundTripNs, engineRoundTripNs = roundTripNs } = pair;
    const [twin, engine] = [placementOf(roundTripNs), placementOf(engineRoundTripNs)];
    const name = twin === engine ? twin : 'moved between the two';
    placements.set(name, [...(placements.get(name) ?? []), pair]);
  }
  return placements;
}

function placementOf(roundTripNs: number | null): string {
  if (roundTripNs === null) return 'not side by side';
  return PLACEMENTS.find(({ belowNs }) => roundTripNs < belowNs)?.name ?? 'far';
}

/** A paragraph for people: ratios with intervals, one line per placement. */
export function formatTwin({ strategy, compiler, isPinned = false, pairs }: TwinResult): string {
  const lines = [...byPlacement(pairs)].flatMap(([name, met]) => {
    const roundTrips = met.flatMap(({ roundTripNs }) => roundTripNs ?? []);
    const where = roundTrips.length === 0 ? name : `${name} (round trip ${median(roundTrips).toFixed(0)} ns)`;
    const rates = (['engine', 'native'] as const).map((side) =>
      (median(met.map((pair) => pair[side].trialsPerSecond)) / 1e6).toFixed(2),
    );
    return [
      `  ${where}, ${met.length} pairs`,
      `    trials/s      ${ratioText(met, 'trialsPerSecond')}   (medians ${rates.join(' and ')} M/s)`,
      `    violations/s  ${ratioText(met, 'violationsPerSecond')}`,
    ];
  });
  const where = isPinned ? ', each actor on a processor of its own' : '';
  return [`Engine over C11 twin, ${strategy}${where}, ${compiler}`, ...lines].join('\n');
}

function ratioText(pairs: readonly TwinPair[], key: keyof Rates): string {
  const both = pairs.filter(({ engine, native }) => engine[key] > 0 && native[key] > 0);
  if (both.length === 0) return 'none on one side';
  const ratio = pairedRatio({
    pairs: both.map(({ engine, native }) => ({ a: engine[key], b: native[key] })),
    confidence: CONFIDENCE,
  });
  return `${ratio.median.toFixed(3)} [${ratio.low.toFixed(3)}, ${ratio.high.toFixed(3)}]`;
}
