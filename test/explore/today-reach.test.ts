/** Every step of every operation of today's kernels is taken in some role from some start, and every role and start is played. */
import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import type { NeverReached } from '../../src/explore/never-reached.ts';
import { kernelName } from '../../src/fix/mutation/mutation.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { parseActorsText } from '../../src/scenario/role-count.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import type { KernelName } from '../../src/subject/extent-buffer/v7.3/kernel.ts';
import { todayScenarios } from '../../src/subject/extent-buffer/v7.3/scenarios/registry.ts';
import { Subpage } from '../../src/subject/extent-buffer/v7.3/subpage.ts';
import { everyRole } from '../helpers/today-scenario.ts';

/** Kernels that have all switches in both positions. */
const KERNELS: readonly KernelName[] = ['6.12', '6.18', '7.3'];

/** By start: who comes to steps that its usual actors do not come to. */
const MORE: readonly (readonly [start: string, actors: string, chances?: 'readsFail'])[] = [
  // One of the two grabs the buffer of the other one.
  ['cold', 'allocator=2'],
  // The folio leaves the page cache: who waits for its lock looks anew, who adds another one waits for the last reference.
  ['cold', 'umount=1,allocator=1'],
  ['cold', 'umount=1,allocator=1,reclaim=1'],
  ['reading', 'umount=1,workqueue-end-io=1'],
  ['unread', 'reader=1,end-io=1', 'readsFail'],
  ['clean', 'zoned-writer=1,migration=1'],
  ['dirty', 'sync-writer=1,failing-end-io=1'],
  // It is made dirty once more while it is being written.
  ['writing', 'recycler=1,sync-writer=1,end-io=1'],
];

/** What nobody can come to. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  'remove_mapping > atomic_set':
    'who makes a folio dirty has a buffer that has a reference of it: the freeze fails',
  'buffer_tree_get_ebs_tag > cpu_relax': 'a buffer without references is clean, and has no mark',
};

async function neverReachedIn(
  scenario: Scenario,
  { start, actors, readsFail = false }: { start: string; actors?: string; readsFail?: boolean },
): Promise<NeverReached> {
  const cast = actors === undefined ? undefined : parseActorsText(actors);
  const { neverReached } = explore({
    setting: resolveSetting({ scenario, start, actors: cast, pages: 1 }),
    strategy: await loadStrategy('none', scenario.subject),
    chances: { readsFail },
    limits: { countStatesMax: 0, witnessStatesMax: 0 },
  });
  if (neverReached === undefined) throw new Error(`the search of ${start} was not complete`);
  return neverReached;
}

/** Functions and steps that no search has come to. */
function missedByAll(searches: readonly NeverReached[]): readonly string[] {
  const named = new Set(searches.flatMap(({ functions, steps }) => [...functions, ...steps]));
  return [...named].filter((name) => {
    const [func = name] = name.split(' > ');
    return searches.every(
      ({ functions, steps }) => functions.includes(func) || functions.includes(name) || steps.includes(name),
    );
  });
}

describe('every step of today’s kernels', () => {
  it('is taken by some role from some start', async () => {
    const searches: NeverReached[] = [];
    for (const kernel of KERNELS) {
      const scenario = everyRole(kernel);
      for (const { name } of scenario.starts) searches.push(await neverReachedIn(scenario, { start: name }));
      for (const [start, actors, chance] of MORE)
        searches.push(await neverReachedIn(scenario, { start, actors, readsFail: chance === 'readsFail' }));
    }

    expect(missedByAll(searches).toSorted()).toEqual(Object.keys(UNREACHABLE).toSorted());
  });

  it('is missed where only one role is played', async () => {
    const missed = missedByAll([await neverReachedIn(everyRole('7.3'), { start: 'dying' })]);

    expect(missed).toEqual(
      expect.arrayContaining(['close_ctree', 'write_one_eb', 'filemap_add_folio > atomic_set']),
    );
    expect(missed).not.toContain('detach_extent_buffer_folio');
  });

  it('of the subpage layout is taken in some scenario of it', async () => {
    const searches: NeverReached[] = [];
    for (const { kernels } of todayScenarios.filter(({ name }) => name.startsWith('subpage-'))) {
      for (const kernel of kernels?.names ?? []) {
        const scenario = kernels?.of(kernel);
        if (scenario === undefined) continue;
        for (const { name } of scenario.starts)
          searches.push(await neverReachedIn(scenario, { start: name, readsFail: true }));
      }
    }
    const own = new Set(Object.getOwnPropertyNames(Subpage.prototype).map(kernelName));

    expect(searches.length).toBeGreaterThan(0);
    expect(missedByAll(searches).filter((name) => own.has(name.replace(/ > .*/, '')))).toEqual([]);
  });
});

describe('every role and every start', () => {
  const scenario = everyRole('7.3');
  const played = new Set([
    ...scenario.starts.flatMap(({ actors }) => actors.map(({ role }) => role)),
    ...MORE.flatMap(([, actors]) => parseActorsText(actors).map(({ role }) => role)),
  ]);

  it('is played here', () => {
    expect(scenario.roles.map(({ name }) => name).filter((name) => !played.has(name))).toEqual([]);
  });

  it('is one of a scenario', () => {
    const ofScenarios = new Set(todayScenarios.flatMap(({ roles }) => roles.map(({ summary }) => summary)));

    for (const { name, summary } of scenario.roles)
      expect([name, ofScenarios.has(summary)]).toEqual([name, true]);
  });

  it('comes to all of its operations', async () => {
    for (const { name } of scenario.starts) {
      const { operations, withoutStep } = await neverReachedIn(scenario, { start: name });
      expect([name, operations, withoutStep]).toEqual([name, [], []]);
    }
  });
});
