/**
 * Whether the built-in objects of a thread are as they were. Engines, the library of Node and all strategies of a thread share
 * them, so that a plug-in that changes one changes what is judged and who judges.
 *
 * Nothing here is called through what a plug-in can have changed: the functions are taken beforehand, and lists are walked by
 * index.
 */
import { EventEmitter } from 'node:events';

const { getOwnPropertyDescriptor, getPrototypeOf, has, isExtensible, ownKeys } = Reflect;
const { is } = Object;

/** An object and what it is called in a message. */
export interface NamedObject {
  readonly name: string;
  readonly object: object;
  /** Whether only the functions that it has are compared: it changes by itself, or is often added to. @default false */
  readonly isOpen?: boolean;
}

/** What an object was like. */
interface Seen extends NamedObject {
  readonly keys: readonly PropertyKey[];
  readonly descriptors: readonly (PropertyDescriptor | undefined)[];
  readonly prototype: object | null;
  readonly canGrow: boolean;
}

/** Globals of the language. Each is looked at itself, and so is its `prototype`. */
const GLOBALS = (
  'Object Function Array String Number Boolean Symbol BigInt Math JSON Reflect Proxy Atomics Date RegExp Promise ' +
  'Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer SharedArrayBuffer DataView ' +
  'Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array ' +
  'BigInt64Array BigUint64Array Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError ' +
  'Iterator WebAssembly Buffer'
).split(' ');

/** Globals that are looked at as values only. */
const FUNCTIONS = (
  'globalThis undefined NaN Infinity eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI ' +
  'encodeURIComponent escape unescape Intl process performance queueMicrotask structuredClone setTimeout setInterval ' +
  'setImmediate clearTimeout clearInterval clearImmediate'
).split(' ');

/** The objects of the language that have no name: what iterators and functions inherit from. */
function unnamed(): NamedObject[] {
  const named = (name: string, object: unknown): NamedObject[] =>
    typeof object === 'object' && object !== null ? [{ name, object }] : [];
  const prototypeOf = (object: object): object | null => getPrototypeOf(object);
  const ofIterator = (name: string, iterator: object): NamedObject[] => named(name, prototypeOf(iterator));
  const arrayIterator = [][Symbol.iterator]();
  const typedArray = prototypeOf(Int32Array);
  return [
    ...ofIterator('%ArrayIteratorPrototype%', arrayIterator),
    ...named('%IteratorPrototype%', prototypeOf(prototypeOf(arrayIterator) ?? {})),
    ...ofIterator('%MapIteratorPrototype%', new Map<unknown, unknown>()[Symbol.iterator]()),
    ...ofIterator('%SetIteratorPrototype%', new Set<unknown>()[Symbol.iterator]()),
    ...ofIterator('%StringIteratorPrototype%', ''[Symbol.iterator]()),
    ...ofIterator('%GeneratorFunction.prototype%', function* none() {}),
    ...ofIterator('%AsyncFunction.prototype%', async () => {}),
    ...(typeof typedArray === 'function' ? [{ name: '%TypedArray%', object: typedArray }] : []),
    ...named('%TypedArray%.prototype', prototypeOf(Int32Array.prototype)),
  ];
}

function builtIns(): NamedObject[] {
  const found: NamedObject[] = [];
  for (const name of GLOBALS) {
    const object: unknown = Reflect.get(globalThis, name);
    if ((typeof object !== 'function' && typeof object !== 'object') || object === null) continue;
    found.push({ name, object });
    const prototype: unknown = typeof object === 'function' ? object.prototype : undefined;
    if (typeof prototype === 'object' && prototype !== null) {
      found.push({ name: `${name}.prototype`, object: prototype });
    }
  }
  return [
    ...found,
    ...unnamed(),
    { name: 'process', object: process, isOpen: true },
    { name: 'EventEmitter.prototype', object: EventEmitter.prototype, isOpen: true },
  ];
}

/** Objects as they are now. */
export class Snapshot {
  readonly #seen: readonly Seen[];

  constructor(objects: readonly NamedObject[]) {
    this.#seen = objects.map(seen);
  }

  /** What has been done to one of them since, such as `changes Array.prototype.push`; undefined if nothing has. */
  change(): string | undefined {
    const objects = this.#seen;
    for (let index = 0; index < objects.length; index++) {
      const known = objects[index];
      const change = known === undefined ? undefined : changeOf(known);
      if (change !== undefined) return change;
    }
    return undefined;
  }
}

/** The built-in objects of this thread, as they are now, and the names that they are called by. */
export class BuiltIns {
  readonly #objects: Snapshot;
  readonly #globals: readonly { readonly name: string; readonly value: unknown }[];

  /** `more`: others that are to stay as they are. */
  constructor(more: readonly NamedObject[] = []) {
    // Some of them come into being where they are first asked for.
    for (const name of FUNCTIONS) Reflect.get(globalThis, name);
    this.#objects = new Snapshot([...builtIns(), ...more]);
    this.#globals = [...GLOBALS, ...FUNCTIONS].map((name) => ({ name, value: globalValue(name) }));
  }

  /** What has been changed since, as half a sentence; undefined if nothing has. */
  change(): string | undefined {
    const globals = this.#globals;
    let change: string | undefined;
    for (let index = 0; index < globals.length && change === undefined; index++) {
      const known = globals[index];
      if (known !== undefined && !is(globalValue(known.name), known.value)) change = `changes ${known.name}`;
    }
    change ??= this.#objects.change();
    return change === undefined ? undefined : `${change}: a plug-in must leave the built-ins alone`;
  }
}

/** A global as it stands there: what it would be computed from is not computed. */
function globalValue(name: string): unknown {
  const descriptor = getOwnPropertyDescriptor(globalThis, name);
  return descriptor === undefined ? undefined : 'value' in descriptor ? descriptor.value : descriptor.get;
}

function seen(named: NamedObject): Seen {
  const { object } = named;
  const all = ownKeys(object);
  const keys =
    named.isOpen === true
      ? all.filter((key) => typeof getOwnPropertyDescriptor(object, key)?.value === 'function')
      : all;
  return {
    ...named,
    keys,
    descriptors: keys.map((key) => getOwnPropertyDescriptor(object, key)),
    prototype: getPrototypeOf(object),
    canGrow: isExtensible(object),
  };
}

function changeOf(known: Seen): string | undefined {
  const { name, object, keys, descriptors } = known;
  if (getPrototypeOf(object) !== known.prototype) return `changes the prototype of ${name}`;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    if (isOther(descriptors[index], getOwnPropertyDescriptor(object, key))) {
      return `changes ${memberName(name, key)}`;
    }
  }
  if (known.isOpen === true) return shadowOf(known);
  if (isExtensible(object) !== known.canGrow) return `freezes ${name}`;
  const now = ownKeys(object);
  for (let index = 0; now.length > keys.length && index < now.length; index++) {
    const key = now[index] ?? '';
    let isKnown = false;
    for (let other = 0; other < keys.length && !isKnown; other++) isKnown = keys[other] === key;
    // The engine puts `undefined` there where there was nothing: see `callSite` in src/explore/program/suspension-memory.ts.
    if (!isKnown && getOwnPropertyDescriptor(object, key)?.value !== undefined) {
      return `adds ${memberName(name, key)}`;
    }
  }
  return undefined;
}

/** What an open object now has of its own that it used to inherit. */
function shadowOf({ name, object, keys, prototype }: Seen): string | undefined {
  const now = ownKeys(object);
  for (let index = 0; index < now.length; index++) {
    const key = now[index] ?? '';
    let isKnown = false;
    for (let other = 0; other < keys.length && !isKnown; other++) isKnown = keys[other] === key;
    if (isKnown || prototype === null || typeof getOwnPropertyDescriptor(object, key)?.value !== 'function')
      continue;
    if (has(prototype, key)) return `changes ${memberName(name, key)}`;
  }
  return undefined;
}

function isOther(one: PropertyDescriptor | undefined, other: PropertyDescriptor | undefined): boolean {
  if (one === undefined || other === undefined) return one !== other;
  return (
    !is(one.value, other.value) ||
    one.get !== other.get ||
    one.set !== other.set ||
    one.writable !== other.writable ||
    one.configurable !== other.configurable ||
    one.enumerable !== other.enumerable
  );
}

function memberName(object: string, key: PropertyKey): string {
  return typeof key === 'symbol' ? `${object}[${key.description ?? 'symbol'}]` : `${object}.${String(key)}`;
}
