import { expect, it } from 'vitest';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { explore } from '../../src/explore/explore.ts';
import { recordingSteps, StepLog } from '../../src/fix/mutation/step-recorder.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { type Access, accessKinds } from '../../src/memory/access.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';

/** The accesses to the count of a buffer that any schedule of a scenario has. */
async function countsIn(name: string, strategyName: string): Promise<readonly Access[]> {
  const scenario = scenarioNamed(name);
  const log = new StepLog();
  const strategy = recordingSteps(await loadStrategy(strategyName, scenario.subject), log);
  const limits = { countStatesMax: 0, witnessStatesMax: 0 };
  explore({ setting: resolveSetting({ scenario, pages: 1 }), strategy, limits });
  return [...new Set(log.steps.flatMap(({ step }) => (step.field === 'eb.refs' ? [step.access] : [])))];
}

it.each([
  ['readahead-vs-releasepage', 'upstream', 'atomic_'],
  ['stale-reuse', 'none', 'atomic_'],
  ['reuse-of-stale@6.12', 'none', 'atomic_'],
  ['reuse-of-stale@6.18', 'none', 'refcount_'],
  ['reuse-of-stale', 'none', 'refcount_'],
])(
  'the count of a buffer is ordered as its kernel has it: %s, %s, %s*',
  async (scenario, strategy, prefix) => {
    const counts = await countsIn(scenario, strategy);

    expect(counts.length).toBeGreaterThan(1);
    expect(counts.filter((access) => !accessKinds[access].kernel.startsWith(prefix))).toEqual([]);
  },
);

it('a reference count of today orders less than an atomic one', () => {
  expect(accessKinds.atomicIncNotZero.ordering).toBe('full');
  expect(accessKinds.refcountIncNotZero.ordering).toBe('relaxed');
  expect(accessKinds.atomicDecAndTest.ordering).toBe('full');
  expect(accessKinds.refcountDecAndTest.ordering).toBe('release');
});
