/**
 * How long does it take from process start to the complete proof of `upstream`, and how long does SPIN take?
 *
 * Cases: `primed`, one page, so many finders + reclaims.
 * - To verdict: `ebtorture explore`, built, from the start of its process to its end, all cores, schedules counted where
 *   there are few; median of several starts.
 * - Per core: transitions per second of one thread that knows the automata, the search alone.
 * - SPIN, where spin and gcc are installed: generate + gcc -O2 + pan on the equivalent model in bench/spin, its partial-order
 *   reduction on, with limits of memory and time. The cases behind one that has met a limit are left out. Before that, the
 *   model is shown to fail without the fix and to hold with it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExploreResult } from '../src/explore/explore.ts';

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
const PAN_MEMORY_MB = 4096;
const PAN_TIME_MAX_MS = 120_000;

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const MODEL = fileURLToPath(new URL('spin/primed.pml', import.meta.url));
const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** One case, ours and SPIN's; times in seconds from process start to verdict. */
export interface ExploreRow {
  readonly finders: number;
  readonly reclaims: number;
  readonly seconds: number;
  readonly states: number;
  readonly transitions: number;
  /** Of one core. */
  readonly transitionsPerSecond: number;
  readonly spin: SpinRun | 'not installed' | 'left out';
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
  if (hasSpin) checkModel();
  let isWithinLimits = true;
  return CASES.map(([finders, reclaims]) => {
    const runs = Array.from({ length: RUNS }, () => ourRun(finders, reclaims));
    const { states, transitions } = runs[0] ?? { states: 0, transitions: 0 };
    const spin = !hasSpin ? 'not installed' : isWithinLimits ? spinRun(finders, reclaims) : 'left out';
    isWithinLimits &&= typeof spin === 'string' || spin.isComplete;
    return {
      finders,
      reclaims,
      seconds: median(runs.map(({ seconds }) => seconds)),
      states,
      transitions,
      transitionsPerSecond: ourSpeed(finders, reclaims),
      spin,
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
      ...(typeof spin === 'string'
        ? [spin.padStart(15)]
        : [
            `${spin.isComplete ? '' : '> '}${spin.seconds.toFixed(2)} s`.padStart(15),
            Number.isNaN(spin.states) ? '' : spin.states.toLocaleString('en-US').padStart(13),
          ]),
    ].join(''),
  );
  const head = '  case to verdict       states  transitions   per core           SPIN  SPIN states';
  const limits = `SPIN: ${PAN_MEMORY_MB / 1024} GB and ${PAN_TIME_MAX_MS / 1000} s at most; the cases behind one that takes more are left out.`;
  return ['Proof of upstream from primed, one page, finders + reclaims', head, ...lines, limits].join('\n');
}

interface OurRun {
  readonly seconds: number;
  readonly states: number;
  readonly transitions: number;
}

function ourRun(finders: number, reclaims: number): OurRun {
  const actors = `finder=${finders},reclaim=${reclaims}`;
  const startedAt = process.hrtime.bigint();
  const output = execFileSync(
    process.execPath,
    [MAIN, 'explore', '--strategy', 'upstream', '--pages', '1', '--actors', actors, '--json'],
    { encoding: 'utf8' },
  );
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const { verdict, states, transitions } = JSON.parse(output) as ExploreResult;
  if (verdict !== 'holds') throw new Error(`${actors}: ${verdict}`);
  return { seconds, states, transitions };
}

function ourSpeed(finders: number, reclaims: number): number {
  const program = `
    import { Exploration } from './dist/explore/explore.js';
    import { searchAll } from './dist/explore/search/search.js';
    import { upstream as strategy } from './dist/subject/extent-buffer/v5.7/strategies/upstream.js';
    import { resolveSetting } from './dist/scenario/setting.js';
    import { readaheadVsReleasepage as scenario } from './dist/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.js';
    const actors = [{ role: 'finder', count: ${finders} }, { role: 'reclaim', count: ${reclaims} }];
    const setting = resolveSetting({ scenario, start: 'primed', actors, pages: 1 });
    const { session, limits } = new Exploration({ setting, strategy });
    searchAll(session, limits, () => 0);
    const startedAt = performance.now();
    const { transitions } = searchAll(session, limits, () => 0);
    console.log((1000 * transitions) / (performance.now() - startedAt));
  `;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: PROJECT,
      encoding: 'utf8',
    }),
  );
}

/** The model must be one of the fix: fail without it and hold with it, where the race needs one actor of each kind. */
function checkModel(): void {
  const isFailing = (...defines: readonly string[]): boolean => {
    const { isComplete, output } = pan(['-DFINDERS=1', '-DRECLAIMS=1', ...defines]);
    if (!isComplete && !output.includes('assertion violated')) throw new Error(`SPIN failed:\n${output}`);
    return !output.includes('errors: 0');
  };
  if (!isFailing('-DNO_FIX')) throw new Error('the model in Promela holds without the fix');
  if (isFailing()) throw new Error('the model in Promela fails with the fix');
}

function spinRun(finders: number, reclaims: number): SpinRun {
  const { seconds, output, isComplete } = pan([`-DFINDERS=${finders}`, `-DRECLAIMS=${reclaims}`]);
  const states = Number(/^\s*([\d.e+]+) states, stored/m.exec(output)?.[1]);
  if (isComplete && !output.includes('errors: 0')) throw new Error(`SPIN found errors:\n${output}`);
  return { seconds, states, isComplete };
}

/** Generates, compiles and runs a verifier. */
function pan(defines: readonly string[]): {
  readonly seconds: number;
  readonly output: string;
  readonly isComplete: boolean;
} {
  const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-spin-'));
  try {
    const startedAt = process.hrtime.bigint();
    execFileSync('spin', ['-a', ...defines, MODEL], { cwd, stdio: 'ignore' });
    const memory = `-DMEMLIM=${PAN_MEMORY_MB}`;
    execFileSync('gcc', ['-O2', '-DSAFETY', memory, '-o', 'pan', 'pan.c'], { cwd, stdio: 'ignore' });
    const { signal, stdout } = spawnSync('./pan', PAN_OPTIONS, {
      cwd,
      encoding: 'utf8',
      timeout: PAN_TIME_MAX_MS,
    });
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    const isComplete = signal === null && !stdout.includes('Search not completed');
    return { seconds, output: stdout, isComplete };
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
