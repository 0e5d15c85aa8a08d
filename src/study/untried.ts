import type { ArmResult } from '../stress/result/result.ts';

/** Whether a sample of an arm shows that it puts nothing to the test: no own step of a fix ran, or a whole operation never. */
export function isUntried({ coverage }: Pick<ArmResult, 'coverage'>): boolean {
  return coverage !== undefined && (coverage.own?.taken === 0 || (coverage.idle ?? []).length > 0);
}
