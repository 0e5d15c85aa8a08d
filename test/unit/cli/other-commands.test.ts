import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { commands } from '../../../src/cli/commands/registry.ts';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { type Listing, listing, TOPICS } from '../../../src/report/listing.ts';
import { listingReport } from '../../../src/report/listing-report.ts';
import { findScenario, scenarios } from '../../../src/catalog/registry.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebtorture-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function output(...argv: string[]): Promise<string> {
  const io = fakeIo();
  const engine = fakeEngine();
  expect(await run(argv, io, engine)).toBe(0);
  expect(io.err()).toBe('');
  expect([...engine.compared, ...engine.stressed]).toEqual([]);
  return io.out();
}

async function completed(...words: string[]): Promise<string[]> {
  const text = await output('--get-yargs-completions', 'ebtorture', ...words);
  return text.split('\n').filter((line) => line !== '');
}

describe('help', () => {
  it.each(commands)('of $name has lines that a terminal need not break', ({ epilogue = '' }) => {
    expect(epilogue.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('list', () => {
  it('prints text, or one JSON document', async () => {
    expect(await output('list')).toBe(listingReport(listing()));
    expect(JSON.parse(await output('list', '--json'))).toEqual(listing());
  });

  it('shows what there is in a scenario of a user', async () => {
    const path = join(folder, 'race.mjs');
    const roles = "['putter', 'other'].map((name) => ({ name, program: [{ name: 'put', run: () => 0 }] }))";
    const actors = "[{ role: 'putter', count: 1 }, { role: 'other', count: 1 }]";
    const outcomes =
      "['boom', 'fine'].map((name, index) => ({ name, grade: ['FORBIDDEN', 'ACCEPTABLE'][index] }))";
    const starts = `[{ name: 'held', actors: ${actors}, reset() {} }]`;
    const members = `roles: ${roles}, starts: ${starts}, outcomes: ${outcomes}, classify: () => 1`;
    writeFileSync(path, `export default { ${members} };`);

    const text = await output('list', '--scenario', path);
    const document = JSON.parse(await output('list', '--scenario', path, '--json')) as Listing;

    const [shown, ...others] = document.scenarios ?? [];
    expect(others).toEqual([]);
    expect(shown?.name).toBe(path);
    expect(document.actors?.every(({ scenario }) => scenario === path)).toBe(true);
    const named = [...(shown?.starts ?? []), ...(shown?.outcomes ?? []), ...(document.actors ?? [])];
    expect(named.length).toBeGreaterThan(3);
    for (const { name } of named) expect(text).toMatch(new RegExp(`^ +(start |outcome )?${name}`, 'm'));
    expect(text).toMatch(/^Scenario\n/);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(scenarios)('lists $name of the project by its name', async (scenario) => {
    const document = JSON.parse(await output('list', '--scenario', scenario.name, '--json')) as Listing;

    expect(document).toEqual(listing(undefined, scenario));
    expect(document.scenarios?.map(({ name }) => name)).toEqual([scenario.name]);
    expect(document.strategies?.length).toBe(scenario.subject.strategies.length);
  });

  it('says of each invariant where a planted bug breaks it, in another scenario if need be', () => {
    for (const scenario of scenarios) {
      const { invariants = [] } = listing('invariants', scenario);

      for (const { brokenBy = '' } of invariants) expect(brokenBy).toMatch(/^explore /);
    }
    const { invariants = [] } = listing('invariants', findScenario('stale-reuse'));
    expect(invariants.find(({ id }) => id === 'B8')?.brokenBy).toContain('--scenario dirty-vs-releasepage');
  });

  it.each(TOPICS)('prints %s alone', async (topic) => {
    expect(await output('list', topic)).toBe(listingReport(listing(topic)));
    expect(JSON.parse(await output('list', topic, '--json'))).toEqual(listing(topic));
  });
});

describe('help', () => {
  it.each([[], ...commands.map(({ name }) => [name])])('fits 80 columns: %s', async (...command) => {
    const text = await output(...command, '--help');

    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('shows every command, the options of the default one with their defaults, and the exit status', async () => {
    const text = await output('--help');

    for (const { name } of commands) expect(text).toContain(`\n  ebtorture ${name} `);
    for (const { options, isDefault } of commands) {
      for (const { name } of isDefault === true ? options : []) expect(text).toContain(` --${name}`);
    }
    expect(text).toContain('[default: 10s]');
    expect(text).toMatch(/Exit status:\n {4}0 {2}clean/);
  });

  it('is what -h and help give as well', async () => {
    expect(await output('-h')).toBe(await output('--help'));
    expect(await output('stress', 'help')).toBe(await output('stress', '--help'));
  });
});

describe('version', () => {
  it('is that of the package', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as {
      version: string;
    };

    expect(await output('--version')).toBe(`${version}\n`);
    expect(await output('-V')).toBe(`${version}\n`);
  });
});

describe('completion', () => {
  it('prints a script that asks ebtorture', async () => {
    expect(await output('completion')).toContain('ebtorture --get-yargs-completions');
  });

  it.each([
    [
      ['stress', '--start', ''],
      ['primed', 'cold'],
    ],
    [['stress', '--start', 'c'], ['cold']],
    [['stress', '--start', '=', 'c'], ['cold']],
    [['--strategies', 'none,up'], ['none,upstream']],
    [['stress', '--strategy', ''], strategies.map(({ name }) => name)],
    [['stress', '--actors', 'finder=1,rec'], ['finder=1,reclaim=']],
    [
      ['stress', '--scenario', 'stale-reuse', '--start', ''],
      ['stale', 'deleting'],
    ],
    [['stress', '--scenario', '=', 'stale-reuse', '--actors', 'rec'], ['recycler=']],
    [['explore', '--scenario', 'stale-reuse', '--strategy', 'no-'], ['no-handshake']],
    [['stress', '--delay', 'find:r'], ['find:ref=']],
    [['list', 'po'], ['points']],
    [['hunt', '--kernel', '5'], ['5.7']],
    [['hunt', '--kernel', '5.7', '--only', 'alloc,rec'], ['alloc,reclaim']],
    [['hunt', '--kernel', '5.7', '--strategy', 'upst'], ['upstream']],
    [['hunt', '--strategy', 'verified'], ['verified-wait']],
  ])('completes values: %j', async (words, values) => {
    expect(await completed(...words)).toEqual(values);
  });

  it('completes commands and options', async () => {
    expect(await completed('')).toEqual(commands.map(({ name }) => name));
    expect(await completed('stress', '--no')).toContain('--no-control');
    expect(await completed('compare', '--st')).not.toContain('--no-control');
  });
});
