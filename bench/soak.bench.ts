/**
 * Does a long run grow? `ebtorture stress --strategy upstream`, ten minutes unless told otherwise; its resident memory is
 * read every two seconds. A run starts its threads 32 times, however long it is, so that ten minutes have all the starts
 * of an hour in a sixth of the time. Linux only (/proc).
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Growth, growthOf, type Sample, STARTS } from './soak/growth.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** Length of the run if nothing else is asked for. */
export const SOAK_MINUTES = 10;
const SAMPLE_MS = 2_000;

/** What a long run showed. */
export interface Soak {
  readonly samples: readonly Sample[];
  readonly growth: Growth;
}

/** Runs `stress` for so many minutes, two at least, and watches it. */
export async function soakSuite(minutes: number): Promise<Soak> {
  const child = spawn(
    process.execPath,
    [
      MAIN,
      'stress',
      '--strategy',
      'upstream',
      '--duration',
      `${minutes}m`,
      '--starts',
      String(STARTS),
      '--quiet',
    ],
    { stdio: 'ignore' },
  );
  const samples: Sample[] = [];
  const startedAt = performance.now();
  while (child.exitCode === null && child.signalCode === null) {
    await sleep(SAMPLE_MS);
    const seconds = (performance.now() - startedAt) / 1000;
    const kilobytes = residentKilobytes(child.pid ?? 0);
    // The end of a run, when all blocks are made results of and judged, is no part of its hour.
    if (kilobytes !== undefined && seconds <= minutes * 60) samples.push({ seconds, kilobytes });
  }
  return { samples, growth: growthOf(samples) };
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
