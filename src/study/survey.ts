/** The steps that a strategy takes in a setting, found by searching every interleaving of it with each step put down. */
import { explore, type ExploreResult } from '../explore/explore.ts';
import { functionsOf } from '../fix/mutation/mutations-of.ts';
import { type RecordedStep, recordingSteps, StepLog } from '../fix/mutation/step-recorder.ts';
import { type Strategy, unchanged } from '../fix/strategy.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { Rung } from './mutate-ladder.ts';
import type { Baseline } from './mutate-result.ts';

/** States of one search: 16 bytes each. */
const STATES_MAX = 8_000_000;

/** Limits of one search of a setting. */
export interface RungLimits {
  readonly timeMaxMs: number;
  /** Transitions. @default no limit */
  readonly stepsMax?: number | undefined;
  /** States in which a shortest witness is looked for. */
  readonly witnessStatesMax: number;
  /** Milliseconds; asked now and then, also to tell that the search goes on. */
  readonly clock: () => number;
}

/** What is in one setting. */
export interface Survey {
  readonly baseline: Baseline;
  /** Whether no limit ended the search of the strategy. */
  readonly complete: boolean;
  /** The kernel names of the functions that the strategy overrides or adds. */
  readonly functions: ReadonlySet<string>;
  readonly recorded: readonly RecordedStep[];
  /** The steps of the kernel before the fix. */
  readonly before: readonly RecordedStep[];
  /** The numbers of the checks that its BUG_ONs and WARN_ONs make. */
  readonly checks: readonly number[];
}

/** Searches a setting of the unchanged strategy, and puts down its steps. */
export function surveyOf(
  strategy: Strategy,
  rung: Rung,
  limits: Omit<RungLimits, 'witnessStatesMax'>,
): Survey {
  const { result, recorded, checks } = recordedIn(strategy, rung, limits);
  const { verdict, states, complete } = result;
  const functions = functionsOf(strategy);
  const before =
    functions.size === 0 ? recorded : recordedIn(unchanged(strategy.Base), rung, limits).recorded;
  return { baseline: { rung, verdict, states }, complete, functions, recorded, before, checks };
}

/** The steps of a strategy in a setting, and what its search has found. */
export function recordedIn(
  strategy: Strategy,
  rung: Rung,
  limits: Omit<RungLimits, 'witnessStatesMax'>,
): Pick<Survey, 'recorded' | 'checks'> & { readonly result: ExploreResult } {
  const log = new StepLog();
  const result = searchRung(recordingSteps(strategy, log), rung, { ...limits, witnessStatesMax: 0 });
  return { result, recorded: log.steps, checks: [...log.checks] };
}

/** Searches a setting. `strategySource` is how a schedule names the strategy. */
export function searchRung(
  strategy: Strategy,
  rung: Rung,
  { timeMaxMs, stepsMax = Infinity, witnessStatesMax, clock }: RungLimits,
  strategySource?: string,
): ExploreResult {
  return explore({
    setting: settingNamed(rung),
    strategy,
    strategySource,
    chances: {
      readsFail: rung.readsFail,
      trylocksFail: rung.trylocksFail ?? false,
      setupsFail: rung.setupsFail ?? false,
    },
    limits: { statesMax: STATES_MAX, stepsMax, timeMaxMs, countStatesMax: 0, witnessStatesMax },
    clock,
  });
}
