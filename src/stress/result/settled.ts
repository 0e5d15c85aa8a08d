import type { Strategy } from '../../fix/strategy.ts';
import type { BlockResult } from '../plan/block-result.ts';
import { CONFIDENCE, samples } from './block-samples.ts';
import { shownReduction } from './comparison.ts';
import type { CountedArm } from './summary.ts';

/** What is to be shown, and how surely. */
export interface Wanted {
  readonly fold: number;
  readonly confidence?: number;
  /** Placements that the starts take turns in. @default 1 */
  readonly classes?: number;
}

/**
 * Whether the question of a run is settled: a fix has violated, or every control has, and every fix is shown to violate at
 * least `fold` times less often than the first control, in each of several placements by itself. Looks only at the blocks so far,
 * so that it may end a run whose intervals are widened for the looks taken (src/stats/looks.ts).
 */
export function isSettled(
  arms: readonly CountedArm[],
  { fold, confidence = CONFIDENCE, classes = 1 }: Wanted,
): boolean {
  const controls = arms.filter(({ strategy }) => strategy.expectation === 'violates');
  const fixes = arms.filter(({ strategy }) => strategy.expectation === 'holds');
  if (fixes.some(({ count }) => count.violations > 0)) return true;
  if (!controls.every(({ count }) => samples(count.blocks).some(({ hits }) => hits > 0))) return false;
  const control = controls[0]?.count.blocks ?? [];
  const met = [...new Set(control.map(({ placement }) => placement))];
  if (met.length < classes) return false;
  const shared = 1 - (1 - confidence) / Math.max(1, fixes.length * met.length);
  return fixes.every(({ count }) => {
    const fix = count.blocks;
    return met.every((placement) => {
      const isHere = (block: BlockResult): boolean => block.placement === placement;
      const parts = { control: control.filter(isHere), fix: fix.filter(isHere), confidence: shared };
      return (shownReduction({ ...parts, residual: 'thinned' }) ?? 0) >= fold;
    });
  });
}

/**
 * The arms of which the first violation ends a run until a violation: those that are declared to hold, as a control violates
 * anyway; all of them where there is nothing but controls.
 */
export function endingArms(strategies: readonly Pick<Strategy, 'expectation'>[]): number[] {
  const all = strategies.map((_, arm) => arm);
  const fixes = all.filter((arm) => strategies[arm]?.expectation === 'holds');
  return fixes.length === 0 ? all : fixes;
}
