import { Fault } from '../../../src/memory/fault.ts';
import { describe, expect, it } from 'vitest';
import type { AtomicsMemory } from '../../../src/memory/atomics-memory.ts';
import { type Address, POISON } from '../../../src/memory/layout.ts';
import { TestWorld } from '../../helpers/test-world.ts';

const BIT = 4;
const MASK = 1 << BIT;

interface Access {
  readonly name: string;
  readonly take: (memory: AtomicsMemory, address: Address) => unknown;
  readonly before: number;
  readonly result: number | boolean | undefined;
  readonly after: number;
}

const accesses: readonly Access[] = [
  { name: 'atomicRead', take: (m, a) => m.atomicRead(a), before: 5, result: 5, after: 5 },
  { name: 'readOnce', take: (m, a) => m.readOnce(a), before: 5, result: 5, after: 5 },
  { name: 'atomicInc', take: (m, a) => m.atomicInc(a), before: 5, result: undefined, after: 6 },
  { name: 'atomicFetchInc', take: (m, a) => m.atomicFetchInc(a), before: 5, result: 5, after: 6 },
  { name: 'atomicDec', take: (m, a) => m.atomicDec(a), before: 0, result: undefined, after: -1 },
  { name: 'atomicIncNotZero', take: (m, a) => m.atomicIncNotZero(a), before: 1, result: true, after: 2 },
  { name: 'atomicIncNotZero', take: (m, a) => m.atomicIncNotZero(a), before: 0, result: false, after: 0 },
  { name: 'atomicDecAndTest', take: (m, a) => m.atomicDecAndTest(a), before: 2, result: false, after: 1 },
  { name: 'atomicDecAndTest', take: (m, a) => m.atomicDecAndTest(a), before: 1, result: true, after: 0 },
  { name: 'atomicDecAndTest', take: (m, a) => m.atomicDecAndTest(a), before: 0, result: false, after: -1 },
  { name: 'refcountRead', take: (m, a) => m.refcountRead(a), before: 5, result: 5, after: 5 },
  { name: 'refcountInc', take: (m, a) => m.refcountInc(a), before: 0, result: 0, after: 1 },
  {
    name: 'refcountInc',
    take: (m, a) => m.refcountInc(a),
    before: 2 ** 31 - 1,
    result: 2 ** 31 - 1,
    after: -(2 ** 31),
  },
  { name: 'refcountIncNotZero', take: (m, a) => m.refcountIncNotZero(a), before: 1, result: true, after: 2 },
  { name: 'refcountIncNotZero', take: (m, a) => m.refcountIncNotZero(a), before: 0, result: false, after: 0 },
  { name: 'refcountDec', take: (m, a) => m.refcountDec(a), before: 2, result: 2, after: 1 },
  { name: 'refcountDecAndTest', take: (m, a) => m.refcountDecAndTest(a), before: 1, result: 1, after: 0 },
  { name: 'refcountDecAndTest', take: (m, a) => m.refcountDecAndTest(a), before: 0, result: 0, after: -1 },
  { name: 'atomicCmpxchg', take: (m, a) => m.atomicCmpxchg(a, 5, 9), before: 5, result: 5, after: 9 },
  { name: 'atomicCmpxchg', take: (m, a) => m.atomicCmpxchg(a, 5, 9), before: 4, result: 4, after: 4 },
  { name: 'testBit', take: (m, a) => m.testBit(BIT, a), before: MASK, result: true, after: MASK },
  { name: 'testBit', take: (m, a) => m.testBit(BIT, a), before: ~MASK, result: false, after: ~MASK },
  { name: 'setBit', take: (m, a) => m.setBit(BIT, a), before: 1, result: undefined, after: 1 | MASK },
  { name: 'clearBit', take: (m, a) => m.clearBit(BIT, a), before: -1, result: undefined, after: ~MASK },
  {
    name: 'clearAndWakeUpBit',
    take: (m, a) => m.clearAndWakeUpBit(BIT, a),
    before: -1,
    result: undefined,
    after: ~MASK,
  },
  {
    name: 'testAndSetBit',
    take: (m, a) => m.testAndSetBit(BIT, a),
    before: 1,
    result: false,
    after: 1 | MASK,
  },
  { name: 'testAndSetBit', take: (m, a) => m.testAndSetBit(BIT, a), before: MASK, result: true, after: MASK },
  {
    name: 'testAndClearBit',
    take: (m, a) => m.testAndClearBit(BIT, a),
    before: -1,
    result: true,
    after: ~MASK,
  },
  { name: 'testAndClearBit', take: (m, a) => m.testAndClearBit(BIT, a), before: 1, result: false, after: 1 },
];

const stores: readonly Access[] = [
  { name: 'atomicSet', take: (m, a) => m.atomicSet(a, 3), before: 5, result: undefined, after: 3 },
  { name: 'refcountSet', take: (m, a) => m.refcountSet(a, 3), before: 5, result: undefined, after: 3 },
  { name: 'writeOnce', take: (m, a) => m.writeOnce(a, 3), before: 5, result: undefined, after: 3 },
  { name: 'writeGhost', take: (m, a) => m.writeGhost(a, 3), before: 5, result: undefined, after: 3 },
];

describe.each([...accesses, ...stores])(
  '$name of a word that holds $before',
  ({ take, before, result, after }) => {
    it(`returns ${String(result)} and leaves ${after}`, () => {
      const world = new TestWorld().set({ 'eb0.refs': before });

      expect(take(world.memory(), world.names.address('eb0.refs'))).toBe(result);
      expect(world.get('eb0.refs')).toBe(after);
    });
  },
);

describe('a use after free', () => {
  it.each(accesses)('is seen by $name', ({ take }) => {
    const world = new TestWorld().set({ 'eb0.bflags': POISON });
    const memory = world.memory();
    let seen = 0;
    memory.onFault = (): void => void seen++;

    take(memory, world.names.address('eb0.bflags'));

    expect(seen).toBe(1);
  });

  it.each(accesses)('is not seen by $name in a word that is in use', ({ take, before }) => {
    const world = new TestWorld().set({ 'eb0.bflags': before });
    const memory = world.memory();
    memory.onFault = (): void => expect.unreachable();

    take(memory, world.names.address('eb0.bflags'));

    expect(world.oops).toBe('none');
  });
});

describe('spin locks and page locks', () => {
  it('hold the tag of their owner, so that a hang can name it', () => {
    const world = new TestWorld();
    const memory = world.memory(2);

    memory.spinLock(world.names.address('private_lock'));
    memory.lockPage(world.page(1));
    const held = [world.get('private_lock'), world.bits('page1.flags'), world.get('page1.owner')];
    memory.spinUnlock(world.names.address('private_lock'));
    memory.unlockPage(world.page(1));

    expect(held).toEqual([3, ['LOCKED', 'REFERENCED', 'PRIVATE'], 3]);
    expect([world.get('private_lock'), world.bits('page1.flags')]).toEqual([0, ['REFERENCED', 'PRIVATE']]);
  });

  it('stay with their owner when somebody else unlocks them', () => {
    const world = new TestWorld();
    const [owner, other] = [world.memory(0), world.memory(1)];
    const lock = world.names.address('private_lock');
    const faults: number[] = [];
    other.onFault = (fault): void => void faults.push(fault);

    owner.spinLock(lock);
    other.spinUnlock(lock);

    expect(faults).toEqual([Fault.BadUnlock]);
    expect(world.get('private_lock')).toBe(1);
  });

  it('fail to be tried for as long as somebody holds them, and leave the owner named', () => {
    const world = new TestWorld();
    const [first, second] = [world.memory(0), world.memory(1)];

    const tries = [first.trylockPage(world.page(0)), second.trylockPage(world.page(0))];
    const owner = world.get('page0.owner');
    first.unlockPage(world.page(0));

    expect(tries).toEqual([true, false]);
    expect(owner).toBe(1);
    expect(second.trylockPage(world.page(0))).toBe(true);
  });

  it('do not wait for an unlocked page or a word that differs', () => {
    const world = new TestWorld().set({ 'fs.io': 7 });
    const memory = world.memory();

    memory.waitOnPageLocked(world.page(0));

    expect(memory.waitEvent(world.names.address('fs.io'), 6)).toBe(7);
  });
});

describe('recordOops', () => {
  it('keeps the first of two checks', () => {
    const world = new TestWorld();
    const oops = world.names.address('fs.oops');

    world.memory(0).recordOops(oops, 4);
    world.memory(1).recordOops(oops, 2);

    expect(world.get('fs.oops')).toBe(4);
  });
});
