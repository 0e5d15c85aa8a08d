/**
 * Do 95 % intervals behave as such from one run to the next? `ebtorture compare` ten times; for each strategy that violated,
 * how many pairs of runs have intervals that overlap (of two intervals of the same rate, 99 % do), and how many of the
 * intervals hold the rate of the other runs together (of so many, 95 % would, less what that rate is uncertain by).
 *
 * A run's rate is that of the placements of its cores. The host moves them, and one run may be near throughout where the
 * next is far: then no interval from within a run can cover the next one. So the same is counted for the blocks of each
 * placement alone, told apart by the round trips of all runs together. Read both: the second is what the intervals
 * can promise, the first how much the host adds.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type BlockSample, blockTotals } from '../src/stats/block.ts';
import { placementAt, placementsOf } from '../src/stats/placement.ts';
import { rateInterval } from '../src/stats/rate-interval.ts';
import type { CompareResult } from '../src/stress/result/result.ts';
import type { BlockResult } from '../src/stress/plan/block-result.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const RUNS = Number(process.env['BENCH_RUNS'] ?? 10);
const DURATION = process.env['BENCH_DURATION'] ?? '10s';
const CONFIDENCE = 0.95;
/** An interval of fewer blocks is not what a run reports. */
const BLOCKS_MIN = 4;

/** How the intervals of one strategy met over the runs. */
export interface Coverage {
  readonly strategy: string;
  /** All blocks, or those of one placement. */
  readonly placement: string;
  /** Per run: the rate per million with its interval. */
  readonly rates: readonly { readonly rate: number; readonly low: number; readonly high: number }[];
  readonly pairs: number;
  readonly pairsOverlapping: number;
  /** Intervals that hold the rate of all other runs together. */
  readonly covering: number;
}

export async function coverageSuite(): Promise<readonly Coverage[]> {
  const runs: CompareResult[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { stdout, status } = spawnSync(
      process.execPath,
      [MAIN, 'compare', '--duration', DURATION, '--json', '--quiet'],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    if (status === null || status > 2) throw new Error(`compare: status ${status}`);
    runs.push(JSON.parse(stdout) as CompareResult);
  }
  return Promise.resolve(coverageOf(runs));
}

/** Compares the runs' intervals, over all blocks and under each placement. */
function coverageOf(runs: readonly CompareResult[]): Coverage[] {
  const trips = runs.flatMap(({ arms }) =>
    arms.flatMap(({ blockResults }) => used(blockResults).flatMap(({ roundTripNs }) => roundTripNs ?? [])),
  );
  const placements = placementsOf(trips);
  const groups: (readonly [string, (block: BlockResult) => boolean])[] = [
    ['all blocks', () => true],
    ...(placements.length < 2
      ? []
      : placements.map(
          ({ roundTripNs }, index) =>
            [
              `round trip ${Math.round(roundTripNs)} ns`,
              ({ roundTripNs: trip }: BlockResult) =>
                trip !== null && placementAt(placements, trip) === index,
            ] as const,
        )),
  ];
  const strategies = runs[0]?.config.strategies ?? [];
  return strategies.flatMap((strategy) =>
    groups.flatMap(([placement, isIn]) => {
      const samples = runs.map((run) => {
        const arm = run.arms.find((each) => each.strategy === strategy);
        return used(arm?.blockResults ?? [])
          .filter(isIn)
          .map(({ trials, violations, start }): BlockSample => ({ trials, hits: violations, start }));
      });
      return coverageIn(
        { strategy, placement },
        samples.filter((blocks) => blocks.length >= BLOCKS_MIN),
      );
    }),
  );
}

function coverageIn(
  what: Pick<Coverage, 'strategy' | 'placement'>,
  runs: readonly (readonly BlockSample[])[],
): Coverage[] {
  if (runs.length < 2 || runs.flat().every(({ hits }) => hits === 0)) return [];
  const intervals = runs.map((blocks) => rateInterval({ blocks, confidence: CONFIDENCE }));
  let pairs = 0;
  let pairsOverlapping = 0;
  for (const [index, one] of intervals.entries()) {
    for (const other of intervals.slice(index + 1)) {
      pairs++;
      if (one.low <= other.high && other.low <= one.high) pairsOverlapping++;
    }
  }
  const covering = intervals.filter(({ low, high }, index) => {
    const { hits, trials } = blockTotals(runs.toSpliced(index, 1).flat());
    return low <= hits / trials && hits / trials <= high;
  }).length;
  const rates = intervals.map(({ rate, low, high }) => ({
    rate: rate * 1e6,
    low: low * 1e6,
    high: high * 1e6,
  }));
  return [{ ...what, rates, pairs, pairsOverlapping, covering }];
}

function used(blocks: readonly BlockResult[]): BlockResult[] {
  return blocks.filter(({ rejected, trials }) => rejected === null && trials > 0);
}

/** A line per strategy and placement. */
export function formatCoverage(results: readonly Coverage[]): string {
  const lines = results.map(({ strategy, placement, rates, pairs, pairsOverlapping, covering }) => {
    const middle = rates.map(({ rate }) => rate).toSorted((a, b) => a - b);
    const range = `${Math.round(middle[0] ?? 0)} to ${Math.round(middle.at(-1) ?? 0)}`;
    return (
      `  ${strategy.padEnd(24)}${placement.padEnd(20)}${`${pairsOverlapping}/${pairs}`.padStart(8)} overlap` +
      `${`${covering}/${rates.length}`.padStart(8)} cover   ${range} per million`
    );
  });
  return [
    `95 % intervals of ${RUNS} runs of ${DURATION}, pair by pair and against the other runs`,
    ...lines,
  ].join('\n');
}
