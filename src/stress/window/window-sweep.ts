import type { Prng } from '../../stats/prng.ts';
import type { Session } from '../session/session.ts';
import { runVisit, type Visit, VISIT_TRIALS, type VisitOrder, type VisitContext } from './window-visit.ts';

/** How long every arm runs before anything counts: the JIT compiler optimizes what it runs. */
const WARM_UP_MS = 150;
/** Orders of which the warm-up takes every so many: a prime, so that it meets all offsets and last touchers. */
const WARM_UP_STEP = 7;

/** Everything that is visited in a sweep. */
export interface SweepShape {
  readonly arms: number;
  /** Indices of the actors that take turns in touching the memory last. */
  readonly lastTouchers: readonly number[];
  readonly offsets: readonly number[];
}

/** How a sweep is made. */
export interface SweepContext extends VisitContext {
  readonly prng: Prng;
  /** Called with what each stay has counted. */
  readonly onVisits: (visits: readonly Visit[]) => void;
}

/** Makes the visits in random order, so that a change of the host hits all alike; fewer when the signal comes. */
export async function sweep(
  session: Session,
  orders: VisitOrder[],
  { prng, onVisits, ...place }: SweepContext,
): Promise<void> {
  for (const order of prng.shuffle(orders)) {
    if (place.signal?.aborted === true) return;
    onVisits(await runVisit(session, order, place));
  }
}

/** Gets the code of every arm optimized, at offsets of the whole range. */
export async function warmUp(session: Session, shape: SweepShape, place: VisitContext): Promise<void> {
  for (let arm = 0; arm < shape.arms; arm++) {
    const all = ordersOf({ ...shape, trialsMax: VISIT_TRIALS }).filter((order) => order.arm === arm);
    const endsAt = performance.now() + WARM_UP_MS;
    for (let index = 0; performance.now() < endsAt; index += WARM_UP_STEP) {
      const order = all[index % all.length];
      if (order === undefined || place.signal?.aborted === true) return;
      await runVisit(session, order, place);
    }
  }
}

/** Every arm, last toucher and offset once. */
export function ordersOf({
  arms,
  lastTouchers,
  offsets,
  trialsMax,
}: SweepShape & { readonly trialsMax: number }): VisitOrder[] {
  const found: VisitOrder[] = [];
  for (let arm = 0; arm < arms; arm++) {
    for (const lastToucher of lastTouchers) {
      for (const offsetNs of offsets) found.push({ arm, offsetNs, lastToucher, trialsMax });
    }
  }
  return found;
}
