/** Scenarios of users in the built program: in every command, on threads too. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOr, isFull } from '../helpers/full.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(PROJECT, 'dist/cli/main.js');
const example = (name: string): readonly string[] => [
  '--scenario',
  join(PROJECT, 'examples', `${name}.mjs`),
  '--pages',
  '1',
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtorture-scenario-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(PROJECT, join(folder, 'node_modules/ebtorture'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A scenario like the built-in one, with outcomes of other names, and with this in its first role or before everything. */
function race(
  name: string,
  { top = '', run = '' }: { readonly top?: string; readonly run?: string },
): readonly string[] {
  const role =
    run === '' ? "roleNamed('finder')" : `{ name: 'finder', program: [{ name: 'find', run: ${run} }] }`;
  writeFileSync(
    join(folder, `${name}.mjs`),
    `import { defineScenario, roleNamed, startNamed } from 'ebtorture/scenario';
    ${top}
    export default defineScenario({
      roles: [${role}, roleNamed('reclaim')],
      starts: [startNamed('primed')],
      outcomes: [{ name: 'boom', grade: 'FORBIDDEN' }, { name: 'fine', grade: 'ACCEPTABLE' }],
      classify: () => 1,
    });`,
  );
  return ['--scenario', join(folder, `${name}.mjs`), '--pages', '1'];
}

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ebtorture(...args: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

describe('examples', () => {
  it.each([
    ['frozen-refcount', 'UAF use after free and DF double free', '--strategy', ['none', 'try-get']],
    ['seqlock', 'TORN half of a write was read', '--start', ['before', 'after']],
  ])('%s: before the fix it violates, behind it nothing can', async (name, violated, option, values) => {
    const [before, after] = await Promise.all(
      values.map(async (value) => ebtorture('explore', ...example(name), option, value)),
    );
    if (before === undefined || after === undefined) throw new Error('one of two is missing');
    const schedule = /eb1:\S+/.exec(before.stdout)?.[0] ?? '';
    const replayed = await ebtorture('replay', schedule);

    expect(before.stdout).toContain(`Verdict: VIOLATED: ${violated}.`);
    expect(before.status).toBe(1);
    expect(after.stdout).toContain('Verdict: HOLDS');
    expect(after.status).toBe(0);
    expect(replayed.stdout).toContain(`BUG: `);
    expect(replayed.status).toBe(1);
  });

  it('stale-put is a race in which nobody can lose', async () => {
    const { status, stdout } = await ebtorture('explore', ...example('stale-put'), '--json', '--quiet');

    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'holds', outcomes: [{ name: 'freed' }] });
    expect(status).toBe(0);
  });

  it('is met on threads, and explained by an interleaving', async () => {
    const { status, stdout } = await ebtorture(
      'explain',
      ...example('seqlock'),
      '--duration',
      '60s',
      '--quiet',
    );

    expect(stdout).toMatch(/Verdict: VIOLATED, and explained: TORN/);
    expect(status).toBe(1);
  });
});

describe('a race whose FORBIDDEN outcome has a name of its own', () => {
  it.runIf(isFull)('is compared, and what threads show agrees with what explore reaches', async () => {
    const args = [...race('race', {}), '--strategies', 'none,upstream', '--trials', '20k', '--agree'];
    const { stdout } = await ebtorture('compare', ...args, '--json', '--quiet');

    const result = JSON.parse(stdout) as { readonly config: object; readonly agreement?: object };
    expect(result.config).toMatchObject({ scenario: join(folder, 'race.mjs') });
    expect(JSON.stringify(result)).not.toContain('"bug"');
    expect(stdout).not.toContain('DISAGREE');
  });
});

describe('a module that is wrong', () => {
  it.each([
    ['no-file', '', 'no such file'],
    ['member', 'export default { roles: [] };', 'the default export: has no starts'],
    ['never', 'await new Promise(() => {});', 'a top-level await that never settles'],
    ['memory', 'const kept = []; for (;;) kept.push(new Array(1e6).fill(0));', 'ran out of memory'],
    ['syntax', 'not a module', 'cannot be loaded: '],
  ])('ends with one line: %s', async (name, source, expected) => {
    const path = join(folder, `${name}.mjs`);
    if (source !== '') writeFileSync(path, source);

    // Which command it is given to makes no difference: the scenario is loaded before it.
    const { status, stdout, stderr } = await ebtorture(
      name === 'member' ? 'stress' : 'explore',
      '--scenario',
      path,
    );

    expect(stderr).toContain(expected);
    expect(stderr).toContain(`${name}.mjs`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(64);
  });

  const broken: readonly (readonly [string, string, string, string])[] = [
    ['throws', 'explore', "() => { throw new Error('mine'); }", 'mine'],
    [
      'clock',
      'explore',
      '({ model }) => (Date.now() % 2 ? 0 : model.findExtentBuffer() * 0)',
      'calls Date.now: a scenario must do the same',
    ],
    ['throws', 'stress', "() => { throw new Error('mine'); }", 'mine'],
    ['spins', 'stress', '() => { for (;;); }', 'no actor has finished a stride'],
  ];

  it.each(allOr(broken, broken.slice(1, 3)))(
    'is ended where an operation of it %s, in %s, with its place',
    async (name, command, run, expected) => {
      const limit = command === 'stress' ? ['--duration', '300ms'] : [];
      const { status, stderr } = await ebtorture(command, ...race(name, { run }), ...limit, '--quiet');

      expect(stderr).toContain(expected);
      expect(stderr).toContain(`(${name}.mjs:`);
      expect(status).toBe(70);
    },
  );

  it('is blamed beside a strategy of a user only for what it may have done', async () => {
    const fix = join(folder, 'fix.mjs');
    writeFileSync(
      fix,
      'export default (Base) => class extends Base { setIoPages(eb, reads) { super.setIoPages(eb, reads); } };',
    );
    const explored = (name: string, top: string, isOver: string): Promise<Finished> =>
      ebtorture(
        'explore',
        ...race(name, { top, run: `({ model }) => (${isOver} ? 0 : model.findExtentBuffer())` }),
        '--strategy',
        fix,
      );

    const clock = await explored('clock', '', 'Date.now() % 2');
    const counter = await explored('counter', 'let calls = 0;', '++calls % 2');

    expect(clock.stderr).toContain(`ebtorture: ${join(folder, 'clock.mjs')}: run (clock.mjs:`);
    expect(clock.stderr).toContain('a scenario must do the same');
    const either = `${fix} or ${join(folder, 'counter.mjs')}: find: does not do the same`;
    expect(counter.stderr).toContain(`ebtorture: ${either}`);
    expect([clock.status, counter.status]).toEqual([70, 70]);
  });

  it('is blamed for a strategy of its own subject', async () => {
    const text = readFileSync(join(PROJECT, 'examples/frozen-refcount.mjs'), 'utf8');
    const path = join(folder, 'own-strategy.mjs');
    writeFileSync(
      path,
      text.replace('extend: tryGet', 'extend: (Base) => (Math.random() < 2 ? tryGet(Base) : Base)'),
    );

    const { stderr, status } = await ebtorture('explore', '--scenario', path, '--strategy', 'try-get');

    expect(stderr).toContain(`${path}: subject.strategies[0].extend: extend (own-strategy.mjs:`);
    expect(stderr).toContain('calls Math.random: a scenario must do the same');
    expect(status).toBe(64);
  });
});
