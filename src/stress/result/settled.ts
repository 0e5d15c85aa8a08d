import type { Strategy } from '../../fix/strategy.ts';
import { CONFIDENCE, samples } from './block-samples.ts';
import { shownReduction } from './comparison.ts';
import type { CountedArm } from './summary.ts';

/**
 * Whether the question of a run is settled: a fix has violated, or every control has, and every fix is shown to violate at
 * least `fold` times less often than the first control. Looks only at the blocks so far, so that it may end a run
 * whose intervals are widened for the looks taken (src/stats/looks.ts).
 */
export function isSettled(
  arms: readonly CountedArm[],
  { fold, confidence = CONFIDENCE }: { readonly fold: number; readonly confidence?: number },
): boolean {
  const controls = arms.filter(({ strategy }) => strategy.expectation === 'violates');
  const fixes = arms.filter(({ strategy }) => strategy.expectation === 'holds');
  if (fixes.some(({ count }) => count.violations > 0)) return true;
  if (!controls.every(({ count }) => samples(count.blocks).some(({ hits }) => hits > 0))) return false;
  const control = controls[0]?.count.blocks ?? [];
  const shared = 1 - (1 - confidence) / Math.max(1, fixes.length);
  return fixes.every(({ count }) => {
    const parts = { control, fix: count.blocks, confidence: shared };
    return (shownReduction({ ...parts, residual: 'thinned' }) ?? 0) >= fold;
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
