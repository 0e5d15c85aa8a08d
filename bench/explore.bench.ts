/**
 * How long does it take from process start to the complete proof of `upstream`, and how long does SPIN take?
 *
 * Cases: `primed`, one page, so many finders + reclaims. Ours: a new process of the built program per run, that imports
 * explore and prints its result. SPIN's, where spin and gcc are installed: generate + gcc -O2 + pan on the equivalent
 * model in bench/spin, its partial-order reduction on. Median of the runs; transitions per second are those of the search
 * alone, one core.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CASES: readonly (readonly [finders: number, reclaims: number])[] = [
  [3, 1],
  [3, 2],
  [4, 1],
  [4, 2],
  [5, 1],
];
const RUNS = 3;
/** Stack and hash table of pan. */
const PAN_OPTIONS = ['-m1000000', '-w24'];
/** Where pan gives up: the largest cases take more than 17 GB and eight minutes without a limit. */
const PAN_MEMORY_MB = 4096;
const PAN_TIME_MAX_MS = 120_000;

const MODEL = fileURLToPath(new URL('spin/primed.pml', import.meta.url));
const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** One case, ours and SPIN's; times in seconds from process start to verdict. */
export interface ExploreRow {
  readonly finders: number;
  readonly reclaims: number;
  readonly seconds: number;
  readonly states: number;
  readonly transitions: number;
  readonly transitionsPerSecond: number;
  readonly spin: SpinRun | undefined;
}

/** What SPIN took; a lower bound if it ran out of memory or time. */
interface SpinRun {
  readonly seconds: number;
  readonly states: number;
  readonly isComplete: boolean;
}

/** Runs all cases. The program must have been built. */
export function exploreSuite(): ExploreRow[] {
  const hasSpin = isInstalled('spin', '-V') && isInstalled('gcc', '--version');
  return CASES.map(([finders, reclaims]) => {
    const runs = Array.from({ length: RUNS }, () => ourRun(finders, reclaims));
    const { states, transitions } = runs[0] ?? { states: 0, transitions: 0 };
    const searchMs = median(runs.map(({ elapsedMs }) => elapsedMs));
    return {
      finders,
      reclaims,
      seconds: median(runs.map(({ seconds }) => seconds)),
      states,
      transitions,
      transitionsPerSecond: transitions / (searchMs / 1000),
      spin: hasSpin ? spinRun(finders, reclaims) : undefined,
    };
  });
}

/** The rows as a table. */
export function formatExplore(rows: readonly ExploreRow[]): string {
  const lines = rows.map(({ finders, reclaims, seconds, states, transitions, transitionsPerSecond, spin }) =>
    [
      `  ${finders}+${reclaims}`,
      `${seconds.toFixed(2)} s`.padStart(10),
      states.toLocaleString('en-US').padStart(13),
      transitions.toLocaleString('en-US').padStart(13),
      `${(transitionsPerSecond / 1e6).toFixed(2)} M/s`.padStart(11),
      spin === undefined
        ? 'not installed'
        : `${spin.isComplete ? '' : '> '}${spin.seconds.toFixed(2)} s`.padStart(10),
      spin === undefined || Number.isNaN(spin.states) ? '' : spin.states.toLocaleString('en-US').padStart(13),
    ].join(''),
  );
  const head = '  case  to verdict       states  transitions     per core      SPIN  SPIN states';
  return ['Proof of upstream from primed, one page, finders + reclaims', head, ...lines].join('\n');
}

interface OurRun {
  readonly seconds: number;
  readonly states: number;
  readonly transitions: number;
  readonly elapsedMs: number;
}

function ourRun(finders: number, reclaims: number): OurRun {
  const program = `
    import { explore } from './dist/explore/explore.js';
    import { upstream } from './dist/fix/upstream.js';
    import { resolveSetting } from './dist/scenario/setting.js';
    import { readaheadVsReleasepage as scenario } from './dist/scenario/readahead-vs-releasepage.js';
    const actors = [{ role: 'finder', count: ${finders} }, { role: 'reclaim', count: ${reclaims} }];
    const setting = resolveSetting({ scenario, start: 'primed', actors, pages: 1 });
    const { verdict, states, transitions, elapsedMs } = explore({
      setting, strategy: upstream, limits: { countStatesMax: 0 }, clock: () => performance.now(),
    });
    if (verdict !== 'holds') throw new Error(verdict);
    console.log(JSON.stringify({ states, transitions, elapsedMs }));
  `;
  const startedAt = process.hrtime.bigint();
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  return { ...(JSON.parse(output) as Omit<OurRun, 'seconds'>), seconds };
}

function spinRun(finders: number, reclaims: number): SpinRun {
  const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-spin-'));
  try {
    const startedAt = process.hrtime.bigint();
    execFileSync('spin', ['-a', `-DFINDERS=${finders}`, `-DRECLAIMS=${reclaims}`, MODEL], {
      cwd,
      stdio: 'ignore',
    });
    const memory = `-DMEMLIM=${PAN_MEMORY_MB}`;
    execFileSync('gcc', ['-O2', '-DSAFETY', memory, '-o', 'pan', 'pan.c'], { cwd, stdio: 'ignore' });
    const pan = spawnSync('./pan', PAN_OPTIONS, { cwd, encoding: 'utf8', timeout: PAN_TIME_MAX_MS });
    const output = pan.stdout;
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    const states = Number(/^\s*([\d.e+]+) states, stored/m.exec(output)?.[1]);
    const isComplete = pan.signal === null && !output.includes('Search not completed');
    if (isComplete && !output.includes('errors: 0')) throw new Error(`SPIN found errors:\n${output}`);
    return { seconds, states, isComplete };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function isInstalled(program: string, version: string): boolean {
  return spawnSync(program, [version], { stdio: 'ignore' }).error === undefined;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
