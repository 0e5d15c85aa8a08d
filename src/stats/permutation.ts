/**
 * Tests of "the treated arm violates less often" that rest on the random interleaving of blocks, not on a
 * model of their rates. Because the harness shuffles the arms within every round, exchanging the arms' labels
 * within a round leaves the distribution of the data unchanged if the arms do not differ, however blocks
 * correlate. What a start of the threads gives an arm's code stays with it, so that with several starts the labels
 * are exchanged for whole starts.
 */

import { blockTotals, type BlockSample } from './block.ts';
import { coinsAgainst, exposureShare, startsHitBeside } from './control-evidence.ts';
import { dispersion } from './design-effect.ts';
import type { Prng } from './prng.ts';
import { startsCounted, startTotals } from './start-totals.ts';

/** A block that knows the round it was measured in. */
export interface RoundBlock extends BlockSample {
  /** Labels are exchanged only within a round; blocks without a number form one round together. */
  readonly round?: number | undefined;
}

/** What the alternative claims about the control's rate. */
export type Alternative = 'control-higher' | 'different';

/** Blocks of one round, both arms together, and how many of them are the control's. */
interface Round {
  readonly blocks: BlockSample[];
  controlCount: number;
}

/**
 * Permutation p-value of the difference between the pooled rates of two arms, estimated from `permutations`
 * random label exchanges with the observed one counted in (so it is valid, and never below 1 / (permutations
 * + 1)).
 *
 * @param options.control - Blocks of the control.
 * @param options.treated - Blocks of the treated arm.
 * @param options.prng - Source of the permutations.
 * @param options.permutations - Integer from 1; default 9999.
 * @param options.alternative - Default `control-higher` (one-sided).
 * @returns From 1 / (permutations + 1) to 1.
 * @throws {RangeError} If an arm has no trials, a block is malformed, or `permutations` is outside its range.
 */
export function permutationPValue(options: {
  readonly control: readonly RoundBlock[];
  readonly treated: readonly RoundBlock[];
  readonly prng: Prng;
  readonly permutations?: number | undefined;
  readonly alternative?: Alternative | undefined;
}): number {
  const { control, treated, prng, permutations = 9999, alternative = 'control-higher' } = options;
  if (!Number.isInteger(permutations) || permutations < 1) {
    throw new RangeError(`permutations: expected an integer of 1 or above, got ${permutations}`);
  }
  const before = blockTotals(control);
  const after = blockTotals(treated);
  if (before.trials === 0) throw new RangeError('control: expected at least one block with trials, got none');
  if (after.trials === 0) throw new RangeError('treated: expected at least one block with trials, got none');
  const trials = before.trials + after.trials;
  const hits = before.hits + after.hits;
  const rounds = groupByRound(...exchangeable(control, treated));

  // Sums are whole numbers, so that equal label assignments give equal statistics to the last bit.
  const statistic = (controlTrials: number, controlHits: number): number => {
    if (controlTrials === 0 || controlTrials === trials) return 0;
    const difference = controlHits / controlTrials - (hits - controlHits) / (trials - controlTrials);
    return alternative === 'different' ? Math.abs(difference) : difference;
  };
  const observed = statistic(before.trials, before.hits);
  let atLeast = 1;
  for (let permutation = 0; permutation < permutations; permutation += 1) {
    let controlTrials = 0;
    let controlHits = 0;
    for (const { blocks, controlCount } of rounds) {
      prng.shuffle(blocks);
      for (let index = 0; index < controlCount; index += 1) {
        controlTrials += blocks[index]?.trials ?? 0;
        controlHits += blocks[index]?.hits ?? 0;
      }
    }
    if (statistic(controlTrials, controlHits) >= observed) atLeast += 1;
  }
  return atLeast / (permutations + 1);
}

/**
 * What may be exchanged: blocks; where both arms have five starts of the threads or more, all its blocks of a start at once, since
 * what the compiler made of its code in that start is common to them.
 */
function exchangeable(
  control: readonly RoundBlock[],
  treated: readonly RoundBlock[],
): [readonly RoundBlock[], readonly RoundBlock[]] {
  if (startsCounted(control) === 0 || startsCounted(treated) === 0) return [control, treated];
  const byStart = (blocks: readonly RoundBlock[]): RoundBlock[] =>
    startTotals(blocks).map(({ trials, hits, start }) => ({ trials, hits, round: start }));
  return [byStart(control), byStart(treated)];
}

function groupByRound(control: readonly RoundBlock[], treated: readonly RoundBlock[]): readonly Round[] {
  const rounds = new Map<number | undefined, Round>();
  const add = (block: RoundBlock, isControl: boolean): void => {
    if (block.trials === 0) return;
    const round = rounds.get(block.round) ?? { blocks: [], controlCount: 0 };
    rounds.set(block.round, round);
    round.blocks.push(block);
    if (isControl) round.controlCount += 1;
  };
  for (const block of control) add(block, true);
  for (const block of treated) add(block, false);
  return [...rounds.values()];
}

/**
 * p-value of "none after" by chance: (n0 / (n0 + n1))^x for x hits before in exposure n0 and none after in
 * n1. Hits come in clusters, so x is the number of starts of the threads in which the control hit and the other arm ran; where
 * starts are not known, the smaller of its hits over its design effect and its number of blocks with hits.
 *
 * @param options.control - Blocks of the control in time order.
 * @param options.treated - Blocks of the treated arm, without a hit.
 * @returns `undefined` if the control cannot tell (no hits or fewer than two blocks).
 * @throws {RangeError} If the treated arm hit, or a block is malformed.
 */
export function zeroAfterPValue(options: {
  readonly control: readonly BlockSample[];
  readonly treated: readonly BlockSample[];
}): number | undefined {
  const { control, treated } = options;
  const before = blockTotals(control);
  const after = blockTotals(treated);
  if (after.hits > 0)
    throw new RangeError(`treated: expected no hits, got ${after.hits}; use permutationPValue`);
  const estimate = dispersion(control);
  if (estimate === undefined) return undefined;
  const clusters = Math.min(before.hits / estimate.designEffect, estimate.unitsHit);
  const coins = coinsAgainst({ clusters, startsHit: startsHitBeside(control, treated) }, 0);
  return exposureShare(estimate.starts, before.trials, after.trials) ** coins;
}
