import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { takeMemory } from '../../src/stress/memory-budget.ts';
import { arenaOf, type PlanParts, settingOf } from '../../src/stress/plan.ts';
import { Session } from '../../src/stress/session.ts';

const parts: PlanParts = {
  scenario: 'readahead-vs-releasepage',
  start: 'primed',
  actors: [
    { role: 'finder', count: 1 },
    { role: 'reclaim', count: 1 },
  ],
  pages: 4,
  worlds: 8,
  stride: 4,
  arms: [{ strategy: 'upstream' }],
  seed: 1,
  trylockFail: 0,
  readFail: 0,
  delays: {},
};

function session(): Session {
  const setting = settingOf(parts);
  const arena = arenaOf(parts, setting);
  const memory = takeMemory(arena.bytes, parts.worlds);
  const how = { isProfiled: false, isJudged: true, startedAtMs: performance.timeOrigin, spinsMax: 1000 };
  return new Session({ plan: { ...parts, ...how, memory }, setting, arena });
}

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
  it('leaves no thread of the start before, nor a listener', async () => {
    const running = session();
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
