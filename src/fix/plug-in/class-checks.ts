/**
 * What may be wrong with the class that a plug-in returns, each as half a sentence; undefined where nothing is. Engines wrap the
 * methods of a strategy, suspend them and play them again: what is not an ordinary method of an ordinary subclass would run in
 * another way than it is written.
 */
import { types } from 'node:util';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import type { BlockLayer } from '../../model/block-layer.ts';
import type { ModelParts } from '../../model/model.ts';
import type { ModelClass } from '../strategy.ts';
import { methodObjection } from './module-checks.ts';

/** What returns a class, unless it is said. */
const BY = 'the default export';
const METHODS = 'an override is an ordinary method';

/** Of what `by` returned; `mayAdd`: methods that the base does not have. */
export function classObjection(
  Model: unknown,
  Base: ModelClass,
  { by = BY, mayAdd = false }: { readonly by?: string; readonly mayAdd?: boolean } = {},
): string | undefined {
  const classes = classesBetween(Model, Base, by);
  if (typeof classes === 'string') return classes;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a chain of classes leads from one to the other
  const unknown = mayAdd ? undefined : methodObjection(Model as ModelClass, Base);
  if (unknown !== undefined) return unknown;
  for (const Class of classes) {
    const objection = staticObjection(Class) ?? membersObjection(Class);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** The classes from the outermost to that which extends the base, or why there are none. */
function classesBetween(Model: unknown, Base: ModelClass, by: string): Function[] | string {
  const noSubclass = `${by} returned no subclass of the class it was given`;
  if (types.isPromise(Model)) return `${by} returned a promise: it has to return a class, at once`;
  const classes: Function[] = [];
  for (let Class = Model; Class !== Base; Class = Object.getPrototypeOf(Class)) {
    if (types.isProxy(Class)) return `${by} returned a Proxy: expected a class`;
    if (typeof Class !== 'function') return noSubclass;
    const prototype: unknown = Class.prototype;
    if (types.isProxy(prototype)) return `the prototype of ${nameOf(Class)} is a Proxy: expected a class`;
    if (typeof prototype !== 'object' || prototype === null) return noSubclass;
    const Parent: unknown = Object.getPrototypeOf(Class);
    if (Parent === Function.prototype) return noSubclass;
    const above: unknown = types.isProxy(Parent) ? undefined : Reflect.get(Object(Parent), 'prototype');
    if (typeof Parent === 'function' && Object.getPrototypeOf(prototype) !== above) {
      return `the prototype of ${nameOf(Class)} is not that of a class that extends another: write class extends Base`;
    }
    classes.push(Class);
  }
  return classes.length === 0 ? noSubclass : classes;
}

function staticObjection(Class: Function): string | undefined {
  return Object.hasOwn(Class, Symbol.hasInstance) || Object.hasOwn(Class, Symbol.species)
    ? `${nameOf(Class)} has a static Symbol.hasInstance or Symbol.species: a strategy overrides methods`
    : undefined;
}

function membersObjection({ prototype }: Function): string | undefined {
  for (const key of Reflect.ownKeys(prototype)) {
    if (key === 'constructor') continue;
    const name = String(key);
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
    const kind = 'value' in descriptor ? kindOf(descriptor.value) : 'an accessor';
    if (kind !== undefined) return `${name} is ${kind}: ${METHODS}`;
  }
  return undefined;
}

/** What a member is that is no ordinary method. */
function kindOf(member: unknown): string | undefined {
  if (types.isProxy(member)) return 'a Proxy';
  if (typeof member !== 'function') return 'no function';
  const isGenerator = types.isGeneratorFunction(member);
  if (types.isAsyncFunction(member)) return isGenerator ? 'an async generator' : 'async';
  return isGenerator ? 'a generator' : undefined;
}

/** Of two classes that `by` returned for two bases: they must be the same but for these. */
export function repeatObjection(
  one: { readonly Model: ModelClass; readonly Base: ModelClass },
  other: { readonly Model: ModelClass; readonly Base: ModelClass },
  by: string = BY,
): string | undefined {
  const isSame = sourceOf(one.Model, one.Base) === sourceOf(other.Model, other.Base);
  return isSame ? undefined : `${by} returned another class when it was called again`;
}

function sourceOf(Model: ModelClass, Base: ModelClass): string {
  const classes = classesBetween(Model, Base, BY);
  return typeof classes === 'string' ? classes : classes.map((Class) => membersOf(Class)).join('\n');
}

function membersOf(Class: Function): string {
  const members = Reflect.ownKeys(Class.prototype).map((key) => {
    const value: unknown = key === 'constructor' ? undefined : Reflect.get(Class.prototype, key);
    return `${String(key)} ${typeof value === 'function' ? Function.prototype.toString.call(value) : ''}`;
  });
  return `${Function.prototype.toString.call(Class)} ${members.join('\n')}`;
}

/** Of the objects that the class makes. Makes three. `mayAdd`: methods that the base does not have. */
export function objectObjection(
  Model: ModelClass,
  { mayAdd = false }: { readonly mayAdd?: boolean } = {},
): string | undefined {
  const parts: ModelParts = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody gets to use it
    memory: untouched('memory') as SharedMemory,
    geometry: { structures: Model.structures, pages: 1, buffers: 1 },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody gets to use it
    blockLayer: untouched('the device') as BlockLayer,
  };
  const one: unknown = new Model(parts);
  if (types.isProxy(one)) return 'its constructor returns a Proxy';
  if (typeof one !== 'object' || one === null) return undefined;
  if (Object.getPrototypeOf(one) !== Model.prototype || one === new Model(parts)) {
    return 'its constructor returns another object than the one it was called for';
  }
  if (!Object.isExtensible(one)) return 'its constructor freezes the model';
  for (const [part, field] of [
    [parts.memory, 'mem'],
    [parts.geometry, 'geometry'],
    [parts.blockLayer, 'blockLayer'],
  ] as const) {
    if (Reflect.get(one, field) !== part)
      return `its constructor replaces ${field}: a strategy overrides methods`;
  }
  for (const name of Object.getOwnPropertyNames(one)) {
    const field = Object.getOwnPropertyDescriptor(one, name) ?? {};
    if (!('value' in field)) return `${name} is an accessor: ${METHODS}`;
    if (name in Model.prototype || (mayAdd && typeof field.value === 'function'))
      return `${name} is a field of its objects: ${METHODS}`;
  }
  return undefined;
}

/** Stands for a part of a model that its constructor keeps and does not use. */
function untouched(what: string): unknown {
  const use = (): never => {
    throw new TypeError(`its constructor uses ${what}: it may keep it only`);
  };
  return new Proxy({}, { get: () => use, set: () => true });
}

function nameOf({ name }: Function): string {
  return name === '' ? 'the class' : `class ${name}`;
}
