import type { Strategy } from '../fix/strategy.ts';
import { invariants } from '../invariant/registry.ts';
import { Note } from '../model/note.ts';
import type { Outcome } from '../scenario/scenario.ts';
import type { BlockSample } from '../stats/block.ts';
import { designEffect } from '../stats/design-effect.ts';
import { pairedRatio } from '../stats/paired-ratio.ts';
import { permutationPValue, zeroAfterPValue } from '../stats/permutation.ts';
import { Prng } from '../stats/prng.ts';
import { rateInterval } from '../stats/rate-interval.ts';
import { reductionAtLeast } from '../stats/reduction.ts';
import type { ArmCount } from './session.ts';
import type {
  ActorStages,
  ArmResult,
  ArmVerdict,
  BlockResult,
  CompareResult,
  Comparison,
  Rate,
} from './result.ts';

/** Of every interval and bound that a run reports. */
const CONFIDENCE = 0.95;

/** Near misses by the name they have in results. */
const NEAR_MISSES = {
  dyingFound: Note.DyingFound,
  treeRefStripped: Note.TreeRefStripped,
  readUnverified: Note.ReadUnverified,
} as const;

/** One arm, counted, with its strategy. */
export interface CountedArm {
  readonly count: ArmCount;
  readonly strategy: Pick<Strategy, 'name' | 'expectation'>;
  readonly isControl: boolean;
}

/** Turns counts into results: rates with intervals and verdicts. `labels` are those of actors whose stages were measured. */
export function summarizeArms(
  arms: readonly CountedArm[],
  outcomes: readonly Outcome[],
  labels?: readonly string[],
): ArmResult[] {
  const controlEffect = worstDesignEffect(arms);
  const hasSpoken = arms.some(
    ({ count, strategy }) => strategy.expectation === 'violates' && count.violations > 0,
  );
  return arms.map(({ count, strategy, isControl }) => {
    const seconds = count.blocks.reduce((sum, block) => sum + block.seconds, 0);
    return {
      strategy: strategy.name,
      expectation: strategy.expectation,
      isControl,
      trials: count.trials,
      violations: { total: count.violations, byInvariant: byInvariant(count) },
      nearMisses: nearMisses(count),
      rescues: noted(count, Note.Rescued),
      treeRefStripped: noted(count, Note.TreeRefStripped),
      outcomes: Object.fromEntries(
        outcomes.map(({ name, grade }, index) => [name, { count: count.outcomes[index] ?? 0, grade }]),
      ),
      rate: rateOf(count, controlEffect),
      trialsPerSecond: seconds === 0 ? 0 : count.trials / seconds,
      verdict: verdictOf(count, strategy, hasSpoken),
      ...(labels !== undefined && { stages: stagesOf(count, labels) }),
      blockResults: count.blocks,
    };
  });
}

/**
 * A zero counts only if a control of the same run has violated; without one the run shows nothing, and a control that
 * stays silent shows nothing either.
 */
function verdictOf(
  count: ArmCount,
  { expectation }: Pick<Strategy, 'expectation'>,
  hasSpoken: boolean,
): ArmVerdict {
  if (count.violations > 0) return 'violated';
  return expectation === 'holds' && hasSpoken && count.trials > 0 ? 'clean' : 'inconclusive';
}

/** Every control against every fix of the run. */
export function compareArms(arms: readonly ArmResult[], seed: number): Comparison[] {
  const controls = arms.filter(({ expectation }) => expectation === 'violates');
  const fixes = arms.filter(({ expectation }) => expectation === 'holds');
  return controls.flatMap((control) =>
    fixes.map((fix) => ({
      control: control.strategy,
      strategy: fix.strategy,
      reductionAtLeast:
        reductionAtLeast({ control: samples(control), treated: samples(fix), confidence: CONFIDENCE })
          ?.fold ?? null,
      pValue: pValue(control, fix, seed),
      throughputRatio: throughputRatio(control, fix),
    })),
  );
}

/** `as-declared` only if every control violated and every fix was seen to hold beside one. */
export function compareVerdict(arms: readonly ArmResult[]): CompareResult['verdict'] {
  if (arms.some(({ expectation, verdict }) => expectation === 'holds' && verdict === 'violated')) {
    return 'not-as-declared';
  }
  const isDeclared = arms.every(
    ({ expectation, verdict }) => verdict === (expectation === 'violates' ? 'violated' : 'clean'),
  );
  return isDeclared ? 'as-declared' : 'inconclusive';
}

function stagesOf(count: ArmCount, labels: readonly string[]): ActorStages[] {
  return labels.map((actor, index) => {
    const [trialNs = 0, collectionNs = 0, resetNs = 0, rendezvousNs = 0] = (count.stages[index] ?? []).map(
      (microseconds) => (microseconds * 1000) / Math.max(1, count.trials),
    );
    return { actor, trialNs, collectionNs, resetNs, rendezvousNs };
  });
}

function noted(count: ArmCount, bit: number): number {
  return count.notes[31 - Math.clz32(bit)] ?? 0;
}

function byInvariant(count: ArmCount): Record<string, number> {
  const violated = invariants.filter(({ check }) => (count.checks[check] ?? 0) > 0);
  return Object.fromEntries(violated.map(({ id, check }) => [id, count.checks[check] ?? 0]));
}

function nearMisses(count: ArmCount): ArmResult['nearMisses'] {
  const byKind = Object.fromEntries(
    Object.entries(NEAR_MISSES).map(([kind, bit]) => [kind, noted(count, bit)]),
  );
  return { total: Object.values(byKind).reduce((sum, misses) => sum + misses, 0), byKind };
}

function samples(arm: { readonly blockResults: readonly BlockResult[] }): BlockSample[] {
  return arm.blockResults
    .filter(({ trials }) => trials > 0)
    .map(({ trials, violations }) => ({ trials, hits: violations }));
}

function worstDesignEffect(arms: readonly CountedArm[]): number | undefined {
  const effects = arms.flatMap(({ count }) => designEffect(samples({ blockResults: count.blocks })) ?? []);
  return effects.length === 0 ? undefined : Math.max(...effects);
}

function rateOf(count: ArmCount, controlEffect: number | undefined): Rate {
  const blocks = samples({ blockResults: count.blocks });
  if (blocks.length === 0) {
    return { perMillion: 0, low: 0, high: 1e6, confidence: CONFIDENCE, designEffect: null, blocks: 0 };
  }
  const isZero = count.violations === 0;
  const interval = rateInterval({
    blocks,
    confidence: CONFIDENCE,
    ...(isZero && controlEffect !== undefined && { designEffect: controlEffect }),
  });
  return {
    perMillion: interval.rate * 1e6,
    low: interval.low * 1e6,
    high: interval.high * 1e6,
    confidence: CONFIDENCE,
    designEffect: interval.designEffectSource === 'unknown' ? null : interval.designEffect,
    blocks: interval.blocks,
  };
}

function pValue(control: ArmResult, fix: ArmResult, seed: number): number | null {
  if (control.violations.total === 0 || control.trials === 0 || fix.trials === 0) return null;
  if (fix.violations.total === 0) {
    return zeroAfterPValue({ control: samples(control), treated: samples(fix) }) ?? null;
  }
  const inRounds = (arm: ArmResult): (BlockSample & { readonly round: number })[] =>
    arm.blockResults.map(({ trials, violations, round }) => ({ trials, hits: violations, round }));
  return permutationPValue({ control: inRounds(control), treated: inRounds(fix), prng: new Prng(seed) });
}

/** Pairs each block of the fix with the control's block of the same round that ran closest to it. */
function throughputRatio(control: ArmResult, fix: ArmResult): Comparison['throughputRatio'] {
  const speed = ({ trials, seconds }: BlockResult): number => trials / seconds;
  const pairs = fix.blockResults.flatMap((block) => {
    const near = control.blockResults
      .filter(({ round, trials }) => round === block.round && trials > 0)
      .toSorted((a, b) => Math.abs(a.order - block.order) - Math.abs(b.order - block.order))[0];
    return near === undefined || block.trials === 0 ? [] : [{ a: speed(block), b: speed(near) }];
  });
  if (pairs.length === 0) return null;
  const { median, low, high } = pairedRatio({ pairs, confidence: CONFIDENCE });
  return { median, low, high };
}
