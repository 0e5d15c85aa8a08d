import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scenarios } from '../../../src/catalog/registry.ts';
import { run } from '../../../src/cli/cli.ts';
import type { HistoryResult } from '../../../src/study/history-result.ts';
import { isFull } from '../../helpers/full.ts';
import { savedDocument } from '../../helpers/saved-document.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-history-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function ebtorture(
  line: string,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo({ cwd });
  const status = await run(line.split(' '), io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

describe('ebtorture history', () => {
  it.runIf(isFull)(
    'shows each race broken before as its commit says, and held after, and saves what it shows',
    async () => {
      const mine = join(cwd, 'my-fix.mjs');
      writeFileSync(mine, 'export default (Base) => class extends Base {};');
      const { status, out, err } = await ebtorture(`history --strategies upstream,${mine} --out h.json`);
      expect(err).toBe('');
      const text = readFileSync(join(cwd, 'h.json'), 'utf8');
      const saved = await savedDocument<HistoryResult>(join(cwd, 'h.json'));
      const replayed = scenarios.filter(({ history }) => history !== undefined);

      expect(status).toBe(0);
      expect(saved.rows.map(({ scenario }) => scenario).toSorted()).toEqual(
        replayed.map(({ name }) => name).toSorted(),
      );
      for (const { before, after, breaks, verdict } of saved.rows) {
        expect(before.verdict).toBe('violated');
        expect(before.invariants.filter((id) => breaks.includes(id))).not.toEqual([]);
        expect(before.witness?.schedule).toMatch(/^eb1:/);
        expect(after).toMatchObject({ verdict: 'holds', complete: true });
        expect(verdict).toBe('as-declared');
      }
      const years = saved.rows.map(({ year }) => year);
      expect(years).toEqual(years.toSorted((one, other) => one - other));
      expect(saved.matrix?.map(({ strategy }) => strategy)).toEqual(['upstream', mine]);
      expect(out).toMatch(/^Verdict: AS DECLARED\. \d\d races: /m);
      expect(out.split('\n').filter((line) => line.length > 80 && !line.includes('replay'))).toEqual([]);
      const again = await ebtorture('report h.json');
      expect(again.out).toContain('Verdict: AS DECLARED');
      expect(again.status).toBe(0);
      writeFileSync(join(cwd, 'torn.json'), text.slice(0, 4_000));
      expect((await ebtorture('report torn.json')).status).not.toBe(0);
    },
    120_000,
  );

  // Five seconds, all races at the shortest limit that can be given.
  it.runIf(isFull)('is undecided where a search was ended by its limit', async () => {
    const { status, out } = await ebtorture('history --time-max 100ms --strategies put-above-two');

    expect(status).toBe(2);
    expect(out).toContain('Verdict: UNDECIDED');
    // A strategy of one race only.
    expect(out).toMatch(/^ +put-above-two +\S+$/m);
  });

  it.each([
    ['--duration 5s', /^ebtorture: --duration: is of --hardware; give that as well\n$/],
    ['--agree', /^ebtorture: --agree: is of --hardware; give that as well\n$/],
    ['--strategies upsteam', /^ebtorture: --strategies: unknown strategy 'upsteam'; did you mean upstream\?/],
    ['--strategies ./none.mjs', /^ebtorture: --strategies: no such file '\.\/none\.mjs'/],
    ['--time-max soon', /^ebtorture: --time-max: expected /],
    ['--hardware --seed x', /^ebtorture: --seed: expected /],
  ])('refuses %s in one line', async (options, line) => {
    const { status, err } = await ebtorture(`history ${options}`);

    expect(err).toMatch(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(status).toBe(64);
  });
});
