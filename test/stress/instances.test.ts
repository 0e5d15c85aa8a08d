import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { worldAt } from '../../src/memory/arena.ts';
import { FS_PRIVATE_LOCK } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { allowedProcessors } from '../../src/stress/host/proc.ts';
import { isUsed } from '../../src/stress/result/block-samples.ts';
import type { ArmResult } from '../../src/stress/result/result.ts';
import { recordStress, runCompare, runStress } from '../../src/stress/run/run.ts';
import { Session } from '../../src/stress/session/session.ts';
import type { ClassPlan, PlacementPlan } from '../../src/stress/topology/placement-plan.ts';
import { runWindow } from '../../src/stress/window/window.ts';
import { runOptions } from '../helpers/run-options.ts';
import { smallParts } from '../helpers/session.ts';

/** So many instances, wherever the system puts them. */
function anywhere(instances: number, placement: ClassPlan['placement'] = 'near'): ClassPlan {
  return {
    placement,
    instances: Array.from({ length: instances }, () => ({ processors: [null, null], distance: null })),
    actorsPerProcessor: 1,
    isMet: 'yes',
    unmet: null,
    unpinned: 'The system places them.',
    idle: [],
    notes: [],
  };
}

/** An instance for each of these lists of processors, by actor. */
function at(placement: ClassPlan['placement'], ...lists: readonly (readonly number[])[]): ClassPlan {
  return {
    ...anywhere(0, placement),
    instances: lists.map((list) => ({ processors: list, distance: 'unknown' })),
    unpinned: null,
  };
}

const processors = [...(allowedProcessors() ?? [])];
const canPin = processors.length > 1 && spawnSync('taskset', ['--version']).status === 0;
const planOf = (...classes: readonly ClassPlan[]): PlacementPlan => ({ classes });

/** A started session of so many instances. */
async function started(placement: PlacementPlan, hangMs?: number): Promise<Session> {
  const session = new Session(smallParts({}, { placement, hangMs }));
  onTestFinished(() => session.destroy());
  await session.start();
  return session;
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** How many of each outcome the instances of an arm have together. */
function instanceOutcomes({ instances = [], outcomes }: ArmResult): Record<string, number> {
  return Object.fromEntries(
    Object.keys(outcomes).map((name) => [name, sumOf(instances.map((each) => each.outcomes[name] ?? 0))]),
  );
}

describe('instances of a session', () => {
  it('divide the trials of a block, and their counts add up to those of the arm', async () => {
    const session = await started(planOf(anywhere(3)));
    const block = await session.runBlock({ arm: 0, round: 0, ms: 60_000, trialsMax: 10_001 });
    const [arm] = session.arms;

    expect(block.trials).toBe(10_001);
    expect(block.instances?.map(({ instance, trials }) => [instance, trials])).toEqual([
      [0, 3333],
      [1, 3334],
      [2, 3334],
    ]);
    expect(arm?.trials).toBe(10_001);
    expect(arm?.instances.map(({ trials }) => trials)).toEqual([3333, 3334, 3334]);
    expect(arm?.instances.map(({ outcomes }) => sumOf(outcomes))).toEqual([3333, 3334, 3334]);
    expect(arm?.outcomes).toEqual(
      arm?.outcomes.map((_, index) => sumOf(arm.instances.map(({ outcomes }) => outcomes[index] ?? 0))),
    );
    expect(arm?.blocks).toEqual([block]);
  });

  it('are as few as there are trials to make', async () => {
    const session = await started(planOf(anywhere(3)));
    const block = await session.runBlock({ arm: 0, round: 0, ms: 60_000, trialsMax: 2 });

    expect(block.trials).toBe(2);
    expect(block.instances).toHaveLength(2);
  });

  it('play alone in turn, in blocks that count for no rate', async () => {
    const session = await started(planOf(anywhere(2)));
    const order = { arm: 0, round: 0, ms: 60_000, trialsMax: 400 };
    const blocks = [
      await session.runBlock(order),
      await session.runBlock({ ...order, isAlone: true }),
      await session.runBlock({ ...order, isAlone: true }),
    ];

    expect(blocks.map(({ alone }) => alone)).toEqual([undefined, true, true]);
    expect(blocks.map(({ instances }) => instances?.map(({ instance }) => instance))).toEqual([
      [0, 1],
      [0],
      [1],
    ]);
    expect(blocks.map(({ trials }) => trials)).toEqual([400, 400, 400]);
    expect(blocks.map(isUsed)).toEqual([true, false, false]);
    expect(session.arms[0]?.instances.map(({ trials }) => trials)).toEqual([600, 600]);
  });

  it('bring their worlds into the start state before they play, whoever has played before', async () => {
    const session = await started(planOf(anywhere(3)));
    const order = { arm: 0, round: 0, ms: 60_000, trialsMax: 3_000 };
    await session.runBlock({ ...order, isAlone: true });
    await session.runBlock({ ...order, trialsMax: 2 });
    await session.runBlock(order);

    // A fix violates in worlds that nobody has made: all words of theirs are zero.
    expect(session.arms[0]?.trials).toBe(6_002);
    expect(session.arms[0]?.violations).toBe(0);
  });

  it('are as many in a start as its placement holds', async () => {
    const session = await started(planOf(anywhere(3, 'package'), anywhere(1, 'far')));
    const playing: (number | undefined)[] = [];
    for (let round = 0; round < 4; round++) {
      if (round > 0) await session.restart();
      const block = await session.runBlock({ arm: 0, round, ms: 60_000, trialsMax: 300 });
      playing.push(block.instances?.length);
    }

    expect(playing.toSorted((a = 0, b = 0) => a - b)).toEqual([1, 1, 3, 3]);
    expect(new Set(playing.slice(0, 2)).size).toBe(2);
    expect(session.starts).toBe(4);
    // What the first instance has learnt is enough for all.
    expect(session.learnt).toHaveLength(2);
  });

  it.skipIf(!canPin)(
    'are where the placement of their start wants them, and their blocks say so',
    async () => {
      const [first = 0, second = 0] = processors;
      const [here, there] = [
        [first, second],
        [second, first],
      ];
      const session = await started(planOf(at('l3', here, there), at('far', there)));
      for (let round = 0; round < 4; round++) {
        if (round > 0) await session.restart();
        await session.runBlock({ arm: 0, round, ms: 60_000, trialsMax: 300 });
      }
      await session.end();

      const places = (session.arms[0]?.blocks ?? []).map(({ placement, instances }) => ({
        placement,
        instances: instances?.map((each) => each.processors),
      }));
      expect(places.toSorted((a, b) => String(a.placement).localeCompare(String(b.placement)))).toEqual([
        { placement: 'far', instances: [there] },
        { placement: 'far', instances: [there] },
        { placement: 'l3', instances: [here, there] },
        { placement: 'l3', instances: [here, there] },
      ]);
      expect(session.pinned.failed).toBeNull();
    },
  );

  it('play different trials', () => {
    const parts = smallParts({}, { placement: planOf(anywhere(2)) });

    expect(parts.memories).toHaveLength(1);
    expect(parts.memories?.[0]?.buffer).not.toBe(parts.plan.memory.buffer);
  });

  it('end the run where one of them hangs while the others go on, and the error names it', async () => {
    const parts = smallParts({}, { placement: planOf(anywhere(3)), hangMs: 300 });
    const session = new Session(parts);
    onTestFinished(() => session.destroy());
    await session.start();
    await session.runBlock({ arm: 0, round: 0, ms: 60_000, trialsMax: 300 });
    const words = new Int32Array(parts.memories?.[1]?.buffer ?? new SharedArrayBuffer(0));
    // Nobody gives these locks back: not even an actor has taken them.
    for (let world = 0; world < parts.plan.worlds; world++) {
      words[worldAt(parts.arena, world) + FS_PRIVATE_LOCK] = 2;
    }

    // On a busy host a block may be over before its actors have begun.
    const untilHung = async (): Promise<void> => {
      for (let round = 1; round < 1_000; round++) {
        await session.runBlock({ arm: 0, round, ms: 50, trialsMax: Infinity });
      }
    };

    await expect(untilHung()).rejects.toMatchObject({
      code: 'ERR_ACTOR_HUNG',
      message: expect.stringMatching(
        /^strategy upstream: no actor of instance 2 has finished a stride for 0\.3 s\n[^]* waiting for private_lock of world \d/,
      ),
    });
  });
});

describe('a run of several instances', () => {
  const base = runOptions({ pages: 4, budget: { kind: 'trials', count: 8_000 } });

  it('ends although it has more actors than processors, and no fix violates in any instance', async () => {
    const strategies = ['none', 'upstream'];
    const { arms, config, notices, places } = await runCompare({ ...base, strategies, instances: 8 });

    expect(config.instances).toBe(8);
    expect(places?.map(({ instances }) => instances.length)).toEqual([8]);
    for (const arm of arms) {
      expect(arm.trials).toBe(8_000);
      expect(sumOf((arm.instances ?? []).map(({ trials }) => trials))).toBe(8_000);
      expect(instanceOutcomes(arm)).toEqual(
        Object.fromEntries(Object.entries(arm.outcomes).map(([name, { count }]) => [name, count])),
      );
    }
    expect(arms[1]?.violations.total).toBe(0);
    expect(arms[1]?.instances?.map(({ violations }) => violations)).toEqual(
      Array.from({ length: 8 }, () => 0),
    );
    expect(notices).toEqual(expect.arrayContaining(places?.flatMap(({ notes }) => notes) ?? []));
  });

  it('goes on where its actors cannot be put anywhere, and says so', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { arms, environment, notices } = await runStress({
      ...base,
      strategy: 'none',
      hasControl: false,
      instances: 2,
    });

    expect(arms[0]?.trials).toBe(8_000);
    expect(environment.pinnedTo).toBeNull();
    expect(arms[0]?.blockResults.map(({ placement }) => placement)).not.toContain('near');
    expect(notices.join(' ')).toMatch(/could not be kept on processors of their own: there is no taskset/);
  });

  it('ends when it is interrupted, with what was measured', async () => {
    const controller = new AbortController();
    const result = await runStress({
      ...base,
      strategy: 'none',
      hasControl: false,
      instances: 8,
      budget: { kind: 'duration', ms: 600_000 },
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });

    expect(result.isInterrupted).toBe(true);
    const [arm] = result.arms;
    expect(sumOf((arm?.instances ?? []).map(({ trials }) => trials))).toBe(arm?.trials);
  });

  it('visits each offset on all of them at the same time', async () => {
    const budget = { kind: 'trials', count: 40 } as const;
    const { points, profiles, visits, config, places } = await runWindow({
      ...base,
      strategy: 'none',
      points: 8,
      rangeNs: [-100, 100],
      budget,
      instances: 2,
    });

    expect(config.instances).toBe(2);
    expect(places).toHaveLength(1);
    // Two last touchers, and each of the two instances makes its part of the trials, if the host lets it play at all.
    expect(visits.total).toBeGreaterThanOrEqual(2 * 8);
    expect(visits.total).toBeLessThanOrEqual(2 * 2 * 8);
    for (const profile of profiles) expect(profile.points.every(({ trials }) => trials <= 40)).toBe(true);
    expect(points.length).toBeLessThanOrEqual(8);
  });

  it('keeps a violation of any of them to be explained', async () => {
    const { result, kept } = await recordStress({
      ...base,
      // Whatever its actors do, it violates.
      strategy: fileURLToPath(new URL('strategies/puts-twice.mjs', import.meta.url)),
      hasControl: false,
      instances: 2,
      budget: { kind: 'trials', count: 4_000 },
    });

    expect(kept.trial?.logs).toHaveLength(2);
    expect(result.arms[0]?.instances).toHaveLength(2);
    expect(result.verdict).toBe('violated');
  });

  it('takes the memory of all of them', async () => {
    const one = await runStress({ ...base, strategy: 'none', hasControl: false, instances: 1 });
    let told = 0;
    const three = await runStress({
      ...base,
      strategy: 'none',
      hasControl: false,
      instances: 3,
      onMemory: (bytes) => void (told = bytes),
    });

    expect(three.config.memoryBytes).toBe(3 * one.config.memoryBytes);
    expect(told).toBe(three.config.memoryBytes);
    const refused = runStress({
      ...base,
      strategy: 'none',
      hasControl: false,
      instances: 64,
      worlds: 2 ** 24,
    });
    await expect(refused).rejects.toThrow(
      /^--worlds: 16777216 worlds in each of 64 instances take .* or fewer --instances or --pages$/,
    );
  });

  it('is refused in one line where its threads would not fit', async () => {
    const refused = runStress({ ...base, strategy: 'none', hasControl: false, instances: 1e6 });
    await expect(refused).rejects.toThrow(
      /^--instances: the threads of 1000000 instances take [\d,]+ MB, and [\d,]+ MB are available; give at most \d+$/,
    );
  });
});
