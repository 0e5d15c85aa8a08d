/** Plug-ins in `explore` and `replay`, in the built program: each has a thread of its own there too. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOr } from '../helpers/full.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
let folder = '';
const fixture = (name: string): string =>
  name in waiting
    ? join(folder, `${name}.mjs`)
    : fileURLToPath(new URL(`strategies/${name}.mjs`, import.meta.url));

/** They stand still where others spin, so that no processor is busy with them. What asks where they stand sees no difference. */
const waiting: Readonly<Record<string, string>> = {
  'stands-while-loading': `
    const word = new Int32Array(new SharedArrayBuffer(4));
    function search() { Atomics.wait(word, 0, 0); }
    search();
    export default (Base) => class extends Base {};`,
  // A model may not wait: this one has the function of another realm, which nobody guards.
  'stands-in-a-read': `
    import { runInNewContext } from 'node:vm';
    const { wait } = runInNewContext('Atomics');
    const word = new Int32Array(new SharedArrayBuffer(4));
    export default (Base) => class extends Base { setIoPages() { wait(word, 0, 0); } };`,
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtorture-'));
  for (const [name, source] of Object.entries(waiting)) writeFileSync(join(folder, `${name}.mjs`), source);
});

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function ebtorture(...args: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    child.once('close', () => children.delete(child));
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

const schedule = (name: string): string =>
  `eb1:readahead-vs-releasepage:primed:${fixture(name)}:finder=1,reclaim=1:p1:b12a9b5a19`;

it('proves a plug-in, and finds what one breaks', async () => {
  const proved = await ebtorture('explore', '--strategy', fixture('works'), '--pages', '1', '--json');
  const locked = await ebtorture('explore', '--strategy', fixture('never-unlocks'), '--pages', '1');

  expect(JSON.parse(proved.stdout)).toMatchObject({ strategy: 'works', verdict: 'holds', complete: true });
  expect(proved.status).toBe(0);
  expect(locked.stdout).toContain('VIOLATED: deadlock actors wait for each other');
  expect(locked.status).toBe(1);
});

it('walks through a schedule of a plug-in', async () => {
  const witness = 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:b12a9b5a19';
  const { status, stdout } = await ebtorture('replay', witness, '--strategy', fixture('works'));

  // The read that met the race sets TREE_REF again.
  expect(stdout).toMatch(/test_and_set_bit\(TREE_REF, eb0\) = false/);
  expect(status).toBe(0);
});

// Searches, on no threads that race, and waits for a limit: side by side.
describe.concurrent('a broken plug-in ends with one line that names its file and method', () => {
  it('explore: retries, which may end some day', async () => {
    const { status, stdout, stderr } = await ebtorture(
      'explore',
      '--strategy',
      fixture('retries'),
      '--pages',
      '1',
    );

    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toMatch(/^Verdict: BOUNDED: an operation takes more than 1,000 steps/m);
  });

  const broken: readonly (readonly [name: string, status: number, message: RegExp])[] = [
    ['breaks', 70, /: read_extent_buffer_pages: the model threw: .*, in setIoPages \(breaks\.mjs:6\)$/],
    ['never-comes-back', 70, /: does not come back from setIoPages \(never-comes-back\.mjs:5\): it spins/],
    ['stands-in-a-read', 70, /: does not come back from setIoPages \(stands-in-a-read\.mjs:5\): it spins/],
    ['awaits-for-ever', 70, /: ended the thread it ran in .*a top-level await that never settles$/],
    ['exits-while-loading', 70, /: ended the thread it ran in \(exit code 3\)/],
    [
      'spins-while-loading',
      64,
      /: was not loaded within 5 s: it stands in search \(spins-while-loading\.mjs:3\)$/,
    ],
    ['mistyped', 64, /: setIoPage is no method of the model; did you mean setIoPages\?/],
    ['throws-while-loading', 64, /: cannot be loaded: planted: no config$/],
  ];

  // Seconds of a processor: what stands still ends by the same clock.
  const busy = new Set(['never-comes-back', 'spins-while-loading']);

  it.each(broken.filter(([name]) => allOr(true, !busy.has(name))))(
    'explore: %s',
    async (name, code, message) => {
      const { status, stdout, stderr } = await ebtorture(
        'explore',
        '--strategy',
        fixture(name),
        '--pages',
        '1',
      );

      expect({ status, stdout }).toEqual({ status: code, stdout: '' });
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr).toContain(`${name}.mjs: `);
      expect(stderr.trimEnd()).toMatch(message);
    },
  );

  it.each([
    [
      'stands-while-loading',
      64,
      /mutate: .*was not loaded within 5 s: it stands in search \(stands-while-loading\.mjs:3\)$/,
    ],
    ['stands-in-a-read', 70, /: does not come back from setIoPages \(stands-in-a-read\.mjs:5\): it spins/],
    ['breaks', 70, /: the model threw: .*, in setIoPages \(breaks\.mjs:6\)$/],
    ['mistyped', 64, /: setIoPage is no method of the model; did you mean setIoPages\?/],
  ])('mutate: %s', async (name, code, message) => {
    const { status, stdout, stderr } = await ebtorture(
      'mutate',
      '--strategy',
      fixture(name),
      '--explore-only',
    );

    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr.trimEnd()).toMatch(message);
  });

  it('a mutant of one that stands still while it loads', async () => {
    const name = `${fixture('stands-while-loading')}~set_io_pages/atomic_set.eb.io_pages/drop`;
    const { status, stderr } = await ebtorture('stress', '--strategy', name, '--duration', '1s');

    expect(status).toBe(64);
    expect(stderr).toMatch(/was not loaded within 5 s: it stands in search \(stands-while-loading\.mjs:3\)/);
  });

  it('replay: stands-in-a-read', async () => {
    const { status, stderr } = await ebtorture('replay', schedule('stands-in-a-read'));

    expect(status).toBe(70);
    expect(stderr).toMatch(/does not come back from setIoPages \(stands-in-a-read\.mjs:5\)/);
  });
});
