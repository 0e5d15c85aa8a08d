import { BATCH } from '../actor/launched-trials.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import type { BlockResult } from '../plan/block-result.ts';
import type { Session } from '../session/session.ts';

/** Trials of one visit at most: some milliseconds, so that no offset has the host to itself. */
export const VISIT_TRIALS = 2_048;
/** A visit ends after so long, however many trials it has: actors that share a processor take a thousand times longer. */
const VISIT_MS = 10;

/** One short stay at one offset, of all instances together. */
export interface VisitOrder {
  readonly arm: number;
  readonly offsetNs: number;
  /** Index of the actor. */
  readonly lastToucher: number;
  readonly trialsMax: number;
}

/** What one of them counted. */
export interface Visit extends Omit<VisitOrder, 'trialsMax'> {
  /** Which start of the threads it belongs to, and which sweep over all offsets. */
  readonly start: number;
  readonly sweep: number;
  readonly roundTripNs: number | null;
  /** The class of its start's placement; undefined where the system placed the actors. */
  readonly placement?: string | undefined;
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

/** Makes a visit: one block, or as many as it takes to make all its trials. What each instance counted. */
export async function runVisit(
  session: Session,
  { arm, offsetNs, lastToucher, trialsMax }: VisitOrder,
  { start, sweep, isExact, notes, signal }: VisitContext,
): Promise<Visit[]> {
  const count = session.arms[arm];
  if (count === undefined) return [];
  const playing = count.instances.length === 0 ? [count] : count.instances;
  const before = playing.map((instance) => tallyOf(instance, notes));
  const trialsBefore = count.trials;
  const pace = { stride: BATCH, worlds: BATCH, launch: { offsetNs, lastToucher } };
  const block = { arm, round: sweep, ms: VISIT_MS, pace, signal };
  const trialsOfAll = isExact ? trialsMax : trialsMax * playing.length;
  let last: BlockResult | undefined;
  for (let left = trialsOfAll; left > 0; left = trialsOfAll - (count.trials - trialsBefore)) {
    last = await session.runBlock({ ...block, trialsMax: left });
    if (!isExact || signal?.aborted === true) break;
  }
  return playing.flatMap((instance, index): Visit[] => {
    const after = tallyOf(instance, notes);
    const { trials = 0, violations = 0, noted = [] } = before[index] ?? {};
    if (playing.length > 1 && after.trials === trials) return [];
    const own = last?.instances?.find((each) => each.instance === index);
    return [
      {
        arm,
        offsetNs,
        lastToucher,
        start,
        sweep,
        roundTripNs: (own ?? last)?.roundTripNs ?? null,
        placement: last?.placement,
        spins: session.spins(index).map(rounded),
        trials: after.trials - trials,
        violations: after.violations - violations,
        noted: after.noted.map((times, note) => times - (noted[note] ?? 0)),
      },
    ];
  });
}

/** No clock tells more of it: what is put down of many visits is to be short. */
function rounded(ns: number): number {
  return Math.round(ns * 1e3) / 1e3;
}

function tallyOf(
  { trials, violations, notes: counts }: Pick<ArmCount, 'trials' | 'violations' | 'notes'>,
  notes: readonly number[],
): Pick<Visit, 'trials' | 'violations' | 'noted'> {
  return { trials, violations, noted: notes.map((note) => counts[note] ?? 0) };
}
