import { expect, it } from 'vitest';
import { strategies } from '../../src/fix/registry.ts';
import { runAgree } from '../../src/study/agree.ts';

const TRIALS = 50_000;

it.each([
  { name: 'naturally' },
  { name: 'with failing trylocks', trylockFail: 0.2 },
  { name: 'with failing setups', setupFail: 0.2 },
])('every outcome that the hardware shows is one that explore reaches, $name', async (chances) => {
  const { agreement, arms } = await runAgree({
    scenario: 'readahead-vs-releasepage',
    start: 'primed',
    strategies: strategies.map(({ name }) => name),
    pages: 1,
    worlds: 256,
    stride: 64,
    seed: 1,
    budget: { kind: 'trials', count: TRIALS },
    trylockFail: chances.trylockFail ?? 0,
    readFail: 0,
    setupFail: chances.setupFail ?? 0,
    fold: 100,
    delays: {},
  });

  expect(agreement?.verdict).toBe('agrees');
  expect(agreement?.arms.map(({ strategy }) => strategy)).toEqual(strategies.map(({ name }) => name));
  for (const { seen, unexplored } of agreement?.arms ?? []) {
    expect(seen.length).toBeGreaterThan(0);
    expect(unexplored).toEqual([]);
  }
  expect(arms.every(({ trials }) => trials === TRIALS)).toBe(true);
});
