import { describe, expect, it } from 'vitest';
import { MutatingMemory } from '../../../src/fix/mutation/mutating-memory.ts';
import { isChangeOf, type MutationChange } from '../../../src/fix/mutation/mutation-change.ts';
import { formatMutation, parseMutation } from '../../../src/fix/mutation/mutation.ts';
import { type Access, accessesThat } from '../../../src/memory/access.ts';
import { FS_OWN } from '../../../src/memory/layout.ts';
import { perform } from '../../../src/memory/perform.ts';
import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import { TestWorld } from '../../helpers/test-world.ts';

const CHANGES: readonly MutationChange[] = ['drop', 'true', 'false', 'later', 'split', 'unlocked', 'as-0'];
const changesOf = (access: Access): string =>
  CHANGES.filter((change) => isChangeOf(change, access)).join(' ');

it('the mutants of read-write locks, waits for a bit and counts of references are those that make sense', () => {
  expect(
    [
      ...accessesThat(({ target }) => target === 'rwsem'),
      'waitOnBit',
      'atomicSubAndTest',
      'refcountRead',
      'refcountSet',
      'refcountInc',
      'refcountIncNotZero',
      'refcountDec',
      'refcountDecAndTest',
      'clearAndWakeUpBit',
    ].map((access) => [
      access,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- names of accesses
      changesOf(access as Access),
    ]),
  ).toEqual([
    ['downRead', 'drop later unlocked'],
    ['upRead', 'drop later'],
    ['downWrite', 'drop later unlocked'],
    ['upWrite', 'drop later'],
    ['downReadTrylock', 'true false unlocked'],
    ['downWriteTrylock', 'true false unlocked'],
    ['waitOnBit', 'drop later'],
    ['atomicSubAndTest', 'true false split'],
    ['refcountRead', 'as-0'],
    ['refcountSet', 'drop later'],
    ['refcountInc', 'drop split'],
    ['refcountIncNotZero', 'true false split'],
    ['refcountDec', 'drop split'],
    ['refcountDecAndTest', 'drop split'],
    ['clearAndWakeUpBit', 'drop later split'],
  ]);
});

it.each([
  'any/down_read.fs.own0/unlocked',
  'any/wait_on_bit.eb.bflags.WRITEBACK/drop',
  'any/atomic_sub_and_test.eb.io_pages/split',
  'any/refcount_inc.eb.refs/drop',
  'any/refcount_inc_not_zero.eb.refs/false',
  'any/refcount_dec_and_test.eb.refs/split',
  'any/clear_and_wake_up_bit.eb.bflags.WRITEBACK/later',
])('%s is read and written', (text) => {
  expect(formatMutation(parseMutation(text, extentBuffer.Model.structures))).toBe(text);
});

describe('a read-write lock that a mutant leaves out', () => {
  it.each<[Access, Access]>([
    ['downRead', 'upRead'],
    ['downWrite', 'upWrite'],
    ['downReadTrylock', 'upRead'],
    ['downWriteTrylock', 'upWrite'],
  ])('is neither taken by %s nor given back by %s, once', (take, give) => {
    const world = new TestWorld();
    const checked = world.checked();
    const faults: number[] = [];
    checked.onFault = (fault): void => void faults.push(fault);
    const step = { function: 'any', within: undefined, access: take, field: 'fs.own0', occurrence: 1 };
    const { geometry } = world;
    const memory = new MutatingMemory(
      checked,
      { step, change: 'unlocked' },
      { geometry, onChange: () => {} },
    );
    memory.begin(world.fs);
    const lock = world.fs + FS_OWN;
    const held: number[] = [];
    const does = (access: Access): void => {
      perform(memory, access, lock, 0, 0);
      held.push(world.words[lock] ?? 0);
    };

    for (const access of [take, give, take, give]) does(access);

    const taken = take.startsWith('downRead') ? 1 : -1;
    expect(held).toEqual([0, 0, taken, 0]);
    expect(faults).toEqual([]);
    expect(perform(memory, 'downWriteTrylock', lock, 0, 0)).toBe(1);
  });

  it('is given back by whom has it although a try for it failed meanwhile', () => {
    const world = new TestWorld();
    const faults: number[] = [];
    const checked = world.checked();
    checked.onFault = (fault): void => void faults.push(fault);
    const step = {
      function: 'any',
      within: undefined,
      access: 'downRead',
      field: 'fs.own0',
      occurrence: 1,
    } as const;
    const { geometry } = world;
    const memory = new MutatingMemory(
      checked,
      { step, change: 'unlocked' },
      { geometry, onChange: () => {} },
    );
    memory.begin(world.fs);
    const lock = world.fs + FS_OWN;
    world.words[lock] = 1;

    memory.downRead(lock);
    expect(memory.downWriteTrylock(lock)).toBe(false);
    memory.upRead(lock);

    expect(world.words[lock]).toBe(1);
    expect(faults).toEqual([]);
  });
});
