import type { Address, Geometry } from '../../memory/layout.ts';
import { LINE_WORDS } from '../../memory/layout.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import type { Model, ModelParts } from '../../model/model.ts';
import type { Access } from '../../memory/access.ts';
import { accessNumbers } from '../../memory/access-numbers.ts';
import { perform } from '../../memory/perform.ts';
import { InterceptingMemory } from '../../memory/intercepting-memory.ts';
import { defineMethod, kernelMethods, type Method } from './method-hooks.ts';
import { kernelName, type MutationStep } from './mutation.ts';
import {
  fieldKey,
  namingOf,
  NO_FIELD,
  type StepFields,
  stepFields,
  structureAt,
  wordKeys,
} from './step-field.ts';
import type { ModelClass, Strategy } from '../strategy.ts';

/** A step that some actor has come to. */
export interface RecordedStep {
  /** Kernel names of the functions that were open, outermost first; the last one makes the access. */
  readonly chain: readonly string[];
  readonly step: Omit<MutationStep, 'function' | 'within'>;
  /** Whether something follows it in its function, an access or a call. */
  hasNext: boolean;
  /** The small numbers that it gave, or ever stood at. */
  readonly values: Set<number>;
}

/** Every step that was come to, and every check that was made, in the order of first arrival. */
export class StepLog {
  /** The numbers of the checks that a BUG_ON or WARN_ON made. */
  readonly checks: Set<number> = new Set<number>();
  /** Where no function is open. */
  readonly outside: CallPath;
  readonly #steps: RecordedStep[] = [];

  constructor() {
    this.outside = new CallPath([], this.#steps);
  }

  get steps(): readonly RecordedStep[] {
    return this.#steps;
  }
}

/** A function, called by such and such functions: what was come to in it. */
class CallPath {
  /** Kernel names of the functions that are open, outermost first. */
  readonly chain: readonly string[];
  readonly #all: RecordedStep[];
  readonly #callees = new Map<string, CallPath>();
  readonly #steps = new Map<number, RecordedStep>();

  constructor(chain: readonly string[], all: RecordedStep[]) {
    this.chain = chain;
    this.#all = all;
  }

  /** Of a call that is made here. */
  callee(name: string): CallPath {
    const known = this.#callees.get(name);
    if (known !== undefined) return known;
    const path = new CallPath([...this.chain, name], this.#all);
    this.#callees.set(name, path);
    return path;
  }

  /** The entry of a step; `field` is its key. */
  step(access: Access, field: number, occurrence: number, { nameOf }: StepFields): RecordedStep {
    const key = keyOf(access, field) * OCCURRENCES + occurrence;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const step = { access, field: nameOf(field), occurrence };
    const entry = { chain: this.chain, step, hasNext: false, values: new Set<number>() };
    this.#steps.set(key, entry);
    this.#all.push(entry);
    return entry;
  }
}

/** More than any field has as its key, any world has structures, and any call has rounds. */
const FIELDS = 2 ** 14;
const STRUCTURES = 2 ** 6;
const OCCURRENCES = 2 ** 20;

function keyOf(access: Access, field: number): number {
  return accessNumbers[access] * FIELDS + field;
}

/** One open function. */
interface Frame {
  readonly path: CallPath;
  /** How often each kind of access met each field of each structure. */
  readonly met: Map<number, number>;
  last: RecordedStep | undefined;
}

/**
 * The strategy, unchanged in what it does, with every step that its model comes to put down in `log`. Explored to the
 * end, that is every step that any schedule has.
 */
export function recordingSteps(strategy: Strategy, log: StepLog): Strategy {
  return {
    ...strategy,
    extend: (Base) => recorded(strategy.extend(Base), log),
    wrapping: { inlined: strategy.Base.inlined, outermost: withCalls },
  };
}

/** Kernel names of the functions that are open in a model whose steps are put down, outermost first. */
export function openFunctions(model: Model): readonly string[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a model of a strategy of `recordingSteps`
  const { frames, log } = (model as unknown as Recorded).recorder;
  return (frames.at(-1)?.path ?? log.outside).chain;
}

/** A model as its wrapped methods see it. */
interface Recorded {
  mem: SharedMemory;
  readonly recorder: RecordingMemory;
}

function recorded(Base: ModelClass, log: StepLog): ModelClass {
  const Recording: ModelClass = class extends Base {
    readonly recorder: RecordingMemory;

    constructor(parts: ModelParts) {
      super(parts);
      this.recorder = new RecordingMemory(parts.memory, log, parts.geometry, () => this.fsInfo);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same object
      (this as unknown as Recorded).mem = this.recorder;
    }

    protected override bugOn(condition: boolean, check: number): boolean {
      log.checks.add(check);
      return super.bugOn(condition, check);
    }

    protected override warnOn(condition: boolean, check: number): void {
      log.checks.add(check);
      super.warnOn(condition, check);
    }
  };
  for (const [name, body] of kernelMethods(Base)) {
    defineMethod(Recording, name, bodyHook(kernelName(name), body));
  }
  return Recording;
}

function bodyHook(kernel: string, body: Method): Method {
  return function recordedFunction(this: unknown, ...args: readonly unknown[]): unknown {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined on the class above only
    const { frames, log } = (this as Recorded).recorder;
    const caller = frames.at(-1)?.path ?? log.outside;
    frames.push({ path: caller.callee(kernel), met: new Map<number, number>(), last: undefined });
    try {
      return Reflect.apply(body, this, args);
    } finally {
      frames.pop();
    }
  };
}

function withCalls(Base: ModelClass): ModelClass {
  const Top: ModelClass = class extends Base {};
  for (const [name, body] of kernelMethods(Base)) {
    defineMethod(Top, name, function calledFunction(this: unknown, ...args: readonly unknown[]): unknown {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined on a class above the recording one only
      (this as Recorded).recorder.follows(undefined);
      return Reflect.apply(body, this, args);
    });
  }
  return Top;
}

class RecordingMemory extends InterceptingMemory {
  readonly frames: Frame[] = [];
  readonly log: StepLog;
  readonly #words: Int32Array;
  readonly #fields: StepFields;
  readonly #fs: () => Address;

  constructor(below: SharedMemory, log: StepLog, geometry: Geometry, fs: () => Address) {
    super(below);
    this.log = log;
    this.#words = wordKeys(geometry);
    this.#fields = stepFields(geometry.structures);
    this.#fs = fs;
  }

  /** The open function goes on with a step, or with a call. */
  follows(next: RecordedStep | undefined): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) return;
    if (frame.last !== undefined) frame.last.hasNext = true;
    frame.last = next;
  }

  protected take(access: Access, address: Address, operand: number, replacement: number): number {
    const frame = this.frames.at(-1);
    if (frame === undefined) return perform(this.below, access, address, operand, replacement);
    const naming = namingOf(access);
    const offset = naming === 'none' ? 0 : address - this.#fs();
    const field = naming === 'none' ? NO_FIELD : fieldKey(naming, offset, operand, this.#words);
    const key = keyOf(access, field) * STRUCTURES + structureAt(offset);
    const occurrence = (frame.met.get(key) ?? 0) + 1;
    frame.met.set(key, occurrence);
    const entry = frame.path.step(access, field, occurrence, this.#fields);
    this.follows(entry);
    const result = perform(this.below, access, address, operand, replacement);
    // Addresses start behind the first line.
    if (result >= 0 && result < LINE_WORDS) entry.values.add(result);
    return result;
  }
}
