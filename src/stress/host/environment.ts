import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, hostname, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { quantile } from '../../stats/quantile.ts';
import { allowedProcessors, procText } from './proc.ts';
import { jitTier, processFlags } from './jit-tier.ts';
import { coreCountOf } from './sysfs.ts';
import { hostLoad } from './host-load.ts';
import type { Environment, Machine } from './machine-facts.ts';
import type { BlockResult } from '../plan/block-result.ts';

const MANIFEST = new URL('../../../package.json', import.meta.url);
/** Asking git takes some milliseconds; a file system that hangs shall not hold a result back. */
const GIT_TIMEOUT_MS = 2_000;

/** Processors this process may use. */
export function cpuCount(): number {
  return availableParallelism();
}

/** Cores that the processors of this process lie on. */
function coreCount(): number | null {
  const allowed = allowedProcessors();
  return allowed === undefined ? null : coreCountOf(procText, [...allowed]);
}

/** Describes the machine and the program; the time is now. */
export async function describeMachine(): Promise<Machine> {
  return {
    version: version(),
    commit: await commit(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    cpuCount: cpuCount(),
    coreCount: coreCount(),
    jit: jitTier({ flags: processFlags(), v8: process.versions.v8 }),
    host: hostname(),
    kernelRelease: release(),
    startedAt: localTime(new Date()),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** The machine with what it did during the blocks; `pinnedTo` are the processors of the actors. */
export function environmentOf(
  machine: Machine,
  blocks: readonly BlockResult[],
  pinnedTo: readonly number[] | null,
): Environment {
  return environmentWith(machine, {
    roundTrips: blocks.map(({ roundTripNs }) => roundTripNs),
    load: hostLoad(blocks),
    pinnedTo,
  });
}

/** The same of what was added up before; `roundTrips` are in ns, null where they could not be measured. */
export function environmentWith(
  machine: Machine,
  {
    roundTrips: measured,
    load,
    pinnedTo,
  }: Pick<Environment, 'load' | 'pinnedTo'> & { readonly roundTrips: readonly (number | null)[] },
): Environment {
  const roundTrips = measured.flatMap((roundTripNs) => roundTripNs ?? []);
  const { jit, host, kernelRelease, startedAt, timeZone, ...facts } = machine;
  return {
    ...facts,
    pinnedTo,
    jit,
    roundTripNs: roundTrips.length === 0 ? null : quantile(roundTrips, 0.5),
    load,
    ...(host !== undefined && { host }),
    ...(kernelRelease !== undefined && { kernelRelease }),
    ...(startedAt !== undefined && { startedAt }),
    ...(timeZone !== undefined && { timeZone }),
  };
}

/** The machine where nothing is measured. */
export async function describeEnvironment(): Promise<Environment> {
  return environmentOf(await describeMachine(), [], null);
}

/** `2026-11-29T13:45:00.000+01:00`. */
function localTime(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Version in package.json. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}

async function commit(): Promise<string | null> {
  // Only the project's own checkout: an installed package may lie inside somebody else's.
  if (!existsSync(new URL('.git', MANIFEST))) return null;
  try {
    const { stdout } = await promisify(execFile)(
      'git',
      [
        '-C',
        fileURLToPath(new URL('.', MANIFEST)),
        'describe',
        '--always',
        '--dirty',
        '--abbrev=12',
        '--exclude=*',
      ],
      { timeout: GIT_TIMEOUT_MS },
    );
    return stdout.trim();
  } catch {
    return null;
  }
}
