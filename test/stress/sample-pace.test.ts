import { afterEach, describe, expect, it, vi } from 'vitest';
import { stressed } from '../../src/study/rests-on.ts';
import type { StressOptions } from '../../src/stress/plan/options.ts';
import type { Pace } from '../../src/stress/plan/protocol.ts';
import { Session } from '../../src/stress/session/session.ts';
import { runOptions } from '../helpers/run-options.ts';

const options: StressOptions = runOptions({
  strategy: 'none',
  hasControl: false,
  budget: { kind: 'trials', count: 2_000 },
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the sample of what a run rests on', () => {
  it.each<[string, Partial<StressOptions>, Partial<Pace>]>([
    [
      'at the offset of its run',
      { launch: { offsetNs: 40, lastToucher: 1 } },
      { launch: { offsetNs: 40, lastToucher: 1 } },
    ],
    ['in the strides of its run', { worlds: 64, stride: 16 }, { worlds: 64, stride: 16 }],
  ])('is taken %s', async (_, change, pace) => {
    const runBlock = vi.spyOn(Session.prototype, 'runBlock');

    const { arms } = await stressed({ ...options, ...change });

    // The last block of all is the sample.
    expect(runBlock.mock.lastCall?.[0].pace).toMatchObject(pace);
    expect(arms[0]?.trials).toBe(2_000);
    expect(arms[0]?.coverage?.trials).toBeGreaterThan(0);
  });
});
