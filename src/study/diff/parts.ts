/** What each kind of result gives to be compared. */
import type { EstimateAt } from '../../stats/independent-ratio.ts';
import type { DiffFact, DiffVerdict } from './diff-result.ts';

/** A measurement of one side. */
export interface Measured {
  readonly at: EstimateAt;
  /** Why nothing can be told from it, such as too few starts; null if it can. */
  readonly objection: string | null;
  /** Whether anything was seen that no estimate has in it. @default false */
  readonly isSeen?: true;
}

/** What both sides have measured, and is not judged yet. */
export type Compared = ComparedRatio | ComparedShift;

interface ComparedOf {
  readonly subject: string;
  readonly what: string;
  readonly unit: string;
}

/** Of which the ratio counts. */
export interface ComparedRatio extends ComparedOf {
  readonly kind: 'ratio';
  readonly a: Measured;
  readonly b: Measured;
  /** A ratio that is not made of `at`, such as one that is more exact; undefined for that. */
  readonly ratioAt?: ((confidence: number) => RatioAt) | undefined;
}

/** b / a with its interval. */
export interface RatioAt {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** A position, of which the distance counts. */
export interface ComparedShift extends ComparedOf {
  readonly kind: 'shift';
  readonly a: Measured;
  readonly b: Measured;
  /** What the margin is a share of, such as the width of what lies there. */
  readonly scale: number;
}

/** What two results of one command have. */
export interface Parts {
  readonly facts: readonly DiffFact[];
  readonly figures: readonly Compared[];
  readonly notes: readonly string[];
}

/** Why a fact may not be what it seems. */
export interface Doubt {
  /** Why a difference may be none; null if it is one. */
  readonly ifDifferent?: string | null;
  /** Why it says nothing at all, be it the same on both sides or not; null if it does. */
  readonly anyway?: string | null;
}

/** A fact: equal words are the same, others are not, unless there is a doubt. */
export function fact(
  of: Pick<DiffFact, 'subject' | 'what' | 'a' | 'b'>,
  { ifDifferent = null, anyway = null }: Doubt = {},
): DiffFact {
  const reason = anyway ?? (of.a === of.b ? null : ifDifferent);
  const verdict: DiffVerdict = reason !== null ? 'not-told' : of.a === of.b ? 'same' : 'different';
  return { ...of, verdict, reason };
}

/** A note of what only one side has; none where there is nothing. */
export function onlyIn(side: 'A' | 'B', names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`Only in ${side}, and compared with nothing: ${names.join(', ')}.`];
}

/** What there is on both sides, and on one alone; both in their order. */
export function matched<Item>(
  a: readonly Item[],
  b: readonly Item[],
  keyOf: (item: Item) => string,
): {
  readonly both: readonly (readonly [Item, Item])[];
  readonly onlyA: readonly Item[];
  readonly onlyB: readonly Item[];
} {
  const byKey = new Map(b.map((item) => [keyOf(item), item]));
  const inA = new Set(a.map(keyOf));
  return {
    both: a.flatMap((item) => {
      const other = byKey.get(keyOf(item));
      return other === undefined ? [] : [[item, other] as const];
    }),
    onlyA: a.filter((item) => !byKey.has(keyOf(item))),
    onlyB: b.filter((item) => !inA.has(keyOf(item))),
  };
}
