/**
 * A run that is killed at random moments leaves a journal that reports and goes on, and whose result has the counts of its blocks. `KILLS=20` kills more often, `KILLS_SEED` at other moments.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Prng } from '../../src/stats/prng.ts';
import type { CompareResult, StressResult } from '../../src/stress/result/result.ts';
import type { WindowResult } from '../../src/stress/window/window-result.ts';
import type { HistoryResult } from '../../src/study/history-result.ts';
import type { BodyRecord } from '../../src/study/journal/records.ts';
import { endedIn, saidIn } from '../helpers/killed-command.ts';
import { isFull } from '../helpers/full.ts';
import { savedDocument } from '../helpers/saved-document.ts';

const KILLS = Number(process.env['KILLS'] ?? 2);
const SEED = Number(process.env['KILLS_SEED'] ?? 1 + Math.floor(Math.random() * 1e6));
const DELAY_MS_MAX = 2_500;
const OF_RUN = '--trials 3k --quiet --seed 5';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-killed-run-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const ended = async (line: string, killAfterMs?: number): Promise<number | null> =>
  endedIn(cwd, line, killAfterMs);

/** The whole lines of the journal. */
function recordsIn(path: string): BodyRecord[] {
  const text = readFileSync(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').slice(1);
  return lines.map((line) => JSON.parse(line) as BodyRecord);
}

async function expectCountsOfBlocks(path: string): Promise<CompareResult | StressResult> {
  const result = await savedDocument<CompareResult | StressResult>(path);
  const blocks = recordsIn(path).filter((record) => record.kind === 'block');
  for (const [arm, { trials, violations, outcomes }] of result.arms.entries()) {
    const own = blocks.filter((each) => each.arm === arm);
    const sum = (of: (block: (typeof own)[number]) => number): number =>
      own.reduce((total, block) => total + of(block), 0);
    expect(trials).toBe(sum(({ block }) => block.trials));
    expect(violations.total).toBe(sum(({ block }) => block.violations));
    for (const [index, { count }] of Object.values(outcomes).entries()) {
      expect(count).toBe(sum(({ counts }) => counts.outcomes[index] ?? 0));
    }
  }
  // No block, and no randomness, twice.
  const orders = blocks.map(({ block }) => block.order);
  expect(orders).toEqual(orders.map((_, index) => index));
  expect(new Set(blocks.map(({ block }) => block.seed)).size).toBe(blocks.length);
  const planned = blocks.flatMap((block) => block.planned ?? []);
  expect(planned).toEqual(planned.toSorted((one, other) => one - other));
  expect(new Set(planned).size).toBe(planned.length);
  return result;
}

it.each([
  ['compare', '--strategies upstream,none --no-prove --no-cost'],
  ['stress', '--strategy upstream'],
])(`%s loses no block where it is killed ${KILLS} times (KILLS_SEED=${SEED})`, async (command, what) => {
  const random = new Prng(SEED);
  const file = `${command}.jsonl`;
  const path = join(cwd, file);
  const line = (): string =>
    existsSync(path) ? `${command} --quiet --resume ${file}` : `${command} ${what} ${OF_RUN} --out ${file}`;
  for (let kill = 0; kill < KILLS; kill++) {
    await ended(line(), 300 + random.nextBelow(DELAY_MS_MAX));
    if (existsSync(path)) await expectCountsOfBlocks(path);
  }
  const status = await ended(line());
  const { arms, isInterrupted } = await expectCountsOfBlocks(path);

  expect(isInterrupted).toBe(false);
  expect(arms.map(({ trials }) => trials)).toEqual([3_000, 3_000]);
  // Proved by explore: whatever was done to the run, the fix cannot violate.
  expect(arms[0]?.violations.total).toBe(0);
  expect([0, 2]).toContain(status);
  // All is done: resumed once more, it runs nothing.
  const before = readFileSync(path, 'utf8');
  expect(await ended(line())).toBe(status);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

/** Lines of a journal that are whole; 0 where there is none. */
function linesIn(file: string): number {
  const path = join(cwd, file);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

type Visits = Extract<BodyRecord, { kind: 'visits' }>;

async function expectCountsOfVisits(path: string): Promise<WindowResult> {
  const result = await savedDocument<WindowResult>(path);
  const records = recordsIn(path).filter((record): record is Visits => record.kind === 'visits');
  const made = records.flatMap(({ visits }) => visits);
  expect(result.visits.total).toBe(made.length);
  const { visits, profiles, strategy } = result;
  const labels = ['finder', 'reclaim'];
  for (const { isControl, lastToucher, placement, points } of profiles) {
    if (placement.name !== 'only' || visits.stray > 0) continue;
    for (const { offsetNs, trials, hits } of points) {
      const own = made.filter(
        (visit) =>
          visit.roundTripNs !== null &&
          visit.trials > 0 &&
          visit.offsetNs === offsetNs &&
          visit.arm === (isControl ? 1 : 0) &&
          labels[visit.lastToucher] === lastToucher,
      );
      expect(trials).toBe(own.reduce((sum, visit) => sum + visit.trials, 0));
      expect(hits).toBe(own.reduce((sum, visit) => sum + visit.violations, 0));
    }
  }
  // No block, and no start, twice: what counts for nothing is among the blocks.
  const blocks = records.map((record) => record.blocks);
  expect(blocks).toEqual(blocks.toSorted((one, other) => one - other));
  expect(new Set(blocks).size).toBe(blocks.length);
  expect(strategy).toBe('upstream');
  return result;
}

it(`window loses no visit where it is killed ${KILLS} times (KILLS_SEED=${SEED})`, async () => {
  const random = new Prng(SEED);
  const path = join(cwd, 'window.jsonl');
  const reports: (number | null)[] = [];
  const asked = '--strategy upstream --points 8 --range=-10..10 --seed 5 --duration 4s';
  const line = (): string =>
    existsSync(path) ? 'window --quiet --resume window.jsonl' : `window ${asked} --quiet --out window.jsonl`;
  for (let kill = 0; kill < KILLS; kill++) {
    await ended(line(), 300 + random.nextBelow(DELAY_MS_MAX));
    if (existsSync(path)) {
      await expectCountsOfVisits(path);
      reports.push((await saidIn(cwd, 'report window.jsonl')).status);
    }
  }
  expect(reports).toEqual(reports.map(() => 0));
  const status = await ended(line());
  const { isInterrupted, verdict, profiles, starts, elapsedMs } = await expectCountsOfVisits(path);

  expect(isInterrupted).toBe(false);
  expect(verdict).not.toBe('violated');
  expect(elapsedMs).toBeGreaterThan(2_000);
  expect(starts).toBeGreaterThanOrEqual(6);
  expect(profiles.filter(({ isControl, violations }) => !isControl && violations.total > 0)).toEqual([]);
  expect([0, 2]).toContain(status);
  const before = readFileSync(path, 'utf8');
  expect(await ended(line())).toBe(status);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

it('window makes the trials that were asked for, wherever it was cut', async () => {
  const asked = '--strategy none --points 8 --range=-10..10 --seed 5 --trials-per-point 2100';
  const visitsIn = (): Visits[] =>
    existsSync(join(cwd, 'exact.jsonl'))
      ? recordsIn(join(cwd, 'exact.jsonl')).filter((record): record is Visits => record.kind === 'visits')
      : [];
  // In the middle of the first of its two sweeps, and of the second.
  await saidIn(cwd, `window ${asked} --quiet --out exact.jsonl`, { isTime: () => visitsIn().length > 0 });
  const count = visitsIn().length;
  await saidIn(cwd, 'window --quiet --resume exact.jsonl', { isTime: () => visitsIn().length > count });
  const { status } = await saidIn(cwd, 'window --quiet --resume exact.jsonl');
  const byPoint = new Map<string, number>();
  for (const { arm, lastToucher, offsetNs, trials } of visitsIn().flatMap(({ visits }) => visits)) {
    const point = `${arm} ${lastToucher} ${offsetNs}`;
    byPoint.set(point, (byPoint.get(point) ?? 0) + trials);
  }

  expect([0, 2]).toContain(status);
  expect(byPoint.size).toBeGreaterThanOrEqual(2 * 6);
  expect(new Set(byPoint.values())).toEqual(new Set([2_100]));
});

it.each([['', '--time-max 100ms']].concat(isFull ? [[' --hardware', '--time-max 100ms --duration 4s']] : []))(
  `history%s loses no race where it is killed ${KILLS} times (KILLS_SEED=${SEED})`,
  async (hardware, limits) => {
    const random = new Prng(SEED);
    const file = `history${hardware.trim()}.jsonl`;
    const path = join(cwd, file);
    const line = (): string =>
      existsSync(path)
        ? `history --quiet --resume ${file}`
        : `history${hardware} ${limits} --seed 5 --quiet --out ${file}`;
    const expectRaces = async (): Promise<HistoryResult> => {
      const result = await savedDocument<HistoryResult>(path);
      const races = recordsIn(path).filter((record) => record.kind === 'race');
      expect(new Set(races.map(({ race }) => race)).size).toBe(races.length);
      for (const { race, before, after } of races) expect(result.rows[race]).toMatchObject({ before, after });
      return result;
    };
    for (let kill = 0; kill < KILLS; kill++) {
      await ended(line(), 300 + random.nextBelow(DELAY_MS_MAX));
      if (existsSync(path)) await expectRaces();
    }
    const status = await ended(line());
    const { rows, isInterrupted } = await expectRaces();

    expect(isInterrupted).toBe(false);
    expect(recordsIn(path).filter(({ kind }) => kind === 'race')).toHaveLength(rows.length);
    // Undefined where threads were not asked.
    expect(rows.filter((row) => row.hardware === null)).toEqual([]);
    expect([0, 2]).toContain(status);
  },
);

const RESUMED: readonly (readonly [command: string, asked: string, other: string, difference: RegExp])[] = [
  [
    'compare',
    '--strategies upstream,none --trials 1k',
    '--trials 2k',
    /head\.config\.trials is 1000 there, and 2000 here/,
  ],
  ['stress', '--strategy upstream --trials 1k', '--pages 2', /head\.config\.pages is 4 there, and 2 here/],
  ['explain', '--strategy upstream --trials 1k', '--seed 6', /head\.config\.seed is 5 there, and 6 here/],
  ['window', '--strategy upstream', '--points 9', /head\.config\.points is 48 there, and 9 here/],
  ['hunt', '--size 2', '--only alloc', /config\.only is null there, and \["alloc"\] here/],
  ['mutate', '--explore-only', '--time-max 7s', /config\.exploreMs is 20000 there, and 7000 here/],
  ['history', '--time-max 9s', '--time-max 7s', /config\.exploreMs is 9000 there, and 7000 here/],
];

it.each(RESUMED)(
  '%s goes on with no other configuration, and says which',
  async (command, asked, other, why) => {
    const file = `other-${command}.jsonl`;
    await saidIn(cwd, `${command} ${asked} --seed 5 --quiet --out ${file}`, {
      isTime: () => linesIn(file) > 0,
    });
    const before = readFileSync(join(cwd, file));
    const { status, stdout, stderr } = await saidIn(cwd, `${command} --resume ${file} ${other}`);

    expect(stderr).toMatch(/^ebtorture: --resume: [^\n]*\n$/);
    expect(stderr).toMatch(why);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(readFileSync(join(cwd, file)).equals(before)).toBe(true);
  },
);

it.each([
  ['window', '--duration 3s --points 8 --range=-10..10 --strategy none', 4],
  ['history', '--time-max 100ms', 4],
])('%s that Ctrl-C has ended goes on', async (command, asked, lines) => {
  const file = `interrupted-${command}.jsonl`;
  const first = await saidIn(cwd, `${command} ${asked} --seed 5 --out ${file}`, {
    signal: 'SIGINT',
    isTime: () => linesIn(file) >= lines,
  });
  expect(first.status).toBe(130);
  expect(first.stdout).toMatch(/Interrupted/);
  expect(await savedDocument(join(cwd, file))).toMatchObject({ isInterrupted: true });
  const reported = await saidIn(cwd, `report ${file}`);
  expect(reported.stdout).toBe(first.stdout);

  const { status } = await saidIn(cwd, `${command} --quiet --resume ${file}`);
  expect([0, 2]).toContain(status);
  expect(await savedDocument(join(cwd, file))).toMatchObject({ isInterrupted: false });
});

it('two commands do not write the same journal, and the one that came second says so', async () => {
  const asked = 'window --duration 60s --strategy none --quiet --seed 5';
  let second: Promise<readonly [string, string]> | undefined;
  const others = async (): Promise<readonly [string, string]> => {
    const resumed = await saidIn(cwd, 'window --quiet --resume taken.jsonl');
    const anew = await saidIn(cwd, `${asked} --out taken.jsonl`, { isTime: () => false });
    return [`${resumed.status} ${resumed.stderr}`, `${anew.status} ${anew.stderr}`];
  };
  let isOver = false;
  const first = await saidIn(cwd, `${asked} --out taken.jsonl`, {
    signal: 'SIGINT',
    isTime: () => {
      if (linesIn('taken.jsonl') > 0) second ??= others().finally(() => (isOver = true));
      return isOver;
    },
  });

  expect(await second).toEqual([
    "64 ebtorture: --resume: 'taken.jsonl': another process writes its journal there\n",
    `64 ebtorture: --out: '${join(cwd, 'taken.jsonl')}': another process writes its journal there\n`,
  ]);
  expect(first.status).toBe(130);
  const { starts } = await savedDocument<WindowResult>(join(cwd, 'taken.jsonl'));
  expect(starts).toBe(recordsIn(join(cwd, 'taken.jsonl')).filter(({ kind }) => kind === 'start').length);
});

it('explore that is killed leaves what it was asked, which report tells', async () => {
  const { status } = await saidIn(cwd, 'explore --actors finder=6,reclaim=3 --quiet --out explore.jsonl', {
    isTime: () => linesIn('explore.jsonl') > 0,
  });
  expect(status).toBe(null);
  const [header = ''] = readFileSync(join(cwd, 'explore.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(header)).toMatchObject({
    command: 'explore',
    machine: { kernelRelease: expect.any(String), version: expect.any(String) },
    config: { actors: 'finder=6,reclaim=3', chances: { readsFail: false } },
  });
  const { status: told, stderr } = await saidIn(cwd, 'report explore.jsonl');
  expect(told).toBe(64);
  expect(stderr).toBe(
    "ebtorture: report: 'explore.jsonl': explore was ended before it had any result, and there is nothing to go on from: run it again\n",
  );
});
