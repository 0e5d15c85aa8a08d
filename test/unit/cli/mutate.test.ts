import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { savedDocument } from '../../helpers/saved-document.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-mutate-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const ONE = '--actors finder=1,reclaim=1 --pages 1 --explore-only';

async function ebtorture(
  line: string,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo({ cwd });
  const status = await run(line.split(' '), io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

interface Saved {
  readonly schema: string;
  readonly verdict: string;
  readonly isInterrupted: boolean;
  readonly elapsedMs: number;
  readonly mutants: readonly {
    readonly id: string;
    readonly explore: { readonly verdict: string; readonly states: number } | null;
  }[];
}

const saved = async (file: string): Promise<Saved> => savedDocument(join(cwd, file));

describe('ebtorture mutate', () => {
  it('shows which steps of the fix matter, each with a schedule, and saves what it knows', async () => {
    const { status, out } = await ebtorture(`mutate --strategy upstream ${ONE} --out whole.jsonl`);

    expect(status).toBe(0);
    expect(out).toMatch(/^set_io_pages > check_buffer_tree_ref$/m);
    expect(out).toMatch(/atomic_inc\(eb\.refs\) +drop +B1 /);
    expect(out).toContain(
      'ebtorture replay eb1:readahead-vs-releasepage:primed:upstream~set_io_pages/check_buffer_tree_ref/atomic_inc',
    );
    expect(out).toMatch(/^Verdict: COMPLETE/m);
    expect(out.split('\n').filter((row) => row.length > 80 && !row.includes('replay'))).toEqual([]);
    expect(await saved('whole.jsonl')).toMatchObject({ schema: 'ebtorture.mutate/1', verdict: 'complete' });
  });

  it('goes on where it was cut, and reports what was known then', async () => {
    const whole = await saved('whole.jsonl');
    const lines = readFileSync(join(cwd, 'whole.jsonl'), 'utf8').split('\n');
    const isMutant = (line: string): boolean => line.startsWith('{"kind":"mutant"');
    const first = lines.findIndex(isMutant);
    const marked = (lines[first] ?? '').replace(/"states":\d+/, '"states":123456');
    // Two mutants, and half of what was known of a third.
    const cut = [...lines.slice(0, first), marked, lines[first + 1], lines[first + 2]?.slice(0, 60)].join(
      '\n',
    );
    writeFileSync(join(cwd, 'cut.jsonl'), cut);
    const known = await saved('cut.jsonl');

    expect(known).toMatchObject({ verdict: 'undecided', isInterrupted: true });
    expect(known.mutants.map(({ id }) => id)).toEqual(whole.mutants.map(({ id }) => id));
    expect(known.mutants.filter(({ explore }) => explore !== null)).toHaveLength(2);
    const { status } = await ebtorture('mutate --resume cut.jsonl');
    expect(status).toBe(0);
    const { mutants, elapsedMs } = await saved('cut.jsonl');
    const states = mutants.map(({ explore }) => explore?.states);
    expect(states.filter((count) => count === 123_456)).toHaveLength(1);
    const others = mutants.filter(({ explore }) => explore?.states !== 123_456);
    const ids = new Set(others.map(({ id }) => id));
    expect(others).toStrictEqual(whole.mutants.filter(({ id }) => ids.has(id)));
    // The time of both runs.
    expect(elapsedMs).toBeGreaterThan(known.elapsedMs);
  });

  it('refuses what cannot be gone on from, in one line', async () => {
    const [header = ''] = readFileSync(join(cwd, 'whole.jsonl'), 'utf8').split('\n');
    writeFileSync(join(cwd, 'torn.jsonl'), header.slice(0, 100));
    writeFileSync(join(cwd, 'foreign.jsonl'), `${header.replace('"mutate"', '"stress"')}\n`);
    writeFileSync(join(cwd, 'document.json'), '{"schema":"ebtorture.mutate/1",\n"config":{}}\n');
    const cases = [
      ['--resume missing.jsonl', "--resume: cannot read 'missing.jsonl': no such file or directory"],
      ['--resume torn.jsonl', "--resume: 'torn.jsonl': it has no whole line"],
      ['--resume foreign.jsonl', "--resume: 'foreign.jsonl': line 1: it has "],
      ['--resume document.json', "--resume: 'document.json': line 1 is no JSON object"],
      [
        '--resume whole.jsonl --pages 2',
        "--resume: 'whole.jsonl': it is of another configuration: config.ladder.0.pages is 1 there, and 2 here",
      ],
      ['--strategy none', 'none violates without any change in every setting'],
      ['--strategy upstream~set_io_pages/atomic_set.eb.io_pages/drop', 'is a mutant already'],
      ['--strategy upstream~set_io_pages/atomic_set.eb.io_page/drop', "unknown field 'eb.io_page'"],
    ] as const;
    for (const [line, message] of cases) {
      const setting = line.startsWith('--strategy none') ? ` ${ONE}` : '';
      const { status, err } = await ebtorture(`mutate ${line}${setting}`);
      expect([line, status]).toStrictEqual([line, 64]);
      expect(err).toContain(message);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('runs a mutant by its name in the other commands', async () => {
    const name = 'upstream~set_io_pages/check_buffer_tree_ref/atomic_inc.eb.refs/drop';
    const { status, out } = await ebtorture(`explore --strategy ${name} --pages 1`);

    expect(status).toBe(1);
    const command = /ebtorture (replay \S+)/.exec(out)?.[1] ?? '';
    const replayed = await ebtorture(command);
    expect(replayed.status).toBe(1);
    expect(replayed.out).toContain('BUG: finder: released under IO (B1)');
  });
});
