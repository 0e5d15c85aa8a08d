/** A litmus test in the C dialect of the Linux memory model's tools, as far as it is read here: straight lines with `if`. */

/** A value: what an access gives, or what is worked out from registers. Accesses happen from left to right. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** A call of a function of the dialect: see litmus-calls.ts. */
  | {
      readonly kind: 'call';
      readonly name: string;
      /** '' if it is of none. */
      readonly location: string;
      readonly values: readonly Expression[];
    };

/** One statement of a thread. */
export type Statement =
  | { readonly kind: 'set'; readonly register: string; readonly value: Expression }
  | { readonly kind: 'do'; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly met: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };

/** One thread: `P0`, and what it does. */
export interface LitmusThread {
  readonly name: string;
  readonly body: readonly Statement[];
}

/** What a condition is about: a register of a thread, or a location, where `thread` is -1. */
export interface Observed {
  readonly thread: number;
  readonly name: string;
}

/** A condition on a final state. */
export type Condition =
  | { readonly kind: 'true' }
  | { readonly kind: 'is'; readonly of: Observed; readonly value: number; readonly isNegated: boolean }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] };

/** What is said of a condition: that a final state meets it, that none does, or that all do. */
export type Quantifier = 'exists' | '~exists' | 'forall';

/** A test. */
export interface LitmusTest {
  readonly name: string;
  /** Locations with what they hold at first. */
  readonly locations: ReadonlyMap<string, number>;
  readonly threads: readonly LitmusThread[];
  readonly quantifier: Quantifier;
  readonly condition: Condition;
  /** The condition as it was written, in one line. */
  readonly conditionText: string;
  /** What a final state shows: what the condition is about, each once, in its order, and what `locations` names. */
  readonly observed: readonly Observed[];
}

/** As texts have it: `0:r1`, `x`. */
export function observedText({ thread, name }: Observed): string {
  return thread < 0 ? name : `${thread}:${name}`;
}

/** A text that is no test, or one of more than is read here. */
export class LitmusError extends Error {
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'LitmusError';
  }
}
