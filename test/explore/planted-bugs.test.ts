import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { splitMutant } from '../../src/fix/mutation/mutation.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { PlantedBug } from '../../src/fix/subject.ts';
import { plantedBugs } from '../../src/subject/extent-buffer/v5.7/planted-bugs.ts';
import { invariants } from '../../src/catalog/registry.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { rung } from '../../src/study/mutate-ladder.ts';

/** By strategy and setting: many bugs are planted in the same. */
const results = new Map<string, ExploreResult>();

async function explored(
  name: string,
  { start, actors, pages, readsFail, setupsFail }: PlantedBug,
): Promise<ExploreResult> {
  const chances = { readsFail: readsFail ?? false, setupsFail: setupsFail ?? false };
  const key = JSON.stringify([name, start, actors, pages, chances]);
  const result =
    results.get(key) ??
    explore({
      setting: settingNamed(rung(start, actors, pages)),
      strategy: await loadStrategy(name, extentBuffer),
      chances,
      limits: { countStatesMax: 0, witnessStatesMax: 0 },
    });
  results.set(key, result);
  return result;
}

describe('the planted bug of every invariant', () => {
  it('is there', () => {
    expect(Object.keys(plantedBugs)).toStrictEqual(invariants.map(({ id }) => id));
  });

  it.each(Object.entries(plantedBugs))('breaks %s, and without it nothing is broken', async (id, bug) => {
    const planted = await explored(bug.strategy, bug);
    const repaired = await explored(splitMutant(bug.strategy)?.strategy ?? 'upstream', bug);

    expect(planted.violations.map(({ invariant }) => invariant)).toContain(id);
    expect(repaired).toMatchObject({ verdict: 'holds', complete: true });
  });
});
