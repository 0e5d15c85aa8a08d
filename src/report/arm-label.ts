import type { ArmResult } from '../stress/result/result.ts';
import { tail } from './wrap.ts';

/** Longer names of plug-ins keep their end; a table that has no room for so much takes less. */
const LABEL_COLUMNS_MAX = 24;

/** Short names of arms, all different, in the order of the arms; what is a control says so, unless a heading does. */
export function armLabels(
  arms: readonly ArmResult[],
  { isHeaded = false }: { readonly isHeaded?: boolean } = {},
): string[] {
  const labels: string[] = [];
  for (const [index, arm] of arms.entries()) {
    const name = tail(arm.strategy, LABEL_COLUMNS_MAX) + (arm.isControl && !isHeaded ? ' (control)' : '');
    labels.push(labels.includes(name) ? `${name} #${index + 1}` : name);
  }
  return labels;
}
