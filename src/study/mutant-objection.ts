import { exploreAtRandom } from '../explore/random-explore.ts';
import {
  formatMutation,
  functionText,
  type Mutation,
  parseMutation,
  stepText,
} from '../fix/mutation/mutation.ts';
import { allSteps, type MutableStep } from '../fix/mutation/mutations-of.ts';
import { type RecordedStep, recordingSteps, StepLog } from '../fix/mutation/step-recorder.ts';
import { closest } from '../fix/plug-in/suggest.ts';
import type { Strategy } from '../fix/strategy.ts';
import { LADDER, rung, settingOfRung } from './mutate-ladder.ts';
import { recordedIn } from './survey.ts';

/** Why there is no such mutant, in one sentence; null if there is. */
export type MutantObjection = string | null;

/** Limit of the search of one setting. */
const TIME_MAX_MS = 20_000;
/** Mutants that are named instead. */
const NEAR_MAX = 3;

/**
 * A buffer that was just made stale is found here only, too large a setting to be searched to its end: random schedules of
 * it, the same ones every time.
 */
const BEYOND_LADDER = { rung: rung('primed', 'read=1,finder=1,end-io=1', 1, true), schedules: 200, seed: 1 };
/** Ordering constraints of a find between the setting of STALE and the last put. */
const DEPTH = 3;

/**
 * Whether a strategy has the step that a mutation changes: in some schedule of some setting that `mutate` knows. One that it
 * never takes would leave the strategy as it is, and its zero would say nothing of the change.
 *
 * @param text The mutation, as it stands behind `~` in the name of a mutant.
 */
export function objectionTo(strategy: Strategy, text: string, clock: () => number): MutantObjection {
  const mutation = parseMutation(text);
  const recorded: RecordedStep[] = [];
  let found: MutableStep | undefined;
  for (const steps of settings(strategy, clock)) {
    recorded.push(...steps);
    found = stepOf(recorded, mutation);
    if (found !== undefined && isPossible(found, mutation)) return null;
  }
  if (found !== undefined) {
    const why = found.immutable ?? found.immovable ?? 'it has no such change';
    return `${placeOf(mutation)} of ${strategy.name} cannot be changed by '${mutation.change}': ${why}`;
  }
  const near = nearest(recorded, mutation);
  const advice = near.length === 0 ? '' : `; did you mean ${listed(near)}?`;
  return `${strategy.name} never takes the step ${placeOf(mutation)}${advice}`;
}

/** The steps of one setting after the other, as they are asked for. */
function* settings(strategy: Strategy, clock: () => number): Generator<readonly RecordedStep[], void> {
  for (const each of LADDER) {
    yield recordedIn(strategy, each, { timeMaxMs: TIME_MAX_MS, clock }).recorded;
  }
  const log = new StepLog();
  const { schedules, seed } = BEYOND_LADDER;
  exploreAtRandom({
    setting: settingOfRung(BEYOND_LADDER.rung),
    strategy: recordingSteps(strategy, log),
    strategySource: strategy.name,
    scheduler: { kind: 'pct', depth: DEPTH },
    chances: { readsFail: true, trylocksFail: false },
    schedules,
    seed,
  });
  yield log.steps;
}

function stepOf(recorded: readonly RecordedStep[], { step }: Mutation): MutableStep | undefined {
  const wanted = formatMutation({ step, change: 'drop' });
  return allSteps(recorded, step.within).find(
    (candidate) => formatMutation({ step: candidate.step, change: 'drop' }) === wanted,
  );
}

/** A number that the step never gave is another change of it all the same. */
function isPossible({ changes }: MutableStep, { change }: Mutation): boolean {
  return (
    changes.includes(change) || (change.startsWith('as-') && changes.some((one) => one.startsWith('as-')))
  );
}

/** Of the same function, if there is one of that name. */
function nearest(recorded: readonly RecordedStep[], mutation: Mutation): readonly string[] {
  const { step, change } = mutation;
  const everywhere = [...allSteps(recorded, step.within), ...allSteps(recorded)];
  const here = everywhere.filter((candidate) => candidate.step.function === step.function);
  const known = (here.length > 0 ? here : everywhere).flatMap((candidate) =>
    (candidate.changes.includes(change) ? [change] : candidate.changes.slice(0, 1)).map((possible) =>
      formatMutation({ step: candidate.step, change: possible }),
    ),
  );
  return closest(formatMutation(mutation), [...new Set(known)], NEAR_MAX);
}

function placeOf({ step }: Mutation): string {
  return `${functionText(step)} > ${stepText(step)}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
