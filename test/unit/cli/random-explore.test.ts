import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

async function explore(
  ...options: string[]
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo();
  const status = await run(['explore', '--pages', '1', ...options], io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

describe('explore --scheduler', () => {
  it('ends with 1 and the replay command where it found something', async () => {
    const { status, out } = await explore('--scheduler', 'pct', '--schedules', '5000', '--strategy', 'none');

    expect(status).toBe(1);
    expect(out).toContain('Verdict: VIOLATED: B1 released under IO.');
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^ {2}ebtorture replay eb1:/);
  });

  it.each([
    ['uniform', /detection {2}none in 1,000: fewer than 3\.0e-3 of all uniformly random schedules\n/],
    ['pct', /detection {2}a violation of depth 3 is found by a schedule with probability at\n/],
  ])('ends with 2 and the detection probability where %s found nothing', async (scheduler, detection) => {
    const { status, out } = await explore(
      '--strategy',
      'upstream',
      '--scheduler',
      scheduler,
      '--schedules',
      '1000',
    );

    expect(status).toBe(2);
    expect(out).toMatch(detection);
    expect(out).toContain('which is no proof');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('prints one JSON document', async () => {
    const { out } = await explore('--scheduler', 'uniform', '--schedules', '10', '--seed', '3', '--json');

    expect(JSON.parse(out)).toMatchObject({
      schema: 'ebtorture.explore-random/1',
      scheduler: { kind: 'uniform' },
      schedules: 10,
      seed: 3,
    });
  });

  it.each([
    [['--scheduler', 'fair'], "--scheduler: unknown scheduler 'fair' (known: uniform, pct)"],
    [
      ['--scheduler', 'pct', '--schedules', '0'],
      '--schedules: expected an integer from 1 to 1,000,000,000, got 0',
    ],
    [['--scheduler', 'pct', '--depth', '0'], '--depth: expected an integer from 1 to 16, got 0'],
    [['--scheduler', 'pct', '--seed', '-1'], '--seed: expected an integer from 0 to 4,294,967,295, got -1'],
    [
      ['--scheduler', 'uniform', '--depth', '2'],
      '--depth: is for --scheduler pct; leave it out with uniform',
    ],
    [['--schedules', '10'], '--schedules: is for random schedules; give --scheduler uniform or pct'],
    [
      ['--scheduler', 'pct', '--states-max', '10'],
      '--states-max: is for the search; leave it out with --scheduler',
    ],
    [['--scheduler', 'pct', '--no-merge'], '--no-merge: is for the search; leave it out with --scheduler'],
  ])('refuses %j', async (options, message) => {
    expect(await explore(...options)).toEqual({ status: 64, out: '', err: `ebtorture: ${message}\n` });
  });
});
