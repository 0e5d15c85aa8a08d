/** Generated strategies on real threads: they show nothing that the search calls impossible. */
import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { allOr } from '../helpers/full.ts';
import { findingText, fuzzStrategies, summaryText } from '../fuzz/fuzzer.ts';
import { contradictionsOnThreads, type Runnable, runOnThreads } from '../fuzz/on-threads.ts';
import { type FuzzSetting, fuzzSettings, NEVER } from '../fuzz/program.ts';

/** Programs of the project `full`; the others make one in each set of actors. */
const COUNT = 16;

async function runnable(name: string, plant: object): Promise<Runnable> {
  const path = fileURLToPath(new URL(`strategies/${name}.mjs`, import.meta.url));
  const setting = { start: 'primed', actors: 'finder=1,reclaim=1', pages: 1, chances: NEVER } as const;
  const result = explore({
    setting: settingFor(setting.start, setting.actors, setting.pages),
    strategy: await loadStrategy(path, extentBuffer),
    limits: { witnessStatesMax: 0, countStatesMax: 0 },
  });
  return { path, setting, searched: { kind: 'found', result: { ...result, ...plant } } };
}

it('finds what a search has lost, and nothing where it has lost nothing', async () => {
  const programs = [
    await runnable('works', {}),
    await runnable('works', { outcomes: [] }),
    await runnable('half-fix', {}),
  ];
  const [honest, lost, half] = await runOnThreads(programs, 1);
  const [one, other, third] = programs;
  if (honest === undefined || lost === undefined || half === undefined) throw new Error('nothing was shown');
  if (one === undefined || other === undefined || third === undefined) throw new Error('there is no program');

  expect(honest).toMatchObject({ kind: 'counted', violated: [], violations: 0, bugs: 0 });
  expect(contradictionsOnThreads(one, honest)).toEqual([]);
  expect(contradictionsOnThreads(other, lost)[0]).toMatch(
    /^threads show \S+, which the search calls impossible$/,
  );
  expect(contradictionsOnThreads(third, half)).toEqual([]);
  expect(
    contradictionsOnThreads(one, { kind: 'failed', code: 'ERR_ACTOR_HUNG', message: 'planted' }),
  ).toEqual(['the search proves it, and on threads: ERR_ACTOR_HUNG, planted']);
  expect(
    contradictionsOnThreads(one, { ...honest, kind: 'counted', bugs: 3, violations: 2 } as typeof honest)[0],
  ).toMatch(/^3 trials ended in a violation, 2 violations were counted$/);
  expect(contradictionsOnThreads(one, { ...honest, violated: ['B1'] } as typeof honest)).toEqual([
    'threads show B1, which the search calls impossible',
  ]);
});

const settingKey = ({ start, actors }: FuzzSetting): string => `${start} ${actors}`;

it('shows nothing that the search calls impossible, with every start and set of actors', async () => {
  const all = new Set(fuzzSettings.map(settingKey));
  const left = new Set(all);
  const summary = await fuzzStrategies({
    seed: 25,
    count: allOr(COUNT, all.size),
    isIn: (setting) => allOr(true, left.delete(settingKey(setting))),
    without: new Set(),
    threadsEvery: 1,
    searchThreadsEvery: 20,
    playedEvery: 1,
  });

  expect(summary.findings.map(findingText)).toEqual([]);
  expect(summary.trials).toBeGreaterThan(0);
  process.stdout.write(`${summaryText(summary)}\n`);
}, 1_800_000);
