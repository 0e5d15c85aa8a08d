import type { Sight } from '../../stats/sweep.ts';
import type { Visit } from './window-visit.ts';

/** A first look with fewer hits than this at its highest point has seen nothing but chance. */
const HITS_MIN = 8;

/**
 * What a first look saw at each offset: the highest of the rates of violations and of profiled measures of each arm and last
 * toucher, each relative to its own peak.
 */
export function interestOf(visits: readonly Visit[], offsets: readonly number[]): Sight[] {
  const interests = new Map(offsets.map((offset) => [offset, 0]));
  const curves = new Map<string, Map<number, { trials: number; hits: number }>>();
  for (const visit of visits) {
    for (const [measure, counted] of [visit.violations, ...visit.noted].entries()) {
      const key = `${visit.arm} ${visit.lastToucher} ${measure}`;
      const curve = curves.get(key) ?? new Map<number, { trials: number; hits: number }>();
      const { trials, hits } = curve.get(visit.offsetNs) ?? { trials: 0, hits: 0 };
      curve.set(visit.offsetNs, { trials: trials + visit.trials, hits: hits + counted });
      curves.set(key, curve);
    }
  }
  for (const curve of curves.values()) {
    const rates = [...curve].map(([offset, { trials, hits }]) => ({
      offset,
      hits,
      rate: trials === 0 ? 0 : hits / trials,
    }));
    const peak = rates.reduce((best, each) => (each.rate > best.rate ? each : best), {
      offset: 0,
      hits: 0,
      rate: 0,
    });
    if (peak.hits < HITS_MIN) continue;
    for (const { offset, rate } of rates) {
      interests.set(offset, Math.max(interests.get(offset) ?? 0, rate / peak.rate));
    }
  }
  return offsets.map((offset) => ({ offset, interest: interests.get(offset) ?? 0 }));
}
