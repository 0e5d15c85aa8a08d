import { type Access, perform } from '../../fix/mutation/access.ts';
import { InterceptingMemory } from '../../fix/mutation/intercepting-memory.ts';
import type { Address } from '../../memory/layout.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import type { Action, Portable, Porter, TracedStep } from './trace.ts';

/** More steps than any way through a program that code is made of: whoever takes more goes round in a loop. */
const STEPS_MAX = 1_000;

/** Thrown through the model behind the last step that is given in a trial that is repeated. */
export const REPEATED: Error = new Error('the rest of a trial is not repeated');

/**
 * Memory that puts down what is done through it. A trial that compiled code has begun is gone on with: the results of the steps
 * that have been taken are given again, and nothing is done for them.
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

  /** `peek` looks at a word, which is no step. */
  constructor(below: SharedMemory, porter: Porter, peek: (address: Address) => number) {
    super(below);
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
  }

  /** Whether all of the trial has been put down. */
  get isWhole(): boolean {
    return this.#count === this.steps.length;
  }

  /** A step of the memory below has met the slab's poison. */
  found(): void {
    const wasTaking = this.#isTaking;
    this.#isTaking = true;
    this.onPoison();
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
    const porter = this.#porter;
    const index = this.#put(access, address, operand, replacement);
    const given = this.#given[index];
    if (given !== undefined) {
      this.#gave(given, undefined);
      return porter.local(given);
    }
    if (this.#isRepeated) throw REPEATED;
    const held = this.#peek(address);
    this.#isTaking = true;
    const result = perform(this.below, access, address, operand, replacement);
    this.#isTaking = false;
    this.#gave(porter.valueAt(address, result), held);
    return result;
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
