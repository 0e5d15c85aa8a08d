import { type Address, type FsInfo, type Geometry, NULL } from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import { type Access, accessKinds, mayHaveWritten } from '../../memory/access.ts';
import { perform } from '../../memory/perform.ts';
import { InterceptingMemory } from '../../memory/intercepting-memory.ts';
import type { Mutation } from './mutation.ts';
import { leavesLoad, weakerOf } from './mutation-change.ts';
import {
  fieldKey,
  namingOf,
  NO_FIELD,
  stepFields,
  structureAt,
  structureCount,
  wordKeys,
} from './step-field.ts';

/** What a mutation needs to know of the world. */
interface Surroundings {
  readonly geometry: Geometry;
  /** Called where the changed step is come to. */
  readonly onChange: () => void;
}

/**
 * The memory that a mutated function runs on, for as long as it runs itself: calls that it makes run on `callee`. All
 * that it remembers belongs to one call of the function and follows from what that call has seen, so that the explore
 * engine can repeat the call from its beginning.
 */
export class MutatingMemory extends InterceptingMemory {
  /** The memory of the functions that the mutated one calls. */
  readonly callee: SharedMemory;
  readonly #access: Access;
  readonly #change: Mutation['change'];
  readonly #value: number;
  readonly #field: number;
  readonly #naming: ReturnType<typeof namingOf>;
  readonly #occurrence: number;
  readonly #words: Int32Array;
  readonly #onChange: () => void;
  /** How often the step was met in this call, by structure. */
  readonly #met: Int32Array;
  #fs: FsInfo = NULL;
  /** The step that is held back until what follows it has happened. */
  #isPending = false;
  #pendingAddress: Address = 0;
  #pendingOperand = 0;
  #pendingReplacement = 0;
  /** The lock that was not taken and must not be given back, or 0. */
  #skipped: Address = 0;

  constructor(below: SharedMemory, { step, change }: Mutation, { geometry, onChange }: Surroundings) {
    super(below);
    this.#access = step.access;
    this.#change = change;
    this.#value = change === 'true' ? 1 : Number(/^as-(\d+)$/.exec(change)?.[1] ?? 0);
    this.#field = stepFields(geometry.structures).keyOf(step.field) ?? NO_FIELD;
    this.#naming = namingOf(step.access);
    this.#occurrence = step.occurrence;
    this.#words = wordKeys(geometry);
    this.#onChange = onChange;
    this.#met = new Int32Array(structureCount(geometry));
    this.callee = change === 'unlocked' ? new CalleeMemory(below, this) : below;
  }

  /** The mutated function is entered in the world at `fs`. */
  begin(fs: FsInfo): void {
    this.#fs = fs;
    this.#met.fill(0);
    this.#isPending = false;
    this.#skipped = 0;
  }

  /** What follows the step has happened, or nothing follows it: it is made up for. */
  flush(): void {
    if (!this.#isPending) return;
    this.#isPending = false;
    perform(this.below, this.#access, this.#pendingAddress, this.#pendingOperand, this.#pendingReplacement);
  }

  /** Whether this unlock belongs to the lock that was not taken: once. */
  skips(access: Access, address: Address): boolean {
    if (this.#skipped === 0 || address !== this.#skipped) return false;
    // Taken properly after all, elsewhere: from here on it is to be given back. Whoever tries may go without.
    const { holds, gives } = accessKinds[access];
    if (holds === 'from-here' && gives === 'nothing') this.#skipped = 0;
    if (holds !== 'no-more') return false;
    this.#skipped = 0;
    return true;
  }

  protected take(access: Access, address: Address, operand: number, replacement: number): number {
    const wasPending = this.#isPending;
    let result = 0;
    if (access === this.#access && this.#isStep(address, operand)) {
      result = this.#changed(address, operand, replacement);
    } else if (!this.skips(access, address)) {
      result = perform(this.below, access, address, operand, replacement);
    }
    if (wasPending) this.flush();
    return result;
  }

  #isStep(address: Address, operand: number): boolean {
    const hasPlace = this.#field !== NO_FIELD;
    const offset = hasPlace ? address - this.#fs : 0;
    if (hasPlace && fieldKey(this.#naming, offset, operand, this.#words) !== this.#field) return false;
    const structure = structureAt(offset);
    const met = (this.#met[structure] ?? 0) + 1;
    this.#met[structure] = met;
    return met === this.#occurrence;
  }

  #changed(address: Address, operand: number, replacement: number): number {
    this.#onChange();
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all given answers
    switch (this.#change) {
      case 'drop':
        return leavesLoad(this.#access) ? this.below.atomicRead(address) : 0;
      case 'split':
        return this.#split(address, operand, replacement);
      case 'later':
        // Two in a row, as in a loop: the second changes places with the first.
        if (this.#isPending) return perform(this.below, this.#access, address, operand, replacement);
        this.#isPending = true;
        this.#pendingAddress = address;
        this.#pendingOperand = operand;
        this.#pendingReplacement = replacement;
        return 0;
      case 'unlocked':
        this.#skipped = address;
        return accessKinds[this.#access].gives === 'truth' ? 1 : 0;
      case 'relaxed':
        return perform(this.below, weakerOf(this.#access) ?? this.#access, address, operand, replacement);
      case 'true':
        return accessKinds[this.#access].writes === 'if-expected' ? operand : this.#value;
      default:
        return this.#value;
    }
  }

  /** A read-modify-write as a load and a store. */
  #split(address: Address, operand: number, replacement: number): number {
    const memory = this.below;
    const { target, operands, leaves, answer } = accessKinds[this.#access];
    if (target === 'page-lock') {
      // Only the lock's bit is looked at and set: others may change the rest of the flags.
      if (memory.testBit(PG_LOCKED, address)) return 0;
      memory.setBit(PG_LOCKED, address);
      return 1;
    }
    const isOfBit = operands === 'bit';
    const old = isOfBit ? memory.readOnce(address) : memory.atomicRead(address);
    const result = answer === undefined ? 0 : answer(old, operand, replacement);
    if (!mayHaveWritten(this.#access, operand, result) && !isOfBit) return result;
    const left = leaves === undefined ? old : leaves(old, operand, replacement);
    if (isOfBit) memory.writeOnce(address, left);
    else memory.atomicSet(address, left);
    return result;
  }
}

/** The memory below a mutated function that has not taken a lock: it may be for its callee to give the lock back. */
class CalleeMemory extends InterceptingMemory {
  readonly #caller: MutatingMemory;

  constructor(below: SharedMemory, caller: MutatingMemory) {
    super(below);
    this.#caller = caller;
  }

  protected take(access: Access, address: Address, operand: number, replacement: number): number {
    if (this.#caller.skips(access, address)) return 0;
    return perform(this.below, access, address, operand, replacement);
  }
}
