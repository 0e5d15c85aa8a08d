import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { allOr } from '../helpers/full.ts';
import { savedDocument } from '../helpers/saved-document.ts';
import type { CompareResult, StressResult } from '../../src/stress/result/result.ts';
import type { WindowResult } from '../../src/stress/window/window-result.ts';
import type { HistoryResult } from '../../src/study/history-result.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../stress/strategies/${name}.mjs`, import.meta.url));

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs the built program; `onStderr` may send it signals. */
async function ebtorture(
  args: readonly string[],
  interact: (kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    child.once('close', () => children.delete(child));
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
    interact((signal) => child.kill(signal));
  });
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ebtorture-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('ebtorture stress', () => {
  it('prints one JSON document whose status, verdict and violations agree', async () => {
    const { status, stdout, stderr } = await ebtorture(
      'stress --strategy none --trials 2k --seed 7 --json --quiet'.split(' '),
    );

    const result = JSON.parse(stdout) as StressResult;
    const [arm] = result.arms;
    expect(result).toMatchObject({ schema: 'ebtorture.stress/1', config: { seed: 7, trials: 2_000 } });
    expect(arm?.trials).toBe(2_000);
    // Whether the race is met depends on the machine's load; what it says then does not.
    const violations = arm?.violations.total ?? NaN;
    expect({ status, verdict: result.verdict }).toEqual(
      violations > 0 ? { status: 1, verdict: 'violated' } : { status: 2, verdict: 'inconclusive' },
    );
    expect(stderr).toBe('');
  });

  it('shows no violation of upstream, and calls the zero clean only beside a control that violated', async () => {
    const { status, stdout } = await ebtorture('stress --strategy upstream --trials 20k --json'.split(' '));

    const { arms, verdict } = JSON.parse(stdout) as StressResult;
    expect(arms.map(({ strategy, isControl }) => ({ strategy, isControl }))).toEqual([
      { strategy: 'upstream', isControl: false },
      { strategy: 'none', isControl: true },
    ]);
    expect(arms[0]?.violations.total).toBe(0);
    // Only blocks that count make a zero clean: a busy machine may leave none.
    const spoken = (arms[1]?.violations.total ?? 0) - (arms[1]?.rejected.violations ?? 0);
    const hasSpoken = spoken > 0 && (arms[0]?.rate.blocks ?? 0) > 0;
    expect({ status, verdict }).toEqual(
      hasSpoken ? { status: 0, verdict: 'clean' } : { status: 2, verdict: 'inconclusive' },
    );
  });

  // What claims nothing of the cores, and strategies that end by a fault or by waiting for one: side by side.
  it.concurrent('is inconclusive where the control cannot violate, as without reclaim', async () => {
    const { status, stdout, stderr } = await ebtorture(
      'compare --strategies none,early-check,upstream --actors finder=2 --pages 1 --trials 10 --no-cost'.split(
        ' ',
      ),
    );

    expect(status).toBe(2);
    expect(stderr).toMatch(/^ebtorture: none, early-check cannot violate from primed with finder=2/);
    expect(stdout).toMatch(/^No schedule of this setting makes the controls none and early-check/m);
    expect(stdout).toMatch(/^Verdict: INCONCLUSIVE\./m);
    expect(stdout).not.toMatch(/-fold fewer/);
  });

  it.concurrent('calls a zero without a control inconclusive', async () => {
    const { status } = await ebtorture('stress --strategy upstream --trials 1000 --no-control'.split(' '));

    expect(status).toBe(2);
  });

  const broken: readonly (readonly [name: string, message: RegExp])[] = [
    [
      'throws',
      /actor finder of strategy .*throws\.mjs \(setIoPages\), in read_extent_buffer_pages, threw TypeError: planted/,
    ],
    [
      'exits',
      /actor reclaim of strategy .*exits\.mjs \(tryReleaseExtentBuffer\), in btree_releasepage, exited with code 7/,
    ],
    ['never-unlocks', /waiting for refs_lock of extent_buffer 0 of world \d+, which finder holds/],
    ['exhausts-memory', /actor finder .* ran out of memory/],
  ];

  // The engine's own tests have all of them; one is enough to see how the program ends.
  it.concurrent.each(allOr(broken, broken.slice(1, 2)))(
    'ends with 70 and says what happened when a strategy %s',
    async (name, message) => {
      const { status, stdout, stderr } = await ebtorture([
        'stress',
        '--strategy',
        fixture(name),
        '--duration',
        '20s',
      ]);

      expect(status).toBe(70);
      expect(stdout).toBe('');
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );
});

describe('ebtorture compare', () => {
  it('compares all strategies in one table and exits as its verdict says', async () => {
    const { status, stdout } = await ebtorture('compare --trials 10k --no-prove --seed 3'.split(' '));

    for (const strategy of ['none', 'early-check', 'locked-io-pages', 'upstream']) {
      expect(stdout).toMatch(new RegExp(String.raw`^  ${strategy} +10\.0k`, 'm'));
    }
    expect(stdout).toMatch(status === 0 ? /^Verdict: AS DECLARED/m : /^Verdict: INCONCLUSIVE/m);
    expect([0, 2]).toContain(status);
  });

  it('prints and saves what was measured when it is interrupted, and ends with 130', async () => {
    const out = join(folder(), 'result.json');
    // How long it takes until something is measured is the host's: later and later, until something was.
    let measured = 0;
    for (let afterMs = 1_500; measured === 0 && afterMs < 100_000; afterMs *= 2) {
      const { status, stdout } = await ebtorture(
        ['compare', '--duration', '10m', '--no-prove', '--no-cost', '--out', out],
        (kill) => {
          setTimeout(() => kill('SIGINT'), afterMs);
        },
      );

      // Before it listens, a signal ends it as it ends any process.
      if (status === null) continue;
      expect(status).toBe(130);
      expect(stdout).toMatch(/nterrupted/);
      const saved = await savedDocument<CompareResult>(out);
      expect(saved.isInterrupted).toBe(true);
      measured = saved.arms.reduce((sum, { trials }) => sum + trials, 0);
    }
    expect(measured).toBeGreaterThan(0);
  });

  it('saves what comes to the document that it prints', async () => {
    const out = join(folder(), 'result.json');
    const { stdout } = await ebtorture([
      'compare',
      '--trials',
      '1000',
      '--no-prove',
      '--no-cost',
      '--json',
      '--quiet',
      '--out',
      out,
    ]);

    expect(await savedDocument(out)).toEqual(JSON.parse(stdout));
  });
});

describe('ebtorture window', () => {
  it('prints one JSON document whose status, verdict and profiles agree, and beside it plots within 80 columns', async () => {
    const { status, stdout, stderr } = await ebtorture(
      'window --points 8 --trials-per-point 20 --range=-100..300 --seed 7 --json'.split(' '),
    );

    const result = JSON.parse(stdout) as WindowResult;
    expect(result).toMatchObject({
      schema: 'ebtorture.window/1',
      strategy: 'none',
      config: { seed: 7, rangeNs: [-100, 300] },
    });
    // Whether the window is met depends on the machine's load; what it says then does not.
    const isSeen = result.profiles.some(({ violations }) => violations.peak !== null);
    expect({ status, verdict: result.verdict }).toEqual(
      isSeen ? { status: 0, verdict: 'measured' } : { status: 2, verdict: 'flat' },
    );
    expect(stderr.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stderr).toMatch(/^Verdict: (MEASURED|INCONCLUSIVE)\./m);
    expect(stderr).toMatch(
      /^ {2}ebtorture window --points 8 --range=-100\.\.300 --trials-per-point 20 --seed 7$/m,
    );
  });
});

const SHORT = ['compare', '--no-prove', '--no-cost'];

describe('a full disk behind --out', () => {
  /** A file system of 16 KiB, or undefined where this process may not mount one. */
  function smallDisk(size = '16k'): string | undefined {
    const path = folder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
    } catch {
      return undefined;
    }
    onTestFinished(() => {
      execFileSync('umount', [path]);
    });
    return path;
  }

  it('ends at once with 70 where there is no room for the first line, and leaves the old file as it was', async ({
    skip,
  }) => {
    const disk = smallDisk();
    if (disk === undefined)
      return skip('needs to mount a file system; test/unit/cli/out-journal.test.ts injects the error');
    const out = join(disk, 'result.jsonl');
    writeFileSync(out, 'old');
    writeFileSync(join(disk, 'filler'), Buffer.alloc(12_288));

    const { status, stderr } = await ebtorture([...SHORT, '--trials', '1000', '--out', out]);

    expect(status).toBe(70);
    expect(stderr).toMatch(/ENOSPC|no space left/);
    expect(readFileSync(out, 'utf8')).toBe('old');
    expect(readdirSync(disk).toSorted()).toEqual(['filler', 'result.jsonl']);
  });

  it('ends a run with 70, prints what was measured, and keeps all lines that there was room for', async ({
    skip,
  }) => {
    const disk = smallDisk();
    if (disk === undefined)
      return skip('needs to mount a file system; test/unit/cli/out-journal.test.ts injects the error');
    const out = join(disk, 'result.jsonl');

    const { status, stdout, stderr } = await ebtorture([...SHORT, '--duration', '10m', '--out', out]);

    expect(status).toBe(70);
    expect(stdout).toMatch(/^Verdict: /m);
    expect(stderr).toMatch(/ENOSPC|no space left/);
    const { isInterrupted, arms } = await savedDocument<CompareResult>(out);
    expect(isInterrupted).toBe(true);
    expect(arms.flatMap(({ blockResults }) => blockResults).length).toBeGreaterThan(0);
  });

  it.for([
    ['window', '--strategy none --duration 10m --points 8 --range=-10..10'],
    ['history', '--time-max 100ms'],
  ])(
    'ends %s with 70, prints what was found, and keeps what there was room for',
    async ([command = '', asked = ''], { skip }) => {
      const disk = smallDisk('32k');
      if (disk === undefined)
        return skip('needs to mount a file system; test/unit/cli/out-journal.test.ts injects the error');
      const out = join(disk, 'result.jsonl');

      const { status, stdout, stderr } = await ebtorture([
        command,
        ...asked.split(' '),
        '--quiet',
        '--out',
        out,
      ]);

      expect(status).toBe(70);
      expect(stdout).toMatch(/^Verdict: /m);
      expect(stderr).toMatch(/ENOSPC|no space left/);
      const saved = await savedDocument<WindowResult | HistoryResult>(out);
      expect(saved.isInterrupted).toBe(true);
      const isKept =
        'rows' in saved ? saved.rows.some(({ before }) => before.states > 0) : saved.visits.total > 0;
      expect(isKept).toBe(true);
    },
  );
});

describe('memory', () => {
  it('refuses worlds that do not fit, before anything is taken, in one line', async () => {
    const { status, stdout, stderr } = await ebtorture(
      'stress --trials 1 --worlds 16777216 --pages 16'.split(' '),
    );

    expect(status).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^ebtorture: --worlds: 16777216 worlds take [\d,]+ MB, .*\n$/);
  });
});
