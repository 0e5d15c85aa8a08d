/**
 * How fast is the hardware engine compared with a native program that makes the same shared accesses?
 *
 * Pairs of adjacent blocks, one of the engine and one of the C11 twin (native/twin.c), in random order: `primed`, one
 * finder, one reclaim, 4 pages, 256 worlds, stride 64. The ratio is taken within each pair, and reported for each placement
 * of the cores that was met, told apart by the round trip that the twin measures.
 */
import { wasmMemory } from '../src/memory/wasm-instructions.ts';
import { pairedRatio } from '../src/stats/paired-ratio.ts';
import { Prng } from '../src/stats/prng.ts';
import { median } from '../src/stats/quantile.ts';
import { arenaOf, settingOf } from '../src/stress/plan.ts';
import { Session } from '../src/stress/session.ts';
import { compileTwin, Twin } from './native-twin.ts';

const PAGES = 4;
const WORLDS = 256;
const STRIDE = 64;
const BLOCK_MS = 150;
/** Blocks before the first pair: enough for the JIT compiler to settle. */
const WARM_UP_BLOCKS = 5;
const CONFIDENCE = 0.95;
/** Between the two placements that this kind of machine has, about 110 and 420 ns. */
const FAR_NS = 250;

/** One pair of blocks. */
export interface TwinPair {
  /** Round trip in ns that the twin measured; null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
  readonly engine: { readonly trialsPerSecond: number; readonly violationsPerSecond: number };
  readonly native: { readonly trialsPerSecond: number; readonly violationsPerSecond: number };
}

/** What one suite saves. */
export interface TwinResult {
  readonly strategy: string;
  readonly compiler: string;
  readonly pairs: readonly TwinPair[];
}

/** Runs the pairs; undefined where there is no C compiler. */
export async function twinSuite(
  strategy: 'none' | 'upstream',
  pairCount: number,
): Promise<TwinResult | undefined> {
  const compiled = compileTwin();
  if (compiled === undefined) return undefined;
  const parts = {
    scenario: 'readahead-vs-releasepage',
    start: 'primed',
    actors: [
      { role: 'finder', count: 1 },
      { role: 'reclaim', count: 1 },
    ],
    pages: PAGES,
    worlds: WORLDS,
    stride: STRIDE,
    arms: [{ strategy }],
    seed: 1,
    trylockFail: 0,
    readFail: 0,
    delays: {},
  };
  const setting = settingOf(parts);
  const arena = arenaOf(parts, setting);
  const plan = { ...parts, memory: wasmMemory(arena.bytes), isProfiled: false, spinsMax: 20_000 };
  const session = new Session({ plan, setting, arena });
  const twin = new Twin(compiled.path, { strategy, pages: PAGES, worlds: WORLDS, stride: STRIDE });
  const prng = new Prng(1);
  try {
    await session.start();
    const engineBlock = async (): Promise<TwinPair['engine']> => {
      await session.runBlock({ arm: 0, round: 0, ms: BLOCK_MS, trialsMax: Infinity });
      const { trials = 0, seconds = NaN, violations = 0 } = session.arms[0]?.blocks.at(-1) ?? {};
      return { trialsPerSecond: trials / seconds, violationsPerSecond: violations / seconds };
    };
    for (let block = 0; block < WARM_UP_BLOCKS; block++) await engineBlock();
    await twin.runBlock(BLOCK_MS);
    const pairs: TwinPair[] = [];
    for (let pair = 0; pair < pairCount; pair++) {
      const isEngineFirst = prng.nextBelow(2) === 0;
      const first = isEngineFirst ? await engineBlock() : undefined;
      const { trials, seconds, violations, roundTripNs } = await twin.runBlock(BLOCK_MS);
      const engine = first ?? (await engineBlock());
      const native = { trialsPerSecond: trials / seconds, violationsPerSecond: violations / seconds };
      pairs.push({ roundTripNs, engine, native });
    }
    await session.end();
    return { strategy, compiler: compiled.compiler, pairs };
  } finally {
    twin.end();
    await session.destroy();
    compiled.remove();
  }
}

/** A paragraph for people: ratios with intervals, one line per placement. */
export function formatTwin({ strategy, compiler, pairs }: TwinResult): string {
  const placements: readonly (readonly [string, (pair: TwinPair) => boolean])[] = [
    ['near', ({ roundTripNs }) => roundTripNs !== null && roundTripNs < FAR_NS],
    ['far', ({ roundTripNs }) => roundTripNs !== null && roundTripNs >= FAR_NS],
    ['not side by side', ({ roundTripNs }) => roundTripNs === null],
  ];
  const lines = placements.flatMap(([name, isMet]) => {
    const met = pairs.filter(isMet);
    if (met.length === 0) return [];
    const roundTrips = met.flatMap(({ roundTripNs }) => roundTripNs ?? []);
    const speed = ratioText(met, 'trialsPerSecond');
    const violations = ratioText(met, 'violationsPerSecond');
    const where = roundTrips.length === 0 ? name : `${name} (round trip ${median(roundTrips).toFixed(0)} ns)`;
    const rates = (['engine', 'native'] as const).map((side) =>
      (median(met.map((pair) => pair[side].trialsPerSecond)) / 1e6).toFixed(2),
    );
    return [
      `  ${where}, ${met.length} pairs`,
      `    trials/s      ${speed}   (medians ${rates.join(' and ')} M/s)`,
      `    violations/s  ${violations ?? 'none on one side'}`,
    ];
  });
  return [`Engine over C11 twin, ${strategy}, ${compiler}`, ...lines].join('\n');
}

function ratioText(
  pairs: readonly TwinPair[],
  key: 'trialsPerSecond' | 'violationsPerSecond',
): string | undefined {
  const both = pairs.filter(({ engine, native }) => engine[key] > 0 && native[key] > 0);
  if (both.length === 0) return undefined;
  const ratio = pairedRatio({
    pairs: both.map(({ engine, native }) => ({ a: engine[key], b: native[key] })),
    confidence: CONFIDENCE,
  });
  return `${ratio.median.toFixed(3)} [${ratio.low.toFixed(3)}, ${ratio.high.toFixed(3)}]`;
}
