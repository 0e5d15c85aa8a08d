/**
 * How much faster do two threads search than one, and how much faster could they be on this host?
 *
 * Workload: the complete proof of `upstream` for six finders and one reclaim, `primed`, one page, 11.4 million states; from
 * process start to verdict. Each round has one search on one thread, one on two, and two searches of one thread each at
 * once, which share nothing but the host: its cores, caches and memory. What those lose to each other no search on two
 * threads can be asked for.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ExploreResult } from '../src/explore/explore.ts';
import { median } from '../src/stats/quantile.ts';

const ROUNDS = 5;
const THREADS = 2;
const ACTORS = 'finder=6,reclaim=1';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** Loaded by the program before its own code: says how much memory it had at most, in KiB. */
const WATCH = `data:text/javascript,process.on('exit',()=>process.stderr.write('maxRSS='+process.resourceUsage().maxRSS))`;

const run = promisify(execFile);

/** What the rounds have shown; ratios are medians over them. */
export interface SearchThreadsResult {
  readonly actors: string;
  readonly threads: number;
  readonly states: number;
  readonly rounds: readonly Round[];
  /** Time of one thread over that of two, in the same round. */
  readonly speedUp: number;
  /** The same for two searches at once that share nothing: what the host gives. */
  readonly ceiling: number;
  /** Most memory that a search on two threads had. */
  readonly memoryMb: number;
}

/** Seconds from process start to verdict. */
interface Round {
  readonly oneThread: number;
  readonly twoThreads: number;
  /** Each of two searches of one thread at once. */
  readonly atOnce: readonly number[];
}

/** Runs the rounds; undefined on a host with a single core. The program must have been built. */
export async function searchThreadsSuite(): Promise<SearchThreadsResult | undefined> {
  if (availableParallelism() < THREADS) return undefined;
  const rounds: Round[] = [];
  let states = 0;
  let memoryMb = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const one = await search(1);
    const two = await search(THREADS);
    const atOnce = await Promise.all(Array.from({ length: THREADS }, async () => search(1)));
    if (one.states !== two.states) throw new Error(`${one.states} states, and ${two.states} on two threads`);
    ({ states } = two);
    memoryMb = Math.max(memoryMb, two.memoryMb);
    rounds.push({
      oneThread: one.seconds,
      twoThreads: two.seconds,
      atOnce: atOnce.map(({ seconds }) => seconds),
    });
  }
  return {
    actors: ACTORS,
    threads: THREADS,
    states,
    rounds,
    speedUp: median(rounds.map(({ oneThread, twoThreads }) => oneThread / twoThreads)),
    ceiling: median(rounds.map(({ oneThread, atOnce }) => (THREADS * oneThread) / mean(atOnce))),
    memoryMb,
  };
}

/** The rounds, and what comes of them. */
export function formatSearchThreads(result: SearchThreadsResult): string {
  const { actors, states, rounds, speedUp, ceiling, memoryMb } = result;
  const column = (value: number): string => `${value.toFixed(2)} s`.padStart(12);
  return [
    `Search on two threads: upstream from primed, one page, ${actors}, ${states.toLocaleString('en-US')} states`,
    '  one thread two threads     at once       at once',
    ...rounds.map(
      ({ oneThread, twoThreads, atOnce }) =>
        `${column(oneThread)}${column(twoThreads)}${atOnce.map(column).join('  ')}`,
    ),
    `Two threads: ${speedUp.toFixed(2)} times the speed of one; two searches at once that share nothing:`,
    `${ceiling.toFixed(2)} (medians of ${rounds.length} rounds). Memory: ${memoryMb.toFixed(0)} MB.`,
  ].join('\n');
}

async function search(threads: number): Promise<{
  readonly seconds: number;
  readonly states: number;
  readonly memoryMb: number;
}> {
  const given = ['--strategy', 'upstream', '--pages', '1', '--actors', ACTORS];
  const startedAt = process.hrtime.bigint();
  const { stdout, stderr } = await run(process.execPath, [
    '--import',
    WATCH,
    MAIN,
    'explore',
    ...given,
    '--threads',
    String(threads),
    '--json',
  ]);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what explore --json prints
  const { verdict, states } = JSON.parse(stdout) as ExploreResult;
  if (verdict !== 'holds') throw new Error(`${ACTORS} on ${threads} threads: ${verdict}`);
  return { seconds, states, memoryMb: Number(/maxRSS=(\d+)/.exec(stderr)?.[1]) / 1024 };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
