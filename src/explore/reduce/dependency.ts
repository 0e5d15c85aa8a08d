import { EB_SLAB } from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import { Kind, type Step } from '../program/step.ts';
import { BUFFER_FIELDS } from '../machine/world.ts';

/**
 * Which steps of two actors depend on each other: independent ones give the same state in either order, with the same
 * results, and neither makes the other wait or go on.
 *
 * Words are compared bit by bit. Bit operations touch their bit; a free makes it wrong to touch any word of the object, but
 * for readers inside of an RCU section, who do not notice that it is given away. Beyond that, increments and decrements whose results nobody sees commute, as do
 * stores of the same value, and the same bit operation twice.
 */
interface Access {
  readonly reads: number;
  readonly writes: number;
  /** Accesses of equal commuting groups are independent; '' commutes with nothing. */
  readonly commutes: string;
  /** Whether it does not matter to readers inside of an RCU section. */
  readonly sparesReaders?: true;
}

const ALL = -1;
const LOCKED = 1 << PG_LOCKED;

/** Pseudo words: RCU sections and the slab. */
const RCU = -1;
const SLAB = -2;

/** Whether the order of two steps of different actors can matter. */
export function areDependent(one: Step, other: Step): boolean {
  // A fault ends the schedule: what another actor would have violated behind it must be seen before it, too.
  if (one.kind === Kind.Fault || other.kind === Kind.Fault) return true;
  if (isRelaxDependent(one, other) || isRelaxDependent(other, one)) return true;
  if (allocates(one) && touches(other)) return true;
  if (allocates(other) && touches(one)) return true;
  const others = accessesOf(other);
  for (const [address, access] of accessesOf(one)) {
    const met = others.get(address);
    if (met === undefined) continue;
    if (access.commutes !== '' && access.commutes === met.commutes) continue;
    if (access.sparesReaders === true && other.isInRcu === true) continue;
    if (met.sparesReaders === true && one.isInRcu === true) continue;
    if ((access.writes & (met.reads | met.writes)) !== 0) return true;
    if ((met.writes & access.reads) !== 0) return true;
  }
  return false;
}

/** A step that waits for any change depends on every step that may change something but a spin lock. */
function isRelaxDependent(relax: Step, { kind }: Step): boolean {
  if (relax.kind !== Kind.CpuRelax || kind === Kind.SpinLock || kind === Kind.SpinUnlock) return false;
  return WRITING.has(kind);
}

const WRITING: ReadonlySet<number> = new Set([
  Kind.AtomicSet,
  Kind.AtomicInc,
  Kind.AtomicFetchInc,
  Kind.AtomicDec,
  Kind.AtomicIncNotZero,
  Kind.AtomicDecAndTest,
  Kind.AtomicCmpxchg,
  Kind.SetBit,
  Kind.ClearBit,
  Kind.TestAndSetBit,
  Kind.TestAndClearBit,
  Kind.WriteOnce,
  Kind.TrylockPage,
  Kind.LockPage,
  Kind.UnlockPage,
  Kind.KmemCacheZalloc,
  Kind.KmemCacheFree,
  Kind.CallRcuFree,
]);

/** Whether a step with that result may have changed a word. */
export function mayWrite({ kind, operand }: Step, result: number): boolean {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
  switch (kind) {
    case Kind.AtomicCmpxchg:
      return result === operand;
    case Kind.AtomicIncNotZero:
    case Kind.TestAndClearBit:
    case Kind.TrylockPage:
      return result !== 0;
    case Kind.TestAndSetBit:
      return result === 0;
    case Kind.SpinLock:
    case Kind.SpinUnlock:
    case Kind.WriteOwn:
      return true;
    default:
      return WRITING.has(kind);
  }
}

function allocates({ kind }: Step): boolean {
  return kind === Kind.KmemCacheZalloc;
}

/** An allocation zeroes some object, so that it may depend on whatever touches a word. */
function touches({ kind }: Step): boolean {
  return !TOUCHING_NOTHING.has(kind);
}

const TOUCHING_NOTHING: ReadonlySet<number> = new Set([
  Kind.Done,
  Kind.ReadOwn,
  Kind.WriteOwn,
  Kind.BioStatus,
  Kind.SetupFails,
]);

/** What was worked out before: every step is compared with every other. */
const known = new WeakMap<Step, ReadonlyMap<number, Access>>();

function accessesOf(step: Step): ReadonlyMap<number, Access> {
  let found = known.get(step);
  if (found === undefined) {
    found = accesses(step);
    known.set(step, found);
  }
  return found;
}

function accesses({ kind, address, operand }: Step): ReadonlyMap<number, Access> {
  const whole = (reads: boolean, writes: boolean, commutes = ''): ReadonlyMap<number, Access> =>
    new Map([[address, { reads: reads ? ALL : 0, writes: writes ? ALL : 0, commutes }]]);
  const bit = (mask: number, reads: boolean, writes: boolean, commutes = ''): ReadonlyMap<number, Access> =>
    new Map([[address, { reads: reads ? mask : 0, writes: writes ? mask : 0, commutes }]]);
  switch (kind) {
    case Kind.AtomicRead:
    case Kind.ReadOnce:
    case Kind.WaitEvent:
      return whole(true, false);
    case Kind.AtomicSet:
    case Kind.WriteOnce:
    case Kind.Ghost:
      return whole(false, true, `= ${operand}`);
    case Kind.AtomicInc:
    case Kind.AtomicDec:
      return whole(true, true, '+-');
    case Kind.AtomicFetchInc:
    case Kind.AtomicIncNotZero:
    case Kind.AtomicDecAndTest:
    case Kind.AtomicCmpxchg:
    case Kind.SpinLock:
    case Kind.SpinUnlock:
      return whole(true, true);
    case Kind.TestBit:
      return bit(1 << operand, true, false);
    case Kind.SetBit:
      return bit(1 << operand, false, true, `set ${operand}`);
    case Kind.ClearBit:
      return bit(1 << operand, false, true, `clear ${operand}`);
    case Kind.TestAndSetBit:
    case Kind.TestAndClearBit:
      return bit(1 << operand, true, true);
    case Kind.TrylockPage:
    case Kind.LockPage:
    case Kind.UnlockPage:
      return bit(LOCKED, true, true);
    case Kind.WaitOnPageLocked:
      return bit(LOCKED, true, false);
    case Kind.RcuReadLock:
    case Kind.RcuReadUnlock:
      return new Map([[RCU, { reads: ALL, writes: ALL, commutes: 'rcu' }]]);
    case Kind.KmemCacheZalloc:
    case Kind.KmemCacheFree:
    case Kind.CallRcuFree:
      return slab(kind, address);
    case Kind.Done:
    case Kind.CpuRelax:
    case Kind.ReadOwn:
    case Kind.WriteOwn:
    case Kind.BioStatus:
    case Kind.SetupFails:
    case Kind.Fault:
      return new Map();
  }
}

function slab(kind: number, address: number): ReadonlyMap<number, Access> {
  const access = { reads: ALL, writes: ALL, commutes: '' };
  const touched = new Map([
    [SLAB, access],
    [RCU, access],
  ]);
  if (kind === Kind.KmemCacheZalloc) return touched;
  const ofField: Access = kind === Kind.CallRcuFree ? { ...access, sparesReaders: true } : access;
  for (const field of BUFFER_FIELDS) touched.set(address + field, ofField);
  // A double free reads the state of the object, which nothing but the slab writes.
  return touched.set(address + EB_SLAB, access);
}
