/**
 * How long does a user wait for the first trial and the first violation? From the start of the process, as the program
 * itself reports it: `ebtorture stress --strategy none`, built, 15 times.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { quantile } from '../src/stats/quantile.ts';
import type { StressResult } from '../src/stress/result/result.ts';

const RUNS = 15;
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Milliseconds, a value per run. */
export interface Startup {
  readonly firstTrialMs: readonly number[];
  readonly firstViolationMs: readonly number[];
}

export function startupSuite(): Startup {
  const runs = Array.from({ length: RUNS }, () => {
    const { stdout } = spawnSync(
      process.execPath,
      [MAIN, 'stress', '--strategy', 'none', '--duration', '500ms', '--json', '--quiet'],
      { encoding: 'utf8' },
    );
    return (JSON.parse(stdout) as StressResult).startup;
  });
  return {
    firstTrialMs: runs.flatMap(({ firstTrialMs }) => firstTrialMs ?? []),
    firstViolationMs: runs.flatMap(({ firstViolationMs }) => firstViolationMs ?? []),
  };
}

/** Median and range for people. */
export function formatStartup({ firstTrialMs, firstViolationMs }: Startup): string {
  const line = (name: string, ms: readonly number[]): string =>
    ms.length === 0
      ? `  ${name}never`
      : `  ${name}${[0.5, 0, 1].map((p) => quantile(ms, p).toFixed(0).padStart(6)).join('')}   (${ms.length} runs)`;
  return [
    'Process start to ..., ms       median   min   max',
    line('first trial            ', firstTrialMs),
    line('first violation        ', firstViolationMs),
  ].join('\n');
}
