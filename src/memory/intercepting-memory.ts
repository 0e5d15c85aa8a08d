import { type Access, accessKinds, accessNames } from './access.ts';
import type { FaultNumber } from './fault.ts';
import type { Address } from './layout.ts';
import type { SharedMemory } from './shared-memory.ts';

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the class makes a method of every row of the table
export interface InterceptingMemory extends SharedMemory {}

/**
 * Memory that hands every access to `take`, which decides what becomes of it. Ghosts and violations are no accesses:
 * they go to the memory below as they are.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- see above
export abstract class InterceptingMemory {
  static {
    for (const access of accessNames) {
      const value = this.#method(access);
      Object.defineProperty(this.prototype, access, { value, configurable: true, writable: true });
    }
  }

  onFault: (fault: FaultNumber) => void = () => {};
  protected readonly below: SharedMemory;

  constructor(below: SharedMemory) {
    this.below = below;
  }

  /** The method of an access: gives `take` what it is called with, in the order in which that takes it. */
  static #method(access: Access): (one: number, two: number, three: number) => unknown {
    const { target, operands, gives } = accessKinds[access];
    const hasAddress = target !== 'none' && target !== 'section';
    const taken = (memory: InterceptingMemory, one: number, two: number, three: number): number => {
      switch (operands) {
        case 'none':
          return memory.take(access, hasAddress ? one : 0, 0, 0);
        case 'bit':
          return memory.take(access, two, one, 0);
        case 'value':
          return memory.take(access, one, two, 0);
        case 'exchange':
          return memory.take(access, one, two, three);
      }
    };
    return function intercepted(this: InterceptingMemory, one, two, three) {
      const result = taken(this, one, two, three);
      if (gives === 'nothing') return undefined;
      return gives === 'truth' ? result !== 0 : result;
    };
  }

  /** Makes the access, another, or none; returns what the caller is to see, truths as 0 and 1. */
  protected abstract take(access: Access, address: Address, operand: number, replacement: number): number;

  writeGhost(address: Address, value: number): void {
    this.below.writeGhost(address, value);
  }

  recordOops(oops: Address, check: number): void {
    this.below.recordOops(oops, check);
  }
}
