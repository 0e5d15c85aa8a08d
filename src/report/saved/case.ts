/** What one line of a summary says of a result. */
export interface Case {
  readonly name: string;
  /** `undecided`: it shows nothing, which is never a pass. */
  readonly state: CaseState;
  /** In sentences; empty where the state says all. */
  readonly reason: string;
}

/** All of them. */
export const CASE_STATES = ['passed', 'failed', 'undecided'] as const;

export type CaseState = (typeof CASE_STATES)[number];

/** Of several: one that failed counts, and none may be open. */
export function worstOf(cases: readonly Case[]): CaseState {
  const states = new Set(cases.map(({ state }) => state));
  return (['failed', 'undecided'] as const).find((state) => states.has(state)) ?? 'passed';
}
