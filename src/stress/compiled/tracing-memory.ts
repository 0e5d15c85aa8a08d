import { type Access, accessKinds } from '../../memory/access.ts';
import { perform } from '../../memory/perform.ts';
import { argumentObjection } from '../../memory/argument-objection.ts';
import { InterceptingMemory } from '../../memory/intercepting-memory.ts';
import { Conduct, faultAtEnd, type Held, heldAfter, HOLDS_NOTHING } from '../../memory/conduct.ts';
import { Fault, type FaultNumber } from '../../memory/fault.ts';
import {
  type Address,
  OBJECT_SLAB,
  type Geometry,
  SLAB_ALLOCATED,
  SLAB_RCU_DYING,
  SLAB_RCU_PENDING,
  objectAt,
} from '../../memory/layout.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import type { Action, Portable, Porter, TracedStep } from './trace.ts';

/** More steps than any way through a program that code is made of: whoever takes more goes round in a loop. */
const STEPS_MAX = 1_000;

/** Thrown through the model behind the last step that is given in a trial that is repeated. */
export const REPEATED: Error = new Error('the rest of a trial is not repeated');

/**
 * Memory that puts down what is done through it. A trial that compiled code has begun is gone on with: the results of the steps
 * that have been taken are given again, and nothing is done for them.
 *
 * What an actor does against the rules of locks and places is known of it alone, so that it belongs to the trace: code made of it
 * reports it where it happens, at no cost to trials that keep the rules. Whether an object is still there is looked up before
 * each access, which is done in traced trials only; all others know a freed object by its poison.
 */
export class TracingMemory extends InterceptingMemory {
  readonly steps: TracedStep[] = [];
  /** What each of the steps gave, 0 for those that give nothing. */
  readonly results: Portable[] = [];
  /** What the word of each step held just before it; undefined where the step was not taken here. */
  readonly held: (number | undefined)[] = [];
  readonly #porter: Porter;
  readonly #peek: (address: Address) => number;
  #given: readonly Portable[] = [];
  /** Whether the trial has been played already: behind what is given nothing is done. */
  #isRepeated = false;
  /** Steps of the trial, those that are not put down any more among them. */
  #count = 0;
  /** Whether the memory below is taking a step: what it finds on the way is part of that step. */
  #isTaking = false;
  readonly #conduct: Conduct;
  readonly #buffers: number;
  readonly #geometry: Geometry;
  #holds: Held = HOLDS_NOTHING;
  /** The buffers that waited for RCU already when the actor entered its read section, a bit each. */
  #goneBefore = 0;

  /** `peek` looks at a word, which is no step. */
  constructor(
    below: SharedMemory,
    {
      porter,
      geometry,
      peek,
    }: {
      readonly porter: Porter;
      readonly geometry: Geometry;
      readonly peek: (address: Address) => number;
    },
  ) {
    super(below);
    this.#geometry = geometry;
    this.#conduct = new Conduct(geometry);
    this.#buffers = geometry.buffers;
    this.#porter = porter;
    this.#peek = peek;
  }

  /** A trial begins, in the porter's world; its first steps have given these results. One that is repeated has no others. */
  begin(given: readonly Portable[], isRepeated = false): void {
    this.#isRepeated = isRepeated;
    this.steps.length = 0;
    this.results.length = 0;
    this.held.length = 0;
    this.#given = given;
    this.#count = 0;
    this.#holds = HOLDS_NOTHING;
    this.#goneBefore = 0;
  }

  /** Whether all of the trial has been put down. */
  get isWhole(): boolean {
    return this.#count === this.steps.length;
  }

  /** The actor's program has ended. */
  end(): void {
    const fault = faultAtEnd(this.#holds);
    if (fault !== 0) this.onFault(fault);
    while (this.#holds.rcuDepth > 0) this.rcuReadUnlock();
  }

  /** A step of the memory below has found something wrong: no trace will tell. */
  found(fault: FaultNumber): void {
    const wasTaking = this.#isTaking;
    this.#isTaking = true;
    this.onFault(fault);
    this.#isTaking = wasTaking;
  }

  /** The actor comes to an operation of its program. Returns whether that is new. */
  operation(index: number): boolean {
    return this.#isNew('operation', 0, index, 0);
  }

  override writeGhost(address: Address, value: number): void {
    if (this.#isNew('writeGhost', address, value, 0)) super.writeGhost(address, value);
  }

  override recordOops(oops: Address, check: number): void {
    if (this.#isTaking || this.#isNew('recordOops', oops, check, 0)) super.recordOops(oops, check);
  }

  protected override take(access: Access, address: Address, operand: number, replacement: number): number {
    const { kernel, operands } = accessKinds[access];
    const objection = argumentObjection(kernel, operands === 'bit', address, operand, replacement);
    if (objection !== undefined) throw new RangeError(objection);
    const porter = this.#porter;
    const place = address - porter.fs;
    const fault = this.#conduct.faultOf(access, place, this.#holds);
    if (fault !== 0) this.onFault(fault);
    // Of what makes no sense, nothing is done.
    if (fault === Fault.WildAccess || fault === Fault.BadUnlock || fault === Fault.RcuImbalance) return 0;
    const before = this.#holds;
    const { rcuDepth } = before;
    this.#holds = heldAfter(before, access, place, 1);
    // The memory below knows the outermost section only.
    if (rcuDepth + this.#holds.rcuDepth > 1 && rcuDepth !== this.#holds.rcuDepth) return 0;
    const index = this.#put(access, address, operand, replacement);
    const given = this.#given[index];
    if (given !== undefined) {
      this.#holds = heldAfter(before, access, place, given);
      this.#gave(given, undefined);
      return porter.local(given);
    }
    if (this.#isRepeated) throw REPEATED;
    if (rcuDepth < this.#holds.rcuDepth) this.#goneBefore = this.#gone();
    this.#lookAt(this.#conduct.bufferOf(access, place), rcuDepth > 0);
    const held = this.#peek(address);
    this.#isTaking = true;
    const result = perform(this.below, access, address, operand, replacement);
    this.#isTaking = false;
    this.#holds = heldAfter(before, access, place, result);
    this.#gave(porter.valueAt(address, result), held);
    return result;
  }

  /** Whether the object is still there for the actor. Looked up before the access: if it is not, it was freed before. */
  #lookAt(buffer: number, isInRcu: boolean): void {
    if (buffer < 0) return;
    const isThere = this.#slabOf(buffer) === SLAB_ALLOCATED;
    if (!isThere && (!isInRcu || (this.#goneBefore & (1 << buffer)) !== 0)) this.found(Fault.UseAfterFree);
  }

  /** What waits for RCU cannot be given out while a reader is inside; whatever else is free may come and go meanwhile. */
  #gone(): number {
    let gone = 0;
    for (let buffer = 0; buffer < this.#buffers; buffer++) {
      const state = this.#slabOf(buffer);
      if (state === SLAB_RCU_PENDING || state === SLAB_RCU_DYING) gone |= 1 << buffer;
    }
    return gone;
  }

  #slabOf(buffer: number): number {
    return this.#peek(objectAt(this.#porter.fs, this.#geometry, buffer) + OBJECT_SLAB);
  }

  /** Puts down what gives nothing. Returns whether it is yet to be done. */
  #isNew(action: Action, address: Address, operand: number, replacement: number): boolean {
    const index = this.#put(action, address, operand, replacement);
    this.#gave(0, undefined);
    if (this.#isRepeated && index >= this.#given.length) throw REPEATED;
    return index >= this.#given.length;
  }

  #put(action: Action, address: Address, operand: number, replacement: number): number {
    const porter = this.#porter;
    if (this.steps.length < STEPS_MAX) {
      this.steps.push({
        action,
        address: porter.address(address),
        operand: porter.valueAt(address, operand),
        replacement: porter.valueAt(address, replacement),
      });
    }
    return this.#count++;
  }

  #gave(result: Portable, held: number | undefined): void {
    if (this.results.length === STEPS_MAX) return;
    this.results.push(result);
    this.held.push(held);
  }
}
