/** Reads what a user's module exports, and says in which member something is wrong. */
import { types } from 'node:util';
import { guardedCall, ImpurityError } from '../fix/plug-in/guards.ts';
import { PlugInError } from '../fix/plug-in/plug-in-error.ts';
import { didYouMean } from '../fix/plug-in/suggest.ts';

/** Gives half a sentence on what is wrong, and throws. */
export type Refuse = (objection: string, cause?: unknown) => never;

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Members by name. */
export type Members = Readonly<Record<string, unknown>>;

/** What is checked, with the names of its parts for those who read what is wrong. */
export class ModuleReader {
  readonly #refuse: Refuse;

  constructor(refuse: Refuse) {
    this.#refuse = refuse;
  }

  wrong(where: string, expected: string, value: unknown): never {
    return this.#refuse(`${where}: expected ${expected}, got ${shown(value)}`);
  }

  /** An object with these members and no others; those with a `?` may be left out. */
  members(where: string, value: unknown, known: readonly string[]): Members {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || types.isProxy(value))
      this.wrong(where, 'an object', value);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just checked
    const members = value as Members;
    const names = known.map((name) => name.replace('?', ''));
    const strange = Object.keys(members).find((name) => !names.includes(name));
    if (strange !== undefined)
      this.#refuse(`${where}: unknown member '${strange}'${didYouMean(strange, names)}`);
    // A getter runs code of the module's.
    const has = (name: string): boolean => this.called(where, () => members[name] !== undefined);
    const missing = known.find((name) => !has(name.replace('?', '')) && !name.endsWith('?'));
    if (missing !== undefined) this.#refuse(`${where}: has no ${missing}`);
    return members;
  }

  name(where: string, value: unknown): string {
    if (typeof value !== 'string' || !NAME.test(value))
      this.wrong(where, 'a name in lower case, such as stale-put', value);
    return value;
  }

  text(where: string, value: unknown, fallback: string): string {
    if (value === undefined) return fallback;
    if (typeof value !== 'string') this.wrong(where, 'text', value);
    return value;
  }

  flag(where: string, value: unknown): boolean {
    if (value === undefined) return false;
    if (typeof value !== 'boolean') this.wrong(where, 'true or false', value);
    return value;
  }

  integer(where: string, value: unknown, { min, max, fallback }: IntegerRange): number {
    if (value === undefined) return fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
      this.wrong(where, `an integer from ${min} to ${max}`, value);
    return value;
  }

  list<Item extends { readonly name: string }>(
    where: string,
    value: unknown,
    item: (where: string, value: unknown) => Item,
  ): readonly Item[] {
    const items = this.items(where, value, item);
    const twice = items.find(({ name }, index) => items.findIndex((other) => other.name === name) < index);
    if (twice !== undefined) this.#refuse(`${where}: '${twice.name}' occurs twice`);
    return items;
  }

  /** A list with something in it. */
  items<Item>(where: string, value: unknown, item: (where: string, value: unknown) => Item): Item[] {
    if (!Array.isArray(value) || value.length === 0) this.wrong(where, 'a list with something in it', value);
    return value.map((each: unknown, index) => item(`${where}[${index}]`, each));
  }

  /** What a function of the module's gives, or why it gives nothing. */
  called<Result>(where: string, work: () => Result): Result {
    try {
      return guardedCall(work);
    } catch (cause) {
      if (cause instanceof PlugInError) throw cause;
      return this.#refuse(`${where}: ${reasonOf(cause)}`, cause);
    }
  }

  /** What a function gives that is to give the same for the same: it is called twice. */
  same(where: string, work: () => unknown): unknown {
    const [first, second] = [this.called(where, work), this.called(where, work)];
    if (first !== second)
      this.#refuse(`${where}: gives ${shown(first)}, then ${shown(second)}, for the same`);
    return first;
  }

  /** A function that does its work when it is called. */
  work(where: string, value: unknown): Function {
    if (typeof value !== 'function' || types.isProxy(value)) this.wrong(where, 'a function', value);
    if (types.isAsyncFunction(value) || types.isGeneratorFunction(value))
      this.#refuse(
        `${where}: is ${types.isAsyncFunction(value) ? 'async' : 'a generator'}: an ordinary function is what is called`,
      );
    return value;
  }
}

/** From `min` to `max`; `fallback` where it is left out. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/** Why something came to no end, in one line. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : shown(cause);
  return cause instanceof ImpurityError ? message : `throws: ${message.split('\n')[0]}`;
}

/** A value in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 80);
  } catch {
    return 'an object that is no plain data';
  }
}
