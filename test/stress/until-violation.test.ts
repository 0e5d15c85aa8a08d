import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { runCompare, runStress } from '../../src/stress/run/run.ts';
import { runOptions } from '../helpers/run-options.ts';

// How soon a violation comes is a matter of how much of the processors the actors get.
vi.setConfig({ testTimeout: 300_000 });

/** Raised, so that the race as it was is met within moments. */
const base = runOptions({
  budget: { kind: 'trials', count: 20_000 },
  delays: { 'find:ref': 500 },
});
/** Hours, were it not for the violation. */
const ENDLESS = { kind: 'trials', count: 1e12 } as const;

it('ends stress at the first violation, within the block, and says that the rate is biased', async () => {
  const result = await runStress({
    ...base,
    budget: ENDLESS,
    until: 'violation',
    strategy: 'none',
    hasControl: false,
  });

  const [arm] = result.arms;
  expect(result.verdict).toBe('violated');
  expect(arm?.violations.total).toBeGreaterThan(0);
  expect(arm?.trials).toBeLessThan(ENDLESS.count);
  expect(result.isInterrupted).toBe(false);
  expect(result.stopping).toMatchObject({ rule: 'violation', isDecided: null });
  expect(result.config.until).toBe('violation');
  expect(result.notices.join('\n')).toMatch(/^The first violation of none ended the run: .*biased/m);
  // Blocks before it have none.
  expect(arm?.blockResults.slice(0, -1).every(({ violations }) => violations === 0)).toBe(true);
});

it('goes on to the end beside a control that violates, and where nothing does', async () => {
  const strategies = ['none', 'upstream'];
  const { arms, notices } = await runCompare({ ...base, strategies, until: 'violation' });

  expect(arms.map(({ trials }) => trials)).toEqual([20_000, 20_000]);
  expect(notices.join('\n')).not.toContain('ended the run');
});

it('goes on to the end without being asked to stop', async () => {
  const { arms } = await runStress({ ...base, strategy: 'none', hasControl: false });

  expect(arms[0]?.trials).toBe(20_000);
});

it('ends a comparison of nothing but controls at the first violation of any', async () => {
  const violates = fileURLToPath(new URL('strategies/puts-twice.mjs', import.meta.url));
  const strategies = ['none', violates];
  const { arms } = await runCompare({ ...base, budget: ENDLESS, strategies, until: 'violation' });

  expect(arms.some(({ violations }) => violations.total > 0)).toBe(true);
  for (const { trials } of arms) expect(trials).toBeLessThan(ENDLESS.count);
});
