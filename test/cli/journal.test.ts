/**
 * A run that is killed at random moments leaves a journal that reports and goes on, and whose result has the counts of its blocks. `KILLS=20` kills more often, `KILLS_SEED` at other moments.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Prng } from '../../src/stats/prng.ts';
import type { CompareResult, StressResult } from '../../src/stress/result/result.ts';
import type { BodyRecord } from '../../src/study/journal/records.ts';
import { endedIn } from '../helpers/killed-command.ts';
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
