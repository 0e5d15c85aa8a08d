import type { Calibration } from './calibration-result.ts';
import type { ArmResult } from './result.ts';

/**
 * The arms of a run whose stores are to wait, with what their verdicts are worth. After something that no x86-64 does nothing is; and
 * a zero counts only if stores were seen to wait before the run, the control for that violated in the run, and another control did.
 * Returns the arms as they are where no stores were to wait.
 */
export function borneOut(
  arms: readonly ArmResult[],
  calibration: Calibration | undefined,
): readonly ArmResult[] {
  if (calibration === undefined) return arms;
  const { shows, control } = calibration;
  const isBorneOut = shows === 'x86' && areControlsHeard(arms, control);
  return arms.map((arm) =>
    shows === 'other-order' || (arm.verdict === 'clean' && !isBorneOut) ? inconclusive(arm) : arm,
  );
}

function inconclusive(arm: ArmResult): ArmResult {
  return { ...arm, verdict: 'inconclusive' };
}

function areControlsHeard(arms: readonly ArmResult[], control: string | null): boolean {
  const heard = arms.filter(({ expectation, rate }) => expectation === 'violates' && rate.perMillion > 0);
  return (
    heard.some(({ strategy }) => strategy === control) && heard.some(({ strategy }) => strategy !== control)
  );
}
