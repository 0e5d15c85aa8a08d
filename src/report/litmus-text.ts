/** What a search says of a litmus test, as litmus7 prints it of a run. */
import type { ExploredLitmus, ExploreResult } from '../explore/explore.ts';

/** The final states and the observation; nothing for other scenarios. */
export function litmusLines({ litmus, complete }: Pick<ExploreResult, 'litmus' | 'complete'>): string[] {
  if (litmus === undefined) return [];
  return [
    `Test ${litmus.test} ${{ exists: 'Allowed', '~exists': 'Forbidden', forall: 'Required' }[litmus.quantifier]}`,
    `Histogram (${litmus.states.length} states)`,
    ...litmus.states,
    `Condition ${litmus.quantifier} ${litmus.condition}`,
    complete ? observationLine(litmus) : `Observation ${litmus.test} Unknown: the search was not complete`,
    '',
  ];
}

/** `Observation SB Sometimes 1 3`: how many final states meet the condition, and how many do not. */
function observationLine({ test, states }: ExploredLitmus): string {
  const positive = states.filter((state) => state.startsWith('*')).length;
  const negative = states.length - positive;
  const how = positive === 0 ? 'Never' : negative === 0 ? 'Always' : 'Sometimes';
  return `Observation ${test} ${how} ${positive} ${negative}`;
}
