import { describe, expect, it } from 'vitest';
import type { ReplayStep } from '../../../src/explore/witness/replay-step.ts';
import { stepsIn, turnsOf } from '../../../src/report/page/witness/calls.ts';
import { changesOf, statesOf } from '../../../src/report/page/witness/states.ts';
import { switchReason } from '../../../src/report/page/witness/switch-reason.ts';
import { exploredNone } from './sample-page.ts';

function step(number: number, actor: number, over: Partial<ReplayStep> = {}): ReplayStep {
  return {
    number,
    actor,
    label: ['one', 'two'][actor] ?? '',
    isSwitch: false,
    isBeyond: false,
    functions: [],
    operation: 'atomic_read',
    field: 'eb0.refs',
    operand: '',
    result: '1',
    changes: [],
    after: { locks: [] },
    ...over,
  };
}

describe('changesOf', () => {
  it('names the bits that differ, and leaves what is no flags as it is', () => {
    const changes = [
      { word: 'page0.flags', before: 'PRIVATE|UPTODATE', after: 'LOCKED|PRIVATE' },
      { word: 'eb0.bflags', before: '0', after: 'TREE_REF' },
      { word: 'eb0.refs', before: '1', after: '0' },
      { word: 'fs.tree_slot', before: 'eb0', after: 'NULL' },
      { word: 'eb0.bflags', before: 'TREE_REF', after: 'POISON' },
    ];
    expect(changesOf({ changes })).toEqual([
      ['page0.flags:UPTODATE', 'set', 'clear'],
      ['page0.flags:LOCKED', 'clear', 'set'],
      ['eb0.bflags:TREE_REF', 'clear', 'set'],
      ['eb0.refs', '1', '0'],
      ['fs.tree_slot', 'eb0', 'NULL'],
      ['eb0.bflags', 'TREE_REF', 'POISON'],
    ]);
  });

  it('has the names of a search, and no number of a word of flags', () => {
    const all = exploredNone.violations.flatMap(({ witness }) => witness?.steps ?? []);
    const taken = all.find(({ operation }) => operation === 'trylock_page');
    expect(taken === undefined ? [] : changesOf(taken)).toEqual([['page0.flags:LOCKED', 'clear', 'set']]);
    const flags = all.flatMap(({ changes }) => changes.filter(({ word }) => word.endsWith('flags')));
    expect(flags.length).toBeGreaterThan(4);
    for (const { before, after } of flags) expect(`${before} ${after}`).toMatch(/^[A-Z_|0]+ [A-Z_|0]+$/);
  });
});

describe('statesOf', () => {
  it('has the columns of the scenario after every step', () => {
    const steps = exploredNone.violations[0]?.witness?.steps ?? [];
    const states = statesOf(steps);
    expect(states.rows).toEqual(['eb0 refs', 'eb0 TREE_REF', 'eb0 io']);
    for (const [index, { after }] of steps.entries()) {
      const [buffer] = after.buffers ?? [];
      expect(states.steps[index]?.values[0]).toBe(String(buffer?.['refs']));
      expect(states.steps[index]?.values[1]).toBe(buffer?.['hasTreeRef'] === true ? 'set' : 'clear');
    }
  });

  it('has all words that ever change where a scenario has no columns, and what they were at first', () => {
    const steps = [
      step(1, 0, { changes: [{ word: 'a', before: '1', after: '2' }] }),
      step(2, 1, { changes: [{ word: 'b', before: '7', after: '8' }] }),
    ];
    expect(statesOf(steps)).toMatchObject({
      rows: ['a', 'b'],
      initial: ['1', '7'],
      steps: [{ values: ['2', '7'] }, { values: ['2', '8'] }],
    });
  });
});

describe('switchReason', () => {
  it('knows who waits for a lock that another one holds, and who is stopped though it could go on', () => {
    const locks = [{ name: 'private_lock', owner: 'two' }];
    const waiting = [
      step(1, 1, { after: { locks } }),
      step(2, 0, { isSwitch: true, after: { locks } }),
      step(3, 1, { isSwitch: true }),
      step(4, 0, { isSwitch: true, operation: 'spin_lock', field: 'private_lock' }),
    ];
    expect(switchReason(waiting, 2, 1)).toBe('one waits for private_lock, which two holds');
    expect(switchReason(waiting, 1, 1)).toBe('two is stopped, though it could go on: a preemption');
    const [first, second, third, last] = waiting;
    const trying = [first, second, third, { ...last, operation: 'trylock_page' }] as ReplayStep[];
    expect(switchReason(trying, 2, 2)).toContain('a preemption');
  });

  it('says that one has finished only where the count of preemptions shows it', () => {
    const steps = [step(1, 0), step(2, 1, { isSwitch: true })];
    expect(switchReason(steps, 1, 0)).toBe('one has finished, or waits');
    expect(switchReason(steps, 1, 1)).toBe('one is stopped for the rest of it: a preemption');
    expect(switchReason(steps, 1, null)).toBe(
      'one has no further step: it has finished, or is stopped for the rest of it',
    );
    const beyond = [step(1, 0), step(2, 1, { isSwitch: true, isBeyond: true })];
    expect(switchReason(beyond, 1, null)).toContain('the schedule has ended');
  });
});

describe('turnsOf', () => {
  it('nests every step once by the functions that it is inside of, anew after each switch', () => {
    const steps = exploredNone.violations[0]?.witness?.steps ?? [];
    const turns = turnsOf(steps);
    expect(turns.flatMap(({ calls }) => stepsIn(calls))).toEqual(steps);
    expect(turns).toHaveLength(1 + steps.filter(({ isSwitch }) => isSwitch).length);
    const [, finder] = turns;
    expect(finder?.calls).toMatchObject([
      { name: 'find_extent_buffer' },
      { name: 'read_extent_buffer_pages' },
    ]);
  });
});
