import { type Access, accessKinds } from '../../memory/access.ts';
import type { CheckedMemory } from '../../memory/checked-memory.ts';
import { type Address, FS_OOPS, type FsInfo, PAGE_FLAGS } from '../../memory/layout.ts';
import type { LockNesting, LockTaking } from '../../memory/lock-order.ts';
import { type HeldLock, LOCK_ACCESSES, type LockRules, type LockStep } from '../../memory/lock-rules.ts';

/** What a watch needs. */
export interface LockWatchParts {
  readonly words: Int32Array;
  readonly rules: LockRules;
  /** The actor, as people read it. */
  readonly actor: string;
}

/**
 * Which locks an actor takes while it holds others, in trials whose steps are put down. Behind a violation nothing counts: an actor
 * may go on without the lock that it waited for.
 */
export class LockWatch {
  readonly nestings: LockNesting[] = [];
  /** Kernel names of the functions that are open. */
  openFunctions: () => readonly string[] = () => [];
  readonly #parts: LockWatchParts;
  /** By the kind that is held: the kinds that are known to be taken. */
  readonly #known = new Map<string, Set<string>>();
  #fs: Address = 0;
  #held: readonly HeldLock<readonly string[]>[] = [];

  constructor(parts: LockWatchParts) {
    this.#parts = parts;
  }

  /** A trial begins in the world at `fs`. */
  enter(fs: FsInfo): void {
    this.#fs = fs;
    this.#held = [];
  }

  /** The access with these arguments, as locks have it. */
  stepOf(access: Access, address: Address, operand: number): LockStep {
    const within = accessKinds[access].target === 'page-lock' ? PAGE_FLAGS : 0;
    return { access, address: address - this.#fs + within, operand };
  }

  /** The actor is in front of a step. */
  before(step: LockStep): void {
    for (const held of this.#parts.rules.heldAround(this.#held, step)) this.#note(held, step);
  }

  /** The step has given this. */
  after(step: LockStep, result: number): void {
    this.#held = this.#parts.rules.heldAfter(this.#held, step, result, this.openFunctions());
  }

  #note(before: HeldLock<readonly string[]>, { access, address }: LockStep): void {
    const { rules, words, actor } = this.#parts;
    const lock = rules.kindAt(before.lock);
    const next = rules.kindAt(address);
    if (lock === undefined || next === undefined) return;
    const known = this.#known.get(lock) ?? new Set<string>();
    if (known.has(next) || words[this.#fs + FS_OOPS] !== 0) return;
    this.#known.set(lock, known.add(next));
    const held = takingOf(lock, before.access, before.where);
    this.nestings.push({ actor, held, taken: takingOf(next, access, this.openFunctions()) });
  }
}

function takingOf(lock: string, access: Access, functions: readonly string[]): LockTaking {
  return { lock, operation: accessKinds[access].kernel, functions };
}

type Method = (this: CheckedMemory, one: number, two: number, three: number) => unknown;

/** The class of a memory that shows a watch all that concerns locks. */
export function watchedMemoryClass(Base: new () => CheckedMemory, watch: LockWatch): new () => CheckedMemory {
  return class Watched extends Base {
    static {
      for (const access of LOCK_ACCESSES) {
        const made: Method = Base.prototype[access];
        const value = function watching(this: Watched, one: number, two: number, three: number): unknown {
          const step = watch.stepOf(access, one, two);
          watch.before(step);
          const result = made.call(this, one, two, three);
          watch.after(step, Number(result ?? 0));
          return result;
        };
        Object.defineProperty(this.prototype, access, { value, configurable: true, writable: true });
      }
    }

    override enter(fs: FsInfo): void {
      super.enter(fs);
      watch.enter(fs);
    }
  };
}
