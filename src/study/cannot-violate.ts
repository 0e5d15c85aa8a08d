import type { ArmResult } from '../stress/result.ts';

/** Whether explore has searched every schedule of a control and none violates: it can only stay silent. */
export function cannotViolate({ expectation, proof }: Pick<ArmResult, 'expectation' | 'proof'>): boolean {
  return expectation === 'violates' && proof?.complete === true && proof.invariants.length === 0;
}
