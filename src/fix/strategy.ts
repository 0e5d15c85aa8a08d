import type { ModelClass } from '../model/model.ts';

export type { ModelClass } from '../model/model.ts';

/** What a strategy promises: `violates` for a control that is known to be broken, `holds` for a fix. */
export type Expectation = 'violates' | 'holds';

/**
 * A fix strategy: the pre-fix model with methods overridden, so that the fix reads as a diff. The default export of a
 * plug-in is `extend` alone.
 */
export interface Strategy {
  /** What `--strategy` takes. */
  readonly name: string;
  readonly expectation: Expectation;
  /** What it changes, in one sentence. */
  readonly summary: string;
  /** Where it comes from. */
  readonly origin: string;
  /** The model that it changes: that of its subject. */
  readonly Base: ModelClass;
  /** The model with the strategy in it. */
  extend(this: void, Base: ModelClass): ModelClass;
  /** Whether it comes from a module of a user's, so that nothing is taken for granted. */
  readonly isPlugIn?: boolean | undefined;
  /** What a mutant needs beyond `extend`; strategies have none. */
  readonly wrapping?: Wrapping | undefined;
}

/** The model as it is, as a strategy. */
export function unchanged(Base: ModelClass): Strategy {
  return {
    name: 'unchanged',
    expectation: 'violates',
    summary: 'the model as it is',
    origin: Base.name,
    Base,
    extend: (Class) => class Unchanged extends Class {},
  };
}

/** How a strategy watches the calls of its own model. */
export interface Wrapping {
  /** Wraps methods above everything that an engine wraps around them. */
  readonly outermost: (Model: ModelClass) => ModelClass;
  /** Methods whose steps belong to their callers: to an engine they are no calls. */
  readonly inlined: ReadonlySet<string>;
  /** Of a mutant: how often its models have come to the changed step so far, all of them together. */
  readonly timesChanged?: (() => number) | undefined;
}
