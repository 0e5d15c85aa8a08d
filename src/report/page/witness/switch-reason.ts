import type { ReplayStep } from '../../../explore/witness/replay-step.ts';

/**
 * Why another actor goes on at step `index`, as far as the steps tell: who went before waits for a lock, is stopped though it
 * could go on, or has finished.
 *
 * @param preemptions How often, in all of them, an actor is stopped that could have gone on; null where that is not known.
 */
export function switchReason(
  steps: readonly ReplayStep[],
  index: number,
  preemptions: number | null,
): string {
  const before = steps[index - 1];
  if (before === undefined) return '';
  const { label } = before;
  const kind = kindOf(steps, index);
  switch (kind.is) {
    case 'waits':
      return `${label} waits for ${kind.lock}, which ${kind.owner} holds`;
    case 'stopped':
      return `${label} is stopped, though it could go on: a preemption`;
    case 'last': {
      if (steps[index]?.isBeyond === true) return `the schedule has ended, and the others run to their ends`;
      const kinds = steps.flatMap((step, at) => (step.isSwitch ? [kindOf(steps, at)] : []));
      const stopped = kinds.filter(({ is }) => is === 'stopped').length;
      const open = kinds.filter(({ is }) => is === 'last').length;
      if (preemptions === stopped) return `${label} has finished, or waits`;
      if (preemptions === stopped + open) return `${label} is stopped for the rest of it: a preemption`;
      return `${label} has no further step: it has finished, or is stopped for the rest of it`;
    }
  }
}

type Kind =
  | { readonly is: 'waits'; readonly lock: string; readonly owner: string }
  | { readonly is: 'stopped' }
  /** It has no step behind this. */
  | { readonly is: 'last' };

function kindOf(steps: readonly ReplayStep[], index: number): Kind {
  const before = steps[index - 1];
  const next = steps.slice(index).find(({ actor }) => actor === before?.actor);
  if (before === undefined || next === undefined) return { is: 'last' };
  // A trylock does not wait.
  const isWaiting = /lock|wait/.test(next.operation) && !/try|unlock/.test(next.operation);
  const held = before.after.locks.find(({ name, owner }) => name === next.field && owner !== before.label);
  return isWaiting && held !== undefined
    ? { is: 'waits', lock: held.name, owner: held.owner }
    : { is: 'stopped' };
}
