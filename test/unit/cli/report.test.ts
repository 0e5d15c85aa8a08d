import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { jsonDocument } from '../../../src/report/json-document.ts';
import { plain } from '../../../src/report/paint.ts';
import { compareReport } from '../../../src/report/run-report.ts';
import { asDeclared, fixViolated } from '../report/sample-results.ts';
import { fakeEngine } from './fake-engine.ts';
import { type FakeIo, fakeIo } from './fake-io.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebtorture-report-'));
  writeFileSync(join(directory, 'run.json'), jsonDocument(asDeclared));
  writeFileSync(join(directory, 'bad.json'), jsonDocument(fixViolated));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function ran(...argv: readonly string[]): Promise<{ readonly io: FakeIo; readonly status: number }> {
  const io = fakeIo({ cwd: directory });
  return { io, status: await run(argv, io, fakeEngine()) };
}

describe('report', () => {
  it('prints what the command printed, whatever it says', async () => {
    const one = await ran('report', 'run.json');
    expect(one.io.out()).toBe(compareReport(asDeclared, plain));
    expect(one.status).toBe(0);
    const both = await ran('report', 'run.json', 'bad.json');
    expect(both.io.out()).toBe(`${compareReport(asDeclared, plain)}\n${compareReport(fixViolated, plain)}`);
    expect(both.status).toBe(0);
  });

  it('ends with 70 where the figures of a result contradict each other, and takes the repaired twin', async () => {
    const [none, ...others] = asDeclared.arms;
    if (none === undefined) throw new Error('the sample has no arm');
    const { bug, ...outcomes } = none.outcomes;
    const planted = {
      ...none,
      outcomes: { ...outcomes, bug: { count: (bug?.count ?? 0) - 1, grade: 'FORBIDDEN' } },
    };
    writeFileSync(
      join(directory, 'torn.json'),
      JSON.stringify({ ...asDeclared, arms: [planted, ...others] }),
    );
    const { io, status } = await ran('report', 'torn.json');

    expect(status).toBe(70);
    expect(io.err()).toBe(
      "ebtorture: report: 'torn.json' contradicts itself: none: the FORBIDDEN outcomes add up to 123455, its violations to 123456\n",
    );
    writeFileSync(join(directory, 'torn.json'), JSON.stringify({ ...asDeclared, arms: [none, ...others] }));
    expect((await ran('report', 'torn.json')).status).toBe(0);
  });

  it.each([
    [['explore', '--strategy', 'none', '--pages', '1']],
    [['explore', '--strategy', 'upstream', '--pages', '1']],
    [['explore', '--scheduler', 'uniform', '--schedules', '100', '--pages', '1', '--seed', '7']],
  ])('gives the text of %s again', async (argv) => {
    const explored = await ran(...argv, '--json');
    writeFileSync(join(directory, 'explored.json'), explored.io.out());
    expect((await ran('report', 'explored.json')).io.out()).toBe(explored.io.err());
  });

  it('passes no proof that is vacuous', async () => {
    const plugIn = '(Base) => class extends Base { findExtentBuffer() { return 0; } }';
    const path = join(directory, 'finds-nothing.mjs');
    writeFileSync(path, `export default ${plugIn};\n`);
    const explored = await ran('explore', '--strategy', path, '--pages', '1', '--json');
    writeFileSync(join(directory, 'vacuous.json'), explored.io.out());

    expect(explored.status).toBe(2);
    expect(explored.io.err()).toContain(
      '  never reached  finder: read_extent_buffer_pages, free_extent_buffer\n',
    );
    expect((await ran('report', 'vacuous.json')).io.out()).toBe(explored.io.err());
    await ran('report', 'vacuous.json', '--junit', 'vacuous.xml');
    const xml = readFileSync(join(directory, 'vacuous.xml'), 'utf8');
    expect(xml).toContain('failures="0" errors="1"');
    expect(xml).toContain('finder never comes to read_extent_buffer_pages and free_extent_buffer');
  });

  it('gives the text of a replay again', async () => {
    const explored = await ran('explore', '--strategy', 'none', '--pages', '1', '--json');
    const schedule = /"schedule": "(eb1:[^"]+)"/.exec(explored.io.out())?.[1] ?? '';
    const replayed = await ran('replay', schedule, '--json');
    writeFileSync(join(directory, 'replayed.json'), replayed.io.out());
    expect((await ran('report', 'replayed.json')).io.out()).toBe((await ran('replay', schedule)).io.out());
  });

  it.each(Object.getOwnPropertyNames(Object.prototype))('refuses a verdict called %s', async (verdict) => {
    writeFileSync(join(directory, 'odd.json'), jsonDocument({ ...asDeclared, verdict }));
    const { io, status } = await ran('report', 'odd.json');
    expect(status).toBe(64);
    expect(io.err()).toMatch(
      /^ebtorture: report: 'odd\.json': not as a ebtorture\.compare\/1 document is: verdict must be .*\n$/,
    );
  });

  it.each(['run.json', 'soft.json', 'hard.json', './bad.json'])(
    'overwrites no file that it reads: %s',
    async (file) => {
      symlinkSync(join(directory, 'run.json'), join(directory, 'soft.json'));
      linkSync(join(directory, 'run.json'), join(directory, 'hard.json'));
      for (const option of ['--html', '--junit']) {
        const { io, status } = await ran('report', 'run.json', 'bad.json', option, file);
        expect(status).toBe(64);
        expect(io.err()).toMatch(/^ebtorture: --(?:html|junit): would overwrite '.*', which is read; /);
      }
      expect(readFileSync(join(directory, 'run.json'), 'utf8')).toBe(jsonDocument(asDeclared));
    },
  );

  it('saves a page and JUnit XML of all files, and prints nothing', async () => {
    const { io, status } = await ran(
      'report',
      'run.json',
      'bad.json',
      '--html',
      'all.html',
      '--junit',
      'all.xml',
    );
    expect([status, io.out(), io.err()]).toEqual([0, '', '']);
    expect(readFileSync(join(directory, 'all.html'), 'utf8')).toMatch(
      /^<!doctype html>[^]*as declared[^]*NOT AS DECLARED/,
    );
    expect(readFileSync(join(directory, 'all.xml'), 'utf8')).toMatch(
      /^<\?xml [^]*"run\.json"[^]*"bad\.json"/,
    );
  });

  it.each([
    [[], 'report: expected files that --out has saved, such as run.json'],
    [['none.json'], "report: cannot read 'none.json': no such file or directory (ENOENT)"],
    [['torn.json'], "report: 'torn.json': no whole JSON document; give a file that --out has saved"],
    [['run.json', '--html', '.'], "--html: '.' is a directory; give a file name"],
    [['run.json', '--html', 'x', '--junit', './x'], "--html and --junit: both would be saved in './x'"],
    [['run.json', '--html'], '--html: needs a value'],
  ])('refuses %j in one line, and writes nothing', async (words, message) => {
    writeFileSync(join(directory, 'torn.json'), '{"schema": "ebtorture.comp');
    const before = readdirSync(directory);
    const { io, status } = await ran('report', ...words);
    expect(io.err()).toBe(`ebtorture: ${message}\n`);
    expect(status).toBe(64);
    expect(readdirSync(directory)).toEqual(before);
  });
});
