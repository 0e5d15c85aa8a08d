import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

/** The interleaving of the seed commit's message: CPU1 of the message is readahead#0 here, CPU0 readahead#1, CPU2 reclaim. */
const SEED_STORY = 'eb1:readahead-vs-releasepage:cold:none:readahead=2,reclaim=1:p1:a31c6a10c6b9c5b20';
const WITNESS = 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:b12a9b5a19';

async function ebtorture(
  line: string,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo();
  const status = await run(line.split(' '), io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

describe('ebtorture explore', () => {
  it('ends with 1 before the fix, and shows the witness and the command that replays it', async () => {
    const { status, out } = await ebtorture('explore --strategy none --pages 1');

    expect(status).toBe(1);
    expect(out).toContain('3 context switches, 2 of them preemptions');
    expect(out).toContain(`ebtorture replay ${WITNESS}`);
    expect(out.split('\n').filter((row) => row.length > 80 && !row.includes('replay'))).toEqual([]);
  });

  it('ends with 0 after the fix, as a proof', async () => {
    const { status, out } = await ebtorture('explore --strategy upstream --pages 1');

    expect(status).toBe(0);
    expect(out).toMatch(/^Verdict: HOLDS/m);
  });

  it('lets the setup of reads fail where it is asked to, which a schedule then says', async () => {
    const line = 'explore --strategy upstream~submit_reads/atomic_dec.eb.io_pages/drop --pages 1';
    const { status, out } = await ebtorture(`${line} --setups-fail`);
    const schedule = /eb1:\S+/.exec(out)?.[0] ?? '';
    const replayed = await ebtorture(`replay ${schedule}`);

    expect(status).toBe(1);
    expect(out).toContain('  chances    the setup of reads may fail');
    expect(schedule).toContain(':p1s:');
    expect(replayed.status).toBe(1);
    expect(replayed.out).toMatch(/ setup_fails\(\) = true/);
    expect((await ebtorture(line)).out).toContain('VACUOUS');
  });

  it('ends with 2 where a limit ended the search', async () => {
    const { status, out } = await ebtorture('explore --strategy upstream --pages 1 --states-max 10');

    expect(status).toBe(2);
    expect(out).toMatch(/^Verdict: BOUNDED/m);
  });

  it('prints one JSON document', async () => {
    const { out } = await ebtorture('explore --strategy none --pages 1 --json');

    expect(JSON.parse(out)).toMatchObject({
      schema: 'ebtorture.explore/1',
      verdict: 'violated',
      complete: true,
      violations: [{ invariant: 'B1', witness: { schedule: WITNESS, preemptions: 2 } }],
    });
  });

  it.each(['explore --strategy none --pages 1', 'explore --strategy none --pages 1 --scheduler uniform'])(
    'keeps the report beside the document, unless it is to be quiet: %s',
    async (line) => {
      const plain = await ebtorture(line);
      const beside = await ebtorture(`${line} --json`);
      const quiet = await ebtorture(`${line} --json --quiet`);

      const timeless = (report: string): string => report.replace(/time +.*/, '');
      expect(timeless(beside.err)).toBe(timeless(plain.out));
      expect(quiet).toMatchObject({ status: 1, err: '' });
      expect(JSON.parse(quiet.out)).toHaveProperty('verdict', 'violated');
      expect((await ebtorture(`${line} --quiet`)).out).toContain('Verdict: VIOLATED');
    },
  );

  it('prints the same bytes twice, but for the time', async () => {
    const timeless = (out: string): string => out.replace(/time +.*/, '');
    const first = await ebtorture('explore --strategy early-check --pages 1');
    const second = await ebtorture('explore --strategy early-check --pages 1');

    expect(timeless(second.out)).toBe(timeless(first.out));
  });
});

describe('ebtorture replay', () => {
  it('draws the witness and ends in the BUG_ON', async () => {
    const { status, out } = await ebtorture(`replay ${WITNESS}`);

    expect(status).toBe(1);
    await expect(out).toMatchFileSnapshot('../../golden/replay-none.txt');
  });

  it('draws the interleaving of the seed commit, which ends in the BUG_ON before the fix', async () => {
    const { status, out } = await ebtorture(`replay ${SEED_STORY}`);

    expect(status).toBe(1);
    expect(out.split('\n').filter((row) => row.length > 80)).toEqual([]);
    await expect(out).toMatchFileSnapshot('../../golden/replay-seed-commit.txt');
  });

  it('shows that the interleaving of the seed commit is harmless after the fix', async () => {
    const { status, out } = await ebtorture(`replay ${SEED_STORY} --strategy upstream`);

    expect(status).toBe(0);
    expect(out).toMatch(/harmless: rescued\.$/m);
  });

  it('shows that the same schedule is harmless after the fix', async () => {
    const { status, out } = await ebtorture(`replay ${WITNESS} --strategy upstream`);

    expect(status).toBe(0);
    expect(out).toMatch(/^Under upstream this schedule is harmless: rescued\.$/m);
  });

  it.each([
    ['replay', /^ebtorture: replay: expected a schedule/],
    ['replay eb9:foo', /^ebtorture: replay: a schedule of version eb9/],
    ['replay hello', /^ebtorture: replay: /],
    [`replay ${WITNESS}zz`, /^ebtorture: replay: moves: expected an actor/],
    [`replay ${WITNESS.replace('a9b5', 'b50')}`, /^ebtorture: replay: step \d+ is impossible: /],
    [`replay ${WITNESS.replace('primed', 'warm')}`, /^ebtorture: replay: unknown start state 'warm'/],
    [`replay ${WITNESS.replace('none', 'nine')}`, /^ebtorture: --strategy: unknown strategy 'nine'/],
    ['explore --steps-max 0', /^ebtorture: --steps-max: expected a whole number of steps/],
    ['explore --states-max 0', /^ebtorture: --states-max: expected a whole number of states/],
    ['explore --time-max 0s', /^ebtorture: --time-max: expected a time/],
  ])('refuses `%s` in one line', async (line, message) => {
    const { status, out, err } = await ebtorture(line);

    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
