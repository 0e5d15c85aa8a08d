import { argumentObjection } from '../../memory/argument-objection.ts';
import { KIND_NAMES, kindsThat, type Step } from './step.ts';

const OF_BIT: ReadonlySet<number> = new Set(kindsThat(({ operands }) => operands === 'bit'));

/** What is wrong with the arguments of a step, as a sentence about the strategy; undefined if nothing is. */
export function stepObjection({ kind, address, operand, replacement }: Step): string | undefined {
  return argumentObjection(KIND_NAMES[kind] ?? '', OF_BIT.has(kind), address, operand, replacement);
}
