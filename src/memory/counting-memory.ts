import { type Access, accessKinds } from './access.ts';
import { perform } from './perform.ts';
import { InterceptingMemory } from './intercepting-memory.ts';
import type { Address } from './layout.ts';
import type { SharedMemory } from './shared-memory.ts';

/** What the steps of an operation were. */
export interface StepCounts {
  /** Spin locks, read-write locks and page locks taken, or tried for. */
  locks: number;
  /** Atomic read-modify-writes besides those of locks: reference counts and bits. */
  atomics: number;
  /** Steps of every kind, the above among them. */
  steps: number;
}

/** A memory that counts the steps that are taken through it. */
export class CountingMemory extends InterceptingMemory {
  readonly counts: StepCounts = { locks: 0, atomics: 0, steps: 0 };

  constructor(below: SharedMemory) {
    super(below);
    below.onFault = (fault) => {
      this.onFault(fault);
    };
  }

  protected override take(access: Access, address: Address, operand: number, replacement: number): number {
    const { target, holds, isReadModifyWrite } = accessKinds[access];
    this.counts.steps++;
    if (holds === 'from-here' && target !== 'section') this.counts.locks++;
    else if (isReadModifyWrite) this.counts.atomics++;
    return perform(this.below, access, address, operand, replacement);
  }
}
