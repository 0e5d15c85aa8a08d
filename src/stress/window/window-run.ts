import { profiled } from '../../scenario/measure.ts';
import type { Setting } from '../../scenario/setting.ts';
import { Prng } from '../../stats/prng.ts';
import { refinedOffsets } from '../../stats/sweep.ts';
import { NO_HOST_TIME, withBlock } from '../host/host-load.ts';
import { lastTouchers } from '../actor/launched-trials.ts';
import { noteIndex } from '../plan/counters.ts';
import type { PlanParts } from '../plan/plan.ts';
import type { PlacementPlan } from '../topology/placement-plan.ts';
import { sessionParts } from '../session/session-parts.ts';
import { Session } from '../session/session.ts';
import { WindowBudget } from './window-budget.ts';
import { interestOf } from './window-interest.ts';
import type { WindowLog } from './window-log.ts';
import { coarseOffsets } from './window-offsets.ts';
import type { JournaledWindow, VisitsRecord, WindowRecord } from './window-record.ts';
import { ordersOf, sweep, type SweepShape, warmUp } from './window-sweep.ts';
import { type Visit, type VisitOrder, VISIT_TRIALS } from './window-visit.ts';

/** Sweeps of the first look, and the share of the time it may take. */
const COARSE_SWEEPS = 3;
const COARSE_SHARE = 0.2;
/** Visits of so many ms are put down together: what a kill costs, and what writing costs, are both to be little. */
const RECORD_MS = 200;

/** What is run. */
export interface WindowParts {
  readonly setting: Setting;
  readonly parts: PlanParts;
  /** As in `SessionParts`. */
  readonly placement?: PlacementPlan | undefined;
  /** What was done before: it goes on from there. */
  readonly log: WindowLog;
}

/** Where visits are made. */
type Place = Pick<VisitsRecord, 'start' | 'planned' | 'sweep'>;

/** The starts of the threads, one after the other; the first takes a first look before it counts anything. */
export class WindowRun {
  readonly #options: JournaledWindow;
  readonly #parts: WindowParts;
  readonly #log: WindowLog;
  readonly #budget: WindowBudget;
  readonly #prng: Prng;
  /** Counters of the profiled measures. */
  readonly #notes: readonly number[];
  /** Offsets of the first look. */
  readonly #coarse: readonly number[];
  readonly #elapsedBefore: number;
  #startedAt = performance.now();
  #hasBegun = false;
  /** Made, and not put down yet. */
  #waiting: Visit[] = [];
  #putAtMs = 0;
  /** As in records. */
  #blocks: number;
  #host = NO_HOST_TIME;

  constructor(options: JournaledWindow, parts: WindowParts) {
    this.#options = options;
    this.#parts = parts;
    this.#log = parts.log;
    this.#notes = profiled(parts.setting.scenario.measures ?? []).map(({ note }) => noteIndex(note));
    this.#coarse = coarseOffsets(options.rangeNs);
    this.#budget = new WindowBudget(options.budget);
    this.#prng = new Prng(options.seed);
    this.#blocks = parts.log.blocks;
    this.#elapsedBefore = parts.log.elapsedMs;
  }

  /** Makes all visits that are left; fewer if the signal ends the run. */
  async toTheEnd(): Promise<void> {
    this.#startedAt = performance.now();
    for (let planned = this.#log.planned; this.#budget.hasStart(planned); planned++) {
      if (this.#isAborted()) return;
      if (this.#isDone(planned)) continue;
      const start = this.#log.starts;
      const session = this.#newSession(planned, start);
      try {
        await session.start();
        await this.#run(session, planned, start);
        await session.end();
      } finally {
        await session.destroy();
      }
    }
  }

  /** What is left of a start, in threads that may be others than those that began it. */
  async #run(session: Session, planned: number, start: number): Promise<void> {
    const { signal, budget } = this.#options;
    const isExact = budget.kind === 'trials';
    const how = { isExact, notes: this.#notes, signal };
    await warmUp(session, this.#shape(this.#coarse), { ...how, start, sweep: 0, isExact: false });
    if (this.#log.offsets === undefined) await this.#look(session);
    const prng = this.#prng.fork(start);
    let sweepMs = 0;
    for (let made = this.#begunIn(planned); this.#hasSweep(planned, made, sweepMs); made++) {
      if (this.#isAborted()) return;
      const began = this.#elapsedMs;
      const place = { start, planned, sweep: made };
      try {
        const onVisits = (visits: readonly Visit[]): void => this.#visited(visits, place);
        await sweep(session, this.#left(planned, made), { ...how, ...place, prng, onVisits });
      } finally {
        this.#putVisits(place);
      }
      sweepMs = this.#elapsedMs - began;
      this.#report(planned, made + 1);
    }
  }

  /** The first look: where the second is to look closely. */
  async #look(session: Session): Promise<void> {
    const { signal, budget, points } = this.#options;
    const endsAtMs = budget.kind === 'duration' ? COARSE_SHARE * budget.ms : Infinity;
    // No closer than the second: few trials per point are asked for where it is to be quick.
    const trialsMax = budget.kind === 'trials' ? Math.min(VISIT_TRIALS, budget.count) : VISIT_TRIALS;
    const orders = ordersOf({ ...this.#shape(this.#coarse), trialsMax });
    const seen: Visit[] = [];
    const onVisits = (visits: readonly Visit[]): void => {
      for (const visit of visits) seen.push(visit);
    };
    const how = { start: 0, isExact: false, notes: this.#notes, signal, prng: this.#prng, onVisits };
    for (let made = 0; made < COARSE_SWEEPS && !this.#isAborted(); made++) {
      if (made > 0 && this.#elapsedMs > endsAtMs) break;
      await sweep(session, orders, { ...how, sweep: made });
    }
    // Of a look that was cut short nobody knows where it would have led.
    if (this.#isAborted()) return;
    const offsets = refinedOffsets({ sights: interestOf(seen, this.#coarse), count: points });
    this.#put({ kind: 'offsets', offsets, ...this.#done() });
  }

  /** Whether nothing is left of a start, which may be the one that was cut. */
  #isDone(planned: number): boolean {
    return this.#log.offsets !== undefined && !this.#hasSweep(planned, this.#begunIn(planned), 0);
  }

  /** Sweeps of a start that are done. */
  #begunIn(planned: number): number {
    const { planned: last, sweep: begun } = this.#log;
    if (last !== planned || begun < 0) return 0;
    return this.#left(planned, begun).length > 0 ? begun : begun + 1;
  }

  /** Whether a start has another sweep to make after so many, or one that was cut to end. */
  #hasSweep(planned: number, made: number, sweepMs: number): boolean {
    const isCut = this.#log.planned === planned && this.#log.sweep === made;
    return isCut || this.#budget.hasSweep(planned, made, { elapsedMs: this.#elapsedMs, sweepMs });
  }

  /** The visits that are left of a sweep. */
  #left(planned: number, made: number): VisitOrder[] {
    const trialsMax = this.#budget.trialsOf(planned, made);
    const all = ordersOf({ ...this.#shape(this.#log.offsets ?? []), trialsMax });
    if (this.#log.planned !== planned || this.#log.sweep !== made) return all;
    const isExact = this.#options.budget.kind === 'trials';
    return all.flatMap((order) => {
      const before = this.#log.madeAt(order);
      const left = isExact || before === 0 ? trialsMax - before : 0;
      return left > 0 ? [{ ...order, trialsMax: left }] : [];
    });
  }

  /** Visits have been made. */
  #visited(visits: readonly Visit[], place: Place): void {
    for (const visit of visits) this.#waiting.push(visit);
    if (this.#elapsedMs - this.#putAtMs >= RECORD_MS) this.#putVisits(place);
  }

  #putVisits(place: Place): void {
    const placement = this.#waiting[0]?.placement;
    const visits = this.#waiting.map(
      ({ start: _start, sweep: _sweep, placement: _placement, ...counted }) => counted,
    );
    this.#waiting = [];
    this.#putAtMs = this.#elapsedMs;
    if (visits.length === 0) return;
    this.#put({
      kind: 'visits',
      ...place,
      ...(placement !== undefined && { placement }),
      ...this.#done(),
      visits,
    });
  }

  /** What every record but that of a start has. */
  #done(): Pick<VisitsRecord, 'elapsedMs' | 'blocks' | 'host'> {
    const done = { elapsedMs: this.#elapsedMs, blocks: this.#blocks, host: this.#host };
    this.#host = NO_HOST_TIME;
    return done;
  }

  #put(record: WindowRecord): void {
    this.#log.add(record);
    this.#options.journal?.add(record);
  }

  #newSession(planned: number, start: number): Session {
    const { signal, onMemory } = this.#options;
    const { parts, setting, placement } = this.#parts;
    const how = {
      signal,
      placement,
      // A start that was cut has its placement once more.
      startsBefore: planned,
      tellsInstances: placement !== undefined,
      onMemory: this.#hasBegun ? undefined : onMemory,
    };
    const session = sessionParts({ ...parts, blocksBefore: this.#blocks }, setting, how);
    this.#hasBegun = true;
    return new Session({
      ...session,
      onStart: (begun) => this.#put({ ...begun, start, planned }),
      onBlock: ({ block }) => {
        this.#blocks++;
        this.#host = withBlock(this.#host, block);
      },
    });
  }

  #shape(offsets: readonly number[]): SweepShape {
    const { parts, setting } = this.#parts;
    return { arms: parts.arms.length, lastTouchers: lastTouchers(setting), offsets };
  }

  /** Of all parts of the profile, without the pauses between them. */
  get #elapsedMs(): number {
    return this.#elapsedBefore + performance.now() - this.#startedAt;
  }

  #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #report(start: number, made: number): void {
    const elapsedMs = this.#elapsedMs;
    const arms = this.#parts.parts.arms.map(({ strategy }, arm) => {
      const own = this.#log.visits.filter((visit) => visit.arm === arm);
      return {
        strategy,
        trials: own.reduce((sum, { trials }) => sum + trials, 0),
        violations: own.reduce((sum, { violations }) => sum + violations, 0),
      };
    });
    this.#options.onProgress?.({
      elapsedMs,
      fraction: this.#budget.fraction({ start, made, elapsedMs }),
      arms,
    });
  }
}
