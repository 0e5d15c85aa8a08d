/** The package as its users have it: packed, unpacked in a folder of its own, and a strategy written against it. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** As somebody would write it: with a type, a constant and a helper. */
const MY_FIX = `
import { EB_REFS_LOCK } from 'ebtorture/strategy';

export const apiVersion = 1;
export const summary = 'TREE_REF is checked under the refs_lock once io_pages is set';

/** @type {import('ebtorture/strategy').StrategyPlugIn} */
export default (Base) =>
  class extends Base {
    /** @override @param {import('ebtorture/strategy').ExtentBuffer} eb @param {number} numReads */
    setIoPages(eb, numReads) {
      super.setIoPages(eb, numReads);
      this.#handshake(eb);
      this.checkBufferTreeRef(eb);
    }

    /** @param {import('ebtorture/strategy').ExtentBuffer} eb */
    #handshake(eb) {
      this.mem.spinLock(eb + EB_REFS_LOCK);
      this.mem.spinUnlock(eb + EB_REFS_LOCK);
    }
  };
`;

const packs = mkdtempSync(join(tmpdir(), 'ebtorture-pack-'));
afterAll(() => rmSync(packs, { recursive: true, force: true }));

/** The tarball. */
function packed(): string {
  const said = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', packs], {
    cwd: PROJECT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return join(packs, /"filename": "([^"]+)"/.exec(said)?.[1] ?? '');
}

/** A folder with the packed program and its dependencies, but for the network that would bring them; each test adds files of its own. */
let cwd = '';
beforeAll(() => {
  cwd = installed();
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ebtorture-user-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  execFileSync('tar', ['-xzf', packed(), '-C', modules]);
  execFileSync('mv', [join(modules, 'package'), join(modules, 'ebtorture')]);
  const { dependencies } = JSON.parse(readFileSync(join(modules, 'ebtorture/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(PROJECT, 'node_modules', name), join(modules, name));
  }
  return folder;
}

it('runs a strategy of its user, at the first try', () => {
  writeFileSync(join(cwd, 'my-fix.mjs'), MY_FIX);
  const ebtorture = (
    ...args: readonly string[]
  ): { readonly status: number | null; readonly stdout: string } =>
    spawnSync(process.execPath, [join(cwd, 'node_modules/ebtorture/dist/cli/main.js'), ...args], {
      cwd,
      encoding: 'utf8',
    });

  const proof = ebtorture('explore', '--strategy', './my-fix.mjs', '--pages', '1');
  const run = ebtorture(
    'compare',
    '--strategies',
    'none,./my-fix.mjs',
    '--pages',
    '1',
    '--trials',
    '200',
    '--json',
    '--quiet',
  );

  expect(proof.stdout).toContain('Verdict: HOLDS');
  expect(proof.status).toBe(0);
  // How often the control violates in so few trials is the machine's affair.
  expect([0, 2]).toContain(run.status);
  expect(JSON.parse(run.stdout)).toMatchObject({
    arms: [
      { strategy: 'none', proof: { verdict: 'violated' } },
      { strategy: 'my-fix', violations: { total: 0 }, proof: { verdict: 'holds' }, cost: {} },
    ],
  });

  const config = {
    compilerOptions: { checkJs: true, strict: true, noEmit: true, module: 'nodenext', skipLibCheck: true },
  };
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ ...config, files: ['my-fix.mjs'] }));
  const checked = spawnSync(process.execPath, [join(PROJECT, 'node_modules/typescript/lib/tsc.js')], {
    cwd,
    encoding: 'utf8',
  });
  expect(checked.stdout).toBe('');
});

it('runs a scenario of its user, at the first try, with the examples of the package', () => {
  writeFileSync(
    join(cwd, 'my-race.mjs'),
    `import { defineScenario, roleNamed, startNamed } from 'ebtorture/scenario';
    export default defineScenario({
      roles: [roleNamed('finder'), roleNamed('reclaim')],
      starts: [startNamed('primed')],
      outcomes: [{ name: 'boom', grade: 'FORBIDDEN' }, { name: 'fine', grade: 'ACCEPTABLE' }],
      classify: () => 1,
    });`,
  );
  const ebtorture = (
    ...args: readonly string[]
  ): { readonly status: number | null; readonly stdout: string } =>
    spawnSync(process.execPath, [join(cwd, 'node_modules/ebtorture/dist/cli/main.js'), ...args], {
      cwd,
      encoding: 'utf8',
    });
  const race = ['--scenario', './my-race.mjs', '--pages', '1', '--json', '--quiet'];
  const searched = (...args: readonly string[]): unknown => JSON.parse(ebtorture('explore', ...args).stdout);
  const seqlock = ['--scenario', './node_modules/ebtorture/examples/seqlock.mjs', '--json', '--quiet'];

  expect(searched(...race)).toMatchObject({ scenario: './my-race.mjs', verdict: 'violated' });
  expect(searched(...race, '--strategy', 'upstream')).toMatchObject({
    verdict: 'holds',
    outcomes: [{ name: 'fine' }],
  });
  expect(searched(...seqlock, '--start', 'before')).toMatchObject({ violations: [{ invariant: 'TORN' }] });
  expect(searched(...seqlock, '--start', 'after')).toMatchObject({ verdict: 'holds' });
  // How often the control violates in so few trials is the machine's affair.
  expect(JSON.parse(ebtorture('stress', ...race, '--trials', '200').stdout)).toMatchObject({
    config: { scenario: './my-race.mjs' },
    arms: [{ strategy: 'none', trials: 200 }],
  });
}, 180_000);

it('runs a subject of its user, at the first try', () => {
  // As README has it: the example is copied, and that is all.
  copyFileSync(
    join(cwd, 'node_modules/ebtorture/examples/frozen-refcount.mjs'),
    join(cwd, 'frozen-refcount.mjs'),
  );
  const result = (command: string, ...args: readonly string[]): unknown => {
    const main = join(cwd, 'node_modules/ebtorture/dist/cli/main.js');
    const subject = ['--scenario', './frozen-refcount.mjs', '--json', '--quiet'];
    const { stdout, stderr } = spawnSync(process.execPath, [main, command, ...subject, ...args], {
      cwd,
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  };

  expect(result('explore')).toMatchObject({
    verdict: 'violated',
    violations: [{ invariant: 'UAF' }, { invariant: 'DF' }],
  });
  expect(result('explore', '--strategy', 'try-get')).toMatchObject({ verdict: 'holds' });
  expect(result('compare', '--strategies', 'none,try-get', '--trials', '200', '--no-cost')).toMatchObject({
    arms: [
      { strategy: 'none', proof: { verdict: 'violated' } },
      { strategy: 'try-get', violations: { total: 0 }, proof: { verdict: 'holds' } },
    ],
  });
  expect(result('stress', '--until', 'violation', '--duration', '60s')).toMatchObject({
    arms: [{ strategy: 'none' }],
    verdict: 'violated',
  });
  expect(result('explain', '--duration', '60s')).toMatchObject({ verdict: 'explained' });
  expect(result('mutate', '--explore-only')).toMatchObject({
    strategy: 'try-get',
    verdict: 'complete',
    score: { killedByExplore: 2 },
  });
}, 180_000);
