/**
 * A hunt that is killed at random moments and goes on ends with what an undisturbed one finds. `KILLS=100` kills more often,
 * `KILLS_SEED` at other moments.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Prng } from '../../src/stats/prng.ts';
import type { HuntSaved } from '../../src/report/saved/saved-result.ts';
import type { HuntResult } from '../../src/study/hunt/hunt-result.ts';
import type { BodyRecord } from '../../src/study/journal/records.ts';
import { allOr } from '../helpers/full.ts';
import { endedIn } from '../helpers/killed-command.ts';
import { savedDocument } from '../helpers/saved-document.ts';

const KILLS = Number(process.env['KILLS'] ?? allOr(10, 3));
const SEED = Number(process.env['KILLS_SEED'] ?? 1 + Math.floor(Math.random() * 1e6));
/** Behind the first line of the journal: in the first programs, and in the last ones. */
const DELAY_MS_MAX = 3_000;
const HUNT = 'hunt --kernel 5.7 --size 2 --only alloc,init,reclaim --quiet';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-killed-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const ended = async (line: string, killAfterMs?: number): Promise<number | null> =>
  endedIn(cwd, line, killAfterMs);

const read = (name: string): string => {
  try {
    return readFileSync(join(cwd, name), 'utf8');
  } catch {
    return '';
  }
};

/** What must not depend on who was killed when: nothing of when it began, and how long it took. */
async function settled(name: string): Promise<Omit<HuntResult, 'elapsedMs'>> {
  const { elapsedMs: _, environment: __, ...rest } = await savedDocument<HuntSaved>(join(cwd, name));
  return rest;
}

/** Programs that the journal says were searched, each once. */
function programsIn(name: string): number {
  const chunks = read(name)
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line) as BodyRecord)
    .filter((record) => record.kind === 'chunk');
  expect(new Set(chunks.map(({ size, from }) => `${size} ${from}`)).size).toBe(chunks.length);
  return chunks.reduce((sum, { found }) => sum + found.length, 0);
}

const programsOf = ({ sizes }: Pick<HuntResult, 'sizes'>): number =>
  sizes.reduce((sum, { programs }) => sum + programs, 0);

/** What a journal that was cut reports: what it had settled. */
async function expectReport(name: string, of: number): Promise<void> {
  if (!read(name).includes('\n{"kind":"hunted"')) return;
  const { sizes, isInterrupted } = await settled(name);
  const programs = programsOf({ sizes });
  expect(isInterrupted ? programs <= programsIn(name) : programs === of).toBe(true);
}

describe('hunt', () => {
  it('plays what it finds on threads', { timeout: 120_000 }, async () => {
    const line = 'hunt --kernel 5.7 --size 2 --only readahead,reclaim --quiet --out played.jsonl';
    expect(await ended(`${line} --hardware --duration 2s`)).toBe(1);

    const { findings, hardware = [] } = await settled('played.jsonl');
    expect(hardware.map(({ key }) => key)).toEqual(findings.map(({ key }) => key));
    for (const { trials, violations } of hardware) {
      expect(trials).toBeGreaterThan(0);
      expect(violations).toBeLessThanOrEqual(trials);
    }
  });

  it(
    `loses nothing where it is killed ${KILLS} times (KILLS_SEED=${SEED})`,
    { timeout: 120_000 + KILLS * 30_000 },
    async () => {
      const random = new Prng(SEED);
      expect(await ended(`${HUNT} --out whole.jsonl`)).toBe(1);

      const programs = programsIn('whole.jsonl');

      let kills = 0;
      let torn = 0;
      while (kills < KILLS) {
        const isBegun = read('killed.jsonl').includes('\n');
        if (!isBegun) rmSync(join(cwd, 'killed.jsonl'), { force: true });
        const line = isBegun ? 'hunt --quiet --resume killed.jsonl' : `${HUNT} --out killed.jsonl`;
        const status = await ended(line, 200 + random.nextBelow(DELAY_MS_MAX));
        kills++;
        if (!read('killed.jsonl').endsWith('\n')) torn++;
        await expectReport('killed.jsonl', programs);
        // One that came to its end before is resumed all the same: nothing is left to do.
        expect([null, 1]).toContain(status);
      }
      const isBegun = read('killed.jsonl').includes('\n');
      expect(await ended(isBegun ? 'hunt --quiet --resume killed.jsonl' : `${HUNT} --out killed.jsonl`)).toBe(
        1,
      );

      expect(await settled('killed.jsonl'), `${torn} torn lines`).toEqual(await settled('whole.jsonl'));
      expect((await settled('whole.jsonl')).findings.length).toBeGreaterThan(1);
      expect(programsIn('killed.jsonl')).toBe(programs);
    },
  );
});
