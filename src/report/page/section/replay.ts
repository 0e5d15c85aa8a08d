/** The page of `replay`. */
import type { ReplaySaved } from '../../saved/saved-result.ts';
import { measuredFacts } from '../facts.ts';
import { NO_ANSWER, type Part } from '../part.ts';
import { endOfReplay } from '../witness/run.ts';
import { stepperMarkup } from '../witness/stepper.ts';

/** What the page has of it. */
export function replayPart(result: ReplaySaved): Part {
  const { strategy, actors, steps } = result;
  const end = endOfReplay(result);
  return {
    question: `What does the schedule do under ${strategy}?`,
    facts: measuredFacts(result, { environment: result.environment }),
    answer: { ...NO_ANSWER, proof: [`Played under ${strategy}: ${end.word}, ${end.text.join('; ')}.`] },
    body: ({ nextWitness }) => [
      stepperMarkup(
        {
          title: 'The schedule, step by step',
          schedule: null,
          preemptions: null,
          run: { strategy, actors, steps, end },
          twin: null,
        },
        nextWitness(),
      ),
    ],
  };
}
