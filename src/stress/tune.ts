import type { Setting } from '../scenario/setting.ts';
import { pairedRatio } from '../stats/paired-ratio.ts';
import { Prng } from '../stats/prng.ts';
import { cpuCount } from './environment.ts';
import { takeMemory } from './memory-budget.ts';
import type { RunOptions } from './options.ts';
import { arenaOf, type PlanParts, settingOf, spinsMaxOf } from './plan.ts';
import type { Pace } from './protocol.ts';
import { Session } from './session.ts';
import { firstSettings, TUNE_WORLDS_MAX, variationsOf } from './tune-settings.ts';
import { perSecond, type Tried, tune, type TuneCount } from './tuner.ts';
import type { TunedSetting, Tuning } from './tuning-result.ts';

/** A fix cannot be tuned by its violations: it has none. */
const CONTROL = 'none';
const CONFIDENCE = 0.95;
/** A gain below this is not worth a label. */
const GAIN_MIN = 1.1;
/** How long each way of meeting runs before anything counts: the JIT compiler optimizes what it runs. */
const WARM_UP_MS = 200;
/** How often a block is tried whose actors did not run side by side. */
const ATTEMPTS = 4;
/** How often progress is told. */
const PROGRESS_MS = 200;
/** Settings that a result lists. */
const LEADERS = 8;

/** The pace that a run is to have, and how it was found. */
export interface Tuned {
  readonly pace: Pace;
  readonly tuning: Tuning;
}

/**
 * Finds the setting in which the control violates most often per second: start offset and last toucher, or stride and
 * number of worlds. Takes about three seconds. `parts` are those of the run; its own pace is the untuned one.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function tuneRun(
  parts: PlanParts,
  { signal, onProgress }: Pick<RunOptions, 'signal' | 'onProgress'>,
): Promise<Tuned> {
  const startedAt = performance.now();
  const untuned: Pace = { stride: parts.stride, worlds: parts.worlds };
  const setting = settingOf(parts);
  const session = sessionOf(
    {
      ...parts,
      arms: [{ strategy: CONTROL }],
      worlds: Math.max(parts.worlds, TUNE_WORLDS_MAX),
      isRecorded: false,
    },
    setting,
  );
  try {
    await session.start();
    const canOverlap = setting.actors.length <= cpuCount();
    let tuningBlocks = 0;
    let toldAt = startedAt;
    const tell = (): void => {
      tuningBlocks++;
      const now = performance.now();
      if (onProgress === undefined || now - toldAt < PROGRESS_MS) return;
      toldAt = now;
      onProgress({ elapsedMs: now - startedAt, fraction: 0, arms: session.arms, tuningBlocks });
    };
    const measure = async (pace: Pace, ms: number): Promise<TuneCount> => {
      for (let attempt = 1; ; attempt++) {
        const block = await session.runBlock({ arm: 0, round: 0, ms, trialsMax: Infinity, pace, signal });
        tell();
        const { trials, violations, seconds, roundTripNs } = block;
        const isApart = canOverlap && roundTripNs === null && signal?.aborted !== true;
        if (!isApart || attempt === ATTEMPTS) return { trials, violations, seconds };
      }
    };
    const first = firstSettings(setting, untuned);
    await measure(untuned, WARM_UP_MS);
    const launched = first.find(({ launch }) => launch?.offsetNs === 0);
    if (launched !== undefined) await measure(launched, WARM_UP_MS);
    const [base, ...others] = await tune({
      untuned,
      first,
      variationsOf,
      measure,
      prng: new Prng(parts.seed),
      isAborted: () => signal?.aborted === true,
    });
    await session.end();
    const best = others.find(({ violations }) => violations > 0);
    const gain = best === undefined ? null : gainOf(best, base);
    const isUsed = best !== undefined && isBetter(best, base, gain);
    const labeled = (tried: Tried): TunedSetting => settingResult(tried, setting);
    return {
      pace: isUsed ? best.pace : untuned,
      tuning: {
        strategy: CONTROL,
        elapsedMs: performance.now() - startedAt,
        tried: others.length + 1,
        withHits: [base, ...others].filter(({ violations }) => violations > 0).length,
        untuned: labeled(base),
        best: best === undefined ? null : labeled(best),
        leaders: others
          .filter(({ violations }) => violations > 0)
          .slice(0, LEADERS)
          .map(labeled),
        gain,
        isUsed,
      },
    };
  } finally {
    await session.destroy();
  }
}

function sessionOf(parts: PlanParts, setting: Setting): Session {
  const arena = arenaOf(parts, setting);
  const plan = {
    ...parts,
    memory: takeMemory(arena.bytes, parts.worlds),
    isProfiled: false,
    isJudged: true,
    isLaunched: true,
    startedAtMs: performance.timeOrigin,
    spinsMax: spinsMaxOf(setting.actors.length, cpuCount()),
  };
  return new Session({ plan, setting, arena });
}

/** Blocks of the same turn ran close to each other: their ratio is free of what the host did to both. */
function gainOf(best: Tried, untuned: Tried): Tuning['gain'] {
  const pairs = best.blocks.flatMap((block, turn) => {
    const a = perSecond(block);
    const b = perSecond(untuned.blocks[turn] ?? { trials: 0, violations: 0, seconds: 0 });
    return a > 0 && b > 0 ? [{ a, b }] : [];
  });
  // Pairs without a violation on one side have no ratio, and leaving them out would flatter the untuned setting.
  if (pairs.length < best.blocks.length || pairs.length === 0) return null;
  const { median, low, high } = pairedRatio({ pairs, confidence: CONFIDENCE });
  return { median, low, high };
}

/** Without a ratio for every pair, what counts is the sum over all blocks. */
function isBetter(best: Tried, untuned: Tried, gain: Tuning['gain']): boolean {
  if (gain !== null) return gain.low > 1 && gain.median >= GAIN_MIN;
  return perSecond(best) > 2 * perSecond(untuned);
}

function settingResult({ pace, rounds, ...count }: Tried, { actors }: Setting): TunedSetting {
  const { stride, worlds, launch } = pace;
  return {
    stride: launch === undefined ? stride : null,
    worlds: launch === undefined ? worlds : null,
    offsetNs: launch?.offsetNs ?? null,
    lastToucher: launch === undefined ? null : (actors[launch.lastToucher]?.label ?? null),
    seconds: count.seconds,
    trials: count.trials,
    violations: count.violations,
    violationsPerSecond: perSecond(count),
    rounds,
  };
}
