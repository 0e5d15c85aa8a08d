import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { rerunCommand } from '../../../src/report/rerun-command.ts';
import { asDeclared } from '../report/sample-results.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

/** What the engine is asked for. */
async function asked(line: string): Promise<ReturnType<typeof fakeEngine>> {
  const engine = fakeEngine();
  const io = fakeIo();
  const status = await run(line.split(' '), io, engine);
  expect(io.err()).toBe('');
  expect(status).toBe(0);
  return engine;
}

describe('--offset and --last-toucher', () => {
  it.each([
    ['--offset 33', { offsetNs: 33, lastToucher: 0 }],
    ['--offset -50 --last-toucher reclaim', { offsetNs: -50, lastToucher: 1 }],
    ['--offset=-50', { offsetNs: -50, lastToucher: 0 }],
    ['--offset 0 --actors finder=2,reclaim=1 --last-toucher finder#1', { offsetNs: 0, lastToucher: 1 }],
  ])('%s', async (line, launch) => {
    const { compared, stressed } = await asked(line);
    expect(compared[0]?.launch).toEqual(launch);

    expect(stressed).toEqual([]);
    expect((await asked(`stress --strategy upstream ${line}`)).stressed[0]?.launch).toEqual(launch);
  });

  it('are absent unless asked for', async () => {
    const { compared } = await asked('--seed 1');

    expect(compared[0]).not.toHaveProperty('launch');
    expect(compared[0]).not.toHaveProperty('isTuned');
  });

  it('stand in the command that runs it again, in a form that the command line takes', async () => {
    const launch = { offsetNs: -50, lastToucher: 'reclaim' };
    const config = { ...asDeclared.config, launch };
    const lines = rerunCommand({
      command: 'compare',
      strategies: config.strategies,
      hasControl: true,
      config,
    });

    const words = lines.join(' ').replaceAll('\\', '').trim().split(/\s+/).slice(1);
    const { compared } = await asked(words.join(' '));
    expect(compared[0]?.launch).toEqual({ offsetNs: -50, lastToucher: 1 });
  });
});

describe('--tune', () => {
  it('is passed on, and stands in the command that runs it again', async () => {
    expect((await asked('--tune')).compared[0]?.isTuned).toBe(true);

    const config = { ...asDeclared.config, tune: true as const };
    const lines = rerunCommand({
      command: 'compare',
      strategies: config.strategies,
      hasControl: true,
      config,
    });
    expect(lines.join(' ')).toMatch(/ --tune /);
  });
});
