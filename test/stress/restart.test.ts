import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { smallSession } from '../helpers/session.ts';

/** Threads of this process; those of a pool do not keep it alive, and are none of its active resources. */
function threads(): number {
  return readdirSync('/proc/self/task').length;
}

function listeners(): Record<string, number> {
  return Object.fromEntries(
    process.eventNames().map((name) => [String(name), process.listenerCount(name)] as const),
  );
}

describe.skipIf(process.platform !== 'linux')('Session.restart', () => {
  it('hands what the actors have learnt of their programs to the next threads, code and all', async () => {
    const running = smallSession();
    onTestFinished(() => running.destroy());
    await running.start();
    await running.runBlock({ arm: 0, round: 0, ms: 20_000, trialsMax: 20_000 });
    await running.restart();
    const first = running.learnt.map(([learnt]) => learnt);
    await running.runBlock({ arm: 0, round: 1, ms: 20_000, trialsMax: 20_000 });
    await running.restart();
    const second = running.learnt.map(([learnt]) => learnt);

    expect(first.map((learnt) => learnt?.module.constructor.name)).toEqual(['Module', 'Module']);
    for (const actor of [0, 1]) {
      // The others have not begun from nothing, and were hardly in need of the model.
      expect(second[actor]?.root.count).toBeGreaterThan(first[actor]?.root.count ?? Infinity);
      expect((second[actor]?.root.count ?? 0) - (first[actor]?.root.count ?? 0)).toBeLessThan(2_000);
    }
  });

  it('leaves no thread of the start before, nor a listener', async () => {
    const running = smallSession();
    onTestFinished(() => running.destroy());
    await running.start();
    await running.runBlock({ arm: 0, round: 0, ms: 1_000, trialsMax: 100 });
    const [before, heard] = [threads(), listeners()];

    for (let round = 1; round <= 4; round++) {
      await running.restart();
      await running.runBlock({ arm: 0, round, ms: 1_000, trialsMax: 100 });
    }

    expect(threads()).toBeLessThanOrEqual(before);
    expect(listeners()).toEqual(heard);
    expect(running.starts).toBe(5);
    expect(running.arms[0]?.trials).toBe(500);
  });
});
