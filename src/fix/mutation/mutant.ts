import type { SharedMemory } from '../../memory/shared-memory.ts';
import type { ModelParts } from '../../model/model.ts';
import { calledBy, defineMethod, kernelMethods, type Method } from './method-hooks.ts';
import { MutatingMemory } from './mutating-memory.ts';
import { formatMutation, functionText, kernelName, type Mutation, mutantName, stepText } from './mutation.ts';
import type { ModelClass, Strategy } from '../strategy.ts';

/** A mutant's model as its wrapped methods see it. */
interface Mutated {
  /** The memory of the moment: the mutating one while the mutated function runs itself. */
  mem: SharedMemory;
  readonly fsInfo: Parameters<MutatingMemory['begin']>[0];
  readonly mutating: MutatingMemory;
  readonly caller: { depth: number };
}

/**
 * A strategy with one step changed, a strategy like any other: both engines run it from its name.
 *
 * While the mutated function runs itself, its model's memory is a `MutatingMemory`; during the calls that it makes, and
 * everywhere else, it is the engine's own, at full speed.
 *
 * @throws {RangeError} If the strategy has no such function; found out when the class is made.
 */
export function mutantOf(strategy: Strategy, mutation: Mutation): Strategy {
  let timesChanged = 0;
  const onChange = (): void => {
    timesChanged++;
  };
  return {
    ...(strategy.isPlugIn === true && { isPlugIn: true }),
    Base: strategy.Base,
    name: mutantName(strategy.name, mutation),
    expectation: 'violates',
    summary: `${strategy.name} with ${functionText(mutation.step)}: ${stepText(mutation.step)} changed: ${mutation.change}`,
    origin: `a mutant: ${formatMutation(mutation)}`,
    extend: (Base) => mutated(strategy.extend(Base), mutation, onChange),
    wrapping: {
      inlined: strategy.Base.inlined,
      outermost: (Model) => withCallees(Model, mutation),
      timesChanged: () => timesChanged,
    },
  };
}

/** The class with the mutated function, and its caller, wrapped. */
function mutated(Base: ModelClass, mutation: Mutation, onChange: () => void): ModelClass {
  const { step } = mutation;
  const name = methodOf(Base, step.function);
  const within = step.within === undefined ? undefined : methodOf(Base, step.within);
  const methods = kernelMethods(Base);
  const Mutant: ModelClass = class extends Base {
    readonly mutating: MutatingMemory;
    /** How many calls of the function that the mutated one must be called for are open. */
    readonly caller = { depth: 0 };

    constructor(parts: ModelParts) {
      super(parts);
      const { memory, geometry } = parts;
      this.mutating = new MutatingMemory(memory, mutation, { geometry, onChange });
    }
  };
  const body = methods.get(name);
  if (body !== undefined) defineMethod(Mutant, name, mutatedMethod(body, within === undefined));
  const caller = within === undefined ? undefined : methods.get(within);
  if (within !== undefined && caller !== undefined) defineMethod(Mutant, within, callerMethod(caller));
  return Mutant;
}

function mutatedMethod(body: Method, isAlways: boolean): Method {
  return function mutatedFunction(this: unknown, ...args: readonly unknown[]): unknown {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined on the class above only
    const model = this as Mutated;
    if (!isAlways && model.caller.depth === 0) return Reflect.apply(body, this, args);
    const { mem, mutating } = model;
    mutating.begin(model.fsInfo);
    model.mem = mutating;
    try {
      const result = Reflect.apply(body, this, args);
      mutating.flush();
      return result;
    } finally {
      model.mem = mem;
    }
  };
}

function callerMethod(body: Method): Method {
  return function callingFunction(this: unknown, ...args: readonly unknown[]): unknown {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined on the class above only
    const { caller } = this as Mutated;
    caller.depth++;
    try {
      return Reflect.apply(body, this, args);
    } finally {
      caller.depth--;
    }
  };
}

/** The class with every function that the mutated one calls wrapped: they run on their own memory. */
function withCallees(Base: ModelClass, { step }: Mutation): ModelClass {
  const Top: ModelClass = class extends Base {};
  const methods = kernelMethods(Base);
  for (const name of calledBy(Base, methodOf(Base, step.function))) {
    const body = methods.get(name);
    if (body !== undefined) defineMethod(Top, name, calleeMethod(body));
  }
  return Top;
}

function calleeMethod(body: Method): Method {
  return function calledFunction(this: unknown, ...args: readonly unknown[]): unknown {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined on a class above the mutant only
    const model = this as Mutated;
    const { mutating } = model;
    if (model.mem !== mutating) return Reflect.apply(body, this, args);
    model.mem = mutating.callee;
    let result: unknown;
    try {
      result = Reflect.apply(body, this, args);
    } finally {
      model.mem = mutating;
    }
    mutating.flush();
    return result;
  };
}

function methodOf(Model: ModelClass, kernel: string): string {
  for (const name of kernelMethods(Model).keys()) if (kernelName(name) === kernel) return name;
  throw new RangeError(`the model has no function '${kernel}' with steps of its own`);
}
