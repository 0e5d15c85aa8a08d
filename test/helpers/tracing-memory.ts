import { type Access, accessKinds } from '../../src/memory/access.ts';
import { perform } from '../../src/memory/perform.ts';
import { atomicsMemory } from '../../src/memory/atomics-memory.ts';
import type { ActorMemory } from '../../src/memory/actor-memory.ts';
import { ACTOR_RCU, actorLine } from '../../src/memory/control.ts';
import { InterceptingMemory } from '../../src/memory/intercepting-memory.ts';
import { bufferAt, EB_SLAB } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  type Address,
  type FsInfo,
  PAGE_FLAGS,
  SLAB_FREE,
  SLAB_RCU_PENDING,
} from '../../src/memory/layout.ts';
import type { WordNames } from './word-names.ts';

/** One call of a memory method: what it is called in a trace, what it does, and when it would have to wait. */
export interface Step<Result> {
  readonly name: string;
  readonly take: () => Result;
  /** How the result reads behind the name; nothing if it has none. */
  readonly show?: (result: Result) => string;
  readonly isBlocked?: () => boolean;
}

/**
 * `AtomicsMemory` of one actor, every step of which leaves a line in `trace`. It never waits: a step that would is
 * first announced to `onBlocked`, which may act for other actors, and throws if that did not help. A test on one
 * thread ends with the name of the lock instead of hanging.
 */
export class TracingMemory extends InterceptingMemory {
  /** The steps taken, oldest first. */
  readonly trace: string[] = [];
  /** Acts for the other actors when a step cannot be taken yet. */
  onBlocked: (step: string) => void = () => {};
  protected readonly names: WordNames;
  readonly #place: ActorMemory;
  /** All words at the moment when a retry loop began to wait for somebody to change one. */
  #relaxedAt: Int32Array | undefined;

  constructor(place: ActorMemory, names: WordNames) {
    super(atomicsMemory(place));
    this.below.onFault = (fault) => this.onFault(fault);
    this.names = names;
    this.#place = place;
  }

  protected override take(access: Access, address: Address, operand: number, replacement: number): number {
    const { gives } = accessKinds[access];
    const show = (result: number): string => this.#shown(access, address, result);
    return this.step({
      name: this.#nameOf(access, address, operand, replacement),
      take: () => {
        if (access !== 'cpuRelax') return perform(this.below, access, address, operand, replacement);
        // Who waits for a change here waits in `isBlocked`.
        this.#relaxedAt = undefined;
        return 0;
      },
      ...(gives !== 'nothing' && { show }),
      isBlocked: () => this.#isBlocked(access, address, operand),
    });
  }

  #nameOf(access: Access, address: Address, operand: number, replacement: number): string {
    const { names } = this;
    const { kernel, target, operands, holds, isReadModifyWrite, maySleep, writes } = accessKinds[access];
    switch (target) {
      case 'none':
      case 'section':
        return kernel;
      case 'rwsem':
        return `${kernel} ${names.word(address)}`;
      case 'spin-lock':
        return `${holds === 'from-here' ? 'L' : 'U'}(${names.word(address)})`;
      case 'page-lock':
        return `${kernel.replace(/_(?:on_)?page(?:_locked)?$/, '')} ${names.structure(address)}`;
      case 'slab':
        return 'slab alloc';
      case 'object':
        return `${kernel.replace('kmem_cache_', 'slab ')} ${names.structure(address)}`;
      case 'word': {
        const word = operands === 'bit' ? names.bit(operand, address) : names.word(address);
        const exchange = operands === 'exchange' ? ` ${operand} to ${replacement}` : '';
        if (isReadModifyWrite) return `rmw ${kernel.replace(/^atomic_|_bit$/, '')} ${word}${exchange}`;
        if (maySleep) return operands === 'bit' ? `${kernel} ${word}` : `${kernel} ${word} != ${operand}`;
        return writes === 'never' ? `r ${word}` : `w ${word} = ${names.value(address, operand)}`;
      }
    }
  }

  #shown(access: Access, address: Address, result: number): string {
    const { gives, isReadModifyWrite, maySleep } = accessKinds[access];
    if (gives === 'truth') return String(result !== 0);
    if (gives === 'object') return this.names.structure(result);
    return isReadModifyWrite || maySleep ? String(result) : this.names.value(address, result);
  }

  #isBlocked(access: Access, address: Address, operand: number): boolean {
    const { target, isReady } = accessKinds[access];
    if (target === 'none') return access === 'cpuRelax' && this.#hasNothingChanged();
    if (target === 'slab') return !this.#hasFreeBuffer(address);
    if (isReady === undefined) return false;
    const word = target === 'page-lock' ? address + PAGE_FLAGS : address;
    return !isReady(this.#place.words[word] ?? 0, operand);
  }

  protected step<Result>(step: Step<Result>): Result {
    if (step.isBlocked?.() === true) {
      this.onBlocked(step.name);
      if (step.isBlocked()) throw new Error(`'${step.name}' would wait for ever`);
    }
    const result = step.take();
    this.leave(step, result);
    return result;
  }

  /** Writes a step's line. */
  protected leave<Result>(step: Step<Result>, result: Result): void {
    this.trace.push(step.show === undefined ? step.name : `${step.name} -> ${step.show(result)}`);
  }

  #hasFreeBuffer(fs: Address): boolean {
    const { words, geometry, actorBase, actorCount } = this.#place;
    const isReading = Array.from({ length: actorCount }, (_, actor) => actorLine(actorBase, actor)).some(
      (line) => ((words[line + ACTOR_RCU] ?? 0) & 1) !== 0,
    );
    return Array.from({ length: geometry.buffers }, (_, index) =>
      bufferAt(fs as FsInfo, geometry, index),
    ).some((eb) => {
      const state = words[eb + EB_SLAB];
      return state === SLAB_FREE || (state === SLAB_RCU_PENDING && !isReading);
    });
  }

  #hasNothingChanged(): boolean {
    const { words } = this.#place;
    const before = this.#relaxedAt;
    this.#relaxedAt ??= words.slice();
    return before === undefined || before.every((word, address) => word === words[address]);
  }
}
