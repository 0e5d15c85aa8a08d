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
import { settingNamed } from '../catalog/named-setting.ts';
import type { MutantLadder, Rung } from './mutate-ladder.ts';
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
 * @param ladder The settings: of the scenario in which the mutant is to run.
 * @param stepsMax Transitions of one search.
 */
export function objectionTo(
  strategy: Strategy,
  text: string,
  ladder: MutantLadder,
  clock: () => number,
  stepsMax: number = STEPS_MAX,
): MutantObjection {
  const mutation = parseMutation(text, strategy.Base.structures);
  const recorded: RecordedStep[] = [];
  let found: MutableStep | undefined;
  let complete = true;
  for (const recording of recordingsOf(strategy, mutation, ladder, { clock, stepsMax })) {
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
  const names = new Set([...kernelMethods(strategy.extend(strategy.Base)).keys()].map(kernelName));
  return names.has(step.function) && (step.within === undefined || names.has(step.within));
}

interface RecordingLimits {
  readonly clock: () => number;
  readonly stepsMax: number;
}

/** The steps of one setting after the other, as they are asked for. */
function* recordingsOf(
  strategy: Strategy,
  mutation: Mutation,
  { rungs, few, beyond, sampled }: MutantLadder,
  limits: RecordingLimits,
): Generator<Recording, void> {
  // Enough to name the step that was meant.
  const isThere = isFunction(strategy, mutation);
  for (const rung of isThere ? [...rungs, ...beyond] : few) yield recordingOf(strategy, rung, limits);
  for (const each of isThere ? sampled : []) yield sampleOf(strategy, each);
}

function recordingOf(strategy: Strategy, rung: Rung, { clock, stepsMax }: RecordingLimits): Recording {
  return remembered(strategy, rung, () => {
    const { recorded, result } = recordedIn(strategy, rung, { timeMaxMs: Infinity, stepsMax, clock });
    return { steps: recorded, complete: result.complete };
  });
}

function sampleOf(strategy: Strategy, rung: MutantLadder['sampled'][number]): Recording {
  const { schedules, seed, depth, readsFail } = rung;
  return remembered(strategy, rung, () => {
    const log = new StepLog();
    exploreAtRandom({
      setting: settingNamed(rung),
      strategy: recordingSteps(strategy, log),
      strategySource: strategy.name,
      scheduler: { kind: 'pct', depth },
      chances: { ...NO_CHANCES, readsFail },
      schedules,
      seed,
    });
    return { steps: log.steps, complete: true };
  });
}

function remembered(strategy: Strategy, rung: Rung, record: () => Recording): Recording {
  const all = recordings.get(strategy) ?? new Map<Rung, Recording>();
  recordings.set(strategy, all);
  const recording = all.get(rung) ?? record();
  all.set(rung, recording);
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
