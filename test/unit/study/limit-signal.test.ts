import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { limited } from '../../../src/study/limit-signal.ts';

describe('limited', () => {
  it('aborts when its time is over, and says so', async () => {
    const limit = limited(undefined, 1);
    while (!limit.signal.aborted) await setTimeout(1);

    expect(limit.isOver()).toBe(true);
  });

  it('aborts when the signal does, at once if it has', () => {
    const controller = new AbortController();
    const before = limited(controller.signal, 60_000);
    controller.abort();
    const after = limited(controller.signal, 60_000);

    expect([before.signal.aborted, after.signal.aborted]).toEqual([true, true]);
    expect([before.isOver(), after.isOver()]).toEqual([false, false]);
    before.done();
    after.done();
  });

  it('forgets the signal once the work is done', () => {
    const controller = new AbortController();
    const limit = limited(controller.signal, 60_000);

    limit.done();
    controller.abort();

    expect(limit.signal.aborted).toBe(false);
  });
});
