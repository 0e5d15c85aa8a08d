/** Shards as jobs of a Slurm cluster: one is killed, requeued, and goes on; what they come to is what one run comes to. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { HuntResult } from '../../src/study/hunt/hunt-result.ts';
import type { BodyRecord } from '../../src/study/journal/records.ts';
import type { MergedRunResult } from '../../src/study/merge/merged-run-result.ts';
import { canStartCluster, Cluster } from '../helpers/slurm.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SUBMIT = join(root, 'scripts/slurm/submit.sh');
const MAIN = join(root, 'dist/cli/main.js');
const KILLING = pathToFileURL(join(root, 'test/helpers/kill-at-line.mjs')).href;
const HUNT = ['hunt', '--kernel', '5.7', '--size', '2', '--only', 'alloc,init,reclaim'];

/** With where it was found, as `--json` has it. */
type Stated<Result> = Result & { readonly environment?: unknown };

const started = canStartCluster() ? await Cluster.startIfPossible() : undefined;

afterAll(async () => {
  await started?.stop();
});

describe.skipIf(started === undefined)('shards on a Slurm cluster', () => {
  const cluster = started as Cluster;

  /** Submits the shards of a command, of which one is killed once, and waits for the merged result. */
  async function merged(
    name: string,
    command: readonly string[],
    {
      shards,
      killAt,
    }: { readonly shards: number; readonly killAt: { readonly task: number; readonly lines: number } },
  ): Promise<{ readonly result: unknown; readonly folder: string }> {
    const folder = join(cluster.folder, name);
    mkdirSync(folder);
    const env = {
      EBTORTURE: `${process.execPath} --import ${KILLING} ${MAIN}`,
      KILL_TASK: String(killAt.task),
      KILL_LINES: String(killAt.lines),
    };
    const { stdout } = await cluster.run(SUBMIT, [String(shards), folder, ...command], { env });
    const [, array = '', merge = ''] = /^shards: job (\d+), merge: job (\d+)$/m.exec(stdout) ?? [];
    await cluster.allEnded();
    const log = readFileSync(join(folder, `shard-${killAt.task}.log`), 'utf8');
    expect({ ...(await cluster.stateOf(`${array}_${killAt.task}`)), log }).toMatchObject({
      state: 'COMPLETED',
      restarts: 1,
    });
    expect(log).toContain('ended with status 137');
    const file = join(folder, 'merged.json');
    expect({
      isThere: existsSync(file),
      merge,
      log: readFileSync(join(folder, 'merge.log'), 'utf8'),
    }).toMatchObject({
      isThere: true,
    });
    return { result: JSON.parse(readFileSync(file, 'utf8')) as unknown, folder };
  }

  function recordsOf(folder: string, shard: number): BodyRecord[] {
    const lines = readFileSync(join(folder, `shard-${shard}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
    return lines.slice(1).map((line) => JSON.parse(line) as BodyRecord);
  }

  it('finds in a hunt what one run finds, though a shard was killed and requeued', async () => {
    const { result, folder } = await merged('hunt', HUNT, {
      shards: 3,
      killAt: { task: 2, lines: 2 },
    });
    const { stdout } = await cluster
      .run(process.execPath, [MAIN, ...HUNT, '--json', '--quiet'])
      // It finds races, which is status 1.
      .catch((error: unknown) => error as { readonly stdout: string });
    const { elapsedMs: _whole, environment: _here, ...whole } = JSON.parse(stdout) as Stated<HuntResult>;
    const { elapsedMs: _merged, environment: _there, shards, ...sum } = result as Stated<HuntResult>;

    expect(shards).toEqual({ of: 3, missing: [], cut: [] });
    expect(sum).toEqual(whole);
    expect(whole.findings.length).toBeGreaterThan(0);
    // No program twice, and none left out.
    const chunks = [1, 2, 3].flatMap((shard) =>
      recordsOf(folder, shard).filter((record) => record.kind === 'chunk'),
    );
    expect(new Set(chunks.map(({ size, from }) => `${size} ${from}`)).size).toBe(chunks.length);
    expect(chunks.reduce((programs, { found }) => programs + found.length, 0)).toBe(
      whole.sizes.reduce((programs, size) => programs + size.total, 0),
    );
  });

  it('has of a comparison all trials that were asked for, each with a seed of its shard', async () => {
    const TRIALS = 200_000;
    const command = ['compare', '--trials', String(TRIALS), '--seed', '7', '--no-prove', '--instances', '1'];
    const { result: found, folder } = await merged('compare', command, {
      shards: 2,
      killAt: { task: 2, lines: 3 },
    });

    const result = found as MergedRunResult;
    expect(result.shards).toEqual({ of: 2, missing: [], cut: [] });
    expect(
      result.strata.map(({ parts }) =>
        parts.map(({ shard }) => shard?.index).toSorted((a = 0, b = 0) => a - b),
      ),
    ).toEqual([[1, 2]]);
    for (const { trials, violations, outcomes, rate } of result.strata[0]?.result.arms ?? []) {
      expect(trials).toBe(2 * TRIALS);
      expect(Object.values(outcomes).reduce((sum, { count }) => sum + count, 0)).toBe(trials);
      // What the rate is, is the machine's business: that it lies in its interval is ours.
      expect(rate.low).toBeLessThanOrEqual(rate.perMillion);
      expect(rate.high).toBeGreaterThanOrEqual(rate.perMillion);
      expect(violations.total).toBeLessThanOrEqual(trials);
    }
    for (const shard of [1, 2]) {
      const blocks = recordsOf(folder, shard).filter((record) => record.kind === 'block');
      expect(blocks.length).toBeGreaterThan(0);
      for (const { block } of blocks) expect(block.seed % 2).toBe(shard - 1);
    }
  });

  it.each([
    [['1', 'folder', 'hunt'], 'SHARDS: expected a number of 2 or above'],
    [['2', 'folder', 'window'], "'window' cannot be divided"],
    [['2', 'folder', 'compare', '--out', 'x'], '--out is given to each shard here'],
    [['2', 'folder'], 'expected SHARDS FOLDER COMMAND'],
  ])('refuses %j in one line', async (words, message) => {
    await expect(cluster.run(SUBMIT, words)).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
