/** Subjects of users in the built program: an example of the package in every command, and objects of two lines in both engines. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { runAgree } from '../../src/study/agree.ts';
import { type AgreedCompareResult } from '../../src/study/agreement.ts';
import { allOr, isFull } from '../helpers/full.ts';
import { brokenIn, searched } from '../helpers/history.ts';
import { runOptions } from '../helpers/run-options.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
}

/** A command on the scenario of a path in this project; what it says beside its result is nothing. */
async function ebtorture(command: string, scenario: string, ...args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, command, '--scenario', scenario, ...args, '--quiet'], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout }));
  });
}

/** From the tarball, test/cli/package.test.ts has it in every command. */
describe('a reference count that is frozen while it is looked up', () => {
  const FROZEN = './examples/frozen-refcount.mjs';

  it.runIf(isFull)(
    'is proved by explore with its fix, and refuted without, in a schedule that is played again',
    async () => {
      const [control, fixed] = await Promise.all([
        ebtorture('explore', FROZEN),
        ebtorture('explore', FROZEN, '--strategy', 'try-get'),
      ]);
      const schedule = /eb1:\S+/.exec(control.stdout)?.[0] ?? '';
      const replay = spawn(process.execPath, [MAIN, 'replay', schedule], { cwd: PROJECT, stdio: 'ignore' });
      const status = await new Promise((resolve) => {
        replay.once('close', resolve);
      });

      expect(control.stdout).toContain('Verdict: VIOLATED: UAF use after free and DF double free.');
      expect(control.status).toBe(1);
      expect(schedule).toContain(':cached:none:reader=1,remover=1:p1:');
      expect(status).toBe(1);
      expect(fixed.stdout).toContain('outcomes   used (ACCEPTABLE) and missed (ACCEPTABLE)');
      expect(fixed.stdout).toContain('Verdict: HOLDS');
      expect(fixed.status).toBe(0);
    },
  );

  it.runIf(isFull)('is found by random schedules, which prove nothing of the fix', async () => {
    const random = ['--scheduler', 'pct', '--schedules', '500', '--seed', '1'];
    const [control, fixed] = await Promise.all([
      ebtorture('explore', FROZEN, ...random),
      ebtorture('explore', FROZEN, ...random, '--strategy', 'try-get'),
    ]);

    expect(control).toMatchObject({ status: 1 });
    expect(fixed).toMatchObject({ status: 2 });
  });

  it('is compared, and the engines agree', async () => {
    const { stdout } = await ebtorture('compare', FROZEN, '--trials', '4k', '--agree', '--json');
    const result: unknown = JSON.parse(stdout);

    expect(result).toMatchObject({
      config: { pages: 1 },
      arms: [
        { strategy: 'none', expectation: 'violates' },
        { strategy: 'try-get', violations: { total: 0 } },
      ],
      agreement: {
        verdict: 'agrees',
        arms: [
          { strategy: 'none', unexplored: [] },
          { strategy: 'try-get', unexplored: [] },
        ],
      },
    });
  });

  it.runIf(isFull)('is stressed, and no report of it speaks of pages or buffers', async () => {
    const { status, stdout } = await ebtorture('stress', FROZEN, '--until', 'violation');
    const fixed = await ebtorture('stress', FROZEN, '--strategy', 'try-get', '--trials', '2k');

    expect(stdout).toContain('scenario   ./examples/frozen-refcount.mjs, start cached\n');
    expect(stdout).toContain('Verdict: VIOLATED.');
    expect(status).toBe(1);
    for (const text of [stdout, fixed.stdout])
      expect(text).not.toMatch(/\bpages?\b|buffer|TREE_REF|readahead/);
  });

  it.runIf(isFull)('is explained by an interleaving', async () => {
    const { status, stdout } = await ebtorture('explain', FROZEN, '--duration', '60s');

    expect(stdout).toMatch(/Verdict: VIOLATED, and explained: (?:UAF|DF)/);
    expect(stdout).not.toMatch(/\bpages?\b|buffer/);
    expect(status).toBe(1);
  });

  it.runIf(isFull)('has mutants, which explore kills and threads kill, too', async () => {
    const { status, stdout } = await ebtorture('mutate', FROZEN, '--time-per-mutant', '100ms', '--json');
    const result: unknown = JSON.parse(stdout);

    expect(result).toMatchObject({
      strategy: 'try-get',
      verdict: 'complete',
      baseline: [{ verdict: 'holds' }],
      score: { killedByExplore: 2 },
      mutants: [
        { function: 'folio_get', change: 'true', explore: { verdict: 'killed' } },
        { function: 'folio_get', change: 'false', explore: { verdict: 'vacuous' } },
        { function: 'folio_get', change: 'split', explore: { verdict: 'killed' } },
      ],
    });
    expect(status).toBe(0);
  });

  it.runIf(isFull)('has a window', async () => {
    const points = ['--points', '8', '--trials-per-point', '200', '--json'];
    const { stdout } = await ebtorture('window', FROZEN, ...points);

    expect(JSON.parse(stdout)).toMatchObject({
      config: { strategy: 'none', pages: 1 },
      words: { pagesAre: 'none' },
    });
  });
});

describe('objects of two lines', () => {
  const TWO_LINES = './test/stress/scenarios/two-lines.mjs';

  async function agreed(start: string): Promise<AgreedCompareResult> {
    await loadScenario(TWO_LINES);
    const result = await runAgree(
      runOptions({
        scenario: TWO_LINES,
        start,
        strategies: ['none'],
        budget: { kind: 'trials', count: 4_000 },
        fold: 100,
      }),
    );
    expect(result.agreement).toMatchObject({ verdict: 'agrees', arms: [{ unexplored: [] }] });
    return result;
  }

  it.runIf(isFull).each(['in-section', 'removed-once', 'locked', 'given-back'])(
    'nothing is violated where nothing is planted, in either engine: %s',
    async (start) => {
      const { arms } = await agreed(start);

      expect(arms).toMatchObject([{ trials: 4_000, violations: { total: 0 } }]);
      expect(await searched({ scenario: TWO_LINES, strategy: 'none', start })).toMatchObject({
        verdict: 'holds',
      });
    },
  );

  const always: readonly (readonly [string, string])[] = [
    ['kept', 'L4'],
    ['unpoisoned', 'KEPT'],
    ['kept-to-read', 'L4'],
  ];

  it.runIf(isFull).each(always)(
    'what is wrong in every schedule is found in every trial: %s',
    async (start, id) => {
      const { arms } = await agreed(start);

      expect(arms).toMatchObject([{ violations: { total: 4_000, byInvariant: { [id]: 4_000 } } }]);
      expect(brokenIn(await searched({ scenario: TWO_LINES, strategy: 'none', start }))[0]).toBe(id);
    },
  );

  const planted: readonly (readonly [string, string])[] = [
    ['behind-section', 'UAF'],
    ['removed-twice', 'DF'],
    ['freed-at-once', 'UAF'],
    ['unlocked', 'TORN'],
  ];

  it.each(allOr(planted, planted.slice(0, 1)))(
    'what is planted is found by a search, met on threads, and explained: %s',
    async (start, id) => {
      const [explored, explained] = await Promise.all([
        ebtorture('explore', TWO_LINES, '--start', start),
        ebtorture('explain', TWO_LINES, '--start', start, '--duration', '60s'),
      ]);

      expect(explored.stdout).toMatch(new RegExp(`Verdict: VIOLATED: ${id} [^,]*\\.\n`));
      expect(explained.stdout).toContain(`Verdict: VIOLATED, and explained: ${id} `);
      expect(explained.status).toBe(1);
    },
  );
});
