/**
 * Does a long run grow? `ebtorture stress --strategy upstream` for ten minutes; its resident memory is read every five seconds,
 * and the slope after the first minute is fitted by least squares. Linux only (/proc).
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const MINUTES = 10;
const SAMPLE_MS = 5_000;
/** JIT compiler and heaps settle in the first minute. */
const SETTLED_S = 60;

/** What a long run showed. */
export interface Soak {
  /** Seconds since the start, and resident memory in kB. */
  readonly samples: readonly { readonly seconds: number; readonly kilobytes: number }[];
  /** Growth after the first minute, in MB an hour. */
  readonly slopeMbPerHour: number;
}

export async function soakSuite(): Promise<Soak> {
  const child = spawn(
    process.execPath,
    [MAIN, 'stress', '--strategy', 'upstream', '--duration', `${MINUTES}m`, '--quiet'],
    {
      stdio: 'ignore',
    },
  );
  const samples: { seconds: number; kilobytes: number }[] = [];
  const startedAt = performance.now();
  while (child.exitCode === null && child.signalCode === null) {
    await sleep(SAMPLE_MS);
    const kilobytes = residentKilobytes(child.pid ?? 0);
    if (kilobytes !== undefined) samples.push({ seconds: (performance.now() - startedAt) / 1000, kilobytes });
  }
  return { samples, slopeMbPerHour: slope(samples.filter(({ seconds }) => seconds > SETTLED_S)) };
}

function residentKilobytes(pid: number): number | undefined {
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]);
  } catch (error) {
    // The process has ended between two samples.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function slope(samples: Soak['samples']): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanSeconds = mean(samples.map(({ seconds }) => seconds));
  const meanKilobytes = mean(samples.map(({ kilobytes }) => kilobytes));
  let covariance = 0;
  let variance = 0;
  for (const { seconds, kilobytes } of samples) {
    covariance += (seconds - meanSeconds) * (kilobytes - meanKilobytes);
    variance += (seconds - meanSeconds) ** 2;
  }
  return ((covariance / variance) * 3600 * 1024) / 1e6;
}

/** One line for people. */
export function formatSoak({ samples, slopeMbPerHour }: Soak): string {
  const settled = samples
    .filter(({ seconds }) => seconds > SETTLED_S)
    .map(({ kilobytes }) => kilobytes / 1000);
  return (
    `Resident memory of a ${MINUTES}-minute run after the first minute: ${Math.min(...settled).toFixed(1)} to ` +
    `${Math.max(...settled).toFixed(1)} MB, slope ${slopeMbPerHour.toFixed(2)} MB an hour (${settled.length} samples)`
  );
}
