/**
 * What the threads of `mutate` do: search. A task is one setting of the unchanged strategy, whose steps it brings back, or
 * one setting of a mutant.
 */
import {
  explore,
  type ExploreResult,
  type ExploreVerdict,
  type ExploreViolation,
} from '../explore/explore.ts';
import { ProgramError } from '../explore/local-program.ts';
import { loadStrategy } from '../fix/plug-in/load.ts';
import { none } from '../fix/none.ts';
import { type RecordedStep, recordingSteps, StepLog } from '../fix/mutation/step-recorder.ts';
import { type Rung, settingOfRung } from './mutate-ladder.ts';
import type { Baseline, MutantProof } from './mutate-result.ts';

/** States of one search: 16 bytes each. */
const STATES_MAX = 8_000_000;
/** States in which a shortest witness is looked for. */
const WITNESS_STATES_MAX = 500_000;

/** One setting to be searched for its steps. */
export interface SurveyTask {
  readonly kind: 'survey';
  readonly strategy: string;
  readonly rung: Rung;
  readonly exploreMs: number;
}

/** What is in it. */
export interface Survey {
  readonly baseline: Baseline;
  readonly recorded: readonly RecordedStep[];
  /** The steps of the kernel before the fix. */
  readonly before: readonly RecordedStep[];
}

/** One setting of a mutant to be searched. */
export interface TrialTask {
  readonly kind: 'trial';
  /** The mutant's name. */
  readonly mutant: string;
  readonly rung: Rung;
  readonly exploreMs: number;
}

/** What a search says of a mutant in one setting. */
export interface MutantTrial {
  readonly verdict: ExploreVerdict;
  /** Ids of what is violated. */
  readonly invariants: readonly string[];
  readonly witness: MutantProof['witness'];
  readonly states: number;
  /** Why it is bounded, or null. */
  readonly reason: string | null;
}

/** What piscina calls. */
export default async function work(task: SurveyTask | TrialTask): Promise<Survey | MutantTrial> {
  return task.kind === 'survey' ? survey(task) : trial(task);
}

/** Searches a setting of the unchanged strategy, and puts down its steps. */
async function survey({ strategy: source, rung, exploreMs }: SurveyTask): Promise<Survey> {
  const strategy = await loadStrategy(source);
  const log = new StepLog();
  const found = search(recordingSteps(strategy, log), rung, exploreMs, 0);
  const before = new StepLog();
  search(recordingSteps(none, before), rung, exploreMs, 0);
  const { verdict, states } = found;
  return { baseline: { rung, verdict, states }, recorded: log.steps, before: before.steps };
}

async function trial({ mutant, rung, exploreMs }: TrialTask): Promise<MutantTrial> {
  const strategy = await loadStrategy(mutant);
  try {
    const found = search(strategy, rung, exploreMs, WITNESS_STATES_MAX, mutant);
    return {
      verdict: found.verdict,
      invariants: found.violations.map(({ invariant }) => invariant),
      witness: witnessOf(found.violations),
      states: found.states,
      reason: found.endedBy === undefined ? null : `the limit of ${found.endedBy} ended the search`,
    };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { verdict: 'bounded', invariants: [], witness: null, states: 0, reason: error.message };
  }
}

function search(
  strategy: Parameters<typeof explore>[0]['strategy'],
  rung: Rung,
  timeMaxMs: number,
  witnessStatesMax: number,
  strategySource?: string,
): ExploreResult {
  return explore({
    setting: settingOfRung(rung),
    strategy,
    strategySource,
    chances: { readsFail: rung.readsFail },
    limits: { statesMax: STATES_MAX, timeMaxMs, countStatesMax: 0, witnessStatesMax },
    clock: () => performance.now(),
  });
}

/** The witness with the fewest preemptions, and of those the shortest. */
function witnessOf(violations: readonly ExploreViolation[]): MutantProof['witness'] {
  const [best] = violations
    .flatMap(({ invariant, witness }) =>
      witness === null
        ? []
        : [
            {
              invariant,
              schedule: witness.schedule,
              steps: witness.steps.length,
              preemptions: witness.preemptions,
            },
          ],
    )
    .toSorted((one, other) => one.preemptions - other.preemptions || one.steps - other.steps);
  return best ?? null;
}
