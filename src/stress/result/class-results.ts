import { quantile } from '../../stats/quantile.ts';
import type { BlockResult } from '../plan/block-result.ts';
import type { ClassPlan } from '../topology/placement-plan.ts';
import { isUsed, samples } from './block-samples.ts';
import type { ClassArm, ClassClaim, ClassResult } from './class-result.ts';
import { shownReduction } from './comparison.ts';
import type { ArmResult } from './result.ts';
import { rateOf, throughputOf } from './summary.ts';

/** What the classes of a run are made of. */
export interface ClassParts {
  /** Those that were planned, in their order. */
  readonly places: readonly Pick<ClassPlan, 'placement'>[];
  /** Of each interval, and of each claim before it is shared among the fixes and the classes. */
  readonly confidence: number;
}

/** What every class of placement shows by itself: of those in which any start was kept. */
export function classResults(arms: readonly ArmResult[], { places, confidence }: ClassParts): ClassResult[] {
  const met = new Set(
    arms.flatMap(({ blockResults }) => blockResults.flatMap((block) => block.placement ?? [])),
  );
  const shared = 1 - (1 - confidence) / Math.max(1, met.size);
  return places
    .filter(({ placement }) => met.has(placement))
    .map(({ placement }): ClassResult => {
      const here = arms.map((arm) => ({
        arm,
        blocks: arm.blockResults.filter((block) => block.placement === placement),
      }));
      const used = here.map(({ blocks }) => samples(blocks));
      const blocks = here.flatMap((each) => each.blocks);
      const trips = blocks.filter(isUsed).flatMap(({ roundTripNs }) => roundTripNs ?? []);
      return {
        placement,
        starts: new Set(blocks.map(({ start }) => start)).size,
        roundTripNs: trips.length === 0 ? null : quantile(trips, 0.5),
        arms: here.map((each): ClassArm | null => {
          if (each.blocks.length === 0) return null;
          return { ...countsOf(each.blocks), rate: rateOf(each.blocks, { arms: used, confidence }) };
        }),
        claims: claimsOf(here, shared),
      };
    });
}

function countsOf(blocks: readonly BlockResult[]): Omit<ClassArm, 'rate'> {
  const used = blocks.filter(isUsed);
  const seconds = used.reduce((sum, block) => sum + block.seconds, 0);
  const hits = samples(blocks).reduce((sum, block) => sum + block.hits, 0);
  return {
    trials: blocks.reduce((sum, { trials }) => sum + trials, 0),
    violations: blocks.reduce((sum, { violations }) => sum + violations, 0),
    trialsPerSecond: throughputOf(blocks),
    violationsPerSecond: seconds === 0 ? 0 : hits / seconds,
  };
}

function claimsOf(
  here: readonly { readonly arm: ArmResult; readonly blocks: readonly BlockResult[] }[],
  shared: number,
): ClassClaim[] {
  const fixes = here.filter(({ arm }) => arm.expectation === 'holds');
  const confidence = 1 - (1 - shared) / Math.max(1, fixes.length);
  return here
    .filter(({ arm }) => arm.expectation === 'violates')
    .flatMap((control) =>
      fixes.map((fix): ClassClaim => {
        const blocks = { control: control.blocks, fix: fix.blocks, confidence };
        return {
          control: control.arm.strategy,
          strategy: fix.arm.strategy,
          reductionAtLeast: shownReduction({ ...blocks, residual: 'thinned' }),
          reductionAtLeastInBursts: shownReduction({ ...blocks, residual: 'clustered' }),
        };
      }),
    );
}
