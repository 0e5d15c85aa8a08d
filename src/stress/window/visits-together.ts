import type { Visit } from './window-visit.ts';

/**
 * The visits with those that several instances made at the same time added up to one: they had the same start of the threads and the same
 * host, so that only together they are one of the visits that a curve varies by. Where they were added up, `roundTripNs` and `spins` are
 * those of the first.
 */
export function visitsTogether(visits: readonly Visit[]): Visit[] {
  const sums = new Map<string, Visit>();
  for (const visit of visits) {
    const { arm, offsetNs, lastToucher, start, sweep } = visit;
    const key = [arm, offsetNs, lastToucher, start, sweep].join(' ');
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? visit : added(sum, visit));
  }
  return [...sums.values()];
}

function added(one: Visit, other: Visit): Visit {
  return {
    ...one,
    trials: one.trials + other.trials,
    violations: one.violations + other.violations,
    noted: one.noted.map((times, index) => times + (other.noted[index] ?? 0)),
  };
}
