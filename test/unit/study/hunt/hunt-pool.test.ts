import { describe, expect, it } from 'vitest';
import { HuntPool } from '../../../../src/study/hunt/hunt-pool.ts';
import type { FindingTask, SearchTask } from '../../../../src/study/hunt/hunt-task.ts';

const { signal } = new AbortController();
const limits = { statesMax: 200_000, localStatesMax: 50_000 };
const whole = { invariants: [], states: 7, isComplete: true, isVacuous: false };

function outOfMemory(): Error {
  return Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });
}

/** Threads that have no room for programs of that name. */
function poolWithout(large: string): HuntPool {
  return new HuntPool({
    threads: [],
    on: () => {},
    destroy: async () => Promise.resolve(),
    run: async (task: SearchTask) =>
      task.programs.includes(large)
        ? Promise.reject(outOfMemory())
        : Promise.resolve(task.programs.map(() => whole)),
  });
}

describe('HuntPool', () => {
  const task = { kernel: '5.7', strategy: 'none', against: null, limits } as const;

  it('does not call a program whole for which a thread has no room, and has the answers of the others', async () => {
    const search = { ...task, kind: 'search', programs: ['one', 'large', 'two'] } as const;

    expect(await poolWithout('large').search(search, signal)).toEqual([
      whole,
      { invariants: [], states: 0, isComplete: false, isVacuous: false },
      whole,
    ]);
  });

  it('looks at a finding with smaller limits where there is no room, and gives up where that is not it', async () => {
    const asked: number[] = [];
    const pool = (least: number): HuntPool =>
      new HuntPool({
        threads: [],
        on: () => {},
        destroy: async () => Promise.resolve(),
        run: async ({ limits: { statesMax } }: FindingTask) => {
          asked.push(statesMax);
          return statesMax > least ? Promise.reject(outOfMemory()) : Promise.resolve('found');
        },
      });
    const finding = { ...task, kind: 'finding', program: 'large', invariant: 'B1' } as const;

    expect(await pool(50_000).finding(finding, signal)).toBe('found');
    expect(asked).toEqual([200_000, 50_000]);
    await expect(pool(0).finding(finding, signal)).rejects.toThrow('Worker terminated');
  });
});
