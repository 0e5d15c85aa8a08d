/** What two searches of every interleaving say: no chance is in that, so that any difference is one. */
import type { DiffFact } from './diff-result.ts';
import { fact } from './parts.ts';

/** What is compared of a search. */
export interface Searched {
  readonly verdict: string;
  /** Whether it was searched to its end. */
  readonly isComplete: boolean;
  /** Undefined where they are not to be compared, such as under other reductions. */
  readonly states?: number;
  /** Ids of what is violated. */
  readonly invariants: readonly string[];
}

/** Limits end searches wherever the machine was by then. */
const LIMITED = 'a limit ended a search';

/** The facts of two searches of what is called `subject`. */
export function searchFacts(subject: string, a: Searched, b: Searched): DiffFact[] {
  const isOpen = [a, b].some(({ verdict }) => verdict === 'bounded') ? LIMITED : null;
  const isCut = a.isComplete && b.isComplete ? null : LIMITED;
  const namesOf = ({ invariants }: Searched): string => invariants.toSorted().join(', ') || 'none';
  return [
    fact({ subject, what: 'explore', a: wordOf(a.verdict), b: wordOf(b.verdict) }, { anyway: isOpen }),
    ...(a.invariants.length + b.invariants.length === 0
      ? []
      : [fact({ subject, what: 'violated', a: namesOf(a), b: namesOf(b) }, { ifDifferent: isCut })]),
    ...(a.states === undefined || b.states === undefined || isCut !== null
      ? []
      : [fact({ subject, what: 'states', a: String(a.states), b: String(b.states) })]),
  ];
}

/** As a report has it. */
function wordOf(verdict: string): string {
  return verdict.toUpperCase();
}
