import { exploreAtRandom } from '../explore/random-explore.ts';
import { NO_CHANCES } from '../explore/search/session.ts';
import { kernelMethods } from '../fix/mutation/method-hooks.ts';
import {
  formatMutation,
  functionText,
  kernelName,
  type Mutation,
  parseMutation,
  stepText,
} from '../fix/mutation/mutation.ts';
import { allSteps, type MutableStep } from '../fix/mutation/mutations-of.ts';
import { type RecordedStep, recordingSteps, StepLog } from '../fix/mutation/step-recorder.ts';
import { closest } from '../fix/plug-in/suggest.ts';
import type { Strategy } from '../fix/strategy.ts';
import { ExtentBufferModel } from '../model/extent-buffer-model.ts';
import { LADDER, type Rung, rung, settingOfRung } from './mutate-ladder.ts';
import { recordedIn } from './survey.ts';

/** Why there is no such mutant, in one sentence; null if there is. */
export type MutantObjection = string | null;

/**
 * Limit of the search of one setting, in transitions, which are the same ones on every host: some fifty times those of the
 * strategies of the project.
 */
const STEPS_MAX = 4_000_000;
/** Mutants that are named instead. */
const NEAR_MAX = 3;

/**
 * A buffer that was just made stale is found here only, too large a setting to be searched to its end: random schedules of
 * it, the same ones every time.
 */
const BEYOND_LADDER = { rung: rung('primed', 'read=1,finder=1,end-io=1', 1, true), schedules: 200, seed: 1 };
/** Ordering constraints of a find between the setting of STALE and the last put. */
const DEPTH = 3;

/** What follows on a setup error of the first page of a read and of one behind it, no setting of the ladder has. */
const SETUPS_FAIL: Rung = { ...rung('primed', 'finder=1,reclaim=1', 3), setupsFail: true };

/** A few small settings, which have most steps: enough to name the one that was meant. */
const FEW: readonly Rung[] = LADDER.filter((_, index) => index === 0 || index === 2 || index === 6);

/** The steps of one setting. */
interface Recording {
  readonly steps: readonly RecordedStep[];
  /** Whether no limit ended the search. */
  readonly complete: boolean;
}

/** What was recorded of a strategy so far, so that another of its mutants costs no search. */
const recordings = new WeakMap<Strategy, Map<Rung, Recording>>();

/**
 * Whether a strategy has the step that a mutation changes: in some schedule of some setting that `mutate` knows. One that it
 * never takes would leave the strategy as it is, and its zero would say nothing of the change.
 *
 * @param text The mutation, as it stands behind `~` in the name of a mutant.
 * @param stepsMax Transitions of one search.
 */
export function objectionTo(
  strategy: Strategy,
  text: string,
  clock: () => number,
  stepsMax: number = STEPS_MAX,
): MutantObjection {
  const mutation = parseMutation(text);
  const recorded: RecordedStep[] = [];
  let found: MutableStep | undefined;
  let complete = true;
  const rungs = isFunction(strategy, mutation) ? LADDER : FEW;
  for (const recording of settings(rungs, strategy, clock, stepsMax)) {
    recorded.push(...recording.steps);
    complete &&= recording.complete;
    found = stepOf(recorded, mutation);
    if (found !== undefined && isPossible(found, mutation)) return null;
  }
  if (found !== undefined) {
    const why = found.immutable ?? found.immovable ?? 'it has no such change';
    return `${placeOf(mutation)} of ${strategy.name} cannot be changed by '${mutation.change}': ${why}`;
  }
  const near = nearest(recorded, mutation);
  const advice = near.length === 0 ? '' : `; did you mean ${listed(near)}?`;
  const never = complete ? 'never takes' : 'was not seen to take (not every schedule was searched)';
  return `${strategy.name} ${never} the step ${placeOf(mutation)}${advice}`;
}

/** Whether the functions that a mutation names are ones of the model: if not, no search finds a step of theirs. */
function isFunction(strategy: Strategy, { step }: Mutation): boolean {
  const names = new Set([...kernelMethods(strategy.extend(ExtentBufferModel)).keys()].map(kernelName));
  return names.has(step.function) && (step.within === undefined || names.has(step.within));
}

/** The steps of one setting after the other, as they are asked for. */
function* settings(
  rungs: readonly Rung[],
  strategy: Strategy,
  clock: () => number,
  stepsMax: number,
): Generator<Recording, void> {
  for (const each of rungs) yield recordingOf(strategy, each, clock, stepsMax);
  if (rungs !== LADDER) return;
  yield recordingOf(strategy, SETUPS_FAIL, clock, stepsMax);
  yield beyondLadder(strategy);
}

function recordingOf(strategy: Strategy, each: Rung, clock: () => number, stepsMax: number): Recording {
  const known = recordings.get(strategy)?.get(each);
  if (known !== undefined) return known;
  const { recorded, result } = recordedIn(strategy, each, { timeMaxMs: Infinity, stepsMax, clock });
  const recording = { steps: recorded, complete: result.complete };
  const all = recordings.get(strategy) ?? new Map<Rung, Recording>();
  recordings.set(strategy, all.set(each, recording));
  return recording;
}

function beyondLadder(strategy: Strategy): Recording {
  const known = recordings.get(strategy)?.get(BEYOND_LADDER.rung);
  if (known !== undefined) return known;
  const log = new StepLog();
  const { schedules, seed } = BEYOND_LADDER;
  exploreAtRandom({
    setting: settingOfRung(BEYOND_LADDER.rung),
    strategy: recordingSteps(strategy, log),
    strategySource: strategy.name,
    scheduler: { kind: 'pct', depth: DEPTH },
    chances: { ...NO_CHANCES, readsFail: true },
    schedules,
    seed,
  });
  const recording = { steps: log.steps, complete: true };
  recordings.get(strategy)?.set(BEYOND_LADDER.rung, recording);
  return recording;
}

function stepOf(recorded: readonly RecordedStep[], { step }: Mutation): MutableStep | undefined {
  const { access, field, occurrence } = step;
  const like = recorded.filter(
    (one) =>
      one.chain.at(-1) === step.function &&
      one.step.access === access &&
      one.step.field === field &&
      one.step.occurrence === occurrence,
  );
  return allSteps(like, step.within)[0];
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
