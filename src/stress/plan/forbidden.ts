import type { Outcome } from '../../scenario/scenario.ts';
import { HarnessError } from './harness-error.ts';

/** How many of the outcomes are FORBIDDEN; `counts` by outcome index. */
export function forbiddenIn(counts: readonly number[], outcomes: readonly Pick<Outcome, 'grade'>[]): number {
  return counts.reduce((sum, count, index) => sum + (outcomes[index]?.grade === 'FORBIDDEN' ? count : 0), 0);
}

/**
 * A violation is counted twice, as the check that it breaks and as an outcome that is FORBIDDEN: where the two differ, one
 * was lost.
 * @throws {HarnessError}
 */
export function requireEqualSums(where: string, violations: number, forbidden: number): void {
  if (violations === forbidden) return;
  throw new HarnessError(
    'ERR_INCONSISTENT',
    `${where}: ${forbidden} outcomes are FORBIDDEN, and ${violations} violations were counted by check`,
  );
}
