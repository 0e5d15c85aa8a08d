import type { Instance } from './instance.ts';

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
