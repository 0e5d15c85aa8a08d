import { expect, it } from 'vitest';
import { strategies } from '../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { runAgree } from '../../src/study/agree.ts';
import { allOr } from '../helpers/full.ts';
import { runOptions } from '../helpers/run-options.ts';

const TRIALS = allOr(8_000, 4_000);
const all = strategies.map(({ name }) => name);

/** Each strategy with one of the chances at least; the project `full` has all of them with each. */
const parts = [
  { name: 'naturally', of: ['none', 'upstream', 'early-check', 'handshake-find'] },
  { name: 'with failing trylocks', of: ['none', 'locked-io-pages', 'bio-ref'], trylockFail: 0.2 },
  { name: 'with failing setups', of: ['upstream', 'cmpxchg-release', 'recheck-release'], setupFail: 0.2 },
];

it('leaves no strategy out', () => {
  expect([...new Set(parts.flatMap(({ of }) => of))].toSorted()).toEqual(all.toSorted());
});

it.each(parts)(
  'every outcome that the hardware shows is one that explore reaches, $name',
  async (chances) => {
    const names = allOr(all, chances.of);
    const { agreement, arms } = await runAgree(
      runOptions({
        start: 'primed',
        strategies: names,
        budget: { kind: 'trials', count: TRIALS },
        trylockFail: chances.trylockFail ?? 0,
        setupFail: chances.setupFail ?? 0,
        fold: 100,
      }),
    );

    expect(agreement?.verdict).toBe('agrees');
    expect(agreement?.arms.map(({ strategy }) => strategy)).toEqual(names);
    for (const { seen, unexplored } of agreement?.arms ?? []) {
      expect(seen.length).toBeGreaterThan(0);
      expect(unexplored).toEqual([]);
    }
    expect(arms.every(({ trials }) => trials === TRIALS)).toBe(true);
  },
);
