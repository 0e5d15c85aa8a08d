import { accessKinds, type Access } from '../../src/memory/access.ts';
import { type Address, FS_OOPS } from '../../src/memory/layout.ts';
import { type Method, partsOfFunctions } from '../../src/fix/mutation/method-hooks.ts';
import { INVARIANTS_OF_ALL } from '../../src/model/invariant.ts';
import type { BlockLayer } from '../../src/model/block-layer.ts';
import {
  type ExtentBuffer,
  type ExtentBufferClass,
  extentBufferOf,
} from '../../src/subject/extent-buffer/v7.3/extent-buffer.ts';
import { invariants } from '../../src/subject/extent-buffer/v7.3/invariants.ts';
import { type KernelName, kernels } from '../../src/subject/extent-buffer/v7.3/kernel.ts';
import {
  type BufferAtStart,
  type Reset,
  withBuffer,
} from '../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import { structures } from '../../src/subject/extent-buffer/v7.3/structures.ts';
import type { TodayStrategy } from '../../src/subject/extent-buffer/v7.3/strategy.ts';
import { TestWorld } from './test-world.ts';
import { TracingMemory } from './tracing-memory.ts';

/** What a world of today's kernels is made from. */
export interface TodayWorldOptions {
  readonly kernel: KernelName;
  /** A buffer that stands in the tree, or what else a trial starts with. */
  readonly start: BufferAtStart | Reset;
  /** @default 1 */
  readonly pages?: number;
}

/** Lists steps as a table of the specification has them: the kind of each access and its field, whatever it gives. */
class ListingMemory extends TracingMemory {
  readonly steps: string[] = [];
  /** Acts for others in front of a step. */
  before: (step: string) => void = () => {};

  protected override take(access: Access, address: Address, operand: number, replacement: number): number {
    const step = this.#text(access, address, operand);
    this.before(step);
    // A step that waits is announced, and so comes into the list behind what others do for it.
    const result = super.take(access, address, operand, replacement);
    this.steps.push(step);
    return result;
  }

  #text(access: Access, address: Address, operand: number): string {
    const { kernel, target, operands } = accessKinds[access];
    switch (target) {
      case 'none':
      case 'section':
      case 'slab':
        return kernel;
      case 'page-lock':
      case 'object':
        return `${kernel} ${this.names.structure(address)}`;
      case 'spin-lock':
      case 'rwsem':
        return `${kernel} ${this.names.word(address)}`;
      case 'word':
        return `${kernel} ${operands === 'bit' ? this.names.bit(operand, address) : this.names.word(address)}`;
    }
  }
}

/** How an operation is watched. */
export interface Watched {
  /** Acts for others in front of a step. */
  readonly before?: ((step: string) => void) | undefined;
  /** Acts for others where a step would wait. */
  readonly onBlocked?: ((step: string) => void) | undefined;
  readonly strategy?: TodayStrategy | undefined;
}

/** What an operation has done alone. */
export interface Watching {
  /** Its steps, a line each. */
  readonly steps: readonly string[];
  /** Names of the methods of the model that were called. */
  readonly called: ReadonlySet<string>;
}

/** A world of today's kernels. */
export class TodayWorld extends TestWorld {
  readonly kernel: KernelName;

  constructor({ kernel, start, pages = 1 }: TodayWorldOptions) {
    super({ pages, structures });
    this.kernel = kernel;
    const reset = typeof start === 'function' ? start : withBuffer(kernels[kernel], start);
    reset(this.words, this.geometry, this.fs);
  }

  /** Plays an operation. */
  watch(
    play: (model: ExtentBuffer) => void,
    { before, onBlocked, strategy }: Watched = {},
    Base: ExtentBufferClass = extentBufferOf(this.kernel),
  ): Watching {
    const memory = new ListingMemory(this.place(), this.names);
    if (before !== undefined) memory.before = before;
    if (onBlocked !== undefined) memory.onBlocked = onBlocked;
    const blockLayer: BlockLayer = {
      submit: (_fs, eb) => {
        memory.steps.push(`submit ${this.names.structure(eb)}`);
      },
      setupFails: () => false,
    };
    const Model = strategy === undefined ? Base : strategy.extend(Base);
    const model = new Model({ memory, geometry: this.geometry, blockLayer });
    model.fsInfo = this.fs;
    const called = watchCalls(model, partsOfFunctions(Model));
    play(model);
    return { steps: memory.steps, called };
  }

  /** The id of the invariant that a step has broken, or 'none'. */
  get broken(): string {
    const check = this.words[this.fs + FS_OOPS] ?? 0;
    return check === 0 ? 'none' : idOf(check);
  }
}

/** Notes which methods of a model are called. */
function watchCalls(
  model: ExtentBuffer,
  methods: ReadonlyMap<string, { readonly method: Method }>,
): ReadonlySet<string> {
  const called = new Set<string>();
  for (const [name, { method }] of methods) {
    const value = (...args: readonly unknown[]): unknown => {
      called.add(name);
      return Reflect.apply(method, model, args);
    };
    Object.defineProperty(model, name, { value });
  }
  return called;
}

function idOf(check: number): string {
  const found = [...INVARIANTS_OF_ALL, ...invariants].find((each) => each.check === check);
  return found?.id ?? `unknown check ${check}`;
}
