import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  POISON,
  SLAB_ALLOCATED,
  SLAB_CLAIMED,
  SLAB_FREE,
  SLAB_RCU_PENDING,
} from '../../../src/memory/layout.ts';
import { atomicsMemory } from '../../../src/memory/atomics-memory.ts';
import { ACTOR_RCU, actorLine } from '../../../src/memory/control.ts';
import { Fault } from '../../../src/memory/fault.ts';
import { javascriptInstructions } from '../../../src/memory/instructions.ts';
import { TestWorld } from '../../helpers/test-world.ts';

/** No object is allocated; what is in them is no poison, so that a test may take them for allocated. */
function emptyWorld(buffers = 1): TestWorld {
  const world = new TestWorld({ start: 'cold', buffers });
  const fields = world.names.words.filter((word) => /^eb\d\./.test(word) && !word.endsWith('.slab'));
  return world.set(Object.fromEntries(fields.map((word) => [word, 0])));
}

describe('kmemCacheZalloc', () => {
  it('zeroes every field of the buffer but its slab state, whatever was in them', () => {
    const world = emptyWorld();
    const fields = world.names.words.filter((word) => word.startsWith('eb0.') && word !== 'eb0.slab');
    world.set(Object.fromEntries(fields.map((word) => [word, POISON])));

    const eb = world.memory().kmemCacheZalloc(world.fs);

    expect(eb).toBe(world.buffer(0));
    expect(fields.map((word) => world.get(word))).toEqual(fields.map(() => 0));
    expect(world.get('eb0.slab')).toBe(SLAB_ALLOCATED);
  });

  it('gives each actor an object of its own first, and never the same one to two', () => {
    const world = emptyWorld(3);

    const buffers = [1, 1, 1].map((actor) => world.memory(actor).kmemCacheZalloc(world.fs));

    expect(buffers).toEqual([world.buffer(1), world.buffer(2), world.buffer(0)]);
  });

  it('does not touch an object that is in use', () => {
    const world = emptyWorld(2).set({ 'eb0.slab': SLAB_ALLOCATED, 'eb0.refs': 2 });

    expect(world.memory(0).kmemCacheZalloc(world.fs)).toBe(world.buffer(1));
    expect(world.get('eb0.refs')).toBe(2);
  });
});

describe('an object given to RCU', () => {
  /** Whether an allocation would take the pending object: it is first in line, a free one comes after it. */
  function isReused(world: TestWorld): boolean {
    return world.memory(0).kmemCacheZalloc(world.fs) === world.buffer(0);
  }

  it.each([0, 1, 2])('is not reused while actor %d is inside of a read section', (reader) => {
    const world = emptyWorld(2).set({ 'eb0.slab': SLAB_ALLOCATED });
    world.memory(reader).rcuReadLock();
    world.memory(1).callRcuFree(world.buffer(0));

    expect(isReused(world)).toBe(false);
    expect(world.get('eb0.slab')).toBe(SLAB_RCU_PENDING);
  });

  it('is reused once the reader has left', () => {
    const world = emptyWorld(2).set({ 'eb0.slab': SLAB_ALLOCATED });
    const reader = world.memory(2);
    reader.rcuReadLock();
    world.memory(1).callRcuFree(world.buffer(0));
    reader.rcuReadUnlock();

    expect(isReused(world)).toBe(true);
  });

  it('is not reused while one of two readers is left', () => {
    const world = emptyWorld(2).set({ 'eb0.slab': SLAB_ALLOCATED });
    const [first, second] = [world.memory(1), world.memory(2)];
    first.rcuReadLock();
    second.rcuReadLock();
    world.memory(0).callRcuFree(world.buffer(0));
    first.rcuReadUnlock();

    expect(isReused(world)).toBe(false);
  });

  it('is not reused where each reader was outside at some moment, and all of them at none', () => {
    for (const isHandedOn of [true, false]) {
      const world = emptyWorld(2).set({ 'eb0.slab': SLAB_ALLOCATED });
      const [first, second] = [world.memory(1), world.memory(2)];
      if (isHandedOn) second.rcuReadLock();
      world.memory(0).callRcuFree(world.buffer(0));
      const plain = javascriptInstructions(world.words);
      const looked = actorLine(world.place().actorBase, 1) + ACTOR_RCU;
      let looks = 0;
      const load = (address: number): number => {
        const seen = plain.load(address);
        if (isHandedOn && address === looked && ++looks === 1) {
          first.rcuReadLock();
          second.rcuReadUnlock();
        }
        return seen;
      };

      const eb = atomicsMemory({ ...world.place(), instructions: { ...plain, load } }).kmemCacheZalloc(
        world.fs,
      );

      expect(eb).toBe(world.buffer(isHandedOn ? 1 : 0));
    }
  });

  it('is still as it was to readers inside of a section, whatever they do to it', () => {
    const world = emptyWorld().set({ 'eb0.slab': SLAB_ALLOCATED, 'eb0.bflags': 1, 'eb0.io_pages': 3 });
    const reader = world.memory(1);
    reader.onFault = (): void => expect.unreachable();
    const at = (field: string): number => world.names.address(`eb0.${field}`);
    reader.rcuReadLock();
    reader.spinLock(at('refs_lock'));

    world.memory(0).callRcuFree(world.buffer(0));

    expect(reader.atomicIncNotZero(at('refs'))).toBe(false);
    expect([reader.testBit(0, at('bflags')), reader.atomicRead(at('io_pages'))]).toEqual([true, 3]);
    reader.setBit(2, at('bflags'));
    reader.atomicDec(at('io_pages'));
    reader.writeOnce(at('read_mirror'), 7);
    expect(reader.atomicCmpxchg(at('io_pages'), 2, 9)).toBe(2);
    expect(reader.testAndClearBit(2, at('bflags'))).toBe(true);
    expect([reader.readOnce(at('read_mirror')), reader.atomicFetchInc(at('io_pages'))]).toEqual([7, 9]);
    reader.spinUnlock(at('refs_lock'));
    reader.spinLock(at('refs_lock'));
    expect(world.get('eb0.bflags')).toBe(POISON);
  });

  it('is still there to a reader while somebody else tries to claim it', () => {
    const world = emptyWorld().set({ 'eb0.slab': SLAB_ALLOCATED, 'eb0.bflags': 5 });
    const plain = javascriptInstructions(world.words);
    const slab = world.names.address('eb0.slab');
    let looks = 0;
    const load = (address: number): number =>
      address === slab && ++looks === 1 ? SLAB_CLAIMED : plain.load(address);
    const reader = atomicsMemory({ ...world.place(), actor: 1, instructions: { ...plain, load } });
    reader.onFault = (): void => expect.unreachable();
    reader.rcuReadLock();
    world.memory(0).callRcuFree(world.buffer(0));

    expect(reader.testBit(2, world.names.address('eb0.bflags'))).toBe(true);
    expect(looks).toBe(2);
  });

  it.each(['refs', 'bflags', 'io_pages', 'refs_lock', 'read_mirror', 'pages'])(
    'is gone for everybody else, with its %s',
    (field) => {
      for (const free of ['callRcuFree', 'kmemCacheFree'] as const) {
        const world = emptyWorld().set({ 'eb0.slab': SLAB_ALLOCATED });
        const [freer, other] = [world.memory(0), world.memory(1)];
        const address = world.names.address(`eb0.${field}`);
        const faults: number[] = [];
        other.onFault = (fault): void => void faults.push(fault);
        if (free === 'kmemCacheFree') other.rcuReadLock();
        freer[free](world.buffer(0));

        other.readOnce(address);
        other.writeOnce(address, 1);
        other.atomicInc(address);
        other.spinLock(address);
        other.spinUnlock(address);

        expect(faults).toEqual(Array.from({ length: 5 }, () => Fault.UseAfterFree));
      }
    },
  );
});

describe('kmemCacheFree', () => {
  it('makes the object free at once, poisoned, whoever is inside of a read section', () => {
    const world = emptyWorld(2).set({ 'eb0.slab': SLAB_ALLOCATED });
    world.memory(1).rcuReadLock();

    expect(world.memory(0).kmemCacheFree(world.buffer(0))).toBe(true);

    expect([world.get('eb0.slab'), world.get('eb0.bflags'), world.get('eb0.io_pages')]).toEqual([
      SLAB_FREE,
      POISON,
      POISON,
    ]);
    expect(world.memory(0).kmemCacheZalloc(world.fs)).toBe(world.buffer(0));
  });

  it.each(['kmemCacheFree', 'callRcuFree'] as const)(
    'after %s is a double free, and changes nothing',
    (first) => {
      for (const second of ['kmemCacheFree', 'callRcuFree'] as const) {
        const world = emptyWorld().set({ 'eb0.slab': SLAB_ALLOCATED });
        const before = world.memory(0)[first](world.buffer(0));
        const state = world.get('eb0.slab');

        expect([before, world.memory(1)[second](world.buffer(0))]).toEqual([true, false]);
        expect(world.get('eb0.slab')).toBe(state);
      }
    },
  );
});

describe.each(['kmemCacheFree', 'callRcuFree'] as const)('%s of an object that is free already', (free) => {
  it('is told apart before anything is poisoned: somebody may be about to use it', () => {
    const world = emptyWorld();

    expect(world.memory()[free](world.buffer(0))).toBe(false);
    expect([world.get('eb0.bflags'), world.get('eb0.io_pages')]).toEqual([0, 0]);
  });
});

/** What the slab is to do, with one object per entry: the states that follow from a call. */
function statesAfter(
  states: readonly number[],
  { actor, what, buffer }: SlabCall,
  readers: Set<number>,
): number[] {
  const next = [...states];
  if (what === 'enter') readers.add(actor);
  if (what === 'leave') readers.delete(actor);
  if (what === 'free' && states[buffer] === SLAB_ALLOCATED) next[buffer] = SLAB_FREE;
  if (what === 'call_rcu' && states[buffer] === SLAB_ALLOCATED) next[buffer] = SLAB_RCU_PENDING;
  if (what === 'alloc') {
    const isTakable = (index: number): boolean =>
      states[index] === SLAB_FREE || (states[index] === SLAB_RCU_PENDING && readers.size === 0);
    const taken = [0, 1, 2, 3].map((probe) => (actor + probe) % 4).find(isTakable);
    if (taken !== undefined) next[taken] = SLAB_ALLOCATED;
  }
  return next;
}

interface SlabCall {
  readonly actor: number;
  readonly what: 'alloc' | 'free' | 'call_rcu' | 'enter' | 'leave';
  readonly buffer: number;
}

function takeCall(world: TestWorld, { actor, what, buffer }: SlabCall): unknown {
  const memory = world.memory(actor);
  const eb = world.buffer(buffer);
  switch (what) {
    case 'alloc':
      return memory.kmemCacheZalloc(world.fs);
    case 'free':
      return memory.kmemCacheFree(eb);
    case 'call_rcu':
      return memory.callRcuFree(eb);
    case 'enter':
      return memory.rcuReadLock();
    case 'leave':
      return memory.rcuReadUnlock();
  }
}

describe('the slab', () => {
  it('takes the first object from its actor on that is free, or pending without any reader', () => {
    const calls = fc.array(
      fc.record<SlabCall>({
        actor: fc.nat(2),
        what: fc.constantFrom('alloc', 'alloc', 'free', 'call_rcu', 'enter', 'leave'),
        buffer: fc.nat(3),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(calls, (sequence) => {
        const world = emptyWorld(4);
        const readers = new Set<number>();
        let expected: number[] = [SLAB_FREE, SLAB_FREE, SLAB_FREE, SLAB_FREE];
        for (const call of sequence) {
          const next = statesAfter(expected, call, readers);
          const wouldWait = call.what === 'alloc' && next.every((state, index) => state === expected[index]);
          if (!wouldWait) takeCall(world, call);
          expected = next;

          expect([0, 1, 2, 3].map((index) => world.get(`eb${index}.slab`))).toEqual(expected);
        }
      }),
    );
  });
});
