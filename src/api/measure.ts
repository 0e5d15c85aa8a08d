/** The commands that run on real threads, as functions: see `ebtorture compare --help` and the others for what they do. */
import { randomInt } from 'node:crypto';
import { namesOfSetting } from '../catalog/named-setting.ts';
import { scenarioNamed } from '../catalog/registry.ts';
import { strategiesDefault, strategyDefault } from '../catalog/run-defaults.ts';
import { WINDOW_DEFAULTS } from '../scenario/window-defaults.ts';
import type { RunOptions, StressOptions } from '../stress/plan/options.ts';
import { runOptions } from '../stress/plan/run-options.ts';
import type { CompareResult, StressResult } from '../stress/result/result.ts';
import type { WindowOptions } from '../stress/window/window-options.ts';
import type { WindowResult } from '../stress/window/window-result.ts';
import type { DecideOptions } from '../study/decide.ts';
import type { ExplainResult } from '../study/explain-result.ts';
import { type GivenSetting, requireSequential, settingOf } from './given-setting.ts';

const SEEDS = 2 ** 32;

type Rest<Options> = GivenSetting & Partial<Omit<Options, keyof GivenSetting>>;

/** What `compare` takes; all of it may be left out. By default it runs 10 s and tells what explore says of each strategy. */
export type CompareOptions = Rest<DecideOptions>;
/** What `stress` and `explain` take; all of it may be left out. */
export type StressCallOptions = Rest<StressOptions>;
/** What `window` takes; all of it may be left out. */
export type WindowCallOptions = Rest<WindowOptions>;

/**
 * Compares strategies in randomly interleaved blocks on real threads, and asks explore about each of them.
 * @throws {StrategyError} If a strategy is none.
 * @throws {ScenarioError} If a scenario is none.
 * @throws {RangeError} If the options do not fit together.
 * @throws {HarnessError} If a thread hangs or crashes.
 */
export async function compare(options: CompareOptions = {}): Promise<CompareResult> {
  const { decide } = await import('../study/decide.ts');
  const run = await givenRun(options);
  return decide({
    ...run,
    strategies: options.strategies ?? strategiesDefault(scenarioNamed(run.scenario)),
    proves: options.proves ?? true,
    measuresCost: options.measuresCost ?? options.strategies !== undefined,
    orderings: options.orderings ?? false,
  });
}

/**
 * Runs one strategy at full rate, with short blocks of the control between.
 * @throws As `compare`.
 */
export async function stress(options: StressCallOptions = {}): Promise<StressResult> {
  const { stressed } = await import('../study/rests-on.ts');
  return stressed(await stressOptions(options));
}

/**
 * Runs a strategy until it violates, and finds the interleaving that agrees with everything its actors logged.
 * @throws As `compare`.
 */
export async function explain(options: StressCallOptions = {}): Promise<ExplainResult> {
  const { runExplain } = await import('../study/explain.ts');
  return runExplain(await stressOptions(options));
}

/**
 * Profiles the race window over the start offset of the actors.
 * @throws As `compare`.
 */
export async function window(options: WindowCallOptions = {}): Promise<WindowResult> {
  const { runWindow } = await import('../stress/window/window.ts');
  const setting = await settingOf(options);
  requireSequential(setting, 'window');
  return runWindow({
    ...options,
    strategy: options.strategy ?? strategyDefault(setting.scenario),
    ...namesOfSetting(setting),
    points: options.points ?? WINDOW_DEFAULTS.points,
    rangeNs: options.rangeNs ?? WINDOW_DEFAULTS.rangeNs,
    budget: options.budget ?? { kind: 'duration', ms: WINDOW_DEFAULTS.durationMs },
    seed: options.seed ?? randomInt(SEEDS),
  });
}

async function stressOptions(options: StressCallOptions): Promise<StressOptions> {
  const run = await givenRun(options);
  return {
    ...run,
    strategy: options.strategy ?? strategyDefault(scenarioNamed(run.scenario)),
    hasControl: options.hasControl ?? true,
  };
}

async function givenRun(
  options: Rest<Omit<RunOptions, 'strategies'>>,
): Promise<Omit<RunOptions, 'strategies'>> {
  return runOptions(await settingOf(options), { ...options, seed: options.seed ?? randomInt(SEEDS) });
}
