import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BuiltIns, Snapshot } from '../../../src/fix/plug-in/built-ins.ts';
import { loadStrategy, modelOf } from '../../../src/fix/plug-in/load.ts';
import type { ModelClass } from '../../../src/fix/strategy.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';

/** Loads a plug-in and makes its model. */
async function modelOfSource(source: string): Promise<ModelClass> {
  const directory = mkdtempSync(join(tmpdir(), 'ebtorture-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'my-fix.mjs');
  writeFileSync(path, source);
  return modelOf(await loadStrategy(path, extentBuffer));
}

const method = (text: string): string => `export default (Base) => class extends Base { ${text} };`;
const changed = (text: string): string =>
  `export default (Base) => { class C extends Base {} ${text}; return C; };`;

describe('a class is refused', () => {
  it.each([
    ['an async method', method('async setIoPages() {}'), 'setIoPages is async: an override'],
    ['a generator', method('*setIoPages() {}'), 'setIoPages is a generator: an override'],
    ['an async generator', method('async *setIoPages() {}'), 'setIoPages is an async generator'],
    ['an async helper', method('async _help() {}'), '_help is async'],
    ['a getter', method('get setIoPages() { return () => {}; }'), 'setIoPages is an accessor'],
    ['a setter', method('set setIoPages(value) {}'), 'setIoPages is an accessor'],
    ['a number', changed('C.prototype.setIoPages = 5'), 'setIoPages is no function'],
    [
      'a Proxy of a method',
      changed('C.prototype.setIoPages = new Proxy(Base.prototype.setIoPages, {})'),
      'is a Proxy',
    ],
    ['a field', method('setIoPages = () => {};'), 'setIoPages is a field of its objects'],
    [
      'a Proxy of a class',
      'export default (Base) => new Proxy(class extends Base {}, {});',
      'returned a Proxy',
    ],
    [
      'a Proxy of a prototype',
      changed('Object.setPrototypeOf(C.prototype, new Proxy(Base.prototype, {}))'),
      'write class extends Base',
    ],
    [
      'a Proxy of its objects',
      method('constructor(parts) { super(parts); return new Proxy(this, {}); }'),
      'its constructor returns a Proxy',
    ],
    [
      'another object',
      method('constructor(parts) { super(parts); return Object.create(this); }'),
      'its constructor returns another object',
    ],
    [
      'one object for all',
      `let one; ${method('constructor(parts) { super(parts); return (one ??= this); }')}`,
      'its constructor returns another object',
    ],
    [
      'a frozen model',
      method('constructor(parts) { super(parts); Object.freeze(this); }'),
      'freezes the model',
    ],
    ['a memory of its own', method('constructor(parts) { super(parts); this.mem = {}; }'), 'replaces mem'],
    [
      'a step too early',
      method('constructor(parts) { super(parts); this.mem.atomicRead(0); }'),
      'uses memory',
    ],
    ['Symbol.hasInstance', method('static [Symbol.hasInstance]() { return true; }'), 'Symbol.hasInstance'],
    ['a class apart', 'export default () => class {};', 'returned no subclass of the class it was given'],
    [
      'a class beside the base',
      'export default (Base) => { class C {} Object.setPrototypeOf(C.prototype, Base.prototype); return C; };',
      'returned no subclass',
    ],
    ['a promise', 'export default async (Base) => class extends Base {};', 'returned a promise'],
    ['a generator object', 'export default function* (Base) { yield class extends Base {}; }', 'no subclass'],
    ['a Proxy by default', 'export default new Proxy((Base) => class extends Base {}, {});', 'is a Proxy'],
    [
      'classes that take turns',
      'let turn = 0; export default (Base) => turn++ % 2 ? class extends Base {} : class extends Base { setIoPages() {} };',
      'returned another class when it was called again',
    ],
    [
      'a class that it keeps',
      'let C; export default (Base) => (C ??= class extends Base {});',
      'no subclass',
    ],
    ['a default export that throws', 'export default () => { throw new Error("planted"); };', 'planted'],
  ])('with %s', async (_, source, message) => {
    await expect(modelOfSource(source)).rejects.toThrow(message);
  });

  it.each([
    ['a class and fields', method('#kept = 1; _limit = 3; static K = 1; setIoPages() {}')],
    [
      'a constructor that keeps its parts',
      method('constructor(parts) { super(parts); this._mine = parts.memory; }'),
    ],
    [
      'a constructor function of old',
      `export default (Base) => {
        function C(parts) { return Reflect.construct(Base, [parts], new.target); }
        Object.setPrototypeOf(C, Base);
        C.prototype = Object.create(Base.prototype, { constructor: { value: C } });
        C.prototype.setIoPages = function () {};
        return C;
      };`,
    ],
  ])('but not with %s', async (_, source) => {
    await expect(modelOfSource(source)).resolves.toBeTypeOf('function');
  });
});

it('refuses one that changes its base in place of extending it', async () => {
  onTestFinished(() => void Reflect.deleteProperty(ExtentBufferModel.prototype, 'setIoPages'));
  await expect(modelOfSource(changed('Base.prototype.setIoPages = () => {}'))).rejects.toThrow(
    'Base.prototype.setIoPages: override it in the class that is returned',
  );
});

describe('built-ins', () => {
  /** Says what a snapshot sees of a change that is undone. */
  const seen = (change: () => () => void): string | undefined => {
    const builtIns = new BuiltIns();
    const undo = change();
    try {
      return builtIns.change();
    } finally {
      undo();
    }
  };
  const put = (holder: object, key: PropertyKey, value: unknown) => (): (() => void) => {
    const before = Reflect.getOwnPropertyDescriptor(holder, key);
    Object.defineProperty(holder, key, { value, writable: true, configurable: true });
    return () => {
      if (before === undefined) Reflect.deleteProperty(holder, key);
      else Object.defineProperty(holder, key, before);
    };
  };

  it.each([
    ['changes Map.prototype.get', put(Map.prototype, 'get', () => 0)],
    ['adds Object.prototype.planted', put(Object.prototype, 'planted', 1)],
    ['changes Reflect.ownKeys', put(Reflect, 'ownKeys', () => [])],
    ['changes Int32Array', put(globalThis, 'Int32Array', Float64Array)],
    ['changes Error.stackTraceLimit', put(Error, 'stackTraceLimit', 0)],
    ['changes process.exit', put(process, 'exit', () => {})],
    ['changes process.on', put(process, 'on', () => {})],
    [
      'changes %ArrayIteratorPrototype%.next',
      put(Object.getPrototypeOf([][Symbol.iterator]()) as object, 'next', () => 0),
    ],
    ['changes Array.prototype[Symbol.iterator]', put(Array.prototype, Symbol.iterator, () => 0)],
  ])('are seen: %s', (message, change) => {
    expect(seen(change)).toBe(`${message}: a plug-in must leave the built-ins alone`);
  });

  it('are as they were where nobody changed them', () => {
    expect(new BuiltIns().change()).toBeUndefined();
    expect(seen(put(Error, 'prepareStackTrace', Reflect.get(Error, 'prepareStackTrace')))).toBeUndefined();
    const frozen = {};
    const snapshot = new Snapshot([{ name: 'it', object: frozen }]);
    Object.freeze(frozen);
    expect(snapshot.change()).toBe('freezes it');
  });

  it('must be left alone by a module that is loaded', async () => {
    const source = 'String.planted = 1; export default (Base) => class extends Base {};';
    onTestFinished(() => void Reflect.deleteProperty(String, 'planted'));
    await expect(modelOfSource(source)).rejects.toThrow('adds String.planted: a plug-in must leave');
  });
});
