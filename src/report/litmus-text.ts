/** What a search or a run says of a litmus test, as litmus7 prints it. */
import type { ExploredLitmus, ExploreResult } from '../explore/explore.ts';
import type { LitmusAsked } from '../scenario/scenario.ts';
import type { StressLitmus, StressResult } from '../stress/result/result.ts';

/** The column that litmus7 counts states in. */
const COUNT_COLUMNS = 6;
const ASKED_AS = { exists: 'Allowed', '~exists': 'Forbidden', forall: 'Required' } as const;

/** The final states and the observation of a search; nothing for other scenarios. */
export function litmusLines({ litmus, complete }: Pick<ExploreResult, 'litmus' | 'complete'>): string[] {
  if (litmus === undefined) return [];
  const { test, quantifier, condition, states } = litmus;
  return [
    `Test ${test} ${ASKED_AS[quantifier]}`,
    `Histogram (${states.length} states)`,
    ...states,
    `Condition ${quantifier} ${condition}`,
    complete ? observationOfStates(litmus) : `Observation ${test} Unknown: the search was not complete`,
    '',
  ];
}

/** `Observation SB Sometimes 1 3`: how many final states meet the condition, and how many do not. */
function observationOfStates({ test, states }: ExploredLitmus): string {
  const positive = states.filter((state) => state.startsWith('*')).length;
  return observationLine(test, positive, states.length - positive);
}

function observationLine(test: string, positive: number, negative: number): string {
  const how = positive === 0 ? 'Never' : negative === 0 ? 'Always' : 'Sometimes';
  return `Observation ${test} ${how} ${positive} ${negative}`;
}

/** The histogram of a run, in which trials are counted and not states. */
export function litmusRunLines({
  litmus,
  elapsedMs,
}: Pick<StressResult, 'elapsedMs'> & { readonly litmus: StressLitmus }): string[] {
  const { test, quantifier, condition, states } = litmus;
  const trialsOf = (isMet: boolean): number =>
    states.reduce((sum, { state, trials }) => sum + (state.startsWith('*') === isMet ? trials : 0), 0);
  const positive = trialsOf(true);
  const negative = trialsOf(false);
  const isValidated = isValid(quantifier, positive, negative);
  return [
    `Test ${test} ${ASKED_AS[quantifier]}`,
    `Histogram (${states.length} states)`,
    ...states.map(({ state, trials }) => `${String(trials).padEnd(COUNT_COLUMNS)}${state}`),
    isValidated ? 'Ok' : 'No',
    '',
    'Witnesses',
    `Positive: ${positive}, Negative: ${negative}`,
    `Condition ${quantifier} ${condition} is ${isValidated ? '' : 'NOT '}validated`,
    observationLine(test, positive, negative),
    `Time ${test} ${(elapsedMs / 1000).toFixed(2)}`,
  ];
}

function isValid(quantifier: LitmusAsked['quantifier'], positive: number, negative: number): boolean {
  switch (quantifier) {
    case 'exists':
      return positive > 0;
    case '~exists':
      return positive === 0;
    case 'forall':
      return negative === 0;
  }
}
