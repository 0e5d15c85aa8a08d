/** What threads show of a race of the history: at its natural rate, and where that is silent, with actors held in its window. */
import type { Scenario } from '../scenario/scenario.ts';
import { resolveSetting } from '../scenario/setting.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import { runOptions } from '../stress/plan/run-options.ts';
import type { PlacesAsked, RunOptions } from '../stress/plan/options.ts';
import type { ArmResult } from '../stress/result/result.ts';
import { runCompare } from '../stress/run/run.ts';
import { type AgreedCompareResult, runAgree } from './agree.ts';
import type { HistoryHardware, HistoryRate, HistoryRow } from './history-result.ts';
import { performSafely } from './in-thread.ts';

/** Share of a race's time that its natural rate has; the rest is for the amplifier, where that is needed. */
const NATURAL = 0.4;
/** Where a scenario names no place to widen its window. */
const HELD_NS = 300;
/** States in which schedules are counted. */
const COUNT_STATES_MAX = 500_000;
const COUNT_MS = 10_000;

/** How long, and how. */
export interface HardwareOptions extends PlacesAsked {
  readonly durationMs: number;
  readonly seed: number;
  readonly agrees: boolean;
  readonly signal: AbortSignal;
}

/** Plays the kernel that had a race against the one that mended it. */
export async function hardwareOf(
  scenario: Scenario,
  row: HistoryRow,
  options: HardwareOptions,
): Promise<HistoryHardware> {
  const startedAt = performance.now();
  const { durationMs } = options;
  const natural = await played(scenario, row, options, { ms: durationMs * NATURAL, delays: {} });
  const isSilent = natural.before.violations === 0 && natural.verdict === 'silent';
  const widened = isSilent && !options.signal.aborted ? delaysOf(scenario) : {};
  const shown =
    Object.keys(widened).length === 0
      ? natural
      : await played(scenario, row, options, { ms: durationMs * (1 - NATURAL), delays: widened });
  const isStillSilent = shown.verdict === 'silent' && !options.signal.aborted;
  return {
    ...shown,
    probability: isStillSilent ? await probabilityOf(row) : null,
    elapsedMs: performance.now() - startedAt,
  };
}

/** Delays in ns that hold actors where the race is, or wherever its subject has a place for that. */
function delaysOf({ widening, ladder, subject }: Scenario): Readonly<Record<string, number>> {
  if (widening !== undefined) return { [widening.point]: widening.ns };
  const [first] = ladder?.delays ?? [];
  return first ?? Object.fromEntries(subject.points.map(({ name }) => [name, HELD_NS]));
}

async function played(
  scenario: Scenario,
  { start, pages, before, after }: HistoryRow,
  { seed, agrees, signal, instances, placement }: HardwareOptions,
  { ms, delays }: { readonly ms: number; readonly delays: Readonly<Record<string, number>> },
): Promise<Omit<HistoryHardware, 'probability' | 'elapsedMs'>> {
  const setting = resolveSetting({ scenario, start, pages });
  const options: RunOptions = {
    ...runOptions(setting, {
      seed,
      budget: { kind: 'duration', ms },
      delays,
      signal,
      instances,
      placement,
    }),
    strategies: [before.strategy, after.strategy],
  };
  let hang: readonly string[] | undefined;
  let result: AgreedCompareResult;
  try {
    result = agrees ? await runAgree(options) : await runCompare(options);
  } catch (error) {
    hang = hangOf(before, error);
    if (hang === undefined) throw error;
    // Its actors come back no more: what the other one shows is asked without it.
    const alone = await runCompare({ ...options, strategies: [after.strategy] });
    const [fix] = alone.arms;
    const verdict = (fix?.violations.total ?? 0) > 0 ? 'broken' : 'shown';
    return { verdict, delays, before: rateOf(undefined), after: rateOf(fix), hang };
  }
  const [control, fix] = result.arms;
  const disagrees = result.agreement?.verdict === 'disagrees';
  const rates = { before: rateOf(control), after: rateOf(fix) };
  return { verdict: verdictOf(rates, disagrees), delays, ...rates };
}

/** The lines of an error that say where the actors of a kernel wait, if that is what explore has found of it; undefined of all others. */
function hangOf(
  { strategy, invariants }: HistoryRow['before'],
  error: unknown,
): readonly string[] | undefined {
  if (!(error instanceof HarnessError) || error.code !== 'ERR_ACTOR_HUNG' || error.strategy !== strategy)
    return undefined;
  if (!invariants.includes('deadlock') && !invariants.includes('livelock')) return undefined;
  const [, ...where] = error.message.split('\n');
  return where.map((line) => line.trim());
}

function verdictOf(
  { before, after }: Pick<HistoryHardware, 'before' | 'after'>,
  disagrees: boolean,
): HistoryHardware['verdict'] {
  if (disagrees) return 'disagrees';
  if (after.violations > 0) return 'broken';
  return before.violations > 0 ? 'shown' : 'silent';
}

function rateOf(arm: ArmResult | undefined): HistoryRate {
  const { perMillion = 0, low = 0, high = 0 } = arm?.rate ?? {};
  return { trials: arm?.trials ?? 0, violations: arm?.violations.total ?? 0, perMillion, low, high };
}

/** How often a uniformly random schedule of the kernel that had the race violates; null where that is not counted in time. */
async function probabilityOf({ scenario, start, pages, before, actors }: HistoryRow): Promise<number | null> {
  const { parseActorsText } = await import('../scenario/role-count.ts');
  const found = await performSafely({
    kind: 'explore',
    scenario,
    start,
    pages,
    strategy: before.strategy,
    actors: parseActorsText(actors),
    limits: { countStatesMax: COUNT_STATES_MAX, witnessStatesMax: 0, timeMaxMs: COUNT_MS },
  });
  return found.violationProbability;
}
