import { scenarioNamed } from '../../catalog/registry.ts';
import { describeStrategy } from '../../catalog/describe-strategy.ts';
import { controlOf, promisedIn, weakControlsOf } from '../../scenario/promises.ts';
import type { KeptTrials } from '../actor/trial-recorder.ts';
import type { ArmShare } from '../plan/arm-share.ts';
import type { RunOptions, StressOptions } from '../plan/options.ts';
import type { CompareResult, StressResult } from '../result/result.ts';
import { measure, type MeasureOptions } from './measure.ts';
import { compareResultOf, stressResultOf } from './run-result.ts';

/** A control of `stress`, one of stores that wait, too, gets one block of half length for four of the strategy's: a ninth of the time. */
const STRESS_SHARES: readonly ArmShare[] = [
  { blocks: 4, weight: 1 },
  { blocks: 1, weight: 0.5 },
  { blocks: 1, weight: 0.5 },
];
const EVEN_SHARE: ArmShare = { blocks: 1, weight: 1 };

/** What a comparison takes. */
export type CompareRun = RunOptions & Pick<MeasureOptions, 'journal'>;
/** What a stress run takes. */
export type StressRun = StressOptions & Pick<MeasureOptions, 'journal'>;

/**
 * Interleaves blocks of all strategies and compares them.
 * @throws {RangeError} If the options do not fit together; nothing has been started.
 * @throws {StrategyError} If a plug-in is none.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function runCompare(options: CompareRun): Promise<CompareResult> {
  const { strategies, ordering } = options;
  const added = weakControlsOf(scenarioNamed(options.scenario), ordering).filter(
    (control) => !strategies.includes(control),
  );
  const { measured } = await measure(options, [...strategies, ...added], {
    shareOf: () => EVEN_SHARE,
    isRecorded: false,
    isControlAdded: false,
  });
  return compareResultOf(measured);
}

/**
 * Runs one strategy at full rate, with short blocks of the control between, unless it is a control itself.
 * @throws As `runCompare`.
 */
export async function runStress(options: StressRun): Promise<StressResult> {
  return (await stress(options, false)).result;
}

/** A stress run that has logged what the steps of its strategy returned. */
export interface RecordedStress {
  readonly result: StressResult;
  readonly kept: KeptTrials;
}

/**
 * As `runStress`, but the actors of the strategy log what their steps return, and the run ends with the first violation
 * of which everything was kept.
 * @throws As `runCompare`.
 */
export function recordStress(options: StressRun): Promise<RecordedStress> {
  return stress(options, true);
}

async function stress(options: StressRun, isRecorded: boolean): Promise<RecordedStress> {
  const scenario = scenarioNamed(options.scenario);
  const { expectation } = promisedIn(scenario, await describeStrategy(options.strategy, scenario));
  const needsControl = options.hasControl && expectation === 'holds';
  const controls = [controlOf(scenario), ...weakControlsOf(scenario, options.ordering)];
  const strategies = needsControl ? [options.strategy, ...controls] : [options.strategy];
  const { measured, kept } = await measure(options, strategies, {
    shareOf: (arm) => STRESS_SHARES[arm] ?? EVEN_SHARE,
    isRecorded,
    isControlAdded: needsControl,
  });
  return { result: stressResultOf(measured), kept };
}
