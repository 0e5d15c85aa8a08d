/** A scenario of a user's in the built program that declares what results and reports are to speak of. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { savedDocument } from '../helpers/saved-document.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isFull } from '../helpers/full.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(PROJECT, 'dist/cli/main.js');
const SOURCE = `
  import {
    bufferAt, defineScenario, EB_BFLAGS, EB_REFS, EXTENT_BUFFER_STALE, Note, note, OWN_NOTES, startNamed,
  } from 'ebtorture/scenario';
  const put = ({ model, geometry }) => model.freeExtentBufferStale(bufferAt(model.fsInfo, geometry, 0));
  const held = (name, refs) => ({
    name,
    actors: [{ role: 'holder', count: 2 }],
    reset: (words, geometry, fs) => {
      startNamed('primed').reset(words, geometry, fs);
      words[bufferAt(fs, geometry, 0) + EB_REFS] = refs;
    },
  });
  export default defineScenario({
    roles: [{
      name: 'holder',
      program: [{ name: 'put', run: (context) => { put(context); note(context, OWN_NOTES[0]); } }],
    }],
    starts: [held('shared', 2), held('counted', 3)],
    outcomes: [{ name: 'oops', grade: 'FORBIDDEN' }, { name: 'gone', grade: 'ACCEPTABLE' }],
    classify: () => 1,
    measures: [{ name: 'ownPut', note: OWN_NOTES[0], role: 'met' }, { name: 'lastPut', note: Note.LastPut }],
    costs: [{ name: 'put', column: 'a put', timeColumn: 'time', start: 'counted', run: put }],
    control: 'early-check',
    promises: { none: 'violates', upstream: 'violates' },
    replayColumns: [{ label: 'STALE', word: EB_BFLAGS, bit: EXTENT_BUFFER_STALE }],
  });
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtorture-declared-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(PROJECT, join(folder, 'node_modules/ebtorture'));
  writeFileSync(join(folder, 'put.mjs'), SOURCE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ebtorture(cwd: string, ...args: readonly string[]): string {
  return spawnSync(process.execPath, [MAIN, ...args], { cwd, encoding: 'utf8' }).stdout;
}

it('is compared in its own words, which a saved result has with it', async () => {
  const text = ebtorture(
    folder,
    'compare',
    '--scenario',
    './put.mjs',
    '--strategies',
    'none,upstream',
    '--trials',
    '2k',
    '--pages',
    '1',
    '--out',
    'saved.json',
    '--quiet',
  );
  const saved = join(folder, 'saved.json');

  expect(await savedDocument(saved)).toMatchObject({
    words: {
      control: 'early-check',
      measures: [{ name: 'ownPut' }, { name: 'lastPut' }],
      costs: [{ name: 'put' }],
    },
    // Each trial is counted once for each of the two that note it.
    arms: ['none', 'upstream'].map((strategy) => ({
      strategy,
      expectation: 'violates',
      violations: { total: 2_000 },
      measures: { ownPut: 4_000 },
      outcomes: { oops: { count: 2_000 }, gone: { count: 0 } },
    })),
  });
  expect(text).toMatch(/explore +own put +a put +time +speed/);
  expect(text).not.toMatch(/TREE_REF|rescue|strip/);
  // Where the module is not.
  expect(ebtorture(tmpdir(), 'report', saved)).toBe(text);
});

it('has its own control added where none is named, and its own columns in a witness', () => {
  const added = spawnSync(
    process.execPath,
    [
      MAIN,
      'compare',
      '--scenario',
      './put.mjs',
      '--start',
      'counted',
      '--pages',
      '1',
      '--strategies',
      'bio-ref',
      '--trials',
      '1k',
      '--no-prove',
      '--no-cost',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  const explored = ebtorture(folder, 'explore', '--scenario', './put.mjs', '--pages', '1');

  expect(added.stderr).toContain('no control among the strategies, early-check is added');
  expect(explored).toMatch(/set_bit\(STALE, eb0\) +STALE$/m);
});

it.runIf(isFull)('is climbed by mutants from one start state to the next', () => {
  const args = ['--strategy', 'none', '--model', '--explore-only', '--time-max', '5s', '--json', '--quiet'];
  const result: unknown = JSON.parse(ebtorture(folder, 'mutate', '--scenario', './put.mjs', ...args));

  expect(result).toMatchObject({
    config: {
      ladder: [
        { start: 'shared', pages: 1 },
        { start: 'counted', pages: 1 },
        { start: 'shared', pages: 2 },
        { start: 'counted', pages: 2 },
      ],
    },
    baseline: [{ verdict: 'violated' }, { verdict: 'holds' }, { verdict: 'violated' }, { verdict: 'holds' }],
    // Declared to violate, and does.
    verdict: 'complete',
  });
});
