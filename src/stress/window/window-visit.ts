import { BATCH } from '../actor/launched-trials.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import type { Session } from '../session/session.ts';

/** Trials of one visit at most: some milliseconds, so that no offset has the host to itself. */
export const VISIT_TRIALS = 2_048;
/** A visit ends after so long, however many trials it has: actors that share a processor take a thousand times longer. */
const VISIT_MS = 10;

/** One short stay at one offset. */
export interface VisitOrder {
  readonly arm: number;
  readonly offsetNs: number;
  /** Index of the actor. */
  readonly lastToucher: number;
  readonly trialsMax: number;
}

/** What it counted. */
export interface Visit extends Omit<VisitOrder, 'trialsMax'> {
  /** Which start of the threads it belongs to, and which sweep over all offsets. */
  readonly start: number;
  readonly sweep: number;
  readonly roundTripNs: number | null;
  /** By actor: ns per round of its spin loop. */
  readonly spins: readonly number[];
  readonly trials: number;
  readonly violations: number;
  /** In how many of them each of the profiled measures was noted. */
  readonly noted: readonly number[];
}

/** Where a visit belongs, and how it ends. */
export interface VisitContext extends Pick<Visit, 'start' | 'sweep'> {
  /** Whether it makes all its trials, however long they take. */
  readonly isExact: boolean;
  /** Counters of the profiled measures. */
  readonly notes: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** Makes a visit: one block, or as many as it takes to make all its trials. */
export async function runVisit(
  session: Session,
  { arm, offsetNs, lastToucher, trialsMax }: VisitOrder,
  { start, sweep, isExact, notes, signal }: VisitContext,
): Promise<Visit | undefined> {
  const count = session.arms[arm];
  if (count === undefined) return undefined;
  const before = tallyOf(count, notes);
  const pace = { stride: BATCH, worlds: BATCH, launch: { offsetNs, lastToucher } };
  const block = { arm, round: sweep, ms: VISIT_MS, pace, signal };
  let roundTripNs: number | null = null;
  for (let left = trialsMax; left > 0; left = trialsMax - (count.trials - before.trials)) {
    ({ roundTripNs } = await session.runBlock({ ...block, trialsMax: left }));
    if (!isExact || signal?.aborted === true) break;
  }
  const after = tallyOf(count, notes);
  return {
    arm,
    offsetNs,
    lastToucher,
    start,
    sweep,
    roundTripNs,
    spins: session.spins(),
    trials: after.trials - before.trials,
    violations: after.violations - before.violations,
    noted: after.noted.map((times, index) => times - (before.noted[index] ?? 0)),
  };
}

function tallyOf(count: ArmCount, notes: readonly number[]): Pick<Visit, 'trials' | 'violations' | 'noted'> {
  return {
    trials: count.trials,
    violations: count.violations,
    noted: notes.map((note) => count.notes[note] ?? 0),
  };
}
