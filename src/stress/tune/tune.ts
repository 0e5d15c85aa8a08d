import { settingNamed } from '../../catalog/named-setting.ts';
import { controlOf } from '../../scenario/promises.ts';
import type { Setting } from '../../scenario/setting.ts';
import { Prng } from '../../stats/prng.ts';
import { type Confirmation, confirm, isShown, NATURAL_MARGIN } from './confirmation.ts';
import type { PlanParts } from '../plan/plan.ts';
import type { Pace } from '../plan/protocol.ts';
import { TuneBench, type TuneHow } from './tune-bench.ts';
import { firstSettings, variationsOf } from './tune-settings.ts';
import { hasHits, perSecond, type Tried, tune } from './tuner.ts';
import type { TuneCount } from './tune-count.ts';
import type { TunedSetting, Tuning, TuningGain } from '../result/tuning-result.ts';

/** Settings that a result lists. */
const LEADERS = 8;
/** How long the best setting is confirmed at most. */
const CONFIRM_MS = 6_500;

/** The pace that a run is to have, and how it was found. */
export interface Tuned {
  /** Without tuning. */
  readonly pace: Pace;
  /** Of the placements that `tuning` says; undefined if it says none. */
  readonly tuned?: Pace;
  readonly tuning: Tuning;
}

/**
 * Finds the setting in which the control violates most often per second: start offset and its jitter, last toucher, stride,
 * number and placement of worlds. Searches for about four seconds, then confirms the best until it is settled whether it
 * is better than the untuned one, for up to seven more. `parts` are those of the run; its own pace is the untuned one.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function tuneRun(parts: PlanParts, how: TuneHow): Promise<Tuned> {
  const { signal } = how;
  const startedAt = performance.now();
  const untuned: Pace = { stride: parts.stride, worlds: parts.worlds };
  const setting = settingNamed(parts);
  const bench = new TuneBench(parts, setting, how);
  const isAborted = (): boolean => signal?.aborted === true;
  try {
    await bench.start();
    const first = firstSettings(setting, untuned);
    const prng = new Prng(parts.seed);
    const measure = (pace: Pace, ms: number): Promise<TuneCount> => bench.measure(pace, ms);
    const [base, ...others] = await tune({
      untuned,
      first,
      variationsOf,
      startAnew: () => bench.startAnew([untuned, ...waysOf(first)]),
      measure,
      prng,
      isAborted,
    });
    bench.isConfirming = true;
    const confirmStartedAt = performance.now();
    // One only: with more of them every start takes longer, and each of their intervals has a smaller share of the 5 %.
    const found = others.find(({ blocks }) => hasHits(blocks));
    const candidates = found === undefined ? [] : [found.pace];
    const confirmation = await confirm({
      untuned,
      candidates,
      searched: found?.blocks ?? [],
      startAnew: () => bench.startAnew([untuned, ...waysOf(candidates)]),
      measure,
      prng,
      isOver: () => isAborted() || performance.now() - confirmStartedAt > CONFIRM_MS,
    });
    await bench.end();
    const { verdict, best } = confirmation;
    const tuning = tuningOf({
      base,
      others,
      confirmation,
      setting,
      elapsedMs: performance.now() - startedAt,
    });
    const tuned = verdict === 'used' && best !== undefined ? best.pace : undefined;
    return { tuning, pace: untuned, ...(tuned !== undefined && { tuned }) };
  } finally {
    await bench.destroy();
  }
}

/** One setting of each way of meeting but the natural one. */
function waysOf(paces: readonly Pace[]): Pace[] {
  const launched = paces.find(({ launch }) => launch !== undefined);
  const shifted = paces.find(({ shift }) => shift !== undefined);
  return [launched, shifted].filter((pace) => pace !== undefined);
}

function tuningOf({
  base,
  others,
  confirmation,
  setting,
  elapsedMs,
}: {
  readonly base: Tried;
  readonly others: readonly Tried[];
  readonly confirmation: Confirmation;
  readonly setting: Setting;
  readonly elapsedMs: number;
}): Tuning {
  const { verdict, best, untuned, confidence, starts, looks } = confirmation;
  const hits = others.filter(({ blocks }) => hasHits(blocks));
  const roundsOf = (pace: Pace): number => others.find((tried) => tried.pace === pace)?.rounds ?? 0;
  return {
    strategy: controlOf(setting.scenario),
    elapsedMs,
    tried: others.length + 1,
    withHits: hits.length + (hasHits(base.blocks) ? 1 : 0),
    untuned: settingResult({ ...base, blocks: untuned.length === 0 ? base.blocks : untuned }, setting),
    best:
      best === undefined
        ? null
        : settingResult({ pace: best.pace, blocks: best.blocks, rounds: roundsOf(best.pace) }, setting),
    leaders: hits.slice(0, LEADERS).map((tried) => settingResult(tried, setting)),
    verdict: best === undefined ? 'silent' : verdict,
    gains: (best?.gains ?? []).map((gain): TuningGain => Object.assign({ isUsed: isShown(gain) }, gain)),
    naturalMargin: NATURAL_MARGIN,
    confidence,
    starts,
    looks,
    isUsed: verdict === 'used' && best !== undefined,
  };
}

function settingResult(
  { pace, blocks, rounds }: Pick<Tried, 'pace' | 'blocks' | 'rounds'>,
  { actors }: Setting,
): TunedSetting {
  const { stride, worlds, launch, shift } = pace;
  const start = launch ?? shift;
  const sum = (of: 'trials' | 'violations' | 'seconds'): number =>
    blocks.reduce((total, block) => total + block[of], 0);
  const count = { trials: sum('trials'), violations: sum('violations'), seconds: sum('seconds') };
  return {
    stride: launch === undefined ? stride : null,
    worlds: launch === undefined ? worlds : null,
    spacing: shift === undefined || shift.spacing === stride ? null : shift.spacing,
    offsetNs: start?.offsetNs ?? null,
    jitterNs: shift === undefined || shift.jitterNs === 0 ? null : shift.jitterNs,
    lastToucher: start === undefined ? null : (actors[start.lastToucher]?.label ?? null),
    ...count,
    violationsPerSecond: perSecond(count),
    rounds,
  };
}
