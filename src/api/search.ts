/** The commands that search interleavings, as functions. A plug-in's code runs in a thread of its own in all of them. */
import type { HistoryOptions } from '../study/history.ts';
import type { HistoryResult } from '../study/history-result.ts';
import { randomInt } from 'node:crypto';
import type { ExploreLimits, ExploreResult } from '../explore/explore.ts';
import { parseSchedule } from '../explore/schedule/schedule.ts';
import { type Chances, NO_CHANCES, type Reductions } from '../explore/search/session.ts';
import type { Replay } from '../explore/witness/replay.ts';
import { namesOfSetting } from '../catalog/named-setting.ts';
import { mutatedDefault, strategyDefault } from '../catalog/run-defaults.ts';
import { performSafely } from '../study/in-thread.ts';
import type { MutateOptions } from '../study/mutate.ts';
import { ladderOf } from '../study/mutate-ladder.ts';
import { orderingPart } from '../memory/ordering.ts';
import { MUTATE_DEFAULTS, type MutateConfig, type MutateResult } from '../study/mutate-result.ts';
import { subjectOf } from '../study/subject.ts';
import { kernelIn } from '../scenario/kernels.ts';
import { CONTROL_DEFAULT } from '../scenario/promises.ts';
import type { HuntOptions } from '../study/hunt/hunt.ts';
import { HUNT_DEFAULTS, type HuntResult } from '../study/hunt/hunt-result.ts';
import { type GivenSetting, settingOf } from './given-setting.ts';

const SEEDS = 2 ** 32;

type HuntConfig = HuntResult['config'];

/** What `explore` takes; all of it may be left out. */
export interface ExploreCallOptions extends GivenSetting {
  /** A name, or the path of a plug-in. @default `none` */
  readonly strategy?: string | undefined;
  /** @default all of them */
  readonly reductions?: Partial<Reductions> | undefined;
  /** @default nothing happens by chance */
  readonly chances?: Partial<Chances> | undefined;
  /** @default 64 million states, and no limit of time */
  readonly limits?: Partial<ExploreLimits> | undefined;
  /** Threads of a search that is not small. @default 1 */
  readonly threads?: number | undefined;
}

/** A result as `--json` prints it, which `report` takes. */
export interface ExploreDocument extends ExploreResult {
  readonly schema: 'ebtorture.explore/1';
}

/**
 * Searches every interleaving: a proof, or the shortest witness.
 * @throws {StrategyError} If the strategy is none.
 * @throws {ScenarioError} If the scenario is none.
 * @throws {RangeError} If the setting does not fit together.
 * @throws {HarnessError} If the code of a plug-in breaks, hangs, or is not the same twice.
 */
export async function explore(options: ExploreCallOptions = {}): Promise<ExploreDocument> {
  const { reductions, chances, limits, threads } = options;
  const setting = await settingOf(options);
  const { strategy = strategyDefault(setting.scenario) } = options;
  const result = await performSafely({
    kind: 'explore',
    ...subjectOf(setting, strategy),
    reductions,
    chances: { ...NO_CHANCES, ...chances },
    limits,
    threads,
  });
  return { schema: 'ebtorture.explore/1', ...result };
}

/**
 * Walks through a schedule, step by step; under another strategy than its own, if one is given.
 * @throws {ScheduleError} If the text is no schedule.
 * @throws As `explore`.
 */
export async function replay(
  schedule: string,
  options: { readonly strategy?: string | undefined } = {},
): Promise<Replay> {
  const { strategy, moves, readsFail, trylocksFail, setupsFail, ...given } = parseSchedule(schedule);
  const setting = await settingOf(given);
  const chances = { readsFail, trylocksFail, setupsFail };
  const subject = subjectOf(setting, options.strategy ?? strategy);
  return performSafely({ kind: 'replay', ...subject, moves, chances });
}

/** What `history` takes; all of it may be left out. */
export type HistoryCallOptions = Partial<Omit<HistoryOptions, 'journal'>>;

/**
 * Replays the races of the kernel's history, each before and after its mend.
 * @throws {StrategyError} If a strategy of the matrix is none.
 */
export async function history(options: HistoryCallOptions = {}): Promise<HistoryResult> {
  const { history: replayed, HISTORY_EXPLORE_MS } = await import('../study/history.ts');
  return replayed({
    ...options,
    exploreMs: options.exploreMs ?? HISTORY_EXPLORE_MS,
    seed: options.seed ?? randomInt(SEEDS),
    agrees: options.agrees ?? false,
  });
}

/** What `hunt` takes; all of it may be left out. */
export interface HuntCallOptions
  extends Partial<HuntConfig>, Omit<HuntOptions, 'config' | 'journal' | 'isEnd'> {}

/**
 * Searches small programs of a kernel's operations, smallest first, for races that nobody wrote a scenario for.
 * @throws {RangeError} If there is no such kernel, operation or size, or the strategy is a module.
 * @throws {StrategyError} If there is no such strategy, or one of the matrix is none.
 */
export async function hunt(options: HuntCallOptions = {}): Promise<HuntResult> {
  const { hunt: run } = await import('../study/hunt/hunt.ts');
  const { kernel, strategy, against, only, size, seed, statesMax, ...rest } = options;
  return run({
    config: {
      kernel: kernel ?? HUNT_DEFAULTS.kernel,
      strategy: strategy ?? CONTROL_DEFAULT,
      against: against ?? null,
      only: only ?? null,
      size: size ?? HUNT_DEFAULTS.size,
      seed: seed ?? null,
      statesMax: statesMax ?? HUNT_DEFAULTS.statesMax,
    },
    ...rest,
  });
}

/** What `mutate` takes; all of it may be left out. */
export interface MutateCallOptions
  extends GivenSetting, Partial<Omit<MutateConfig, 'ladder'>>, Omit<MutateOptions, 'config' | 'journal'> {
  /** Settings to be tried, cheapest first. @default those of the scenario; one setting where a part of it is given */
  readonly ladder?: MutateConfig['ladder'] | undefined;
}

/**
 * Changes every step of a strategy, one at a time, and finds out which of the changes anything notices.
 * @throws As `explore`.
 */
export async function mutate(options: MutateCallOptions = {}): Promise<MutateResult> {
  const { mutate: run } = await import('../study/mutate.ts');
  const setting = await settingOf(options);
  const { ordering } = setting;
  if (ordering !== 'sc' && (options.stressMs ?? 0) > 0)
    throw new RangeError(
      `stressMs: mutants are judged by explore alone under ${ordering}, got ${options.stressMs}`,
    );
  const isWhole = options.start === undefined && options.actors === undefined && options.pages === undefined;
  const one = {
    ...namesOfSetting(setting),
    ...kernelIn(setting.scenario),
    readsFail: false,
  };
  const { resumed, signal, onProgress, onResult } = options;
  return run({
    config: {
      strategy: options.strategy ?? mutatedDefault(setting.scenario),
      isModel: options.isModel ?? false,
      ladder: (options.ladder ?? (isWhole ? ladderOf(setting.scenario).rungs : [one])).map((rung) =>
        Object.assign({}, rung, orderingPart(ordering)),
      ),
      stressMs: options.stressMs ?? (ordering === 'sc' ? MUTATE_DEFAULTS.stressMs : 0),
      exploreMs: options.exploreMs ?? MUTATE_DEFAULTS.exploreMs,
      seed: options.seed ?? randomInt(SEEDS),
      ...(options.instances !== undefined && { instances: options.instances }),
      ...(options.placement !== undefined && { placement: options.placement }),
    },
    resumed,
    signal,
    onProgress,
    onResult,
  });
}
