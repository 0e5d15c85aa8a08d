import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import type { RunPart } from '../../../src/study/merge/merged-run.ts';
import { blocksOf, runPart } from '../../helpers/run-parts.ts';
import { journalText } from '../../helpers/sample-journal.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-merge-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const six = (hits: number): number[][] => Array.from({ length: 6 }, () => [hits, hits]);
const arms = [blocksOf(1000, six(20)), blocksOf(1000, six(0))] as const;
const first = runPart({ shard: { index: 1, of: 2 }, arms });
const second = runPart({ shard: { index: 2, of: 2 }, machine: { host: 'other' }, arms });

function write(name: string, { header, records, verdict }: RunPart): void {
  writeFileSync(
    join(cwd, name),
    journalText([header, ...records, ...(verdict === undefined ? [] : [verdict])]),
  );
}
write('1.jsonl', first);
write('2.jsonl', second);
write('cut.jsonl', { ...second, verdict: undefined });
write('other.jsonl', runPart({ shard: { index: 2, of: 2 }, config: { pages: 8 }, arms }));
write('again.jsonl', first);
writeFileSync(join(cwd, 'document.json'), '{"schema":"ebtorture.compare/1"}\n');
writeFileSync(join(cwd, 'torn.jsonl'), readFileSync(join(cwd, '2.jsonl'), 'utf8').slice(0, -40));
writeFileSync(
  join(cwd, 'damaged.jsonl'),
  readFileSync(join(cwd, '2.jsonl'), 'utf8').replace('"kind":"block"', '"kind":"blok"'),
);

async function ran(
  ...words: readonly string[]
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo({ cwd });
  const status = await run(words, io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

describe('ebtorture merge', () => {
  it('prints what it saves, and report does so again: as text, on a page, as JUnit', async () => {
    const merged = await ran('merge', '1.jsonl', '2.jsonl', '--out', 'both.json');
    const json = await ran('merge', '1.jsonl', '2.jsonl', '--json', '--quiet');
    const again = await ran('report', 'both.json');
    const files = await ran('report', 'both.json', '--html', 'both.html', '--junit', 'both.xml');

    expect(merged).toMatchObject({ status: 0, err: '' });
    expect(merged.out).toMatch(/^Verdict: AS DECLARED\. It is so on each of machine and other\./m);
    expect(json).toEqual({ status: 0, out: readFileSync(join(cwd, 'both.json'), 'utf8'), err: '' });
    expect(again).toEqual({ status: 0, out: merged.out, err: '' });
    expect(files.status).toBe(0);
    expect(readFileSync(join(cwd, 'both.html'), 'utf8')).toContain('The runs on other');
    expect(readFileSync(join(cwd, 'both.xml'), 'utf8')).toContain('<testcase name="upstream on other"');
  });

  it('does not depend on the order of its files, nor on their folder', async () => {
    const result = async (...files: readonly string[]): Promise<string> =>
      (await ran('merge', ...files, '--json', '--quiet')).out;

    expect(await result(join(cwd, '1.jsonl'), './2.jsonl')).toBe(await result('1.jsonl', '2.jsonl'));
    expect(await result('2.jsonl', '1.jsonl')).toBe(await result('1.jsonl', '2.jsonl'));
  });

  it('takes a journal that was cut, says so, and calls nothing whole', async () => {
    const cut = await ran('merge', '1.jsonl', 'cut.jsonl');
    const torn = await ran('merge', '1.jsonl', 'torn.jsonl');

    expect(cut.status).toBe(2);
    expect(cut.err).toBe(
      "ebtorture: 'cut.jsonl': it is not whole: it was cut before its end; --resume goes on from it\n",
    );
    expect(cut.out).toContain('2 was cut before the end');
    expect(torn.status).toBe(2);
    expect(torn.err).toContain('its last line was cut');
  });

  it.each([
    [[], 'merge: expected two journals at least that --out has kept, such as 1.jsonl 2.jsonl, got none'],
    [
      ['1.jsonl'],
      'merge: expected two journals at least that --out has kept, such as 1.jsonl 2.jsonl, got one',
    ],
    [['1.jsonl', 'none.jsonl'], "merge: cannot read 'none.jsonl'"],
    [
      ['1.jsonl', 'document.json'],
      "merge: 'document.json': it is no journal; give what --out has kept, not a document",
    ],
    [['1.jsonl', 'damaged.jsonl'], "merge: 'damaged.jsonl': line 3: it is of no kind that there is"],
    [
      ['1.jsonl', 'other.jsonl'],
      "merge: 'other.jsonl' is of other work than '1.jsonl': config.pages is 4 there, and 8 here",
    ],
    [['1.jsonl', 'again.jsonl'], "merge: '1.jsonl' and 'again.jsonl' are the same: shard 1/2 of seed 7"],
    [['1.jsonl', '2.jsonl', '--out', '1.jsonl'], "1.jsonl', which is read; give another file"],
    [['1.jsonl', '2.jsonl', '--out', 'no/where.json'], '--out: cannot write in'],
  ])('refuses %j in one line', async (words, message) => {
    const { status, out, err } = await ran('merge', ...words);

    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('--shard', () => {
  it.each(['0/4', '5/4', '1/0', 'x', '1', '1/', '/4', '-1/4', '1.5/4', '1/4/2', '1/10001', ''])(
    'refuses %j in one line',
    async (text) => {
      for (const command of ['compare', 'stress', 'hunt', 'mutate']) {
        const { status, err, out } = await ran(command, '--seed', '7', `--shard=${text}`);

        expect({ status, out }).toEqual({ status: 64, out: '' });
        expect(err).toMatch(
          /^ebtorture: --shard: expected a part such as 2\/4, from 1\/4 to 4\/4, of up to 10,000, got .*\n$/,
        );
      }
    },
  );

  it.each([
    [['compare', '--shard', '1/2'], '--shard: needs --seed beside it, the same one for every shard'],
    [['mutate', '--shard', '1/2'], '--shard: needs --seed beside it, the same one for every shard'],
    [
      ['compare', '--shard', '1/2', '--seed', '7', '--until', 'decided'],
      '--shard and --until: give only one of the two',
    ],
    [['stress', '--shard', '1/2', '--seed', '7', '--tune'], '--shard and --tune: give only one of the two'],
    [
      ['compare', '--shard', '1/2', '--seed', '7', '--orderings'],
      '--shard and --orderings: give only one of the two',
    ],
    [
      ['stress', resolve('examples/SB.litmus'), '--shard', '1/2', '--seed', '7'],
      '--shard: a litmus test is run whole',
    ],
    [['hunt', '--shard', '1/2', '--matrix'], '--shard and --matrix: give only one of the two'],
    [['window', '--shard', '1/2'], 'unknown option'],
  ])('refuses %j', async (words, message) => {
    const { status, err } = await ran(...words);

    expect(status).toBe(64);
    expect(err).toContain(message);
  });

  it('is handed to the run, whose seed remains that of all shards', async () => {
    const engine = fakeEngine();
    await run(['compare', '--shard', '2/4', '--seed', '7'], fakeIo({ cwd }), engine);
    await run(['compare', '--seed', '7'], fakeIo({ cwd }), engine);

    expect(engine.compared[0]).toMatchObject({ seed: 7, shard: { index: 2, of: 4 } });
    expect(engine.compared[1]).not.toHaveProperty('shard');
  });
});
