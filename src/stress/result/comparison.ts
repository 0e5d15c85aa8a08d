/**
 * What the fixes of a run are worth against its controls. The blocks of both arms are interleaved, so that conditions of
 * the host hit both alike; rejected blocks are left out.
 */
import { blockTotals, type BlockSample } from '../../stats/block.ts';
import type { Residual } from '../../stats/control-evidence.ts';
import { holmAdjusted } from '../../stats/holm.ts';
import { startRatio } from '../../stats/start-ratio.ts';
import { permutationPValue, zeroAfterPValue } from '../../stats/permutation.ts';
import { detectionPower } from '../../stats/power.ts';
import { Prng } from '../../stats/prng.ts';
import { lengthForReduction } from '../../stats/reduction-plan.ts';
import { reductionAtLeast } from '../../stats/reduction.ts';
import { CONFIDENCE, isUsed, samples } from './block-samples.ts';
import type { ArmResult } from './result.ts';
import type { Comparison, Silence } from './comparison-result.ts';
import type { BlockResult } from '../plan/block-result.ts';
import { STARTS_ASKED_MAX } from '../plan/starts.ts';

/** A run of the planned length makes its claim with this probability. */
const ASSURANCE = 0.9;

/** `--starts` is worth asking for if the run becomes shorter by this factor. */
const WORTH_STARTS = 2;

/** What comparisons need to know of their run. */
export interface ComparisonOptions {
  readonly seed: number;
  /** Of each claim, before it is shared among the fixes. */
  readonly confidence: number;
  /** The reduction that power and plan speak of. */
  readonly fold: number;
  readonly elapsedMs: number;
  /** How often a run of a length in ms starts its threads. */
  readonly startsAt: (lengthMs: number) => number;
}

/** Every control against every fix of the run. */
export function compareArms(arms: readonly ArmResult[], options: ComparisonOptions): Comparison[] {
  const controls = arms.filter(({ expectation }) => expectation === 'violates');
  const fixes = arms.filter(({ expectation }) => expectation === 'holds');
  // Bonferroni over the fixes: all claims against one control hold together.
  const confidence = 1 - (1 - options.confidence) / Math.max(1, fixes.length);
  return controls.flatMap((control) => {
    const compared = fixes.map((fix) => compare(control, fix, { ...options, confidence }));
    const adjusted = [...holmAdjusted(compared.flatMap((each) => each.pValue ?? []))];
    return compared.map((each): Comparison =>
      Object.assign(each, { pValueHolm: each.pValue === null ? null : (adjusted.shift() ?? null) }),
    );
  });
}

/** The largest reduction that the blocks of two arms show; null where they show nothing. */
export function shownReduction(options: {
  readonly control: readonly BlockResult[];
  readonly fix: readonly BlockResult[];
  readonly confidence: number;
  readonly residual: Residual;
}): number | null {
  const { control, fix, confidence, residual } = options;
  // A violation is one, also in a block that says nothing about the rate: no claim is made past it.
  if (fix.some((block) => block.rejected !== null && block.violations > 0)) return null;
  const claim = reductionAtLeast({ control: samples(control), treated: samples(fix), confidence, residual });
  return claim?.fold ?? null;
}

function compare(
  control: ArmResult,
  fix: ArmResult,
  options: ComparisonOptions,
): Omit<Comparison, 'pValueHolm'> {
  const blocks = { control: control.blockResults, fix: fix.blockResults, confidence: options.confidence };
  return {
    control: control.strategy,
    strategy: fix.strategy,
    reductionAtLeast: shownReduction({ ...blocks, residual: 'thinned' }),
    reductionAtLeastInBursts: shownReduction({ ...blocks, residual: 'clustered' }),
    pValue: pValueOf(control, fix, options.seed),
    silence: silence(control, fix, options),
    throughputRatio: throughputRatio(control, fix),
  };
}

function silence(control: ArmResult, fix: ArmResult, options: ComparisonOptions): Silence | null {
  const { fold, confidence } = options;
  const before = samples(control.blockResults);
  const { trials: treatedTrials } = blockTotals(samples(fix.blockResults));
  if (fix.violations.total > 0 || treatedTrials === 0) return null;
  const parts = { control: before, treatedTrials };
  const power = (residual: Residual): number | undefined =>
    detectionPower({ ...parts, fraction: 1 / fold, residual })?.probability;
  const planned = (residual: Residual): RunPlanned => plannedRun({ ...parts, confidence, residual }, options);
  const thinned = power('thinned');
  const inBursts = power('clustered');
  if (thinned === undefined || inBursts === undefined) return null;
  const run = planned('thinned');
  const runInBursts = planned('clustered');
  return {
    fold,
    power: thinned,
    powerInBursts: inBursts,
    lengthMs: run.lengthMs,
    ...(run.starts !== undefined && { starts: run.starts }),
    lengthInBurstsMs: runInBursts.lengthMs,
    ...(runInBursts.starts !== undefined && { startsInBursts: runInBursts.starts }),
  };
}

/** A run that makes the claim; `starts` only if it needs more of them than a run of its length has unasked. */
interface RunPlanned {
  readonly lengthMs: number | null;
  readonly starts?: number;
}

/**
 * The starts of a run of any length are bounded, and what they differ by is not averaged out by longer ones: where that alone
 * makes a plan long, or leaves none, it is one that asks for as many more starts as it is longer.
 */
function plannedRun(
  parts: Pick<
    Parameters<typeof lengthForReduction>[0],
    'control' | 'treatedTrials' | 'confidence' | 'residual'
  >,
  { fold, elapsedMs, startsAt }: ComparisonOptions,
): RunPlanned {
  const ofOwn = startsAt(elapsedMs);
  const scaleWith = (startsOf: (scale: number) => number): number =>
    lengthForReduction({ ...parts, fold, assurance: ASSURANCE, startsAt: startsOf }) ?? Infinity;
  const scale = scaleWith((longer) => startsAt(longer * elapsedMs));
  const scaleOfMore = scaleWith((longer) => Math.min(STARTS_ASKED_MAX, Math.floor(longer * ofOwn)));
  if (scaleOfMore < Infinity && scale > WORTH_STARTS * scaleOfMore) {
    return {
      lengthMs: scaleOfMore * elapsedMs,
      starts: Math.min(STARTS_ASKED_MAX, Math.ceil(scaleOfMore * ofOwn)),
    };
  }
  return { lengthMs: scale === Infinity ? null : scale * elapsedMs };
}

function pValueOf(control: ArmResult, fix: ArmResult, seed: number): number | null {
  const before = samples(control.blockResults);
  const after = samples(fix.blockResults);
  if (before.length === 0 || after.length === 0 || before.every(({ hits }) => hits === 0)) return null;
  if (fix.violations.total === 0) return zeroAfterPValue({ control: before, treated: after }) ?? null;
  const inRounds = (arm: ArmResult): (BlockSample & { readonly round: number })[] =>
    arm.blockResults
      .filter(isUsed)
      .map(({ trials, violations, round, start }) => ({ trials, hits: violations, round, start }));
  return permutationPValue({ control: inRounds(control), treated: inRounds(fix), prng: new Prng(seed) });
}

/** Pairs each block of the fix with the control's block of the same round that ran closest to it, start by start. */
function throughputRatio(control: ArmResult, fix: ArmResult): Comparison['throughputRatio'] {
  const speed = ({ trials, seconds }: BlockResult): number => trials / seconds;
  const byRound = new Map<number, BlockResult[]>();
  for (const block of control.blockResults.filter(isUsed)) {
    const others = byRound.get(block.round);
    if (others === undefined) byRound.set(block.round, [block]);
    else others.push(block);
  }
  const pairs = fix.blockResults.filter(isUsed).flatMap((block) => {
    const near = (byRound.get(block.round) ?? []).toSorted(
      (a, b) => Math.abs(a.order - block.order) - Math.abs(b.order - block.order),
    )[0];
    return near === undefined ? [] : [{ a: speed(block), b: speed(near), start: block.start }];
  });
  if (pairs.length === 0) return null;
  const { median, low, high } = startRatio({ pairs, confidence: CONFIDENCE });
  return { median, low, high };
}
