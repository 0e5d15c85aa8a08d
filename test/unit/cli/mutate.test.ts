import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
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
  readonly elapsedMs: number;
  readonly mutants: readonly { readonly id: string; readonly explore: { readonly verdict: string } | null }[];
}

function saved(file: string): Saved {
  return JSON.parse(readFileSync(join(cwd, file), 'utf8')) as Saved;
}

describe('ebtorture mutate', () => {
  it('shows which steps of the fix matter, each with a schedule, and saves what it knows', async () => {
    const { status, out } = await ebtorture(`mutate --strategy upstream ${ONE} --out whole.json`);

    expect(status).toBe(0);
    expect(out).toMatch(/^set_io_pages > check_buffer_tree_ref$/m);
    expect(out).toMatch(/atomic_inc\(eb\.refs\) +drop +B1 /);
    expect(out).toContain(
      'ebtorture replay eb1:readahead-vs-releasepage:primed:upstream~set_io_pages/check_buffer_tree_ref/atomic_inc',
    );
    expect(out).toMatch(/^Verdict: COMPLETE/m);
    expect(out.split('\n').filter((row) => row.length > 80 && !row.includes('replay'))).toEqual([]);
    expect(saved('whole.json')).toMatchObject({ schema: 'ebtorture.mutate/1', verdict: 'complete' });
  });

  it('goes on where it stopped', async () => {
    const whole = saved('whole.json');
    const known = whole.mutants.map((mutant, index) =>
      index === 0
        ? { ...mutant, explore: { ...mutant.explore, verdict: 'equivalent', held: [0], states: 123_456 } }
        : { ...mutant, explore: index % 8 === 1 ? null : mutant.explore },
    );
    writeFileSync(join(cwd, 'half.json'), JSON.stringify({ ...whole, mutants: known }));

    const { status } = await ebtorture('mutate --resume half.json');

    expect(status).toBe(0);
    const [first, ...others] = saved('half.json').mutants;
    expect(first?.explore).toMatchObject({ states: 123_456 });
    expect(others).toStrictEqual(whole.mutants.slice(1));
    // The time of both runs.
    expect(saved('half.json').elapsedMs).toBeGreaterThan(whole.elapsedMs);
  });

  it('refuses what cannot be gone on from, in one line', async () => {
    writeFileSync(join(cwd, 'torn.json'), '{"schema":"ebtorture.mutate/1","conf');
    writeFileSync(join(cwd, 'foreign.json'), '{"schema":"ebtorture.stress/1"}');
    writeFileSync(join(cwd, 'hollow.json'), '{"schema":"ebtorture.mutate/1","config":{}}');
    const cases = [
      ['--resume missing.json', "--resume: cannot read 'missing.json': no such file or directory"],
      ['--resume torn.json', "--resume: 'torn.json': no whole JSON document"],
      [
        '--resume foreign.json',
        "--resume: 'foreign.json': not as a ebtorture.stress/1 document is: it has no ",
      ],
      ['--resume hollow.json', "--resume: 'hollow.json': not as a ebtorture.mutate/1 document is: "],
      ['--resume whole.json --model', '--resume: goes on as it was begun; leave out --model'],
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
