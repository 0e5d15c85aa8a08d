import type { AccessKind } from '../../memory/access-kind.ts';
import { BUFFER_AREA, NO_AREA } from '../../memory/areas.ts';
import { ACTOR_OPERATION, ACTOR_RCU } from '../../memory/control.ts';
import {
  type Address,
  OBJECT_GRACE,
  OBJECT_SLAB,
  LINE_WORDS,
  PAGE_OWNER,
  POISON,
  POISONED_WORDS,
  SLAB_ALLOCATED,
  SLAB_RCU_DYING,
  SLAB_RCU_PENDING,
} from '../../memory/layout.ts';
import type { Ordering } from '../../memory/ordering.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import {
  ATOMIC,
  ATOMIC_ADD,
  ATOMIC_AND,
  ATOMIC_CMPXCHG,
  ATOMIC_EXCHANGE,
  ATOMIC_EXCHANGE_LONG,
  ATOMIC_FENCE,
  ATOMIC_LOAD,
  ATOMIC_OR,
  ATOMIC_STORE,
  BR,
  type Bytes,
  CALL,
  constant,
  DROP,
  ELSE,
  END,
  I32_ADD,
  I32_AND,
  I32_EQ,
  I32_EQZ,
  I32_LOAD,
  I32_NE,
  I32_OR,
  I32_SHR_U,
  I32_STORE,
  I64_STORE,
  IF,
  join,
  longConstant,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  VOID,
  wordAt,
} from '../../memory/wasm-encoding.ts';
import { kindOf, longAt, type Modification, modified, numberOf, offset } from './step-operands.ts';
import { isRelative, offsetOf, type Portable, type TracedStep } from './trace.ts';

/** What the code of an actor closes over. */
export interface CodeTarget {
  /** Pages of the shared memory. */
  readonly pages: number;
  /** Address of the actor's control line. */
  readonly line: Address;
  /** What its locks hold. */
  readonly tag: number;
  /** Words from one world to the next. */
  readonly worldWords: number;
  /** What lies where in a world: see `areasOf`. */
  readonly areas: Uint8Array;
  /** Words of one slab object. */
  readonly objectWords: number;
  /** As in `ActorMemory`. */
  readonly ordering: Ordering;
}

/** Index of each import, then of the function, among functions. */
export const PERFORM = 0;
export const GONE = 1;
export const LEAVE = 2;
export const FAULT = 3;
export const PLAY = 4;

/**
 * Locals: the world, how many are left and where to put the notes of its trial; its byte address, what a step read (at the end:
 * where the code left), what it gave, the notes.
 */
export const FS = 0;
export const COUNT = 1;
export const NOTES_AT = 2;
export const BASE = 3;
export const READ = 4;
export const GAVE = 5;
export const NOTES = 6;
export const LOCALS = 4;

/** The step gives what has been pushed last. */
const GIVE: Bytes = [LOCAL_SET, GAVE];

const LOCKED = 1 << PG_LOCKED;

/** WebAssembly for single steps, each as `AtomicsMemory` takes it. */
export class StepCode {
  readonly #place: CodeTarget;

  constructor(place: CodeTarget) {
    this.#place = place;
  }

  /** Takes the step; what it gave is in `GAVE` afterwards, unless it gives nothing. `usual`: what its word is likely to hold. */
  of(step: TracedStep, usual: number | undefined): Bytes {
    const { action, address, operand } = step;
    const atomic = (code: number, ...operands: readonly Bytes[]): Bytes =>
      this.#atomic(address, code, operands);
    const modify = (code: Modification, by: number): Bytes => this.#modify(address, code, by, usual);
    const mask = 1 << operand;
    const checked = (code: Bytes): Bytes => this.#checked(step, code);
    const number = (code: Bytes): Bytes => join(checked(code), LOCAL_GET, READ, GIVE);
    const bit = (code: Bytes): Bytes => bitOf(operand, checked(code));
    const { target, mode, holds } = kindOf(action);
    if (target === 'rwsem') return this.#semaphore(step, mode === 'read' ? 1 : -this.#place.tag, holds);
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
    switch (action) {
      case 'operation':
        return join(constant(0), constant(operand), I32_STORE, wordAt(this.#place.line + ACTOR_OPERATION));
      case 'recordOops':
        return join(atomic(ATOMIC_CMPXCHG, constant(0), this.value(operand)), DROP);
      case 'writeGhost':
        return join(this.#base(address), this.value(operand), I32_STORE, offset(address));
      case 'atomicRead':
      case 'refcountRead':
      case 'readOnce':
      case 'smpLoadAcquire':
        return number(atomic(ATOMIC_LOAD));
      case 'atomicSet':
      case 'refcountSet':
      case 'writeOnce':
      case 'smpStoreRelease':
        return this.#store(step, this.value(operand));
      case 'atomicInc':
        return checked(modify(ATOMIC_ADD, 1));
      case 'atomicFetchInc':
      case 'refcountInc':
        return number(modify(ATOMIC_ADD, 1));
      case 'atomicDec':
        return checked(modify(ATOMIC_ADD, -1));
      case 'refcountDec':
      case 'refcountDecAndTest':
        return number(modify(ATOMIC_ADD, -1));
      case 'atomicDecAndTest':
        return join(checked(modify(ATOMIC_ADD, -1)), LOCAL_GET, READ, constant(1), I32_EQ, GIVE);
      case 'atomicIncNotZero':
      case 'refcountIncNotZero':
        return this.#incNotZero(step);
      case 'atomicCmpxchg':
        return number(atomic(ATOMIC_CMPXCHG, this.value(operand), this.value(step.replacement)));
      case 'testBit':
        return bit(atomic(ATOMIC_LOAD));
      case 'setBit':
        return checked(modify(ATOMIC_OR, mask));
      case 'clearBit':
      case 'clearAndWakeUpBit':
        return checked(modify(ATOMIC_AND, ~mask));
      case 'testAndSetBit':
        return bit(modify(ATOMIC_OR, mask));
      case 'testAndClearBit':
        return bit(modify(ATOMIC_AND, ~mask));
      default:
        return this.#ofPrimitive(step, usual);
    }
  }

  /** The same of what is more than an access to a word, and of what is left to the memory. */
  #ofPrimitive(step: TracedStep, usual: number | undefined): Bytes {
    const { action, address } = step;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
    switch (action) {
      case 'spinLock':
        return this.#spinLock(step);
      case 'spinUnlock':
        return this.#store(step, constant(0));
      case 'smpMb':
        return this.#isX86 ? [ATOMIC, ATOMIC_FENCE, 0x00] : [];
      case 'smpWmb':
      case 'smpRmb':
      case 'smpMbBeforeAtomic':
      case 'smpMbAfterAtomic':
        return [];
      case 'trylockPage':
        return this.#trylockPage(address, usual);
      case 'unlockPage':
        return this.#unlockPage(address, usual);
      case 'rcuReadLock':
        return this.#rcuSections(constant(1), I32_OR);
      case 'rcuReadUnlock':
        return this.#rcuSections(constant(1), I32_ADD, constant(~1), I32_AND);
      case 'callRcuFree':
        return this.#callRcuFree(address);
      default:
        // What may wait, what is rare, and what has no code of its own.
        return join(this.#perform(step), GIVE);
    }
  }

  /**
   * Stores a value. What was there before tells whether the object was still there: see `AtomicsMemory`, also of why barriers are not
   * more than they are here.
   */
  #store(step: TracedStep, value: Bytes): Bytes {
    const { address } = step;
    if (this.#isX86) return this.#storePlain(step, value);
    return this.#mayBeGone(address)
      ? this.#checked(step, this.#atomic(address, ATOMIC_EXCHANGE, [value]))
      : this.#atomic(address, ATOMIC_STORE, [value]);
  }

  /** The same of a store that waits in the store buffer of its processor. */
  #storePlain(step: TracedStep, value: Bytes): Bytes {
    const { address } = step;
    const store = join(this.#base(address), value, I32_STORE, offset(address));
    if (!this.#mayBeGone(address)) return store;
    const found = this.#atomic(address, ATOMIC_LOAD, []);
    const isPoison = join(found, LOCAL_TEE, READ, constant(POISON), I32_EQ);
    return join(isPoison, IF, VOID, this.#gone(step), LOCAL_SET, READ, ELSE, store, END);
  }

  /** Where the lock is held, the memory waits for it. */
  #spinLock(step: TracedStep): Bytes {
    const taken = this.#atomic(step.address, ATOMIC_CMPXCHG, [constant(0), constant(this.#place.tag)]);
    return join(taken, IF, VOID, this.#perform(step), DROP, END);
  }

  /** Takes a read-write lock that nobody holds, or gives back one that nobody else does; the memory sees to all else. */
  #semaphore(step: TracedStep, held: number, holds: AccessKind['holds']): Bytes {
    const [from, to] = holds === 'from-here' ? [0, held] : [held, 0];
    const found = this.#atomic(step.address, ATOMIC_CMPXCHG, [constant(from), constant(to)]);
    const isOther = join(found, constant(from), I32_NE);
    return join(constant(1), GIVE, isOther, IF, VOID, this.#perform(step), GIVE, END);
  }

  #trylockPage(address: Portable, usual: number | undefined): Bytes {
    const before = this.#modify(address, ATOMIC_OR, LOCKED, usual);
    const isTaken = join(before, constant(LOCKED), I32_AND, I32_EQZ);
    const tag = constant(this.#place.tag);
    const own = join(this.#base(address), tag, I32_STORE, offset(address + PAGE_OWNER));
    return join(isTaken, LOCAL_TEE, GAVE, IF, VOID, own, END);
  }

  #unlockPage(address: Portable, usual: number | undefined): Bytes {
    const before = this.#modify(address, ATOMIC_AND, ~LOCKED, usual);
    const wasFree = join(before, constant(LOCKED), I32_AND, I32_EQZ);
    return join(wasFree, IF, VOID, LOCAL_GET, FS, CALL, FAULT, END);
  }

  /** Enters or leaves a read section of RCU: `change` is done to what the actor's word of them held. */
  #rcuSections(...change: readonly (Bytes | number)[]): Bytes {
    const at = wordAt(this.#place.line + ACTOR_RCU);
    return join(constant(0), constant(0), I32_LOAD, at, ...change, ATOMIC, ATOMIC_STORE, at);
  }

  #incNotZero(step: TracedStep): Bytes {
    const { address } = step;
    const seen = [LOCAL_GET, READ];
    const mayBeGone = this.#mayBeGone(address);
    const raised = this.#atomic(address, ATOMIC_CMPXCHG, [seen, join(seen, constant(1), I32_ADD)]);
    const again = join(LOCAL_GET, GAVE, LOCAL_SET, READ, constant(0), GIVE, BR, mayBeGone ? 3 : 2);
    const raise = join(raised, LOCAL_TEE, GAVE, seen, I32_EQ, IF, VOID, constant(1), GIVE, ELSE, again, END);
    const isPoison = join(seen, constant(POISON), I32_EQ);
    const gone = join(this.#gone(step), constant(0), I32_NE, GIVE);
    const attempt = mayBeGone ? join(isPoison, IF, VOID, gone, ELSE, raise, END) : raise;
    return join(
      join(this.#atomic(address, ATOMIC_LOAD, []), LOCAL_SET, READ, constant(0), GIVE),
      join(LOOP, VOID, seen, IF, VOID, attempt, END, END),
    );
  }

  /** As the slab of the memory does it, two words at a time. */
  #callRcuFree(address: Portable): Bytes {
    const at = (field: number, code: number, ...operands: readonly Bytes[]): Bytes =>
      this.#atomic(address + field, code, operands);
    const pairs = Array.from({ length: POISONED_WORDS / 2 }, (_, pair) => 2 * pair);
    const further = Array.from(
      { length: this.#place.objectWords / LINE_WORDS - 1 },
      (_, index) => (index + 1) * LINE_WORDS,
    );
    const poisoned = (word: number): Bytes =>
      join(
        this.#base(address),
        longConstant(POISON, POISON),
        ATOMIC,
        ATOMIC_EXCHANGE_LONG,
        longAt(address + word),
      );
    const keep = (word: number): Bytes =>
      join(this.#base(address), poisoned(word), I64_STORE, offset(address + OBJECT_GRACE + word));
    const allocated = constant(SLAB_ALLOCATED);
    return join(
      join(at(OBJECT_SLAB, ATOMIC_LOAD), allocated, I32_EQ, LOCAL_TEE, GAVE, IF, VOID),
      at(OBJECT_SLAB, ATOMIC_CMPXCHG, allocated, constant(SLAB_RCU_DYING)),
      join(allocated, I32_EQ, LOCAL_TEE, GAVE, IF, VOID),
      ...further.map((start) =>
        join(
          at(start + OBJECT_SLAB, ATOMIC_STORE, constant(SLAB_RCU_DYING)),
          ...pairs.map((word) => keep(start + word)),
          at(start + OBJECT_SLAB, ATOMIC_STORE, constant(SLAB_RCU_PENDING)),
        ),
      ),
      ...pairs.map(keep),
      at(OBJECT_SLAB, ATOMIC_STORE, constant(SLAB_RCU_PENDING)),
      [END, END],
    );
  }

  get #isX86(): boolean {
    return this.#place.ordering === 'x86';
  }

  /** Whether the word is one that is poisoned when its object is freed. */
  #mayBeGone(address: Portable): boolean {
    const place = isRelative(address) ? offsetOf(address) : -1;
    const isOfBuffer = (this.#place.areas[place] ?? NO_AREA) >= BUFFER_AREA;
    return isOfBuffer && place % LINE_WORDS < POISONED_WORDS;
  }

  /** Leaves what `code` pushes in `READ`; if that is the poison, what comes of the access then. */
  #checked(step: TracedStep, code: Bytes): Bytes {
    if (!this.#mayBeGone(step.address)) return join(code, LOCAL_SET, READ);
    const isPoison = join(code, LOCAL_TEE, READ, constant(POISON), I32_EQ);
    return join(isPoison, IF, VOID, this.#gone(step), LOCAL_SET, READ, END);
  }

  /** Asks the memory what comes of an access that has met the poison; pushes what it finds. */
  #gone({ action, address, operand, replacement }: TracedStep): Bytes {
    const access = numberOf(action);
    const operands = join(this.value(address), this.value(operand), this.value(replacement));
    return join(access, operands, LOCAL_GET, FS, CALL, GONE);
  }

  /** Has the memory make the access; pushes what it gives. */
  #perform({ action, address, operand, replacement }: TracedStep): Bytes {
    const place = join(numberOf(action), this.value(address));
    return join(place, this.value(operand), this.value(replacement), LOCAL_GET, FS, CALL, PERFORM);
  }

  /**
   * Modifies a word and pushes what it held. V8 makes of such an instruction a load and a loop of compare-exchanges (x64,
   * Node 20 to 24): the load waits for the atomic before it, and fetches a line that another core has, which the exchange
   * then fetches again. Where the word holds what it usually does, one compare-exchange is all it takes, as in native code.
   */
  #modify(address: Portable, code: Modification, by: number, usual: number | undefined): Bytes {
    const plain = this.#atomic(address, code, [constant(by)]);
    if (usual === undefined || usual === POISON) return plain;
    const then = constant(modified(code, usual, by));
    return join(
      join(this.#atomic(address, ATOMIC_CMPXCHG, [constant(usual), then]), LOCAL_TEE, READ),
      join(constant(usual), I32_NE, IF, VOID, plain, LOCAL_SET, READ, END, LOCAL_GET, READ),
    );
  }

  #atomic(address: Portable, code: number, operands: readonly Bytes[]): Bytes {
    return join(this.#base(address), ...operands, ATOMIC, code, offset(address));
  }

  /** Pushes a number as it is in this world. */
  value(value: Portable): Bytes {
    return isRelative(value) ? join(LOCAL_GET, FS, constant(offsetOf(value)), I32_ADD) : constant(value);
  }

  /** Pushes what the offset of an address counts from. */
  #base(address: Portable): Bytes {
    return isRelative(address) ? [LOCAL_GET, BASE] : constant(0);
  }
}

/** The step gives a bit of what `code` leaves in `READ`. */
function bitOf(index: number, code: Bytes): Bytes {
  return join(code, LOCAL_GET, READ, constant(index), I32_SHR_U, constant(1), I32_AND, GIVE);
}
