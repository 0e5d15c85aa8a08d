import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { jsonDocument } from '../../../src/report/json-document.ts';
import type { DiffResult } from '../../../src/study/diff/diff-result.ts';
import { knownRun } from '../../helpers/measured-runs.ts';
import { hunted, mutated } from '../report/sample-page.ts';
import { windowOfNone } from '../report/sample-window.ts';
import { fakeEngine } from './fake-engine.ts';
import { type FakeIo, fakeIo } from './fake-io.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebtorture-diff-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function save(name: string, result: object): string {
  writeFileSync(join(directory, name), jsonDocument(result));
  return name;
}

async function ran(...argv: readonly string[]): Promise<{ readonly io: FakeIo; readonly status: number }> {
  const io = fakeIo({ cwd: directory });
  return { io, status: await run(argv, io, fakeEngine()) };
}

describe('diff', () => {
  it('says what differs around two runs, what does in them, and ends as that', async () => {
    save('a.json', knownRun(1));
    save('b.json', knownRun(2, { speed: 2.5e6 }));
    const { io, status } = await ran('diff', 'a.json', 'b.json');

    expect(status).toBe(1);
    expect(io.out()).toMatch(/^ebtorture diff: compare, B against A\n {2}DIFFERENT in .*trials/);
    expect(io.out()).toContain('  differs  seed: 1 -> 2\n');
    expect(io.out()).toMatch(/trials per second\n {2}none +\S+M +\S+M +0\.\d+ +\[\S+, \S+\] .*DIFFERENT/);
    expect(io.out()).toMatch(/upstream +< \S+ +< \S+ +- +- +- +none in either/);
    expect(
      io
        .out()
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it('ends with 0 where nothing beyond the margin does, and with 2 where that is not told', async () => {
    const steady = { starts: 40, between: 0.02 };
    save('a.json', knownRun(1, steady));
    save('b.json', knownRun(2, steady));
    const same = await ran('diff', 'a.json', 'b.json', '--margin', '0.25');
    expect(same.io.out()).toContain('SAME. Whatever differs is within the margin');
    expect(same.status).toBe(0);
    save('c.json', knownRun(3, { starts: 3 }));
    const few = await ran('diff', 'a.json', 'c.json');
    expect(few.io.out()).toContain('NOT TOLD');
    expect(few.status).toBe(2);
  });

  it('prints one document, saves a journal that report shows again, and makes a page of it', async () => {
    save('a.json', knownRun(1));
    save('b.json', knownRun(2));
    const plain = await ran('diff', 'a.json', 'b.json');
    const { io } = await ran('diff', 'a.json', 'b.json', '--json', '--quiet', '--out', 'diff.json');
    const document = JSON.parse(io.out()) as DiffResult;
    expect(document).toMatchObject({
      schema: 'ebtorture.diff/1',
      a: { file: 'a.json' },
      b: { file: 'b.json' },
    });
    expect(io.err()).toBe('');
    expect((await ran('report', 'diff.json')).io.out()).toBe(plain.io.out());
    await ran('report', 'a.json', 'b.json', 'diff.json', '--html', 'page.html', '--junit', 'all.xml');
    const page = readFileSync(join(directory, 'page.html'), 'utf8');
    expect(page).toContain('Did anything change between two results of compare?');
    expect(page).toContain('<section class="result" id="side-by-side">');
    expect(readFileSync(join(directory, 'all.xml'), 'utf8')).toContain(
      'ebtorture diff a.json b.json --margin 0.1',
    );
  });

  it('compares what searches found: fates of mutants and races, exactly', async () => {
    const [killed, ...others] = mutated.mutants;
    save('a.json', mutated);
    save('b.json', { ...mutated, mutants: others });
    const lost = await ran('diff', 'a.json', 'b.json');
    expect(lost.status).toBe(1);
    expect(lost.io.out()).toMatch(/killed: L4 -> not\s+there/);
    expect(lost.io.out()).toContain(killed?.id.slice(0, 12) ?? 'no mutant');

    save('h.json', hunted);
    save('i.json', { ...hunted, findings: [] });
    const gone = await ran('diff', 'h.json', 'i.json');
    expect(gone.io.out()).toMatch(/-> not\s+found/);
    expect(
      gone.io
        .out()
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
    expect((await ran('diff', 'h.json', 'h.json')).status).toBe(0);
  });

  it('tells a proof from a violation, whatever else there is', async () => {
    for (const strategy of ['none', 'upstream']) {
      const { io } = await ran('explore', '--strategy', strategy, '--pages', '1', '--json', '--quiet');
      writeFileSync(join(directory, `${strategy}.json`), io.out());
    }
    const { io, status } = await ran('diff', 'upstream.json', 'none.json');
    expect(status).toBe(1);
    expect(io.out()).toContain('explore: HOLDS -> VIOLATED');
    expect(io.out()).toContain('  differs  strategy: upstream -> none\n');
    // What a search says is exact, where it was made or not.
    const again = await ran('explore', '--strategy', 'none', '--pages', '1', '--json', '--quiet');
    writeFileSync(join(directory, 'again.json'), again.io.out());
    expect((await ran('diff', 'none.json', 'again.json')).status).toBe(0);
  });

  it.each([
    [['a.json'], 'diff: expected two files that --out has saved, such as old.json new.json'],
    [
      ['a.json', 'w.json'],
      "diff: 'a.json' and 'w.json': the two differ in their command: compare and window; they answer no common question",
    ],
    [
      ['a.json', 'x.json'],
      "diff: 'a.json' and 'x.json': the two differ in ordering: sc and x86; they answer no common question",
    ],
    [
      ['a.json', 'a.json', '--margin', '0'],
      '--margin: expected a share above 0, up to 1, such as 0.1, got 0',
    ],
    [
      ['a.json', 'a.json', '--margin', '2'],
      '--margin: expected a share above 0, up to 1, such as 0.1, got 2',
    ],
    [
      ['a.json', 'a.json', '--out', 'a.json'],
      "--out: would overwrite 'DIRECTORY/a.json', which is read; give another file",
    ],
    [['a.json', 'no.json'], "diff: cannot read 'no.json': no such file or directory (ENOENT)"],
  ])('refuses %j in one line', async (words, message) => {
    save('a.json', knownRun(1));
    save('w.json', windowOfNone);
    const run2 = knownRun(2);
    save('x.json', { ...run2, config: { ...run2.config, ordering: 'x86' } });
    const { io, status } = await ran('diff', ...words);

    expect(status).toBe(64);
    expect(io.err()).toBe(`ebtorture: ${message.replace('DIRECTORY', directory)}\n`);
    expect(io.out()).toBe('');
  });
});
