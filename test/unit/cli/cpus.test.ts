import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { cpusMeasured as result } from '../report/sample-cpus.ts';
import { fakeEngine } from './fake-engine.ts';
import { type FakeIo, fakeIo, type FakeIoOptions } from './fake-io.ts';

async function cpus(
  argv: readonly string[],
  options: FakeIoOptions = {},
): Promise<{ readonly io: FakeIo; readonly status: number }> {
  const io = fakeIo(options);
  return { io, status: await run(['cpus', ...argv], io, fakeEngine()) };
}

describe('cpus', () => {
  it('prints a report, or the document and the report beside it', async () => {
    const text = await cpus([]);
    const json = await cpus(['--json']);
    const quiet = await cpus(['--json', '--quiet']);

    expect(text.io.out()).toMatch(/^ebtorture cpus: how the processors lie/);
    expect(text.io.err()).toBe('');
    expect(JSON.parse(json.io.out())).toEqual(result);
    expect(json.io.err()).toBe(text.io.out());
    expect(quiet.io.err()).toBe('');
    expect([text, json, quiet].map(({ status }) => status)).toEqual([0, 0, 0]);
  });

  it('saves the document, which report prints again', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-cpus-'));
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));

    const saved = await cpus(['--out', 'cpus.json'], { cwd });
    const io = fakeIo({ cwd });
    await run(['report', 'cpus.json'], io, fakeEngine());

    expect(JSON.parse(readFileSync(join(cwd, 'cpus.json'), 'utf8'))).toEqual(result);
    expect(io.out()).toBe(saved.io.out());
  });

  it('shows on a terminal how far it is', async () => {
    const { io } = await cpus([], { isTTY: true });

    expect(io.err()).toContain('round trips: 1/40 visits, 1 s left');
  });

  it.each([
    [['0'], /^ebtorture: cpus: unexpected argument 0/],
    [['--seed', '1'], /^ebtorture: unknown option '--seed'/],
    [['--out', ''], /^ebtorture: --out: expected a file name/],
  ])('refuses %j', async (argv, message) => {
    const { io, status } = await cpus(argv);

    expect(status).toBe(64);
    expect(io.err()).toMatch(message);
    expect(io.out()).toBe('');
  });
});
