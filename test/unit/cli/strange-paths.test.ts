/** Plug-ins whose paths have characters that mean something in a URL, a shell, a list or a schedule. */
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { parseStrategy } from '../../../src/cli/strategy-argument.ts';
import { parseSchedule } from '../../../src/explore/schedule/schedule.ts';
import { HarnessError } from '../../../src/stress/plan/harness-error.ts';
import type { CompareResult } from '../../../src/stress/result/result.ts';
import { isFull } from '../../helpers/full.ts';
import { savedDocument } from '../../helpers/saved-document.ts';
import { fakeEngine } from './fake-engine.ts';
import { type FakeIo, fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-paths-'));
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

/** The race, as it was. */
const SOURCE = 'export default (Base) => class extends Base {};\n';
const NAMES = [
  '#? 100%20.mjs',
  `it's "a~b" über-日本.mjs`,
  '~a~set_io_pages/drop.mjs',
  'a,b:c=d&e;f|g<h>i$(j)`k`!.mjs',
  'a\nb\u202ec\ue000.mjs',
  '-x.mjs',
  ' x.mjs',
];

for (const name of NAMES) {
  mkdirSync(join(cwd, name, '..'), { recursive: true });
  writeFileSync(join(cwd, name), SOURCE);
}

async function ran(argv: readonly string[]): Promise<FakeIo & { readonly status: number }> {
  const io = fakeIo({ cwd });
  const status = await run(argv, io, fakeEngine());
  return { ...io, status };
}

/** What the engine is asked to run by a command line, and the words of the command to run it again. */
async function asked(argv: readonly string[]): Promise<{ strategies: readonly string[]; again: string[] }> {
  let strategies: readonly string[] = [];
  const refuse = (options: { readonly strategies: readonly string[] }): CompareResult => {
    ({ strategies } = options);
    throw new HarnessError('ERR_ACTOR_CRASHED', 'planted');
  };
  const io = fakeIo({ cwd });
  expect(await run(argv, io, fakeEngine({ compare: refuse }))).toBe(70);
  const command = io.err().slice(io.err().indexOf('ebtorture compare '));
  // What a shell makes of it.
  const script = `ebtorture() { printf '%s\\0' "$@"; }\n${command}`;
  return {
    strategies,
    again: execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1),
  };
}

describe.each(NAMES)('a plug-in called %j', (name) => {
  const path = join(cwd, name);

  // A dash or a blank in front is for the command line alone, which the others ask.
  it.runIf(isFull || NAMES.indexOf(name) < 5)('is searched, and its schedule played', async () => {
    const { status, out } = await ran(['explore', `--strategy=${path}`, '--pages', '1', '--json', '--quiet']);
    expect(status).toBe(1);
    const schedule = /"schedule": "(eb1:[^"]+)"/.exec(out())?.[1] ?? '';
    // Nothing in it is for a shell to take.
    expect(schedule).toMatch(/^[\w.:/@%=,~-]+$/);
    expect(parseSchedule(schedule).strategy).toBe(path);

    expect((await ran(['replay', schedule])).status).toBe(1);
  });

  it('is what its file URL means', () => {
    expect(
      parseStrategy('--strategy', pathToFileURL(path).href, { cwd, scenario: readaheadVsReleasepage }),
    ).toBe(path);
  });

  it('is run again by the command that says how', async () => {
    const first = await asked(['compare', `--strategies=${path}`, '--strategies', 'none']);
    expect(first.strategies).toEqual([path, 'none']);
    expect((await asked(['compare', ...first.again.slice(1)])).strategies).toEqual([path, 'none']);
  });

  it('is named in one line where it cannot be read', async () => {
    const { status, err } = await ran(['explore', `--strategy=${path.slice(0, -4)}x.mjs`]);
    expect(status).toBe(64);
    expect(err()).toMatch(/^ebtorture: --strategy: no such file '[^\p{C}]+\n$/u);
  });
});

it('is searched by a file URL', async () => {
  const [name = ''] = NAMES;
  const url = pathToFileURL(join(cwd, name)).href;
  const { status, out } = await ran(['explore', '--strategy', url, '--pages', '1', '--json']);
  expect(status).toBe(1);
  expect((JSON.parse(out()) as { strategy: string }).strategy).toBe(name.slice(0, -'.mjs'.length));
});

it('is no mutant for a tilde in its path', async () => {
  const path = join(cwd, NAMES[2] ?? '');
  const io = await ran(['mutate', '--explore-only', `--strategy=${path}`, '--out', 'no/such.json']);
  // The strategy is taken; there is nowhere to save the result.
  expect(io.err()).toMatch(/^ebtorture: --out: cannot write in /);
  const mutant = await ran(['mutate', '--strategy', `${path}~set_io_pages/atomic_set.eb.io_pages/drop`]);
  expect(mutant.err()).toMatch(/^ebtorture: --strategy: '.*' is a mutant already\n$/);
});

it('is refused in one line where Node takes no such path', async () => {
  const path = join(cwd, String.raw`a\b.mjs`);
  writeFileSync(path, SOURCE);
  const io = await ran(['explore', '--strategy', path]);
  expect(io.status).toBe(64);
  expect(io.err()).toMatch(/^ebtorture: .*a\\b\.mjs: cannot be loaded: .*\n$/);
});

describe('--out', () => {
  it.each([
    [['explore', '--strategy', 'none', '--pages', '1'], [1]],
    [
      ['explore', '--scheduler', 'uniform', '--schedules', '10', '--pages', '1'],
      [1, 2],
    ],
    [['replay', 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:a'], [0]],
  ])('saves what %j prints with --json', async (argv, expected) => {
    const io = await ran([...argv, '--json', '--out', 'saved.json']);
    expect(expected).toContain(io.status);
    expect(await savedDocument(join(cwd, 'saved.json'))).toEqual(JSON.parse(io.out()));
    expect((await ran(['report', 'saved.json'])).out()).toBe(io.err());
  });
});

it('says in which line a module cannot be parsed', async () => {
  writeFileSync(join(cwd, 'bad.mjs'), 'const a = 1;\nconst b = ;\n');
  writeFileSync(join(cwd, 'bad.cjs'), 'const a = 1;\n\nconst b = ;\n');
  writeFileSync(join(cwd, 'imports.mjs'), "import { nothing } from 'node:fs';\nexport default nothing;\n");
  const said = async (name: string): Promise<string> => {
    const io = await ran(['explore', '--strategy', join(cwd, name)]);
    expect(io.status).toBe(64);
    return io.err();
  };
  expect(await said('bad.mjs')).toMatch(/bad\.mjs: cannot be loaded: Unexpected token ';', in line 2\n$/);
  expect(await said('bad.cjs')).toMatch(/bad\.cjs: cannot be loaded: Unexpected token ';', in line 3\n$/);
  expect(await said('imports.mjs')).toMatch(
    /imports\.mjs: cannot be loaded: .*does not provide an export.*\n$/,
  );
});
