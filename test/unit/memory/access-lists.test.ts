import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOGGED_KINDS } from '../../../src/explore/explain/log-follower.ts';
import { Kind, KIND_NAMES, type Step, type StepKind } from '../../../src/explore/program/step.ts';
import { SUSPENDED, SuspensionMemory } from '../../../src/explore/program/suspension-memory.ts';
import { areDependent, mayWrite } from '../../../src/explore/reduce/dependency.ts';
import { namingOf } from '../../../src/fix/mutation/step-field.ts';
import { isChangeOf, type MutationChange } from '../../../src/fix/mutation/mutation-change.ts';
import {
  type Access,
  accessesThat,
  accessKinds,
  accessNames,
  accessNumbered,
  mayHaveWritten,
} from '../../../src/memory/access.ts';
import { accessNumbers } from '../../../src/memory/access-numbers.ts';
import { perform } from '../../../src/memory/perform.ts';
import { Conduct, heldAfter, HOLDS_NOTHING, semaphoreOf } from '../../../src/memory/conduct.ts';
import { Fault } from '../../../src/memory/fault.ts';
import { InterceptingMemory } from '../../../src/memory/intercepting-memory.ts';
import { FS_PRIVATE_LOCK } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { type Address } from '../../../src/memory/layout.ts';
import { ownLists, PUT_DOWN_IN } from '../../helpers/access-lists.ts';
import { TestWorld } from '../../helpers/test-world.ts';

const root = new URL('../../../', import.meta.url);

function sources(): ReadonlyMap<string, string> {
  const names = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [`src/${name}`, readFileSync(new URL(`src/${name}`, root), 'utf8')]),
  );
}

describe('a list of accesses', () => {
  const planted = "const SLEEPING = new Set(['lockPage', 'waitEvent', 'cpuRelax', 'testBit', 'setBit']);";

  it('is found where it is planted, and not where it is worked out', () => {
    expect(ownLists(new Map([['src/fix/planted.ts', planted]]), accessNames)).toHaveLength(1);
    const derived = 'const SLEEPING = accessesThat(({ maySleep }) => maySleep); memory.testBit(1, word);';
    expect(ownLists(new Map([['src/fix/planted.ts', derived]]), accessNames)).toEqual([]);
  });

  it('has no file of its own in the project', () => {
    expect(ownLists(sources(), accessNames)).toEqual([]);
  });

  it('leaves at most five files that a new access is put down in', () => {
    expect(PUT_DOWN_IN.length).toBeLessThanOrEqual(5);
    expect([...sources().keys()]).toEqual(expect.arrayContaining(PUT_DOWN_IN.flat()));
  });
});

describe('the kinds of steps', () => {
  it('keep their numbers and names, which stand in logs', () => {
    // Whoever comes later has a number above 34.
    expect(KIND_NAMES.slice(0, 35).join(' ')).toBe(
      'done atomic_read atomic_set atomic_inc atomic_fetch_inc atomic_dec atomic_inc_not_zero atomic_dec_and_test ' +
        'atomic_cmpxchg test_bit set_bit clear_bit test_and_set_bit test_and_clear_bit READ_ONCE WRITE_ONCE spin_lock ' +
        'spin_unlock trylock_page lock_page unlock_page wait_on_page_locked wait_event cpu_relax rcu_read_lock ' +
        'rcu_read_unlock kmem_cache_zalloc kmem_cache_free call_rcu READ_ONCE WRITE_ONCE bio_status ghost fault setup_fails',
    );
    expect([Kind.AtomicRead, Kind.CallRcuFree, Kind.ReadOwn, Kind.SetupFails]).toEqual([1, 28, 29, 34]);
  });

  it('are each the kind of one thing', () => {
    expect(new Set(Object.values(Kind)).size).toBe(Object.keys(Kind).length);
    for (const access of accessNames) {
      expect(accessNumbered(accessNumbers[access])).toBe(access);
      expect(Kind).toHaveProperty(access.charAt(0).toUpperCase() + access.slice(1), accessNumbers[access]);
    }
  });
});

const kindOf = (access: Access): StepKind => accessNumbers[access];
const stepOf = (access: Access, operand = 0, address = 80): Step => ({
  kind: kindOf(access),
  address,
  operand,
  replacement: 0,
});

/** What takes a read-write lock that an access gives back. */
function takerOf(access: Access): Access {
  return accessKinds[access].mode === 'read' ? 'downRead' : 'downWrite';
}

/** Puts down what a memory is asked for. */
class AskedMemory extends InterceptingMemory {
  asked: readonly unknown[] = [];

  protected override take(...asked: readonly unknown[]): number {
    this.asked = asked;
    return 1;
  }
}

describe.each(accessNames)('%s', (access) => {
  const { target, operands, gives } = accessKinds[access];
  const isOfWorld = target !== 'none' && target !== 'section';
  const address = isOfWorld ? 80 : 0;
  const operand = operands === 'none' ? 0 : 3;
  const replacement = operands === 'exchange' ? 4 : 0;

  it('reaches an intercepting memory with what its method was called with', () => {
    const memory = new AskedMemory(new TestWorld().memory());

    const result = perform(memory, access, 80, 3, 4);

    expect(memory.asked).toEqual([access, address, operand, replacement]);
    expect(result).toBe(gives === 'nothing' ? 0 : 1);
  });

  it('is the step of its number in the explore engine', () => {
    const memory = new SuspensionMemory({ cutsLogs: false, mayCatch: true, ownMailbox: -1, objectSize: 16 });
    memory.isRunning = true;

    expect(() => perform(memory, access, 80, 3, 4)).toThrow(SUSPENDED);
    expect(memory.pending).toEqual({ kind: accessNumbers[access], address, operand, replacement });
  });

  it('takes the number of a bit there only if its operand is one', () => {
    const memory = new SuspensionMemory({ cutsLogs: false, mayCatch: true, ownMailbox: -1, objectSize: 16 });
    memory.isRunning = true;

    expect(() => perform(memory, access, 80, 32, 0)).toThrow(
      operands === 'bit' ? 'a bit has a number from 0 to 31' : SUSPENDED.message,
    );
  });
});

describe('what is worked out from the table', () => {
  it.each(accessNames)('speaks of %s as its row does', (access) => {
    const { target, operands, gives, writes, isReadModifyWrite, reads, answer, leaves } = accessKinds[access];

    expect(LOGGED_KINDS.has(kindOf(access))).toBe(gives !== 'nothing');
    expect(isChangeOf('split', access)).toBe(isReadModifyWrite);
    expect(namingOf(access) === 'bit').toBe(operands === 'bit');
    expect(areDependent(stepOf('cpuRelax'), stepOf(access))).toBe(
      writes !== 'never' && target !== 'spin-lock',
    );
    expect(mayWrite(stepOf(access, 3), 3)).toBe(mayHaveWritten(access, 3, 3));
    if (target !== 'word' && target !== 'rwsem' && target !== 'page-lock') return;
    expect(answer !== undefined).toBe(gives !== 'nothing');
    expect(leaves !== undefined).toBe(writes !== 'never');
    expect(reads || writes !== 'never').toBe(true);
  });

  it('is what the lists by hand were, for the accesses that were in them', () => {
    const first = (are: (access: Access) => boolean): string =>
      accessNames.filter((access) => accessNumbers[access] < 29 && are(access)).join(' ');
    const changed = (change: MutationChange): string => first((access) => isChangeOf(change, access));

    expect(first((access) => accessKinds[access].maySleep)).toBe(
      'lockPage waitOnPageLocked waitEvent kmemCacheZalloc',
    );
    expect(first((access) => accessKinds[access].gives !== 'nothing')).toBe(
      'atomicRead atomicFetchInc atomicIncNotZero atomicDecAndTest atomicCmpxchg testBit testAndSetBit testAndClearBit ' +
        'readOnce trylockPage waitEvent kmemCacheZalloc kmemCacheFree callRcuFree',
    );
    expect(changed('split')).toBe(
      'atomicInc atomicFetchInc atomicDec atomicIncNotZero atomicDecAndTest atomicCmpxchg setBit clearBit testAndSetBit ' +
        'testAndClearBit trylockPage',
    );
    expect(changed('as-0')).toBe('atomicRead readOnce');
    expect(changed('unlocked')).toBe('spinLock');
    expect(changed('drop')).toBe(
      'atomicSet atomicInc atomicFetchInc atomicDec setBit clearBit writeOnce spinLock spinUnlock lockPage unlockPage ' +
        'waitOnPageLocked rcuReadLock rcuReadUnlock',
    );
    expect(changed('true')).toBe(
      'atomicIncNotZero atomicDecAndTest atomicCmpxchg testBit testAndSetBit testAndClearBit trylockPage kmemCacheFree ' +
        'callRcuFree',
    );
  });

  it.each(accessNames)(
    'lets nobody hold a spin lock around %s if it may sleep, and anybody else',
    (access) => {
      const world = new TestWorld({ pages: 1, buffers: 2 });
      const memory = world.checked();
      const faults: number[] = [];
      const { target, maySleep, holds } = accessKinds[access];
      const addresses: Partial<Record<typeof target, Address>> = {
        'spin-lock': world.fs + FS_PRIVATE_LOCK,
        rwsem: world.fs + FS_PRIVATE_LOCK,
        'page-lock': world.page(0),
        slab: world.fs,
        object: world.buffer(0),
      };
      const address = addresses[target] ?? world.names.address('eb0.refs');
      if (target === 'spin-lock' && holds === 'no-more') memory.spinLock(address);
      if (target === 'rwsem' && holds === 'no-more') perform(memory, takerOf(access), address, 0, 0);
      if (target === 'page-lock' && holds === 'no-more') memory.lockPage(world.page(0));
      if (target === 'section' && holds === 'no-more') memory.rcuReadLock();
      memory.spinLock(world.names.address('eb1.refs_lock'));
      memory.onFault = (fault): void => void faults.push(fault);

      perform(memory, access, address, access === 'waitEvent' ? -1 : 1, 0);

      expect(faults).toEqual(maySleep ? [Fault.SleepInAtomic] : []);
      const semaphores = target === 'rwsem' ? [semaphoreOf(access, address - world.fs)] : [];
      const held = { held: [0], semaphores, rcuDepth: target === 'section' ? 1 : 0 };
      const conduct = new Conduct(world.geometry);
      const isReleased = target === 'spin-lock' && holds === 'no-more';
      const offset = target === 'none' || target === 'section' ? 0 : address - world.fs;
      expect(conduct.faultOf(access, offset, isReleased ? { ...held, held: [offset] } : held)).toBe(
        maySleep ? Fault.SleepInAtomic : 0,
      );
    },
  );

  it.each(accessesThat(({ holds, target }) => holds === 'from-here' && target !== 'page-lock'))(
    'has the actor hold something behind %s, with which its program must not end',
    (access) => {
      const world = new TestWorld();
      const memory = world.checked();
      const faults: number[] = [];
      memory.onFault = (fault): void => void faults.push(fault);
      const isSection = accessKinds[access].target === 'section';

      perform(memory, access, isSection ? 0 : world.fs + FS_PRIVATE_LOCK, 0, 0);
      memory.leave();

      expect(faults).toEqual([isSection ? Fault.RcuImbalance : Fault.LockHeld]);
      const { target } = accessKinds[access];
      const isSemaphore = target === 'rwsem';
      expect(heldAfter(HOLDS_NOTHING, access, 5, 1)).toEqual({
        held: target === 'spin-lock' ? [5] : [],
        semaphores: isSemaphore ? [semaphoreOf(access, 5)] : [],
        rcuDepth: isSection ? 1 : 0,
      });
    },
  );
});

it.each(accessesThat(({ holds, gives }) => holds === 'from-here' && gives === 'truth'))(
  'an actor holds nothing more behind %s that failed',
  (access) => {
    expect(heldAfter(HOLDS_NOTHING, access, 5, 0)).toEqual(HOLDS_NOTHING);
  },
);

/** What two accesses to one word come to, one after the other. */
function inOrder(
  found: number,
  steps: readonly Step[],
): { readonly left: number; readonly results: readonly number[] } {
  let left = found;
  const results = steps.map(({ kind, operand, replacement }) => {
    const { leaves, answer } = accessKinds[accessNumbered(kind) ?? 'cpuRelax'];
    const result = answer?.(left, operand, replacement) ?? 0;
    left = leaves?.(left, operand, replacement) ?? left;
    return result;
  });
  return { left, results };
}

describe('the table on one word', () => {
  const ofWord = accessesThat(({ target, maySleep }) => target === 'word' && !maySleep);
  const words = fc.oneof(fc.integer({ min: -2, max: 8 }), fc.integer());
  const step = fc
    .tuple(fc.constantFrom(...ofWord), fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 3 }))
    .map(([access, operand, replacement]): Step => {
      const { operands } = accessKinds[access];
      return {
        kind: kindOf(access),
        address: 80,
        operand: operands === 'none' ? 0 : operand % 5,
        replacement: operands === 'exchange' ? replacement : 0,
      };
    });

  it('has what is independent come to the same in either order', () => {
    fc.assert(
      fc.property(words, step, step, (found, one, other) => {
        fc.pre(!areDependent(one, other));
        const [first, second] = [inOrder(found, [one, other]), inOrder(found, [other, one])];
        expect(second.left).toBe(first.left);
        expect(second.results.toReversed()).toEqual(first.results);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it('has a word as it was behind what has not written', () => {
    fc.assert(
      fc.property(words, step, (found, one) => {
        const { left, results } = inOrder(found, [one]);
        fc.pre(!mayWrite(one, results[0] ?? 0));
        expect(left).toBe(found);
      }),
      { seed: 2, numRuns: 2_000 },
    );
  });
});

/** What the table has a read-write lock come to, which so many read under, or which somebody writes under. */
describe('the table on a read-write lock', () => {
  const ofLock = accessesThat(({ target }) => target === 'rwsem');
  const pairs = ofLock.flatMap((one) => ofLock.map((other) => [one, other] as const));
  const holders = [-1, 0, 1, 2, 3];
  /** Whether an actor may take the step, next to another that holds the lock if it gives it back. */
  const isPossible = (found: number, access: Access): boolean => {
    const { holds, mode, isReady } = accessKinds[access];
    if (holds === 'no-more') return mode === 'read' ? found > 0 : found < 0;
    return isReady?.(found, 0) ?? true;
  };
  const isBehind = (found: number, first: Access, second: Access): boolean =>
    isPossible(inOrder(found, [stepOf(first)]).left, second);
  /** Two that give it back both hold it. */
  const areBothHeld = (found: number, one: Access, other: Access): boolean =>
    [one, other].filter((access) => accessKinds[access].holds === 'no-more').length <= Math.abs(found);

  it.each(pairs)(
    'has %s and %s come to the same in either order, and neither wait, if independent',
    (one, other) => {
      const [first, second] = [stepOf(one), stepOf(other)];
      const differing = holders.filter((found) => {
        if (!isPossible(found, one) || !areBothHeld(found, one, other)) return false;
        if (isPossible(found, other) !== isBehind(found, one, other)) return true;
        if (!isPossible(found, other)) return false;
        const [forth, back] = [inOrder(found, [first, second]), inOrder(found, [second, first])];
        return forth.left !== back.left || String(forth.results.toReversed()) !== String(back.results);
      });

      expect(areDependent(first, second) || differing.length === 0).toBe(true);
      // Nothing is taken for dependent that is not: two who write never both hold it.
      expect(areDependent(first, second)).toBe(
        accessKinds[one].mode === 'write' || accessKinds[other].mode === 'write',
      );
    },
  );
});

describe('the ordering of an access', () => {
  /** What is not in order as its shape says: see refcount.h, and wait_bit.h, which has an unlock of the bit. */
  const others: Partial<Record<Access, string>> = {
    refcountInc: 'relaxed',
    refcountIncNotZero: 'relaxed',
    refcountDec: 'release',
    refcountDecAndTest: 'release',
    clearAndWakeUpBit: 'release',
    atomicFetchAddRelaxed: 'relaxed',
    atomicFetchAddAcquire: 'acquire',
    atomicFetchAddRelease: 'release',
    atomicXchgRelaxed: 'relaxed',
    atomicXchgAcquire: 'acquire',
    atomicXchgRelease: 'release',
    atomicCmpxchgRelaxed: 'relaxed',
    atomicCmpxchgAcquire: 'acquire, or relaxed',
    atomicCmpxchgRelease: 'release, or relaxed',
    smpLoadAcquire: 'acquire',
    smpStoreRelease: 'release',
  };

  it.each(Object.entries(others))('of %s is what the kernel says of it: %s', (access, said) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a name of the table
    const { ordering, orderingOtherwise } = accessKinds[access as Access];

    expect([ordering, ...(orderingOtherwise === undefined ? [] : [orderingOtherwise])].join(', or ')).toBe(
      said,
    );
  });

  it.each(accessesThat(({ target }) => target === 'word').filter((access) => !Object.hasOwn(others, access)))(
    'of %s is what atomic_t.txt and atomic_bitops.txt say',
    (access) => {
      const { isReadModifyWrite, gives, operands, writes, ordering, orderingOtherwise } = accessKinds[access];
      const isConditional = writes !== 'always' && operands !== 'bit';

      expect(ordering).toBe(isReadModifyWrite && gives !== 'nothing' ? 'full' : 'relaxed');
      expect(orderingOtherwise).toBe(isReadModifyWrite && isConditional ? 'relaxed' : undefined);
    },
  );

  it('of what takes a lock is acquire, of what gives it back release', () => {
    const locks = accessesThat(({ target, holds }) => holds !== undefined && target !== 'section');

    expect(locks.map((access) => [access, accessKinds[access].ordering])).toEqual([
      ['spinLock', 'acquire'],
      ['spinUnlock', 'release'],
      ['downRead', 'acquire'],
      ['upRead', 'release'],
      ['downWrite', 'acquire'],
      ['upWrite', 'release'],
      ['downReadTrylock', 'acquire'],
      ['downWriteTrylock', 'acquire'],
      ['trylockPage', 'acquire'],
      ['lockPage', 'acquire'],
      ['unlockPage', 'release'],
    ]);
    for (const access of locks.filter((lock) => accessKinds[lock].gives === 'truth'))
      expect(accessKinds[access].orderingOtherwise).toBe('relaxed');
  });
});
