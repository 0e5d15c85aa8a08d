import { carriedWords } from '../../catalog/words.ts';
import type { KeptTrials } from '../actor/trial-recorder.ts';
import { cpuCount, describeEnvironment } from '../host/environment.ts';
import type { ArmShare } from '../plan/arm-share.ts';
import type { RunOptions } from '../plan/options.ts';
import { startTimesOf } from '../plan/starts.ts';
import type { RunPlan } from '../plan/protocol.ts';
import { classResults } from '../result/class-results.ts';
import { compareArms } from '../result/comparison.ts';
import { noticesOf } from '../result/notices.ts';
import type { CompareResult } from '../result/result.ts';
import { placementRates, summarizeArms } from '../result/summary.ts';
import { isRule } from '../session/block-rejection.ts';
import { placesOf } from '../session/places.ts';
import { sessionParts } from '../session/session-parts.ts';
import type { Calibration } from '../result/calibration-result.ts';
import { borneOut } from '../result/weak-verdicts.ts';
import { paceOf, type RunPace } from '../tune/pace.ts';
import { instancesOf, type PlacementPlan } from '../topology/placement-plan.ts';
import { type AskedRun, askedRun } from './asked-run.ts';
import { calibrate } from './calibrate.ts';
import { runBlocks, type RunCount } from './engine.ts';
import { runConfigOf } from './run-config.ts';
import { type RunStarts, runStarts } from './run-starts.ts';
import { StopRule } from './stop-rule.ts';

/** What the commands that run arms in interleaved blocks share of their results, and what their actors kept. */
export type Measured = Omit<CompareResult, 'schema' | 'verdict'> & { readonly kept: KeptTrials };

/** How a command runs its arms. */
export interface MeasureHow {
  readonly shareOf: (arm: number) => ArmShare;
  readonly isRecorded: boolean;
  /** Whether all arms but the first are there as its controls. */
  readonly isControlAdded: boolean;
}

/**
 * Runs the arms of these strategies, and makes a result of what they count.
 * @throws {RangeError} If the options do not fit together; nothing has been started.
 * @throws {StrategyError} If a plug-in is none.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function measure(
  options: Omit<RunOptions, 'strategies'>,
  names: readonly string[],
  { shareOf, isRecorded, isControlAdded }: MeasureHow,
): Promise<Measured> {
  const asked = await askedRun(options, { names, isRecorded });
  const { setting } = asked;
  const calibration = await calibrationFor(asked, options);
  const shares = names.map((_, arm) => shareOf(arm));
  const actors = setting.actors.length;
  const placement = await placesOf(options, actors);
  const classes = placement?.classes.length ?? 1;
  const rule = new StopRule({ ...options, classes }, asked.strategies, isControlAdded);
  const instances = instancesOf(placement);
  const times = startTimesOf({ actors, instances }, cpuCount());
  const starts = runStarts({ ...options, starts: isRecorded ? 1 : options.starts }, shares, {
    times,
    placement,
  });
  const pace = await paceOf(asked.parts, options, placement);
  options.onPace?.(pace.raised);
  const { isProfiled = false, signal, onMemory } = options;
  const { hasStartOffset: isLaunched, worlds } = pace;
  const parts = { ...asked.parts, ...pace.pace, worlds, isLaunched, isProfiled };
  const tellsInstances = instances > 1 || options.placement !== undefined;
  const session = sessionParts(parts, setting, { signal, onMemory, placement, tellsInstances });
  const run = await runBlocks({
    ...session,
    shares,
    times,
    startLengths: starts.lengths,
    budget: options.budget,
    paceAt: pace.paceAt,
    isSettled: rule.mayDecide ? (counts, look) => rule.isSettled(counts, look) : undefined,
    endsOn: rule.endsOn,
    onProgress: options.onProgress,
  });
  return resultOf(run, { options, asked, rule, starts, pace, placement, plan: session.plan, calibration });
}

async function calibrationFor(
  { setting, scenario }: AskedRun,
  { seed, signal }: Pick<RunOptions, 'seed' | 'signal'>,
): Promise<Calibration | undefined> {
  if (setting.ordering !== 'x86') return undefined;
  return { ...(await calibrate(seed, signal)), control: scenario.weakControl ?? null };
}

interface RanAs {
  readonly options: Omit<RunOptions, 'strategies'>;
  readonly asked: AskedRun;
  readonly rule: StopRule;
  readonly starts: RunStarts;
  readonly pace: RunPace;
  readonly placement: PlacementPlan | undefined;
  readonly plan: RunPlan;
  readonly calibration: Calibration | undefined;
}

/** What a run has shown. */
async function resultOf(
  run: RunCount,
  { options, asked, rule, starts, pace, placement, plan, calibration }: RanAs,
): Promise<Measured> {
  const { scenario, setting } = asked;
  const { tuning } = pace;
  const stopping = rule.stoppingOf(run);
  const { confidence } = stopping;
  const counted = summarizeArms(rule.armsOf(run.arms), scenario, {
    confidence,
    labels: plan.isProfiled ? setting.actors.map(({ label }) => label) : undefined,
  });
  const arms = borneOut(counted, calibration);
  const classes = classResults(arms, { places: placement?.classes ?? [], confidence });
  const blocks = run.arms.flatMap((arm) => arm.blocks);
  const environment = await describeEnvironment(blocks, run.pinned.processors);
  const isBusyHost = isRule(blocks);
  const { elapsedMs } = run;
  return {
    environment,
    config: runConfigOf(options, { plan, setting, tuning, instances: instancesOf(placement) }),
    ...carriedWords(scenario),
    ...(calibration !== undefined && { calibration }),
    arms,
    comparisons: compareArms(arms, {
      seed: options.seed,
      confidence,
      fold: options.fold,
      elapsedMs,
      startsAt: starts.startsAt,
    }),
    placements: placementRates(arms, confidence),
    ...(classes.length > 0 && { classes }),
    ...(placement !== undefined && { places: placement.classes }),
    isBusyHost,
    stopping,
    starts: run.starts,
    ...(tuning !== undefined && { tuning }),
    elapsedMs,
    startup: run.startup,
    isInterrupted: run.isInterrupted,
    notices: noticesOf({
      environment,
      arms,
      isBusyHost,
      actors: setting.actors.length,
      budget: options.budget,
      starts: run.starts,
      placement,
      pinningFailed: run.pinned.failed,
      endedBy: endedBy(run, { asked, rule }),
    }),
    kept: run.kept,
  };
}

/** The strategies whose violation has ended a run, by the names that it was asked for. */
function endedBy(run: RunCount, { asked, rule }: Pick<RanAs, 'asked' | 'rule'>): string[] {
  const names = asked.parts.arms.map(({ strategy }) => strategy);
  return names.filter((_, arm) => rule.endsOn.includes(arm) && (run.arms[arm]?.violations ?? 0) > 0);
}
