import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build as esbuild } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { buildOf } from '../../bench/compare/build.ts';
import { OperandError, operandOf } from '../../bench/compare/operands.ts';
import { compareOptions } from '../../bench/compare/options.ts';
import { copyOf } from '../../bench/compare/planted.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The program as one file that takes itself for the script: each process would have to compile all of it otherwise. */
const bundles = mkdtempSync(join(tmpdir(), 'ebtorture-bundle-'));
const PROGRAM = join(bundles, 'compare.mjs');
beforeAll(async () => {
  const script = join(ROOT, 'bench/compare.ts');
  symlinkSync(join(ROOT, 'node_modules'), join(bundles, 'node_modules'));
  await esbuild({
    entryPoints: [script],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(script).href) },
  });
});
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ebtorture-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/**
 * A block server whose trials take so long, give or take 2 % from block to block. By turns all of a start take 1 % more and 1 %
 * less; `first` tells with which it begins. Two of them that begin differently are alike as far as anybody can measure, and what
 * is said of them is not left to chance.
 */
function serverOf(nsPerTrial: number, first: 1 | -1): string {
  const starts = join(folder(), 'starts');
  return `
    import { appendFileSync, statSync } from 'node:fs';
    import { createInterface } from 'node:readline';
    appendFileSync(${JSON.stringify(starts)}, '.');
    const isOdd = statSync(${JSON.stringify(starts)}).size % 2 === 1;
    const nsOfStart = ${nsPerTrial} * (1 + 0.01 * ${first} * (isOdd ? 1 : -1));
    let blocks = 0;
    createInterface({ input: process.stdin }).on('line', () => {
      const ns = nsOfStart * (1 + 0.02 * Math.sin(blocks++));
      console.log('0.2 ' + Math.round(2e8 / ns) + ' 0 110');
    });
  `;
}

/** A checkout with such a server. */
function build(server: string): string {
  const path = folder();
  mkdirSync(join(path, 'dist/cli'), { recursive: true });
  mkdirSync(join(path, 'bench'));
  mkdirSync(join(path, 'src'));
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  writeFileSync(join(path, 'package.json'), '{}');
  writeFileSync(join(path, 'dist/cli/main.js'), '');
  writeFileSync(join(path, 'bench/block-server.ts'), server);
  return path;
}

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function compare(
  args: readonly string[],
  interact: (pid: number) => void = () => {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: ROOT, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    interact(child.pid ?? 0);
  });
}

/** Waits for a file, which another process writes. */
async function appeared(path: string): Promise<void> {
  for (let look = 0; look < 2000 && !existsSync(path); look++) await sleep(10);
  expect(existsSync(path)).toBe(true);
}

describe('bench:compare', () => {
  it('says that a build whose trials take 10 % longer is slower, with status 1', async () => {
    const { status, stdout } = await compare([build(serverOf(200, 1)), build(serverOf(220, -1))]);

    expect(stdout).toMatch(/two cores +\d{3}\.\d +\d{3}\.\d {3}1?\d\.\d % slower \[/);
    expect(status).toBe(1);
  });

  it('says that two like builds do not differ, with status 0, and without taskset on two cores alone', async () => {
    const builds = [build(serverOf(200, 1)), build(serverOf(200, -1))];

    const { status, stdout } = await compare(builds, undefined, { ...process.env, PATH: '' });

    expect(stdout).toMatch(/two cores .*no change: any difference is below \d\.\d %/);
    expect(stdout).not.toMatch(/^one core {2}/m);
    expect(status).toBe(0);
  });

  it('ends with status 70 and the reason where a build does not run', async () => {
    const broken = build("process.stderr.write('no such strategy\\n'); process.exitCode = 64;");

    const { status, stderr } = await compare([broken, broken]);

    expect(stderr).toMatch(/^bench:compare: .*: 'none' failed: no such strategy\n$/);
    expect(status).toBe(70);
  });

  it('ends with status 130 when it is interrupted, and takes its sessions with it', async () => {
    const marker = join(folder(), 'pid');
    const endless = build(
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(marker)}, String(process.pid)); setInterval(() => {}, 1000);`,
    );

    const { status, stdout } = await compare([endless, endless], (pid) => {
      void appeared(marker).then(() => process.kill(pid, 'SIGINT'));
    });

    expect(stdout).toContain('undecided: too few starts');
    expect(status).toBe(130);
    const session = Number(readFileSync(marker, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(session, 0)).toThrow('ESRCH'), { timeout: 30_000 });
  });

  it.each([
    [
      'options that cannot be used',
      ['no-such-thing', '.'],
      /no-such-thing: neither a result file, nor a directory/,
    ],
    [
      'files that are no results',
      ['package.json', 'README.md'],
      /package\.json: not a result of npm run bench/,
    ],
  ])('ends with status 64 and one line for %s', async (_name, args, line) => {
    const { status, stdout, stderr } = await compare(args);

    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
  });

  it('counts the outcomes that an earlier check has recorded, and fails if too few are right', async () => {
    const record = join(folder(), 'check.jsonl');
    const outcome = (kind: string, verdict: string): string =>
      `${JSON.stringify({ kind, percent: kind === 'same' ? 0 : 10, verdict, seconds: 1, lines: [] })}\n`;
    writeFileSync(record, outcome('same', 'no change') + outcome('planted', 'no change'));

    const { status, stderr } = await compare(['--check', '.', '--repetitions', '1', '--record', record]);

    expect(stderr).toContain("same: 1 of 1 'no change'");
    expect(stderr).toContain("planted: 0 of 1 'slower'");
    expect(status).toBe(1);
  });
});

describe('compareOptions', () => {
  const refusal = (args: readonly string[]): string => {
    try {
      compareOptions(args, ROOT);
    } catch (error) {
      if (error instanceof OperandError) return error.message;
      throw error;
    }
    return '';
  };

  it.each([
    ['one operand', ['.'], /^expected two revisions or built directories/],
    [
      'nothing of that name',
      ['no-such-thing', '.'],
      /^no-such-thing: neither a result file, nor a directory/,
    ],
    [
      'a directory that is no checkout',
      ['src', '.'],
      /^src: no bench\/block-server\.ts in it: not a checkout, or an older one/,
    ],
    [
      'a result and a build',
      ['package.json', '.'],
      /^package\.json: a result can only be compared with another/,
    ],
    [
      'a number of starts that is too small',
      ['--starts', '3', '.', '.'],
      /^--starts: expected a whole number/,
    ],
    ['an unknown option', ['--nix', '.', '.'], /^Unknown option '--nix'/],
  ])('refuses %s in one line', (_name, args, line) => {
    const message = refusal(args);

    expect(message).toMatch(line);
    expect(message).not.toContain('\n');
  });

  it('refuses a checkout that is not built', () => {
    const checkout = build('');
    rmSync(join(checkout, 'dist'), { recursive: true });

    expect(refusal([checkout, checkout])).toMatch(/no dist\/cli\/main\.js in it; run npm run build there$/);
  });
});

describe('buildOf', () => {
  /** A repository whose build runs `script`, and the revision of it. */
  function repository(script: string): { readonly root: string; readonly name: string } {
    const root = folder();
    const git = (...args: readonly string[]): void => {
      const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
      execFileSync('git', ['-C', root, ...identity, ...args], { stdio: 'ignore' });
    };
    writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts: { build: 'node build.cjs' } }));
    writeFileSync(join(root, 'build.cjs'), script);
    mkdirSync(join(root, 'bench'));
    writeFileSync(join(root, 'bench/block-server.ts'), '');
    git('init');
    git('add', '.');
    git('commit', '--message', 'First');
    mkdirSync(join(root, 'node_modules'));
    return { root, name: 'HEAD' };
  }
  const worktrees = (root: string): number =>
    execFileSync('git', ['-C', root, 'worktree', 'list'], { encoding: 'utf8' }).trimEnd().split('\n').length;
  const revisionOf = ({ root, name }: { readonly root: string; readonly name: string }) => {
    const operand = operandOf(name, root);
    if (operand.kind === 'results') throw new Error('expected a revision');
    return operand;
  };

  it('builds a revision beside the checkout, and removes it again', async () => {
    const { root, name } = repository(
      "const fs = require('fs'); fs.mkdirSync('dist'); fs.writeFileSync('dist/built', String(fs.existsSync('node_modules')));",
    );

    const {
      folder: built,
      label,
      remove,
    } = await buildOf(revisionOf({ root, name }), {
      root,
      signal: new AbortController().signal,
    });

    expect(readFileSync(join(built, 'dist/built'), 'utf8')).toBe('true');
    expect(label).toMatch(/^HEAD \([\da-f]{7}\)$/);
    expect(worktrees(root)).toBe(2);

    await remove();

    expect(existsSync(built)).toBe(false);
    expect(worktrees(root)).toBe(1);
    expect(existsSync(join(root, 'node_modules'))).toBe(true);
  });

  it('says that a revision without a block server cannot be measured, and removes it', async () => {
    const { root, name } = repository('');
    execFileSync('git', ['-C', root, 'rm', '--quiet', 'bench/block-server.ts']);
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
    execFileSync('git', ['-C', root, ...identity, 'commit', '--quiet', '--message', 'Second']);

    const built = buildOf(revisionOf({ root, name }), { root, signal: new AbortController().signal });

    await expect(built).rejects.toThrow('HEAD: no bench/block-server.ts in it');
    expect(worktrees(root)).toBe(1);
  });

  it('says what is wrong with a revision that does not build, and removes it', async () => {
    const { root, name } = repository("console.error('error TS1: no'); process.exit(2)");

    const built = buildOf(revisionOf({ root, name }), { root, signal: new AbortController().signal });

    await expect(built).rejects.toThrow(/^HEAD: npm run build fails in [\da-f]{7}: error TS1: no$/);
    expect(worktrees(root)).toBe(1);
  });

  it('removes a half-built revision when it is interrupted', async () => {
    const marker = join(folder(), 'started');
    const { root, name } = repository(
      `require('fs').writeFileSync(${JSON.stringify(marker)}, ''); setInterval(() => {}, 1000);`,
    );
    const abort = new AbortController();

    const built = buildOf(revisionOf({ root, name }), { root, signal: abort.signal });
    void appeared(marker).then(() => abort.abort());

    await expect(built).rejects.toThrow('aborted');
    expect(worktrees(root)).toBe(1);
  });
});

describe('copyOf', () => {
  const real = { label: 'this', folder: ROOT };

  it('plants a wait into both bundles of a build, which still runs, and removes the copy', async () => {
    const planted = await copyOf({ ...real, remove: () => Promise.resolve() }, 20);

    for (const bundle of ['actor', 'arm-runtime']) {
      const source = readFileSync(join(planted.folder, `dist/stress/actor/${bundle}.js`), 'utf8');
      expect(source.split('plantedWait(worlds)')).toHaveLength(2);
    }
    const run = ['stress', '--strategy', 'none', '--trials', '2k', '--json', '--quiet'];
    const { stdout } = await new Promise<Finished>((resolve) => {
      const child = spawn(process.execPath, [join(planted.folder, 'dist/cli/main.js'), ...run]);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.once('close', (status) => resolve({ status, stdout: text, stderr: '' }));
    });
    expect(JSON.parse(stdout)).toMatchObject({ arms: [{ trials: 2_000 }] });

    await planted.remove();
    expect(existsSync(planted.folder)).toBe(false);
    expect(readdirSync(join(ROOT, 'node_modules')).length).toBeGreaterThan(0);
  });

  it('refuses a build in which it does not find the loop, and leaves the build alone', async () => {
    const path = build('');
    mkdirSync(join(path, 'dist/stress/actor'), { recursive: true });
    writeFileSync(join(path, 'dist/stress/actor/actor.js'), 'no loop');

    const copies = (): number =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('ebtorture-copy-')).length;
    const before = copies();

    await expect(copyOf({ label: '', folder: path, remove: () => Promise.resolve() }, 20)).rejects.toThrow(
      "expected 'compiled.play(worldAt(arena, from), worlds, notesOfActor + from)' once",
    );
    expect(readFileSync(join(path, 'dist/stress/actor/actor.js'), 'utf8')).toBe('no loop');
    expect(copies()).toBe(before);
  });
});
