/** The steps that a strategy takes in a setting, found by searching every interleaving of it with each step put down. */
import { explore, type ExploreResult } from '../explore/explore.ts';
import { functionsOf } from '../fix/mutation/mutations-of.ts';
import { type RecordedStep, recordingSteps, StepLog } from '../fix/mutation/step-recorder.ts';
import { none } from '../fix/none.ts';
import type { Strategy } from '../fix/strategy.ts';
import { type Rung, settingOfRung } from './mutate-ladder.ts';
import type { Baseline } from './mutate-result.ts';

/** States of one search: 16 bytes each. */
const STATES_MAX = 8_000_000;

/** Limits of one search of a setting. */
export interface RungLimits {
  readonly timeMaxMs: number;
  /** States in which a shortest witness is looked for. */
  readonly witnessStatesMax: number;
  /** Milliseconds; asked now and then, also to tell that the search goes on. */
  readonly clock: () => number;
}

/** What is in one setting. */
export interface Survey {
  readonly baseline: Baseline;
  /** The kernel names of the functions that the strategy overrides or adds. */
  readonly functions: ReadonlySet<string>;
  readonly recorded: readonly RecordedStep[];
  /** The steps of the kernel before the fix. */
  readonly before: readonly RecordedStep[];
}

/** Searches a setting of the unchanged strategy, and puts down its steps. */
export function surveyOf(
  strategy: Strategy,
  rung: Rung,
  limits: Omit<RungLimits, 'witnessStatesMax'>,
): Survey {
  const { result, recorded } = recordedIn(strategy, rung, limits);
  const { verdict, states } = result;
  const before = recordedIn(none, rung, limits).recorded;
  return { baseline: { rung, verdict, states }, functions: functionsOf(strategy), recorded, before };
}

/** The steps of a strategy in a setting, and what its search has found. */
export function recordedIn(
  strategy: Strategy,
  rung: Rung,
  limits: Omit<RungLimits, 'witnessStatesMax'>,
): { readonly result: ExploreResult; readonly recorded: readonly RecordedStep[] } {
  const log = new StepLog();
  const result = searchRung(recordingSteps(strategy, log), rung, { ...limits, witnessStatesMax: 0 });
  return { result, recorded: log.steps };
}

/** Searches a setting. `strategySource` is how a schedule names the strategy. */
export function searchRung(
  strategy: Strategy,
  rung: Rung,
  { timeMaxMs, witnessStatesMax, clock }: RungLimits,
  strategySource?: string,
): ExploreResult {
  return explore({
    setting: settingOfRung(rung),
    strategy,
    strategySource,
    chances: { readsFail: rung.readsFail },
    limits: { statesMax: STATES_MAX, timeMaxMs, countStatesMax: 0, witnessStatesMax },
    clock,
  });
}
