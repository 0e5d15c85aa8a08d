import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../../src/cli/cli.ts';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { fakeEngine } from '../unit/cli/fake-engine.ts';
import { fakeIo } from '../unit/cli/fake-io.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

// With four finders free_extent_buffer goes round: its loop must be known for one that remembers nothing.
it.each(['finder=4', 'finder=3,reclaim=1'])(
  'searches the same states when it is built, whatever the bundler made of the model: %s',
  (actors) => {
    const line = `explore --strategy upstream --pages 1 --actors ${actors} --json`;

    const built = JSON.parse(
      execFileSync(process.execPath, [MAIN, ...line.split(' ')], { encoding: 'utf8' }),
    ) as ExploreResult;

    const fromSources = explore({ setting: settingFor('primed', actors), strategy: upstream });
    const { states, transitions, verdict } = fromSources;
    expect(built).toMatchObject({ states, transitions, verdict });
  },
);

it('searches on threads when it is built', () => {
  const line = 'explore --strategy upstream --pages 1 --actors finder=4,reclaim=2 --threads 2 --json';

  const built = JSON.parse(
    execFileSync(process.execPath, [MAIN, ...line.split(' ')], { encoding: 'utf8' }),
  ) as ExploreResult;

  expect(built).toMatchObject({ verdict: 'holds', complete: true, depthMax: null });
});

it('ends with 130 and what it has when it is interrupted', async () => {
  const io = {
    ...fakeIo(),
    onInterrupt: (listener: () => void): (() => void) => {
      listener();
      return () => {};
    },
  };

  const line = 'explore --strategy upstream --pages 1 --actors finder=4,reclaim=2 --threads 2';
  const status = await run(line.split(' '), io, fakeEngine());

  expect(status).toBe(130);
  expect(io.out()).toMatch(
    /^Verdict: BOUNDED: it was interrupted; (?:about|more than) [\d.]+ % of it is missing\./m,
  );
});

it.each(['0', '65', 'two'])('refuses %s threads', async (threads) => {
  const io = fakeIo();

  expect(await run(['explore', '--threads', threads], io, fakeEngine())).toBe(64);
  expect(io.err()).toMatch(/^ebtorture: --threads: expected an integer from 1 to 64, got .*\n$/);
});
