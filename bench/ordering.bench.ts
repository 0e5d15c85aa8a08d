/**
 * What does it cost that stores wait (`--ordering x86`)?
 *
 * - Throughput of the threads against that of threads whose stores do not wait: two actors, `primed`, 4 pages, in pairs of adjacent
 *   blocks, both engines started anew over and over. `BENCH_ORDERING_STARTS` says how often.
 * - States of a search with all reductions, under x86-TSO and under `sc`: each scenario of the project with the actors of its first
 *   start state, one page, under its control and under what mends it; a search ends at 2 million states.
 */
import { scenarios } from '../src/catalog/registry.ts';
import { strategiesDefault } from '../src/catalog/run-defaults.ts';
import { explore, type ExploreResult } from '../src/explore/explore.ts';
import { loadStrategy } from '../src/fix/plug-in/load.ts';
import type { Ordering } from '../src/memory/ordering.ts';
import { controlOf } from '../src/scenario/promises.ts';
import type { Scenario } from '../src/scenario/scenario.ts';
import { resolveSetting } from '../src/scenario/setting.ts';
import { pairEngines, type PairedThroughput } from './engine-session.ts';

/** What x86 may need at most of the states of `sc`, and threads of its throughput at least. */
const STATES_RATIO_MAX = 1.6;
const THROUGHPUT_MIN = 1;
const STATES_MAX = 2_000_000;

/** States of one search under both. */
export interface OrderingRow {
  readonly scenario: string;
  readonly strategy: string;
  readonly sc: number;
  readonly x86: number;
  /** Whether no limit ended either. */
  readonly complete: boolean;
}

/** What was measured. */
export interface OrderingResult {
  /** Trials per second of threads whose stores wait over those of threads whose stores do not; null where no x86-64 runs them. */
  readonly throughput: PairedThroughput | null;
  readonly states: readonly OrderingRow[];
}

/** Measures both. */
export async function orderingSuite(): Promise<OrderingResult> {
  const starts = process.env['BENCH_ORDERING_STARTS'];
  const [a, b] = (['x86', 'sc'] as const).map((ordering) => ({ strategy: 'upstream', ordering }));
  const throughput =
    process.arch !== 'x64' || a === undefined || b === undefined
      ? null
      : await pairEngines({ a, b }, starts === undefined ? undefined : Number(starts));
  const states: OrderingRow[] = [];
  for (const scenario of scenarios) {
    const names = new Set([controlOf(scenario), scenario.fix ?? strategiesDefault(scenario).at(-1) ?? '']);
    for (const name of names) states.push(await rowOf(scenario, name));
  }
  return { throughput, states };
}

async function rowOf(scenario: Scenario, name: string): Promise<OrderingRow> {
  const strategy = await loadStrategy(name, scenario.subject);
  const searched = (ordering: Ordering): ExploreResult =>
    explore({
      setting: resolveSetting({ scenario, pages: 1, ordering }),
      strategy,
      limits: { statesMax: STATES_MAX, countStatesMax: 0, witnessStatesMax: 0 },
    });
  const [sc, x86] = [searched('sc'), searched('x86')];
  return {
    scenario: scenario.name,
    strategy: name,
    sc: sc.states,
    x86: x86.states,
    complete: sc.complete && x86.complete,
  };
}

/** The tables. */
export function formatOrdering({ throughput, states }: OrderingResult): string {
  const rows = states.map(({ scenario, strategy, sc, x86, complete }) => {
    const ratio = x86 / sc;
    const judged = !complete ? 'not searched to its end' : ratio <= STATES_RATIO_MAX ? '' : 'TOO MANY';
    return `  ${scenario.padEnd(26)}${strategy.padEnd(24)}${String(sc).padStart(9)}${String(x86).padStart(9)}${ratio.toFixed(2).padStart(7)}  ${judged}`.trimEnd();
  });
  return [
    ...(throughput === null ? ['Throughput: no x86-64'] : [throughputText(throughput)]),
    `States, x86 over sc (at most ${STATES_RATIO_MAX})`,
    ...rows,
  ].join('\n');
}

function throughputText({ median, low, high, starts, pairs }: PairedThroughput): string {
  const judged = low >= THROUGHPUT_MIN ? 'not slower' : high < THROUGHPUT_MIN ? 'SLOWER' : 'not told apart';
  return (
    `Throughput, x86 over sc: ${median.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], ` +
    `${starts} starts of ${pairs} pairs: ${judged}`
  );
}
