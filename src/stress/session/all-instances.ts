/** What is done with all instances of a session at once. */
import type { Instance } from './instance.ts';

/** The trials of one of so many instances that divide them; Infinity of no limit. */
export function shareOf(trials: number, instances: number, index: number): number {
  return trials === Infinity
    ? Infinity
    : Math.floor(((index + 1) * trials) / instances) - Math.floor((index * trials) / instances);
}

/**
 * Waits for the end of a block on all of these, or until `timeoutMs` are over. False on time-out. Looks at those first that began last:
 * mostly the others have ended by then, and nothing wakes the main thread for each of them.
 */
export async function allFinished(instances: readonly Instance[], timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (const instance of instances.toReversed()) {
    if (instance.hasFinished()) continue;
    if (!(await instance.finished(Math.max(0, deadline - performance.now())))) return false;
  }
  return true;
}
