import { accessKinds, type Access } from '../../memory/access.ts';
import { BUFFER_AREA, NO_AREA } from '../../memory/areas.ts';
import { ACTOR_OPERATION, ACTOR_RCU } from '../../memory/control.ts';
import {
  type Address,
  EB_GRACE,
  EB_SLAB,
  LINE_WORDS,
  PAGE_OWNER,
  POISON,
  SLAB_ALLOCATED,
  SLAB_RCU_DYING,
  SLAB_RCU_PENDING,
} from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import { POISONED_WORDS } from '../../memory/slab.ts';
import {
  ATOMIC,
  ATOMIC_ADD,
  ATOMIC_AND,
  ATOMIC_CMPXCHG,
  ATOMIC_EXCHANGE,
  ATOMIC_FENCE,
  ATOMIC_LOAD,
  ATOMIC_OR,
  ATOMIC_STORE,
  BLOCK,
  BR,
  BR_IF,
  type Bytes,
  CALL,
  constant,
  DROP,
  ELSE,
  END,
  functionBody,
  functionExport,
  functionImport,
  functionType,
  I32_ADD,
  I32_AND,
  I32_CONST,
  I32_EQ,
  I32_EQZ,
  I32_LOAD,
  I32_NE,
  I32_OR,
  I32_SHL,
  I32_SHR_U,
  I32_STORE,
  I64_LOAD,
  I64_STORE,
  IF,
  join,
  longConstant,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  memoryImport,
  moduleOf,
  unsigned,
  VOID,
  wordAt,
} from '../../memory/wasm-encoding.ts';
import { type Action, isRelative, offsetOf, type Portable, type TracedStep } from './trace.ts';
import type { TraceNode } from './trace-tree.ts';

/** What the code of an actor closes over. */
export interface CodePlace {
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
}

/** The code of a tree, and its nodes by the number that `leave` has. */
export interface TraceCode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly nodes: readonly TraceNode[];
}

/** Accesses by the number that `perform` has. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a record of them
export const ACCESSES: readonly Access[] = Object.keys(accessKinds) as Access[];

/** Index of each import, then of the function, among functions. */
const PERFORM = 0;
const GONE = 1;
const LEAVE = 2;
const FAULT = 3;
const PLAY = 4;

/**
 * Locals: the world, how many are left and where to put the notes of its trial; its byte address, what a step read (at the end:
 * where the code left), what it gave, the notes.
 */
const FS = 0;
const COUNT = 1;
const NOTES_AT = 2;
const BASE = 3;
const READ = 4;
const GAVE = 5;
const NOTES = 6;
const LOCALS = 4;

/** The step gives what has been pushed last. */
const GIVE: Bytes = [LOCAL_SET, GAVE];

const LOCKED = 1 << PG_LOCKED;

/** Plain stores keep their order on x86-64, and behind a compare-exchange; elsewhere a fence sees to it. */
const ORDER: Bytes = process.arch === 'x64' ? [] : [ATOMIC, ATOMIC_FENCE, 0x00];

type Modification = typeof ATOMIC_ADD | typeof ATOMIC_AND | typeof ATOMIC_OR;

/**
 * WebAssembly for the trials of one actor: `play` of `PlayTrials`, which takes the steps of a tree, each as `AtomicsMemory` takes
 * it. The memory's own code is reached by a call per step, which
 * costs more than the step: the code of an instance is found through four dependent loads, and behind a locked instruction
 * they wait. Here all trials of a stride are one call.
 *
 * @param isKept - Whether a node is worth code: others are left to the model.
 */
export function traceCode(
  root: TraceNode,
  place: CodePlace,
  isKept: (node: TraceNode) => boolean,
): TraceCode {
  const writer = new TraceWriter(place, isKept);
  writer.write(root);
  const bytes = moduleOf([
    {
      id: 1,
      content: [
        functionType(4, true),
        functionType(5, true),
        functionType(3, true),
        functionType(3, false),
        functionType(1, false),
      ],
    },
    {
      id: 2,
      content: [
        memoryImport(place.pages),
        functionImport('trial', 'perform', 0),
        functionImport('trial', 'gone', 1),
        functionImport('trial', 'leave', 2),
        functionImport('trial', 'fault', 4),
      ],
    },
    { id: 3, content: [unsigned(3)] },
    { id: 7, content: [functionExport('play', PLAY)] },
    { id: 10, content: [functionBody(LOCALS, writer.code)] },
  ]);
  return { bytes, nodes: writer.nodes };
}

class TraceWriter {
  readonly code: number[] = [];
  readonly nodes: TraceNode[] = [];
  readonly #place: CodePlace;
  readonly #isKept: (node: TraceNode) => boolean;

  constructor(place: CodePlace, isKept: (node: TraceNode) => boolean) {
    this.#place = place;
    this.#isKept = isKept;
  }

  /** The body of the function: the trials of one world after the other. */
  write(root: TraceNode): void {
    const { code } = this;
    code.push(LOOP, VOID, LOCAL_GET, FS, I32_CONST, 2, I32_SHL, LOCAL_SET, BASE, BLOCK, VOID, BLOCK, VOID);
    this.#node(root, 0);
    // What is left of a trial that the code does not know.
    code.push(END, LOCAL_GET, READ, LOCAL_GET, GAVE, LOCAL_GET, FS, CALL, LEAVE, LOCAL_SET, NOTES, END);
    code.push(
      ...join(LOCAL_GET, NOTES_AT, LOCAL_GET, NOTES, I32_STORE, wordAt(0)),
      ...join(LOCAL_GET, NOTES_AT, constant(4), I32_ADD, LOCAL_SET, NOTES_AT),
      ...join(LOCAL_GET, FS, constant(this.#place.worldWords), I32_ADD, LOCAL_SET, FS),
      ...join(LOCAL_GET, COUNT, constant(-1), I32_ADD, LOCAL_TEE, COUNT, BR_IF, 0, END),
    );
  }

  /** The step at a node and all that may follow, inside of so many branches. */
  #node(node: TraceNode, depth: number): void {
    const { code } = this;
    const { step } = node;
    if (step === undefined) {
      code.push(...constant(node.notes), LOCAL_SET, NOTES, BR, ...unsigned(depth + 1));
      return;
    }
    code.push(...this.#step(step, node.usual));
    const next = [...node.next.values()]
      .filter((child) => this.#isKept(child))
      .toSorted((one, other) => other.count - one.count);
    if (givesNothing(step)) {
      const [only] = next;
      if (only === undefined) this.#leave(node, depth);
      else this.#node(only, depth);
      return;
    }
    const isTruth = isTruthOf(step);
    for (const child of next) {
      code.push(LOCAL_GET, GAVE);
      if (!isTruth) code.push(...this.#value(child.result), I32_EQ);
      else if (child.result === 0) code.push(I32_EQZ);
      code.push(IF, VOID);
      this.#node(child, depth + 1);
      code.push(END);
    }
    if (!isTruth || next.length < 2) this.#leave(node, depth);
  }

  /** Goes behind the steps, where all that is left of the trial is handed over. */
  #leave(node: TraceNode, depth: number): void {
    const index = this.nodes.push(node) - 1;
    this.code.push(...constant(index), LOCAL_SET, READ, BR, ...unsigned(depth));
  }

  /** Takes the step; what it gave is in `GAVE` afterwards, unless it gives nothing. `usual`: what its word is likely to hold. */
  #step(step: TracedStep, usual: number | undefined): Bytes {
    const { action, address, operand } = step;
    const { line, tag } = this.#place;
    const atomic = (code: number, ...operands: readonly Bytes[]): Bytes =>
      this.#atomic(address, code, operands);
    const modify = (code: Modification, by: number): Bytes => this.#modify(address, code, by, usual);
    const mask = 1 << operand;
    const checked = (code: Bytes): Bytes => this.#checked(step, code);
    const number = (code: Bytes): Bytes => join(checked(code), LOCAL_GET, READ, GIVE);
    const bit = (code: Bytes): Bytes => bitOf(operand, checked(code));
    // What it was before tells whether the object was still there.
    const exchange = (value: Bytes): Bytes =>
      this.#mayBeGone(address) ? checked(atomic(ATOMIC_EXCHANGE, value)) : atomic(ATOMIC_STORE, value);
    switch (action) {
      case 'operation':
        return join(constant(0), constant(operand), I32_STORE, wordAt(line + ACTOR_OPERATION));
      case 'recordOops':
        return join(atomic(ATOMIC_CMPXCHG, constant(0), this.#value(operand)), DROP);
      case 'writeGhost':
        return join(this.#base(address), this.#value(operand), I32_STORE, offset(address));
      case 'atomicRead':
      case 'readOnce':
        return number(atomic(ATOMIC_LOAD));
      case 'atomicSet':
      case 'writeOnce':
        return exchange(this.#value(operand));
      case 'atomicInc':
        return checked(modify(ATOMIC_ADD, 1));
      case 'atomicFetchInc':
        return number(modify(ATOMIC_ADD, 1));
      case 'atomicDec':
        return checked(modify(ATOMIC_ADD, -1));
      case 'atomicDecAndTest':
        return join(checked(modify(ATOMIC_ADD, -1)), LOCAL_GET, READ, constant(1), I32_EQ, GIVE);
      case 'atomicIncNotZero':
        return this.#incNotZero(step);
      case 'atomicCmpxchg':
        return number(atomic(ATOMIC_CMPXCHG, this.#value(operand), this.#value(step.replacement)));
      case 'testBit':
        return bit(atomic(ATOMIC_LOAD));
      case 'setBit':
        return checked(modify(ATOMIC_OR, mask));
      case 'clearBit':
        return checked(modify(ATOMIC_AND, ~mask));
      case 'testAndSetBit':
        return bit(modify(ATOMIC_OR, mask));
      case 'testAndClearBit':
        return bit(modify(ATOMIC_AND, ~mask));
      case 'spinLock': {
        const taken = atomic(ATOMIC_CMPXCHG, constant(0), constant(tag));
        return join(taken, IF, VOID, this.#perform(step), DROP, END);
      }
      case 'spinUnlock':
        return exchange(constant(0));
      case 'trylockPage': {
        const isTaken = join(modify(ATOMIC_OR, LOCKED), constant(LOCKED), I32_AND, I32_EQZ);
        const own = join(this.#base(address), constant(tag), I32_STORE, offset(address + PAGE_OWNER));
        return join(isTaken, LOCAL_TEE, GAVE, IF, VOID, own, END);
      }
      case 'unlockPage':
        return join(
          join(modify(ATOMIC_AND, ~LOCKED), constant(LOCKED), I32_AND, I32_EQZ),
          join(IF, VOID, LOCAL_GET, FS, CALL, FAULT, END),
        );
      case 'rcuReadLock':
      case 'rcuReadUnlock': {
        const sections = join(constant(0), I32_LOAD, wordAt(line + ACTOR_RCU));
        const next =
          action === 'rcuReadLock'
            ? join(sections, constant(1), I32_OR)
            : join(sections, constant(1), I32_ADD, constant(~1), I32_AND);
        return join(constant(0), next, ATOMIC, ATOMIC_STORE, wordAt(line + ACTOR_RCU));
      }
      case 'callRcuFree':
        return this.#callRcuFree(address);
      case 'lockPage':
      case 'waitOnPageLocked':
      case 'waitEvent':
      case 'cpuRelax':
      case 'kmemCacheZalloc':
      case 'kmemCacheFree':
        return join(this.#perform(step), GIVE);
    }
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

  /** As the slab of the memory does it: copies for readers, then the poison, two words at a time. */
  #callRcuFree(address: Portable): Bytes {
    const at = (field: number, code: number, ...operands: readonly Bytes[]): Bytes =>
      this.#atomic(address + field, code, operands);
    const pairs = Array.from({ length: POISONED_WORDS / 2 }, (_, pair) => 2 * pair);
    const load = (word: number): Bytes => join(this.#base(address), I64_LOAD, offset(address + word));
    const store = (word: number, value: Bytes): Bytes =>
      join(this.#base(address), value, I64_STORE, offset(address + word));
    const allocated = constant(SLAB_ALLOCATED);
    return join(
      join(at(EB_SLAB, ATOMIC_LOAD), allocated, I32_EQ, LOCAL_TEE, GAVE, IF, VOID),
      ...pairs.map((word) => store(EB_GRACE + word, load(word))),
      at(EB_SLAB, ATOMIC_CMPXCHG, allocated, constant(SLAB_RCU_DYING)),
      join(allocated, I32_EQ, LOCAL_TEE, GAVE, IF, VOID, ORDER),
      ...pairs.map((word) => store(word, longConstant(POISON, POISON))),
      at(EB_SLAB, ATOMIC_STORE, constant(SLAB_RCU_PENDING)),
      [END, END],
    );
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
    const access = constant(ACCESSES.findIndex((known) => known === action));
    const operands = join(this.#value(address), this.#value(operand), this.#value(replacement));
    return join(access, operands, LOCAL_GET, FS, CALL, GONE);
  }

  /** Has the memory make the access; pushes what it gives. */
  #perform({ action, address, operand, replacement }: TracedStep): Bytes {
    const place = join(constant(ACCESSES.findIndex((access) => access === action)), this.#value(address));
    return join(place, this.#value(operand), this.#value(replacement), CALL, PERFORM);
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
  #value(value: Portable): Bytes {
    return isRelative(value) ? join(LOCAL_GET, FS, constant(offsetOf(value)), I32_ADD) : constant(value);
  }

  /** Pushes what the offset of an address counts from. */
  #base(address: Portable): Bytes {
    return isRelative(address) ? [LOCAL_GET, BASE] : constant(0);
  }
}

function modified(code: Modification, value: number, by: number): number {
  switch (code) {
    case ATOMIC_ADD:
      return (value + by) | 0;
    case ATOMIC_AND:
      return value & by;
    case ATOMIC_OR:
      return value | by;
  }
}

/** The step gives a bit of what `code` leaves in `READ`. */
function bitOf(index: number, code: Bytes): Bytes {
  return join(code, LOCAL_GET, READ, constant(index), I32_SHR_U, constant(1), I32_AND, GIVE);
}

/** The operand of a memory instruction on an address, behind its base. */
function offset(address: Portable): Bytes {
  return wordAt(isRelative(address) ? offsetOf(address) : address);
}

function givesNothing({ action }: TracedStep): boolean {
  return !isAccess(action) || accessKinds[action].gives === 'nothing';
}

function isTruthOf({ action }: TracedStep): boolean {
  return isAccess(action) && accessKinds[action].gives === 'truth';
}

function isAccess(action: Action): action is Access {
  return action in accessKinds;
}
