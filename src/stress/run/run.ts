import { actorsText } from '../../scenario/role-count.ts';
import { scenarioNamed } from '../../scenario/registry.ts';
import { describeStrategy, type StrategyDescription } from '../../fix/plug-in/describe.ts';
import { controlOf, promisedIn } from '../../scenario/promises.ts';
import { noCompletion, type Setting } from '../../scenario/setting.ts';
import { carriedWords } from '../../scenario/words.ts';
import { lookConfidence } from '../../stats/looks.ts';
import { exceptional, isRule } from '../session/block-rejection.ts';
import { CONFIDENCE } from '../result/block-samples.ts';
import { compareArms } from '../result/comparison.ts';
import { runBlocks } from './engine.ts';
import { cpuCount, describeEnvironment } from '../host/environment.ts';
import { noticesOf } from '../result/notices.ts';
import { takeMemory } from '../host/memory-budget.ts';
import type { RunOptions, StressOptions } from '../plan/options.ts';
import { amplificationOf, paceOf } from '../tune/pace.ts';
import { arenaOf, type PlanParts, settingOf, spinsMaxOf } from '../plan/plan.ts';
import type { RunPlan } from '../plan/protocol.ts';
import type { CompareResult, RunConfig, Stopping, StressResult } from '../result/result.ts';
import { type ArmShare, roundLength } from '../plan/arm-share.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import { endingArms, isSettled } from '../result/settled.ts';
import { checkStarts, startLengths } from '../plan/starts.ts';
import { compareVerdict, type CountedArm, placementRates, summarizeArms } from '../result/summary.ts';
import type { KeptTrials } from '../actor/trial-recorder.ts';
import { checkWaits } from '../actor/waits.ts';
import type { Tuning } from '../result/tuning-result.ts';

/** A control of `stress` gets one block of half length for four of the strategy's: a ninth of the time. */
const STRESS_SHARES: readonly ArmShare[] = [
  { blocks: 4, weight: 1 },
  { blocks: 1, weight: 0.5 },
];
const EVEN_SHARE: ArmShare = { blocks: 1, weight: 1 };

/** The part of a result that both commands share. */
type Measured = Omit<CompareResult, 'schema' | 'verdict'>;

/**
 * Interleaves blocks of all strategies and compares them.
 * @throws {RangeError} If the options do not fit together; nothing has been started.
 * @throws {StrategyError} If a plug-in is none.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function runCompare(options: RunOptions): Promise<CompareResult> {
  const { kept: _nothing, ...measured } = await measure(options, options.strategies, {
    shareOf: () => EVEN_SHARE,
    isRecorded: false,
    isControlAdded: false,
  });
  const verdict = compareVerdict(measured.arms);
  const isOpen = verdict === 'as-declared' && measured.stopping.isDecided === false;
  return { schema: 'ebtorture.compare/1', verdict: isOpen ? 'inconclusive' : verdict, ...measured };
}

/**
 * Runs one strategy at full rate, with short blocks of the control between, unless it is a control itself.
 * @throws As `runCompare`.
 */
export async function runStress(options: StressOptions): Promise<StressResult> {
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
export function recordStress(options: StressOptions): Promise<RecordedStress> {
  return stress(options, true);
}

async function stress(options: StressOptions, isRecorded: boolean): Promise<RecordedStress> {
  const scenario = scenarioNamed(options.scenario);
  const { expectation } = promisedIn(scenario, await describeStrategy(options.strategy));
  const needsControl = options.hasControl && expectation === 'holds';
  const strategies = needsControl ? [options.strategy, controlOf(scenario)] : [options.strategy];
  const { kept, ...measured } = await measure(options, strategies, {
    shareOf: (arm) => STRESS_SHARES[arm] ?? EVEN_SHARE,
    isRecorded,
    isControlAdded: needsControl,
  });
  const verdict = measured.arms[0]?.verdict ?? 'inconclusive';
  const isOpen = verdict === 'clean' && measured.stopping.isDecided === false;
  const result: StressResult = {
    schema: 'ebtorture.stress/1',
    verdict: isOpen ? 'inconclusive' : verdict,
    ...measured,
  };
  return { result, kept };
}

interface MeasureHow {
  readonly shareOf: (arm: number) => ArmShare;
  readonly isRecorded: boolean;
  /** Whether all arms but the first are there as its controls. */
  readonly isControlAdded: boolean;
}

async function measure(
  options: Omit<RunOptions, 'strategies'>,
  names: readonly string[],
  { shareOf, isRecorded, isControlAdded }: MeasureHow,
): Promise<Measured & { readonly kept: KeptTrials }> {
  const scenario = scenarioNamed(options.scenario);
  const strategies: StrategyDescription[] = [];
  for (const name of names) strategies.push(promisedIn(scenario, await describeStrategy(name)));
  const start = options.start ?? scenario.starts[0]?.name ?? '';
  const actors = options.actors ?? scenario.starts.find(({ name }) => name === start)?.actors ?? [];
  const asked: PlanParts = {
    scenario: scenario.name,
    start,
    actors,
    pages: options.pages,
    worlds: options.worlds,
    stride: options.stride,
    arms: names.map((strategy, arm) => ({ strategy, overrides: strategies[arm]?.overrides ?? [] })),
    seed: options.seed,
    trylockFail: options.trylockFail,
    readFail: options.readFail,
    setupFail: options.setupFail,
    delays: options.delays,
    waits: options.waits,
    isRecorded,
  };
  if (options.worlds < 2 * options.stride) {
    throw new RangeError(
      `--worlds: expected at least two strides (${2 * options.stride}), got ${options.worlds}`,
    );
  }
  const setting = settingOf(asked);
  if (options.readFail > 0 && setting.completion === 'none') {
    throw new RangeError(`--read-fail: ${noCompletion(setting)}`);
  }
  if (options.waits !== undefined) checkWaits(options.waits, options.stride);
  const { fold, budget } = options;
  const shares = names.map((_, arm) => shareOf(arm));
  const untilDecided = options.until === 'decided';
  const endsOn = options.until === 'violation' ? endingArms(strategies) : [];
  const starts = isRecorded ? 1 : options.starts;
  if (starts !== undefined) checkStarts(starts, options.budget, { shares, roundMs: roundLength(shares) });
  const lengthsOf = (durationMs: number): number[] =>
    startLengths(durationMs, {
      shares,
      roundMs: roundLength(shares),
      starts,
      mayEnd: untilDecided,
    });
  const { pace, paceAt, worlds, hasStartOffset, raised, tuning } = await paceOf(asked, options);
  options.onPace?.(raised);
  const parts = { ...asked, ...pace, worlds };
  const arena = arenaOf(parts, setting);
  const plan = {
    ...parts,
    isLaunched: hasStartOffset,
    memory: takeMemory(arena.bytes, parts.worlds, options.onMemory),
    isProfiled: options.isProfiled ?? false,
    isJudged: true,
    startedAtMs: performance.timeOrigin,
    spinsMax: spinsMaxOf(setting.actors.length, cpuCount()),
  };
  const confidenceAt = (look: number): number => lookConfidence({ confidence: CONFIDENCE, look });
  const countedArms = (counts: readonly ArmCount[]): CountedArm[] =>
    exceptional(counts).flatMap((count, arm) => {
      const strategy = strategies[arm];
      return strategy === undefined ? [] : [{ count, strategy, isControl: arm > 0 && isControlAdded }];
    });
  const settled = (counts: readonly ArmCount[], look: number): boolean =>
    isSettled(countedArms(counts), { fold, confidence: confidenceAt(look) });
  const run = await runBlocks({
    plan,
    setting,
    arena,
    shares,
    startLengths:
      budget.kind === 'duration' ? lengthsOf(budget.ms) : Array.from({ length: starts ?? 1 }, () => Infinity),
    budget,
    paceAt,
    isSettled: untilDecided ? settled : undefined,
    endsOn,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const stopping: Stopping = untilDecided
    ? {
        rule: 'decided',
        looks: run.looks,
        confidence: confidenceAt(run.looks),
        isDecided: settled(run.arms, run.looks),
      }
    : {
        rule: options.until === 'violation' ? 'violation' : 'fixed',
        looks: 1,
        confidence: CONFIDENCE,
        isDecided: null,
      };
  const { confidence } = stopping;
  const arms = summarizeArms(countedArms(run.arms), scenario, {
    confidence,
    labels: plan.isProfiled ? setting.actors.map(({ label }) => label) : undefined,
  });
  const blocks = run.arms.flatMap((arm) => arm.blocks);
  const environment = await describeEnvironment(blocks, run.pinnedTo);
  const isBusyHost = isRule(blocks);
  const { elapsedMs } = run;
  return {
    environment,
    config: configOf(options, { plan, setting, tuning }),
    ...carriedWords(scenario),
    arms,
    comparisons: compareArms(arms, {
      seed: options.seed,
      confidence,
      fold,
      elapsedMs,
      startsAt: (lengthMs) => lengthsOf(lengthMs).length,
    }),
    placements: placementRates(arms, confidence),
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
      budget,
      starts: run.starts,
      endedBy: names.filter((_, arm) => endsOn.includes(arm) && (run.arms[arm]?.violations ?? 0) > 0),
    }),
    kept: run.kept,
  };
}

interface ConfigParts {
  readonly plan: RunPlan;
  readonly setting: Setting;
  readonly tuning: Tuning | undefined;
}

function configOf(
  options: Omit<RunOptions, 'strategies'>,
  { plan, setting, tuning }: ConfigParts,
): RunConfig {
  const { budget, launch } = options;
  const { setupFail = 0 } = plan;
  return {
    scenario: plan.scenario,
    start: plan.start,
    strategies: plan.arms.map(({ strategy }) => strategy),
    actors: actorsText(plan.actors),
    pages: plan.pages,
    worlds: options.worlds,
    stride: options.stride,
    seed: plan.seed,
    durationMs: budget.kind === 'duration' ? budget.ms : null,
    trials: budget.kind === 'trials' ? budget.count : null,
    until: options.until ?? null,
    ...(options.starts !== undefined && { starts: options.starts }),
    fold: options.fold,
    trylockFail: plan.trylockFail,
    readFail: plan.readFail,
    ...(setupFail > 0 && { setupFail }),
    delays: plan.delays,
    waits: plan.waits ?? null,
    ...(launch !== undefined && {
      launch: { offsetNs: launch.offsetNs, lastToucher: setting.actors[launch.lastToucher]?.label ?? '' },
    }),
    ...(options.isTuned === true && { tune: true }),
    ...(plan.isProfiled && { profile: true }),
    amplification: amplificationOf(options, tuning),
    memoryBytes: arenaOf(plan, setting).bytes,
  };
}
