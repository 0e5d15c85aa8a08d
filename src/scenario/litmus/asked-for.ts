import type { LitmusAsked } from '../scenario.ts';

/** Whether a final state, as litmus7 prints it, is one of the kind that a test asks for: of `forall`, one that does not meet the condition. */
export function isAskedFor({ quantifier }: Pick<LitmusAsked, 'quantifier'>, state: string): boolean {
  return state.startsWith('*') !== (quantifier === 'forall');
}

/** In how many trials what a test asks for was seen. */
export function trialsSeen(
  litmus: Pick<LitmusAsked, 'quantifier'> & {
    readonly states: readonly { readonly state: string; readonly trials: number }[];
  },
): number {
  return litmus.states.reduce((sum, { state, trials }) => sum + (isAskedFor(litmus, state) ? trials : 0), 0);
}
