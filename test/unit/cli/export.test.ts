import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { fakeEngine } from './fake-engine.ts';
import { type FakeIo, fakeIo, type FakeIoOptions } from './fake-io.ts';

const SCHEDULE = 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:b12a9b5a19';
const NAME = 'readahead-vs-releasepage+none+B1';

async function exported(
  argv: readonly string[],
  options: FakeIoOptions = {},
): Promise<{ readonly io: FakeIo; readonly status: number }> {
  const io = fakeIo(options);
  return { io, status: await run(['export', ...argv], io, fakeEngine()) };
}

function folder(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-export-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  return cwd;
}

describe('export', () => {
  it('prints a test, for herd7 or as C', async () => {
    const test = await exported(['--litmus', SCHEDULE, '--form', 'litmus']);
    const c = await exported(['--litmus', SCHEDULE]);

    expect([test.status, c.status]).toEqual([0, 0]);
    expect(test.io.out()).toMatch(new RegExp(`^C ${NAME.replaceAll('+', '\\+')}\n`));
    expect(test.io.out()).toContain(`herd7 -conf linux-kernel.cfg ${NAME}.litmus`);
    expect(test.io.out()).toContain('r18 = atomic_dec_and_test(eb0_refs);');
    expect(c.io.out()).toContain('#include <lkmm.h>');
    expect(c.io.out()).toMatch(/assert\(!\(P0_r1 == 1 &&/);
    expect(c.io.out()).not.toContain('herd7 -conf');
  });

  it('saves it under a name that says its form, and prints how to judge it', async () => {
    const cwd = folder();
    const { io, status } = await exported(['--litmus', SCHEDULE, '--out', 'B1.litmus'], { cwd });

    expect(status).toBe(0);
    expect(io.out()).toBe(
      'herd7 -conf linux-kernel.cfg B1.litmus\n' +
        'java -jar dartagnan/target/dartagnan.jar cat/linux-kernel.cat --target=lkmm B1.litmus\n',
    );
    expect(readFileSync(join(cwd, 'B1.litmus'), 'utf8')).toMatch(/^C readahead/);
  });

  it('finds the schedule in a file, be it a result or what a report prints', async () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'found.json'),
      JSON.stringify({ violations: [{ witness: { schedule: SCHEDULE } }] }),
    );
    writeFileSync(join(cwd, 'report.txt'), `   ebtorture replay ${SCHEDULE}\n`);
    writeFileSync(join(cwd, 'none.txt'), 'nothing\n');
    const [found, report, none] = [
      await exported(['--litmus', 'found.json'], { cwd }),
      await exported(['--litmus', 'report.txt'], { cwd }),
      await exported(['--litmus', 'none.txt'], { cwd }),
    ];

    expect([found.status, report.status, none.status]).toEqual([0, 0, 64]);
    expect(found.io.out()).toBe(report.io.out());
    expect(none.io.err()).toBe("ebtorture: --litmus: 'none.txt' holds no witness\n");
  });

  it.each([
    [[], /^ebtorture: export: expected --litmus with a schedule/],
    [['--litmus', 'eb9:x'], /^ebtorture: --litmus: a schedule of version eb9/],
    [['--litmus', `${SCHEDULE}a99`, '--form', 'asm'], /^ebtorture: --form: unknown form 'asm'/],
    [['--litmus', SCHEDULE.replace('b12', 'd12')], /^ebtorture: --litmus: .*\n$/],
    [['--litmus', SCHEDULE.replace('primed', 'cold')], /^ebtorture: --litmus: .*\n$/],
  ])('refuses %j in one line', async (argv, message) => {
    const { io, status } = await exported(argv);

    expect(status).toBe(64);
    expect(io.err()).toMatch(message);
    expect(io.out()).toBe('');
  });
});
