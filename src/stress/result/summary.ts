import { splitMutant } from '../../fix/mutation/mutation.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { checksOf } from '../../scenario/checks.ts';
import { type ArmMeasured, laidOut, type Measure } from '../../scenario/measure.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type BlockSample, blockTotals } from '../../stats/block.ts';
import { designEffectIn } from '../../stats/control-evidence.ts';
import { dispersion } from '../../stats/design-effect.ts';
import { placementAt, placementsOf } from '../../stats/placement.ts';
import { quantile } from '../../stats/quantile.ts';
import { rateInterval } from '../../stats/rate-interval.ts';
import { startsCounted } from '../../stats/start-totals.ts';
import { forbiddenIn, requireEqualSums } from '../plan/forbidden.ts';
import { CONFIDENCE, isUsed, samples } from './block-samples.ts';
import type { ArmCount, InstanceCount } from '../plan/arm-count.ts';
import { HarnessError } from '../plan/harness-error.ts';
import { noteIndex } from '../plan/counters.ts';
import { disturbanceOf } from './disturbance.ts';
import type {
  ActorStages,
  ArmInstance,
  ArmResult,
  ArmVerdict,
  CompareResult,
  PlacementRates,
} from './result.ts';
import type { Rate } from './rate.ts';
import type { BlockResult, Rejection } from '../plan/block-result.ts';

/** One arm, counted, with its strategy. */
export interface CountedArm {
  readonly count: ArmCount;
  readonly strategy: Pick<Strategy, 'name' | 'expectation'>;
  readonly isControl: boolean;
}

/**
 * Turns counts into results: rates with intervals of the given confidence, and verdicts. `labels` are those of actors
 * whose stages were measured.
 */
export function summarizeArms(
  arms: readonly CountedArm[],
  scenario: Scenario,
  { confidence, labels }: { readonly confidence: number; readonly labels?: readonly string[] | undefined },
): ArmResult[] {
  const { outcomes, measures = [] } = scenario;
  // An arm makes its blocks anew for whoever asks.
  const blocks = arms.map(({ count }) => count.blocks);
  const used = blocks.map(samples);
  const hasSpoken = arms.some(
    ({ strategy }, arm) =>
      strategy.expectation === 'violates' && used[arm]?.some(({ hits }) => hits > 0) === true,
  );
  return arms.map(({ count, strategy, isControl }, arm) => {
    const blockResults = blocks[arm] ?? [];
    const disturbance = disturbanceOf(blockResults);
    return {
      strategy: strategy.name,
      expectation: strategy.expectation,
      isControl,
      trials: count.trials,
      violations: violationsOf(count, scenario),
      ...measuredIn(count, measures),
      outcomes: Object.fromEntries(
        outcomes.map(({ name, grade }, index) => [name, { count: count.outcomes[index] ?? 0, grade }]),
      ),
      rate: rateOf(blockResults, { arms: used, confidence }),
      trialsPerSecond: throughputOf(blockResults),
      verdict: verdictOf(count.violations, strategy, hasSpoken && used[arm]?.length !== 0),
      rejected: rejectedIn(blockResults),
      ...(splitMutant(strategy.name) !== undefined && { changes: count.changes }),
      ...(labels !== undefined && { stages: stagesOf(count, labels) }),
      ...(disturbance !== undefined && { disturbance }),
      blockResults,
      ...(count.instances.length > 0 && { instances: instancesOf(count, outcomes) }),
    };
  });
}

/**
 * What each instance of an arm has counted.
 * @throws {HarnessError} If they do not add up to what the arm has: the counts of one were lost, or counted twice.
 */
function instancesOf(count: ArmCount, graded: Scenario['outcomes']): ArmInstance[] {
  const { instances, strategy } = count;
  const addUp = (what: string, all: number, of: (instance: InstanceCount) => number): void => {
    const sum = instances.reduce((total, instance) => total + of(instance), 0);
    if (sum === all) return;
    throw new HarnessError(
      'ERR_INCONSISTENT',
      `${strategy}: its instances have ${sum} ${what}, and it has ${all}`,
    );
  };
  addUp('trials', count.trials, ({ trials }) => trials);
  addUp('violations', count.violations, ({ violations }) => violations);
  for (const [index, { name }] of graded.entries()) {
    addUp(`outcomes '${name}'`, count.outcomes[index] ?? 0, ({ outcomes }) => outcomes[index] ?? 0);
  }
  return instances.map(({ trials, violations, outcomes }) => ({
    trials,
    violations,
    outcomes: Object.fromEntries(graded.map(({ name }, index) => [name, outcomes[index] ?? 0])),
  }));
}

/**
 * A zero counts only if a control of the same run has violated, both of them in blocks that count; without that the run
 * shows nothing, and a control that stays silent shows nothing either.
 */
function verdictOf(
  violations: number,
  { expectation }: Pick<Strategy, 'expectation'>,
  countsBesideControl: boolean,
): ArmVerdict {
  if (violations > 0) return 'violated';
  return expectation === 'holds' && countsBesideControl ? 'clean' : 'inconclusive';
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
      (microseconds) => (microseconds * 1000) / Math.max(1, count.trialsStaged),
    );
    return { actor, trialNs, collectionNs, resetNs, rendezvousNs };
  });
}

/** Near misses by name, and what else was measured in fields of its own. */
function measuredIn(
  { notes }: ArmCount,
  measures: readonly Measure[],
): ArmMeasured & Pick<ArmResult, 'nearMisses'> {
  const counted = measures.map((measure) => ({ measure, count: notes[noteIndex(measure.note)] ?? 0 }));
  const near = counted.filter(({ measure }) => measure.isNearMiss === true);
  const others = counted.filter(({ measure }) => measure.isNearMiss !== true || measure.fields !== undefined);
  return {
    nearMisses: {
      total: near.reduce((sum, { count }) => sum + count, 0),
      byKind: Object.fromEntries(near.map(({ measure, count }) => [measure.name, count])),
    },
    ...laidOut(
      others.map(({ measure }) => measure),
      'arm',
      (_, index) => others[index]?.count ?? 0,
    ),
  };
}

/** By id; of a check that has no name, by its number. */
function byInvariant(count: ArmCount, scenario: Scenario): Record<string, number> {
  const known = checksOf(scenario).map(({ id, check }) => ({ id, check }));
  const others = [...count.checks.keys()].filter((check) => !known.some((each) => each.check === check));
  const named = [...known, ...others.map((check) => ({ id: `check ${check}`, check }))];
  const violated = named.filter(({ check }) => (count.checks[check] ?? 0) > 0);
  return Object.fromEntries(violated.map(({ id, check }) => [id, count.checks[check] ?? 0]));
}

/** The violations of an arm, by check: as many as it has in total, and as it has outcomes that are FORBIDDEN. */
function violationsOf(count: ArmCount, scenario: Scenario): ArmResult['violations'] {
  const found = byInvariant(count, scenario);
  const sum = Object.values(found).reduce((total, violations) => total + violations, 0);
  requireEqualSums(count.strategy, sum, forbiddenIn(count.outcomes, scenario.outcomes));
  requireEqualSums(count.strategy, count.violations, sum);
  return { total: count.violations, byInvariant: found };
}

/** The largest design effect of the arms, in an arm of so many trials: what one of zeros is taken to have. */
function worstDesignEffect(
  arms: readonly (readonly BlockSample[])[],
  trialsHere: number,
): number | undefined {
  const effects = arms.flatMap((blocks) => {
    const estimate = dispersion(blocks);
    const { trials } = blockTotals(blocks);
    return estimate === undefined ? [] : designEffectIn({ ...estimate, trials }, trialsHere);
  });
  return effects.length === 0 ? undefined : Math.max(...effects);
}

/** Trials per second of the blocks that count for rates; of all, where none does. */
export function throughputOf(blocks: readonly BlockResult[]): number {
  const counting = blocks.filter(isUsed);
  const measured = counting.length > 0 ? counting : blocks;
  const seconds = measured.reduce((sum, block) => sum + block.seconds, 0);
  return seconds === 0 ? 0 : measured.reduce((sum, { trials }) => sum + trials, 0) / seconds;
}

/** What the blocks that were left out held. */
function rejectedIn(blocks: readonly BlockResult[]): ArmResult['rejected'] {
  const left = blocks.filter(({ rejected }) => rejected !== null);
  const count = (reason: Rejection): number => left.filter(({ rejected }) => rejected === reason).length;
  return {
    blocks: {
      'warm-up': count('warm-up'),
      apart: count('apart'),
      busy: count('busy'),
      stolen: count('stolen'),
      short: count('short'),
    },
    trials: left.reduce((sum, { trials }) => sum + trials, 0),
    violations: left.reduce((sum, { violations }) => sum + violations, 0),
  };
}

/** The rate of every arm under each placement that the run met: by class, and in each by the distance that was measured. */
export function placementRates(arms: readonly ArmResult[], confidence: number): PlacementRates[] {
  const blocks = arms.map(({ blockResults }) => blockResults.filter(isUsed));
  const classes = new Set(blocks.flat().map(({ placement }) => placement));
  return [...classes].flatMap((placement) => {
    const ofClass = blocks.map((ofArm) => ofArm.filter((block) => block.placement === placement));
    return distanceRates(ofClass, { placement, confidence });
  });
}

/** Of blocks of each arm, which all have the same class. */
function distanceRates(
  blocks: readonly (readonly BlockResult[])[],
  { placement, confidence }: { readonly placement: string | undefined; readonly confidence: number },
): PlacementRates[] {
  const placements = placementsOf(blocks.flat().flatMap(({ roundTripNs }) => roundTripNs ?? []));
  return placements.map(({ roundTripNs }, index) => {
    const here = blocks.map((ofArm) =>
      ofArm.filter((block) => {
        const trip = block.roundTripNs;
        return trip !== null && placementAt(placements, trip) === index;
      }),
    );
    const used = here.map(samples);
    const rates = here.map((ofArm) =>
      ofArm.length === 0 ? null : rateOf(ofArm, { arms: used, confidence }),
    );
    return inClass(placement, { roundTripNs, blocks: here.flat().length, rates });
  });
}

function inClass(placement: string | undefined, rates: PlacementRates): PlacementRates {
  return placement === undefined ? rates : { placement, ...rates };
}

/** What a rate takes beside its blocks. */
export interface RateOptions {
  /** Blocks of all arms, that one included. */
  readonly arms: readonly (readonly BlockSample[])[];
  readonly confidence: number;
}

/** The rate of these blocks, as far as they count for it. */
export function rateOf(blockResults: readonly BlockResult[], { arms, confidence }: RateOptions): Rate {
  const blocks = samples(blockResults);
  if (blocks.length === 0) {
    return {
      perMillion: 0,
      low: 0,
      high: 1e6,
      confidence: CONFIDENCE,
      designEffect: null,
      blocks: 0,
      starts: 0,
      blockQuantiles: null,
    };
  }
  const totals = blockTotals(blocks);
  const effect = totals.hits === 0 ? worstDesignEffect(arms, totals.trials) : undefined;
  const interval = rateInterval({ blocks, confidence, designEffect: effect });
  const rates = blocks.map(({ hits, trials }) => (hits / trials) * 1e6);
  const placements = new Set(blockResults.filter(isUsed).map(({ placement }) => placement)).size;
  return {
    perMillion: interval.rate * 1e6,
    low: interval.low * 1e6,
    high: interval.high * 1e6,
    confidence: CONFIDENCE,
    designEffect: interval.designEffectSource === 'unknown' ? null : interval.designEffect,
    blocks: interval.blocks,
    starts: startsCounted(blocks),
    ...(placements > 1 && { placements }),
    blockQuantiles: { low: quantile(rates, 0.1), median: quantile(rates, 0.5), high: quantile(rates, 0.9) },
  };
}
