import { Model as Root } from '../../model/model.ts';
import type { ModelClass } from '../strategy.ts';

/** It has steps, and stands for what the block layer does. */
const TAKE_BIO = 'takeBio';
/** Methods without a step, and those that are no kernel function. */
const WITHOUT_STEPS: ReadonlySet<string> = new Set([
  'constructor',
  'note',
  'reached',
  'violated',
  'bugOn',
  'warnOn',
  TAKE_BIO,
]);

/** A method of a model. */
export type Method = (...args: readonly unknown[]) => unknown;

/** The methods of a class that are kernel functions with steps of their own, by name; the outermost of each, and what a strategy changes first. */
export function kernelMethods(Model: ModelClass): ReadonlyMap<string, Method> {
  const all = partsOfFunctions(Model);
  const methods = new Map<string, Method>();
  for (const { whole } of all.values()) {
    const method = all.get(whole)?.method;
    if (method !== undefined) methods.set(whole, method);
  }
  return methods;
}

/** The same with the methods that are a part of such a function, each with the name of the whole. */
export function partsOfFunctions(
  Model: ModelClass,
): ReadonlyMap<string, { readonly method: Method; readonly whole: string }> {
  const methods = new Map<string, { readonly method: Method; readonly whole: string }>();
  for (const prototype of prototypesOf(Model)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const method: unknown = value;
      if (typeof method !== 'function' || methods.has(name)) continue;
      if (WITHOUT_STEPS.has(name) || Model.inlined.has(name)) continue;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a function on a prototype is a method
      methods.set(name, { method: method as Method, whole: Model.functionParts.get(name) ?? name });
    }
  }
  return methods;
}

/** The names of the kernel functions that a method calls itself, as its source says, in all of its overridden forms. */
export function calledBy(Model: ModelClass, method: string): ReadonlySet<string> {
  const known = kernelMethods(Model);
  const called = new Set<string>();
  for (const prototype of prototypesOf(Model)) {
    for (const form of [method, ...partsOf(Model, method)]) {
      const own: unknown = Object.getOwnPropertyDescriptor(prototype, form)?.value;
      if (typeof own !== 'function') continue;
      for (const [, name = ''] of Function.prototype.toString.call(own).matchAll(/\.\s*([\w$]+)\s*\(/g)) {
        if (name !== method && known.has(name)) called.add(name);
      }
    }
  }
  return called;
}

/** The methods that are a part of a kernel function. */
function partsOf(Model: ModelClass, method: string): readonly string[] {
  return [...Model.functionParts].filter(([, whole]) => whole === method).map(([part]) => part);
}

/** The sources of a method and of its parts: of those that run, and of those behind them that they call by `super` or wrap. */
export function sourcesOf(Model: ModelClass, method: string): readonly string[] {
  const sources: string[] = [];
  for (const prototype of prototypesOf(Model)) {
    const own: unknown = Object.getOwnPropertyDescriptor(prototype, method)?.value;
    if (typeof own !== 'function') continue;
    const source = Function.prototype.toString.call(own);
    sources.push(source);
    if (!source.includes(`super.${method}`) && !source.includes('Reflect.apply')) break;
  }
  const parts = partsOf(Model, method).filter((part) =>
    sources.some((source) => source.includes(`.${part}(`)),
  );
  return [...sources, ...parts.flatMap((part) => sourcesOf(Model, part))];
}

/** Whether methods of that name take no step. */
export function isStepless(method: string): boolean {
  return method !== TAKE_BIO && WITHOUT_STEPS.has(method);
}

/** Defines a method on the prototype of a class. */
export function defineMethod(Model: ModelClass, name: string, value: Method): void {
  Object.defineProperty(Model.prototype, name, { configurable: true, writable: true, value });
}

function* prototypesOf(Model: ModelClass): Generator<object> {
  let prototype: object = Model.prototype;
  for (;;) {
    yield prototype;
    if (prototype === Root.prototype) return;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every model extends the root
    prototype = Object.getPrototypeOf(prototype) as object;
  }
}
