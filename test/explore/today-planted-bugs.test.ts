/** Every invariant of today's kernels: a bug that breaks it, found by a search of every schedule, and a repaired twin. */
import { describe, expect, it } from 'vitest';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { findScenario } from '../../src/catalog/registry.ts';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { splitMutant } from '../../src/fix/mutation/mutation.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { PlantedBug } from '../../src/fix/subject.ts';
import { parseActorsText } from '../../src/scenario/role-count.ts';
import { invariantsOf } from '../../src/scenario/checks.ts';
import { plantedBugs } from '../../src/subject/extent-buffer/v7.3/planted-bugs.ts';

/** By strategy and setting: several bugs are planted in the same. */
const results = new Map<string, ExploreResult>();

async function explored(
  name: string,
  { scenario = '', start, actors, pages, readsFail, setupsFail }: PlantedBug,
): Promise<ExploreResult> {
  const setting = settingNamed({ scenario, start, actors: parseActorsText(actors), pages });
  const chances = { readsFail: readsFail ?? false, setupsFail: setupsFail ?? false };
  const key = JSON.stringify([name, scenario, start, actors, pages, chances]);
  const result =
    results.get(key) ??
    explore({
      setting,
      strategy: await loadStrategy(name, setting.scenario.subject),
      chances,
      limits: { countStatesMax: 0, witnessStatesMax: 0 },
    });
  results.set(key, result);
  return result;
}

describe('the planted bug of every invariant of today’s kernels', () => {
  it.each(['read-vs-reclaim', 'subpage-double-detach', 'read-vs-reclaim@6.12'])('is there: %s', (name) => {
    const subject = findScenario(name)?.subject;
    const ids = subject && invariantsOf(subject).map(({ id }) => id);

    expect(Object.keys(plantedBugs).toSorted()).toStrictEqual(ids?.toSorted());
  });

  it.each(Object.entries(plantedBugs))('breaks %s, and without it nothing is broken', async (id, bug) => {
    const planted = await explored(bug.strategy, bug);
    const repaired = await explored(bug.repaired ?? splitMutant(bug.strategy)?.strategy ?? '', bug);

    expect(planted.violations.map(({ invariant }) => invariant)).toContain(id);
    expect(repaired).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
  });
});
