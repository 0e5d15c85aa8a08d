/**
 * The two builds of a comparison: directories as they are, revisions built in a temporary work tree of their own, with this
 * checkout's node_modules.
 */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { runChild } from './child.ts';
import { type Operand, OperandError, requireServer } from './operands.ts';

/** A build that can be run. */
export interface Build {
  readonly label: string;
  readonly folder: string;
  /** Its bench/block-server.ts as one file, which starts in half the time. */
  readonly server: string;
  /** Removes whatever was made for it. */
  readonly remove: () => Promise<void>;
}

/**
 * A build of the operand.
 * @param root - The repository that revisions are of.
 * @throws {OperandError} If a revision does not build.
 */
export async function buildOf(
  operand: Exclude<Operand, { kind: 'results' }>,
  { root, signal }: { readonly root: string; readonly signal: AbortSignal },
): Promise<Build> {
  if (operand.kind === 'build') {
    return withServer({ label: operand.name, folder: operand.path, remove: () => Promise.resolve() });
  }
  const { name, commit } = operand;
  const parent = mkdtempSync(join(tmpdir(), 'ebtorture-build-'));
  const folder = join(parent, 'checkout');
  const git = (...args: readonly string[]): ReturnType<typeof runChild> =>
    // What has to be undone is undone after an abort, too.
    runChild(['git', '-C', root, ...args], { signal: new AbortController().signal });
  const remove = async (): Promise<void> => {
    rmSync(parent, { recursive: true, force: true });
    await git('worktree', 'prune');
  };
  try {
    const added = await git('worktree', 'add', '--detach', folder, commit);
    if (added.status !== 0) throw new OperandError(`${name}: ${added.stderr.trim()}`);
    requireServer(folder, name);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { status, stdout, stderr } = await runChild(['npm', 'run', 'build'], { signal, cwd: folder });
    if (status !== 0) {
      const said = `${stdout}\n${stderr}`.split('\n').find((line) => line.includes('error'));
      throw new OperandError(
        `${name}: npm run build fails in ${commit.slice(0, 7)}: ${said ?? `status ${status}`}`,
      );
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return withServer({ label: `${name} (${commit.slice(0, 7)})`, folder, remove });
}

/**
 * Bundles the block server of a build, which goes with it when it is removed.
 * @throws {OperandError} If that cannot be done; then the build is removed.
 */
export async function withServer(build: Omit<Build, 'server'>): Promise<Build> {
  const place = mkdtempSync(join(tmpdir(), 'ebtorture-server-'));
  const server = join(place, 'block-server.mjs');
  const remove = async (): Promise<void> => {
    rmSync(place, { recursive: true, force: true });
    await build.remove();
  };
  const entry = join(build.folder, 'bench/block-server.ts');
  try {
    await esbuild({
      entryPoints: [entry],
      outfile: server,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // From here it finds its dist.
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(entry).href) },
      logLevel: 'silent',
    });
  } catch (error) {
    await remove();
    throw new OperandError(`${build.label}: bench/block-server.ts does not build: ${String(error)}`);
  }
  return { ...build, server, remove };
}
