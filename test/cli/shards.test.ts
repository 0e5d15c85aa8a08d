/** Shards of a hunt and of a mutation come to what one run of them comes to, and say what they are by themselves. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/cli.ts';
import type { HuntResult } from '../../src/study/hunt/hunt-result.ts';
import type { MutateResult } from '../../src/study/mutate-result.ts';
import { savedDocument } from '../helpers/saved-document.ts';
import { fakeEngine } from '../unit/cli/fake-engine.ts';
import { fakeIo } from '../unit/cli/fake-io.ts';

type Found = HuntResult & { readonly environment?: unknown };

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-shards-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function ran(
  line: string,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo({ cwd });
  const status = await run(line.split(' '), io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

async function saved<Result extends object>(name: string): Promise<Result> {
  return savedDocument<Result>(join(cwd, name));
}

describe('shards of a hunt', () => {
  const FOUND = 'hunt --kernel 5.7 --size 2 --only alloc,init,reclaim --quiet';
  const CLEAN = 'hunt --kernel 5.7 --strategy upstream --size 2 --only readahead,reclaim --quiet';

  it.each([FOUND, CLEAN])('come to what one hunt finds: %s', async (line) => {
    const shards = [1, 2, 3];
    await ran(`${line} --out whole.jsonl`);
    for (const index of shards) await ran(`${line} --shard ${index}/3 --out ${index}.jsonl`);
    const { out } = await ran(`merge ${shards.map((index) => `${index}.jsonl`).join(' ')} --json --quiet`);
    // Shards may have been found anywhere, so that what is merged of them says no environment.
    const { elapsedMs: _whole, environment: _here, ...whole } = await saved<Found>('whole.jsonl');
    const { elapsedMs: _merged, shards: given, ...merged } = JSON.parse(out) as Found;

    expect(given).toEqual({ of: 3, missing: [], cut: [] });
    expect(merged).toEqual(whole);
    const parts = await Promise.all(shards.map((index) => saved<HuntResult>(`${index}.jsonl`)));
    for (const { config, verdict } of parts) {
      expect(config.shard?.of).toBe(3);
      // A part is never all of it.
      expect(verdict).not.toBe('complete');
    }
    expect(parts.flatMap(({ sizes }) => sizes).reduce((sum, { programs }) => sum + programs, 0)).toBe(
      whole.sizes.reduce((sum, { programs }) => sum + programs, 0),
    );
  });

  it('say that they are parts', async () => {
    const part = await ran(`${CLEAN} --shard 1/2 --out part.jsonl`);
    const text = part.out.replaceAll(/\s+/g, ' ');

    expect(part.status).toBe(0);
    expect(text).toContain('shards 1 of 2: a part; ebtorture merge adds them up');
    expect(text).toContain(
      'Verdict: NOTHING FOUND IN A PART: every schedule of every program of shard 1 of 2',
    );
    const other = await ran(`${CLEAN} --shard 2/2 --resume part.jsonl`);
    expect(other.status).toBe(64);
    expect(other.err).toContain('it is of another configuration: config.shard.index is 1 there, and 2 here');
    await ran('report part.jsonl --junit part.xml');
    expect(readFileSync(join(cwd, 'part.xml'), 'utf8')).toContain('errors="1"');
  });

  it('are not complete where one is missing, and one hunt twice is refused', async () => {
    await ran(`${CLEAN} --out whole.jsonl`);
    for (const index of [1, 2, 4]) await ran(`${CLEAN} --shard ${index}/4 --out ${index}.jsonl`);
    const { status, out } = await ran('merge 1.jsonl 2.jsonl 4.jsonl --out some.json');
    const text = out.replaceAll(/\s+/g, ' ');

    expect(status).toBe(2);
    expect(text).toContain('shards 3 of 4: NOT COMPLETE, 3 is missing');
    expect(text).toContain('Verdict: BOUNDED: nothing was found, and shards are missing or were cut');
    expect((await ran('report some.json')).out).toBe(out);
    expect((await ran('merge 1.jsonl whole.jsonl')).err).toContain('is of other work');
    expect((await ran('merge whole.jsonl ./whole.jsonl')).status).toBe(64);
  });
});

describe('shards of a mutation', () => {
  const LINE =
    'mutate --strategy upstream --actors finder=1,reclaim=1 --pages 1 --explore-only --seed 7 --quiet';

  it('come to what one comes to, and say what is missing', async () => {
    await ran(`${LINE} --out whole.jsonl`);
    for (const index of [1, 2, 3]) await ran(`${LINE} --shard ${index}/3 --out m${index}.jsonl`);
    const { out, status } = await ran('merge m3.jsonl m1.jsonl m2.jsonl --json --quiet');
    const whole = await saved<MutateResult>('whole.jsonl');
    const merged = JSON.parse(out) as MutateResult;

    expect(status).toBe(0);
    expect(merged.mutants).toEqual(whole.mutants);
    expect(merged).toMatchObject({
      verdict: whole.verdict,
      score: whole.score,
      baseline: whole.baseline,
      config: whole.config,
      shards: { of: 3, missing: [], cut: [] },
    });
    expect(await saved<MutateResult>('m2.jsonl')).toMatchObject({
      verdict: 'part',
      config: { shard: { index: 2, of: 3 } },
    });
    const some = await ran('merge m1.jsonl m2.jsonl --out some.json');
    expect(some.status).toBe(2);
    expect(some.out.replaceAll(/\s+/g, ' ')).toContain('2 of 3: NOT COMPLETE, 3 is missing');
    expect((await ran('report some.json')).out).toBe(some.out);
  });
});
