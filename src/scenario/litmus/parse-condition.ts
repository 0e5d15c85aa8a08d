import { type Condition, LitmusError, type Observed } from './litmus-test.ts';
import type { Tokens } from './litmus-tokens.ts';

/** What a condition may be about. */
export interface Known {
  readonly locations: ReadonlyMap<string, number>;
  /** Registers of each thread. */
  readonly registers: readonly ReadonlySet<string>[];
}

/** Reads a condition on final states: `0:r1=2 /\ ~(x=1 \/ 1:r0=0)`. */
export class ConditionParser {
  readonly #tokens: Tokens;
  readonly #known: Known;

  constructor(tokens: Tokens, known: Known) {
    this.#tokens = tokens;
    this.#known = known;
  }

  /** @throws {LitmusError} If it is none. */
  condition(): Condition {
    const first = this.#conjunction();
    const all = [first];
    while (this.#tokens.takeIf('\\/')) all.push(this.#conjunction());
    return all.length === 1 ? first : { kind: 'any', of: all };
  }

  /**
   * `0:r1` or `x`.
   * @throws {LitmusError} If there is no such register or location.
   */
  observed(): Observed {
    const tokens = this.#tokens;
    const { line, kind } = tokens.next;
    if (kind === 'number') {
      const thread = Number(tokens.take().text);
      tokens.expect(':');
      const name = tokens.expectKind('word', 'the name of a register');
      if (this.#known.registers[thread]?.has(name) !== true)
        throw new LitmusError(line, `P${thread} has no register '${name}'`);
      return { thread, name };
    }
    const isIndexed = tokens.takeIf('[') || tokens.takeIf('*');
    const name = tokens.expectKind('word', 'a register such as 0:r1, or a location');
    if (isIndexed) tokens.takeIf(']');
    if (!this.#known.locations.has(name)) throw new LitmusError(line, `there is no location '${name}'`);
    return { thread: -1, name };
  }

  #conjunction(): Condition {
    const first = this.#atom();
    const all = [first];
    while (this.#tokens.takeIf('/\\')) all.push(this.#atom());
    return all.length === 1 ? first : { kind: 'all', of: all };
  }

  #atom(): Condition {
    const tokens = this.#tokens;
    if (tokens.takeIf('~') || tokens.takeIf('not')) return { kind: 'not', of: this.#atom() };
    if (tokens.takeIf('true')) return { kind: 'true' };
    if (tokens.takeIf('(')) {
      const inner = this.condition();
      tokens.expect(')');
      return inner;
    }
    const of = this.observed();
    const isNegated = tokens.takeIf('!=');
    if (!isNegated && !tokens.takeIf('==')) tokens.expect('=');
    const sign = tokens.takeIf('-') ? -1 : 1;
    const value = (sign * Number(tokens.expectKind('number', 'a number'))) | 0;
    return { kind: 'is', of, value, isNegated };
  }
}

/** What a condition is about, each once, in its order. */
export function observedIn(condition: Condition): Observed[] {
  switch (condition.kind) {
    case 'true':
      return [];
    case 'is':
      return [condition.of];
    case 'not':
      return observedIn(condition.of);
    case 'all':
    case 'any':
      return condition.of.flatMap(observedIn);
  }
}

/** Whether a state meets a condition. */
export function meets(condition: Condition, valueOf: (observed: Observed) => number): boolean {
  switch (condition.kind) {
    case 'true':
      return true;
    case 'is':
      return (valueOf(condition.of) === condition.value) !== condition.isNegated;
    case 'not':
      return !meets(condition.of, valueOf);
    case 'all':
      return condition.of.every((one) => meets(one, valueOf));
    case 'any':
      return condition.of.some((one) => meets(one, valueOf));
  }
}
