import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { quantile } from '../../stats/quantile.ts';
import { allowedProcessors, procText } from './proc.ts';
import { jitTier, processFlags } from './jit-tier.ts';
import { coreCountOf } from './sysfs.ts';
import { hostLoad } from './host-load.ts';
import type { Environment } from './machine-facts.ts';
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

/** Describes the machine and the program; `blocks` give the round trip, `pinnedTo` the processors of the actors. */
export async function describeEnvironment(
  blocks: readonly BlockResult[],
  pinnedTo: readonly number[] | null,
): Promise<Environment> {
  const roundTrips = blocks.flatMap(({ roundTripNs }) => (roundTripNs === null ? [] : [roundTripNs]));
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
    pinnedTo,
    jit: jitTier({ flags: processFlags(), v8: process.versions.v8 }),
    roundTripNs: roundTrips.length === 0 ? null : quantile(roundTrips, 0.5),
    load: hostLoad(blocks),
  };
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
