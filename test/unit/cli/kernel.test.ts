import { describe, expect, it } from 'vitest';
import { explore as searched } from '../../../src/api/search.ts';
import { addScenario, scenarios } from '../../../src/catalog/registry.ts';
import { run } from '../../../src/cli/cli.ts';
import { commands } from '../../../src/cli/commands/registry.ts';
import type { ExploreResult } from '../../../src/explore/explore.ts';
import type { Listing } from '../../../src/report/listing.ts';
import { HarnessError } from '../../../src/stress/plan/harness-error.ts';
import { twoKernels } from '../../helpers/two-kernels.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

addScenario(twoKernels);
const FIRST = scenarios[0]?.name ?? '';
const OLDER = '--scenario two-kernels --kernel 1.2';

async function ebtorture(line: string): Promise<{
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly engine: ReturnType<typeof fakeEngine>;
}> {
  const io = fakeIo();
  const engine = fakeEngine();
  const status = await run(line.split(' '), io, engine);
  return { status, out: io.out(), err: io.err(), engine };
}

async function json<Document>(line: string): Promise<Document> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the command prints
  return JSON.parse((await ebtorture(`${line} --json`)).out) as Document;
}

describe('--kernel', () => {
  it('is an option of every command that takes --scenario', () => {
    const having = (option: string): string[] =>
      commands.filter(({ options }) => options.some(({ name }) => name === option)).map(({ name }) => name);

    // Those of `drift` and `hunt` are others: a kernel that was read, and one that has an alphabet.
    expect(having('kernel').filter((name) => name !== 'drift' && name !== 'hunt')).toEqual(
      having('scenario'),
    );
    expect(having('kernel')).toContain('explore');
  });

  it.each([
    [OLDER, 1, { scenario: 'two-kernels@1.2', kernel: '1.2', verdict: 'violated' }],
    ['--scenario two-kernels@1.2', 1, { scenario: 'two-kernels@1.2', kernel: '1.2', verdict: 'violated' }],
    [
      '--scenario two-kernels@1.2 --kernel 1.2',
      1,
      { scenario: 'two-kernels@1.2', kernel: '1.2', verdict: 'violated' },
    ],
    ['--scenario two-kernels', 0, { scenario: 'two-kernels', kernel: '1.10', verdict: 'holds' }],
    [
      '--scenario two-kernels --kernel 1.10',
      0,
      { scenario: 'two-kernels', kernel: '1.10', verdict: 'holds' },
    ],
    ['--scenario two-kernels@1.10', 0, { scenario: 'two-kernels', kernel: '1.10', verdict: 'holds' }],
  ])('decides what is searched: %s', async (options, status, found) => {
    const line = `explore ${options} --strategy none`;

    expect((await ebtorture(line)).status).toBe(status);
    expect(await json<ExploreResult>(line)).toMatchObject(found);
  });

  it('decides the control: that of the kernel is run unless another is named', async () => {
    expect(await json<ExploreResult>(`explore ${OLDER}`)).toMatchObject({ strategy: 'none' });
    expect(await json<ExploreResult>('explore --scenario two-kernels')).toMatchObject({
      strategy: 'put-above-two',
    });
  });

  it('is in the name of the scenario wherever that goes: to the engine, and into the command to run again', async () => {
    const { engine, err } = await ebtorture(`stress ${OLDER} --duration 1s --seed 1`);

    expect(err).toBe('');
    expect(engine.stressed).toMatchObject([{ scenario: 'two-kernels@1.2', strategy: 'none' }]);
    const broken = fakeEngine({
      stress: () => Promise.reject(new HarnessError('ERR_ACTOR_CRASHED', 'planted')),
    });
    const io = fakeIo();
    await run(`stress ${OLDER} --duration 1s --seed 1`.split(' '), io, broken);
    expect(io.err()).toContain('  ebtorture stress --scenario two-kernels@1.2 --duration 1s --seed 1\n');
  });

  it('is no field of what has one kernel', async () => {
    expect(await json<ExploreResult>('explore --strategy none --pages 1')).not.toHaveProperty('kernel');
    expect((await json<Listing>('list')).scenarios?.[0]).not.toHaveProperty('kernels');
  });
});

describe('list', () => {
  it('has the kernels of a scenario, and lists what there is on one', async () => {
    const [newer] = (await json<Listing>('list --scenario two-kernels')).scenarios ?? [];
    const [older] = (await json<Listing>(`list ${OLDER}`)).scenarios ?? [];
    const kernels = ['1.2', '1.10'];

    expect(newer).toMatchObject({ name: 'two-kernels', kernels, kernel: '1.10' });
    expect(older).toMatchObject({ name: 'two-kernels@1.2', kernels, kernel: '1.2' });
    expect((await ebtorture(`list ${OLDER}`)).out).toContain(' --kernel 1.2, 1.10; here 1.2\n');
  });

  it('has what strategies promise on that kernel', async () => {
    const promised = async (line: string): Promise<string | undefined> =>
      (await json<Listing>(line)).strategies?.find(({ name }) => name === 'none')?.expectation;

    expect(await promised(`list ${OLDER}`)).toBe('violates');
    expect(await promised('list --scenario two-kernels')).toBe('holds');
  });
});

describe('completion', () => {
  it.each([
    ['--scenario two-kernels --kernel ', ['1.2', '1.10']],
    ['--scenario two-kernels --kernel 1.1', ['1.10']],
    ['--scenario = two-kernels --kernel = 1.', ['1.2', '1.10']],
    ['--kernel ', []],
    [`${OLDER} --start `, ['held']],
  ])('of %s', async (words, offered) => {
    const io = fakeIo();
    await run(['--get-yargs-completions', 'ebtorture', 'explore', ...words.split(' ')], io, fakeEngine());

    expect(
      io
        .out()
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual(offered);
  });
});

describe('what there is not', () => {
  const none = `${FIRST} is played on one kernel only; `;

  it.each([
    ['explore --kernel 1.2', `--kernel: ${none}1.2 have: two-kernels`],
    ['--kernel 1.2 --json', `--kernel: ${none}1.2 have: two-kernels`],
    ['explore --kernel 0.9', `--kernel: ${none}no scenario has 0.9`],
    ['explore --kernel=', `--kernel: ${none}no scenario has ''`],
    [`window --scenario ${FIRST} --kernel 1.2`, `--kernel: ${none}1.2 have: two-kernels`],
    [`explore --scenario ${FIRST}@1.2`, `--scenario: ${none}1.2 have: two-kernels`],
    [
      'list --scenario two-kernels --kernel 1.11',
      '--kernel: unknown kernel 1.11; did you mean 1.10? (known of two-kernels: 1.2, 1.10)',
    ],
    [
      'stress --scenario two-kernels@next',
      "--scenario: unknown kernel 'next' (known of two-kernels: 1.2, 1.10)",
    ],
    [
      'explain --scenario two-kernels@1.2 --kernel 1.10',
      '--kernel: two-kernels@1.2 names one already; give one of the two',
    ],
    [
      'explore --scenario examples/seqlock.mjs --kernel 1.2',
      '--kernel: a module is played on its own kernel only; 1.2 have: two-kernels',
    ],
    [
      'replay eb1:two-kernels@7:held:none:staler=1,path=2:p1:a',
      'replay: unknown kernel 7 (known of two-kernels: 1.2, 1.10)',
    ],
    ['compare --kernel 1.2 --kernel 1.3', '--kernel: is given 2 times; give it once'],
    ['history --kernel 1.2', "unknown option '--kernel'"],
  ])('is refused in one line: %s', async (line, message) => {
    const { status, out, err, engine } = await ebtorture(line);

    expect(err).toBe(`ebtorture: ${message}\n`);
    expect(status).toBe(64);
    expect(out).toBe('');
    expect([...engine.compared, ...engine.stressed, ...engine.profiled]).toEqual([]);
  });

  it('comes after the name of a scenario that there is not', async () => {
    const { status, err } = await ebtorture('explore --scenario two-kernles --kernel 1.2');

    expect(status).toBe(64);
    expect(err).toMatch(/^ebtorture: --scenario: unknown scenario 'two-kernles'/);
  });
});

describe('the functions', () => {
  it('take a kernel beside the scenario, too', async () => {
    const given = { scenario: 'two-kernels', strategy: 'none' };

    expect(await searched(given)).toMatchObject({ kernel: '1.10', verdict: 'holds' });
    expect(await searched({ ...given, kernel: '1.2' })).toMatchObject({
      scenario: 'two-kernels@1.2',
      kernel: '1.2',
      verdict: 'violated',
    });
    await expect(searched({ kernel: '1.2' })).rejects.toThrow(
      `kernel: ${FIRST} is played on one kernel only; 1.2 have: two-kernels`,
    );
    await expect(searched({ scenario: 'two-kernles', kernel: '1.2' })).rejects.toThrow(
      "unknown scenario 'two-kernles'",
    );
    await expect(searched({ scenario: 'two-kernels', kernel: '2' })).rejects.toThrow(
      "kernel: unknown kernel '2' (known of two-kernels: 1.2, 1.10)",
    );
  });
});
