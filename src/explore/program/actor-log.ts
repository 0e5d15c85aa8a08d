import type { ObservedMethod } from './observed-model.ts';
import type { Step } from './step.ts';

/** One entry of a log. */
export type LogEntry =
  /** A step, and what it returned. `site` is where in a method without memory it is called, or '': of calls, too. */
  | { readonly kind: 'step'; readonly step: Step; readonly value: number; readonly site: string }
  /** A call of a model method that has been entered and has not returned. */
  | { readonly kind: 'enter'; readonly method: ObservedMethod; readonly site: string }
  /** A call that has returned: what happened inside is forgotten. */
  | {
      readonly kind: 'return';
      readonly method: ObservedMethod;
      readonly value: unknown;
      readonly site: string;
    };

/**
 * The log of an actor within one operation. Logs are interned: those that begin alike share their beginnings, and equal ones
 * are one object. What was returned makes the difference: a program that got the same does the same.
 */
export class ActorLog {
  /** Number of entries. */
  readonly length: number;
  /** The last of them; undefined of an empty log. */
  readonly last: LogEntry | undefined;
  /** The empty log that it grew from. */
  readonly empty: ActorLog;
  readonly #before: ActorLog | undefined;
  /** The logs with one entry more, by what it returned. */
  #steps: Map<number, ActorLog> | undefined;
  #returns: Map<unknown, ActorLog> | undefined;
  #entered: ActorLog | undefined;

  /** Without arguments an empty log, which is equal to no other. */
  constructor(before?: ActorLog, last?: LogEntry) {
    this.length = before === undefined ? 0 : before.length + 1;
    this.last = last;
    this.empty = before === undefined ? this : before.empty;
    this.#before = before;
  }

  /** The log with a step more. */
  withStep(step: Step, value: number, site: string): ActorLog {
    this.#steps ??= new Map();
    let log = this.#steps.get(value);
    if (log === undefined) {
      log = new ActorLog(this, { kind: 'step', step, value, site });
      this.#steps.set(value, log);
    }
    return log;
  }

  /** The log with a call more that has not returned. */
  withCall(method: ObservedMethod, site: string): ActorLog {
    this.#entered ??= new ActorLog(this, { kind: 'enter', method, site });
    return this.#entered;
  }

  /** The log with a call more that has returned. */
  withReturn(method: ObservedMethod, value: unknown, site: string): ActorLog {
    this.#returns ??= new Map();
    let log = this.#returns.get(value);
    if (log === undefined) {
      log = new ActorLog(this, { kind: 'return', method, value, site });
      this.#returns.set(value, log);
    }
    return log;
  }

  /** The logs of its first entries, each with one more, up to itself. */
  prefixes(): ActorLog[] {
    const prefixes: ActorLog[] = [];
    // oxlint-disable-next-line unicorn/no-this-assignment, typescript/no-this-alias -- where the way back begins
    let log: ActorLog = this;
    for (; log.#before !== undefined; log = log.#before) prefixes.push(log);
    return prefixes.toReversed();
  }
}

/**
 * How many logs there are before the first one from `first` on whose last entry was made at a place; all of them if there is none, or
 * if one before it has no place: what a part of a method does, which is no call, may be the first of its round.
 */
export function lengthUpTo(logs: readonly ActorLog[], first: number, site: string): number {
  for (let index = first; index < logs.length; index++) {
    const last = logs[index]?.last;
    if (last === undefined || last.site === '') break;
    if (last.site === site) return index;
  }
  return logs.length;
}
