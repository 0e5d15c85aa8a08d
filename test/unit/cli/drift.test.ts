import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kernelTables } from '../../../src/catalog/kernel-tables.ts';
import { run } from '../../../src/cli/cli.ts';
import { driftReport } from '../../../src/report/drift-report.ts';
import { plain } from '../../../src/report/paint.ts';
import { driftOf, filesOf } from '../../../src/study/drift/drift.ts';
import type { DriftResult } from '../../../src/study/drift/drift-result.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebtorture-drift-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EXTENT_IO = 'fs/btrfs/extent_io.c';
const MAKEFILE = 'VERSION = 7\nPATCHLEVEL = 4\nSUBLEVEL = 0\nEXTRAVERSION = -rc1\n';
const PUT = 'void free_extent_buffer(struct extent_buffer *eb)\n{\n\tput(eb);\n}\n';

async function drift(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const io = fakeIo({ cwd: folder });
  const status = await run(['drift', ...argv], io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

let count = 0;

/** A directory with these files. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = join(folder, `linux-${count++}`);
  mkdirSync(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

function tooWide(text: string): string[] {
  return text.split('\n').filter((line) => line.length > 80);
}

describe('drift', () => {
  it('lists the functions of all kernels, as text or as one JSON document', async () => {
    const text = await drift();
    const json = await drift('--json');

    expect(text).toEqual({ status: 0, out: driftReport(driftOf(kernelTables), plain), err: '' });
    expect(tooWide(text.out)).toEqual([]);
    expect(JSON.parse(json.out)).toEqual(driftOf(kernelTables));
    expect(json.out).toMatch(/^\{\n {2}"schema": "ebtorture.drift\/1"/);
    for (const { functions, model } of kernelTables) {
      expect(text.out).toContain(`${model} (generation`);
      for (const { name } of functions) expect(text.out).toMatch(new RegExp(`^ {2}${name}$`, 'm'));
    }
  });

  it.each(['5.7', '6.12', '6.18', '7.2', '7.3'])('lists those of %s alone', async (kernel) => {
    const { status, out } = await drift('--kernel', kernel);

    expect(status).toBe(0);
    expect(tooWide(out)).toEqual([]);
    expect(out).toContain(`  kernels    ${kernel} (read in ${kernel}.`);
    const { functions } = JSON.parse((await drift('--kernel', kernel, '--json')).out) as DriftResult;
    expect(functions.length).toBeGreaterThan(40);
    for (const row of functions) expect(row.kernels.map((each) => each.kernel)).toContain(kernel);
  });

  it('compares a tree with the nearest kernel, and ends with 1 where something changed or is gone', async () => {
    const root = tree({ Makefile: MAKEFILE, [EXTENT_IO]: PUT });

    const { status, out, err } = await drift('--source', root);
    const json = await drift('--source', root, '--json');

    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(/^ {2}source +\S+, Linux 7\.4\.0-rc1$/m);
    expect(out).toContain('with 7.3 (read in 7.3.4)');
    expect(out).toMatch(/^ {2}free_extent_buffer +changed +freeExtentBuffer$/m);
    expect(out).toMatch(/^ {2}alloc_extent_buffer +missing +allocExtentBuffer$/m);
    expect(out).toMatch(/^0 of \d+ as read in 7\.3\.4; 1 changed; \d+ are gone\.$/m);
    expect(tooWide(out.replaceAll(root, 'linux'))).toEqual([]);
    const document = JSON.parse(json.out) as DriftResult;
    expect(json.status).toBe(1);
    expect(document).toMatchObject({ source: { path: root, release: '7.4.0-rc1' }, verdict: 'drifted' });
    expect(document.counts).toMatchObject({ same: 0, changed: 1, renamed: 0 });
    expect(document.counts?.missing).toBe(document.functions.length - 1);
  });

  it('takes a path from where it is called, and another kernel if asked', async () => {
    const root = tree({ Makefile: MAKEFILE, [EXTENT_IO]: PUT });

    const { status, out } = await drift('--source', root.slice(folder.length + 1), '--kernel', '5.7');

    expect(status).toBe(1);
    expect(out).toContain('with 5.7 (read in 5.7.6)');
    expect(out).toContain('ebtorture drift: what a kernel has otherwise');
  });

  it.each([
    ['nothing there', () => join(folder, 'none'), /cannot read '.*none': no such file or directory/],
    ['an empty name', () => '', /--source: expected a directory, got ''/],
    ['a file', () => join(tree({ Makefile: MAKEFILE }), 'Makefile'), /is no directory; give the root/],
    [
      'the archive',
      () => join(tree({ 'linux-source-6.12.tar.xz': '' }), 'linux-source-6.12.tar.xz'),
      /is no directory; unpack it, and give the root/,
    ],
    ['an empty directory', () => tree({}), /is not the root of a kernel source tree: it has no Makefile/],
    ['another project', () => tree({ Makefile: 'all:\n\ttrue\n' }), /its Makefile names no version/],
    [
      'a tree without btrfs',
      () => tree({ Makefile: MAKEFILE }),
      /has no fs\/btrfs\/extent_io\.c and none of \d+ other/,
    ],
    [
      'a file that is a directory',
      () => tree({ Makefile: MAKEFILE, [`${EXTENT_IO}/a`]: '' }),
      /extent_io\.c' is a directory/,
    ],
    ['an empty file', () => tree({ Makefile: MAKEFILE, [EXTENT_IO]: '' }), /extent_io\.c' is empty/],
    ['binary', () => tree({ Makefile: MAKEFILE, [EXTENT_IO]: 'a\0b' }), /extent_io\.c is no text in UTF-8/],
    [
      'a torn file',
      () => tree({ Makefile: MAKEFILE, [EXTENT_IO]: PUT.slice(0, -3) }),
      /extent_io\.c has a block without an end, from line 2/,
    ],
    [
      'braces that close nothing',
      () => tree({ Makefile: MAKEFILE, [EXTENT_IO]: `${PUT}}` }),
      /extent_io\.c has a '}' in line 5/,
    ],
  ])('refuses %s in one line', async (_name, pathOf, message) => {
    const { status, out, err } = await drift('--source', pathOf());

    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toMatch(message);
    expect(err.split('\n')).toHaveLength(2);
  });

  it('refuses a file of 100 MB unread', async () => {
    const root = tree({ Makefile: MAKEFILE, [EXTENT_IO]: PUT });
    truncateSync(join(root, EXTENT_IO), 100_000_000);

    const { status, err } = await drift('--source', root);

    expect(status).toBe(64);
    expect(err).toMatch(/extent_io\.c' is larger than 4 MiB\n$/);
  });

  it.each([
    [['--kernel', '6.13'], 'unknown kernel 6.13; did you mean 6.12? (known: 5.7, 6.12, 6.18, 7.2, 7.3)'],
    [['--kernel', '7'], 'unknown kernel'],
    [['linux'], 'drift: unexpected argument'],
    [['--out', 'x'], 'unknown option'],
  ])('refuses %j', async (argv, message) => {
    const { status, err } = await drift(...argv);

    expect(status).toBe(64);
    expect(err).toContain(message);
  });
});

const PACKED = '/usr/src/linux-source-6.12.tar.xz';

/** The source of a real kernel, unpacked if need be; undefined where there is none. */
function linuxSource(): string | undefined {
  const given = process.env['EBTORTURE_LINUX_SOURCE'];
  if (given !== undefined && given !== '') return given;
  if (existsSync('/usr/src/linux-source-6.12/Makefile')) return '/usr/src/linux-source-6.12';
  if (!existsSync(PACKED)) return undefined;
  const members = ['Makefile', ...filesOf(kernelTables)].map((file) => `linux-source-6.12/${file}`);
  // Some of them are files of other kernels: tar says that it misses those, and unpacks the rest.
  spawnSync('tar', ['-xJf', PACKED, '-C', folder, ...members], { stdio: 'ignore' });
  return join(folder, 'linux-source-6.12');
}

describe('drift of a real kernel', () => {
  it('finds every function that was read, and each of the same text where the version is the same', async (context) => {
    const path = linuxSource();
    if (path === undefined) return context.skip('no kernel source: set EBTORTURE_LINUX_SOURCE to one');

    const { status, out } = await drift('--source', path, '--json');

    const { functions, counts, kernel, source: read } = JSON.parse(out) as DriftResult;
    const others = functions.filter(({ source }) => source?.status !== 'same').map((row) => row.function);
    // Another version has some of it as it was; how much tells nothing of the model.
    expect(read?.release === kernel?.release ? others : []).toEqual([]);
    expect(counts?.same).toBeGreaterThan(0);
    expect(status).toBe(others.length === 0 ? 0 : 1);
    return undefined;
  });
});
