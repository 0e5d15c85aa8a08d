import { profiled } from '../../scenario/measure.ts';
import type { Setting } from '../../scenario/setting.ts';
import { Prng } from '../../stats/prng.ts';
import { evenOffsets, refinedOffsets } from '../../stats/sweep.ts';
import type { BlockResult } from '../plan/block-result.ts';
import { NOT_PINNED, type Pinned } from '../host/pinning.ts';
import { lastTouchers } from '../actor/launched-trials.ts';
import { noteIndex } from '../plan/counters.ts';
import type { PlacementPlan } from '../topology/placement-plan.ts';
import type { PlanParts } from '../plan/plan.ts';
import { sessionParts } from '../session/session-parts.ts';
import { Session } from '../session/session.ts';
import { WindowBudget } from './window-budget.ts';
import { interestOf } from './window-interest.ts';
import type { WindowOptions } from './window-options.ts';
import { sweep, type SweepShape, warmUp } from './window-sweep.ts';
import { type Visit, VISIT_TRIALS } from './window-visit.ts';

/** Offsets and sweeps of the first look, and the share of the time it may take. */
const COARSE_POINTS = 61;
const COARSE_SWEEPS = 3;
const COARSE_SHARE = 0.2;

/** What is run. */
export interface WindowParts {
  readonly setting: Setting;
  readonly parts: PlanParts;
  /** As in `SessionParts`. */
  readonly placement?: PlacementPlan | undefined;
}

/** The starts of the threads, one after the other; the first takes a first look before it counts anything. */
export class WindowRun {
  readonly parts: PlanParts;
  readonly setting: Setting;
  readonly placement: PlacementPlan | undefined;
  /** Offsets of the first look. */
  readonly coarse: readonly number[];
  readonly visits: Visit[] = [];
  readonly blocks: BlockResult[] = [];
  starts = 0;
  /** As in `Session`. */
  pinned: Pinned = NOT_PINNED;
  elapsedMs = 0;
  readonly #options: WindowOptions;
  readonly #budget: WindowBudget;
  readonly #prng: Prng;
  /** Counters of the profiled measures. */
  readonly #notes: readonly number[];
  #fine: readonly number[] = [];

  constructor(options: WindowOptions, { setting, parts, placement }: WindowParts) {
    this.#options = options;
    this.parts = parts;
    this.setting = setting;
    this.placement = placement;
    this.#notes = profiled(this.setting.scenario.measures ?? []).map(({ note }) => noteIndex(note));
    const [low, high] = options.rangeNs;
    this.coarse = evenOffsets({ low, high, count: COARSE_POINTS });
    this.#budget = new WindowBudget(options.budget);
    this.#prng = new Prng(options.seed);
  }

  /** Makes all visits; fewer if the signal ends the run. */
  async toTheEnd(): Promise<void> {
    const startedAt = performance.now();
    const elapsed = (): number => performance.now() - startedAt;
    for (let start = 0; this.#budget.hasStart(start) && !this.#isAborted(); start++) {
      const session = this.#newSession(start);
      try {
        await session.start();
        await this.#run(session, start, elapsed);
        for (const arm of session.arms) for (const block of arm.blocks) this.blocks.push(block);
        await session.end();
        this.pinned = session.pinned;
      } finally {
        await session.destroy();
      }
      this.starts++;
    }
    this.elapsedMs = elapsed();
  }

  /** What one start of the threads measures. */
  async #run(session: Session, start: number, elapsed: () => number): Promise<void> {
    const { signal, budget } = this.#options;
    const place = { start, sweep: 0, isExact: false, notes: this.#notes, signal };
    await warmUp(session, this.#shape(this.coarse), place);
    if (start === 0) await this.#look(session, elapsed);
    const shape = this.#shape(this.#fine);
    const prng = this.#prng.fork(start);
    let sweepMs = 0;
    for (let made = 0; this.#budget.hasSweep(start, made, { elapsedMs: elapsed(), sweepMs }); made++) {
      if (this.#isAborted()) return;
      const began = elapsed();
      const trialsMax = this.#budget.nextTrials();
      const isExact = budget.kind === 'trials';
      const visits = await sweep(session, { ...shape, trialsMax }, { ...place, sweep: made, isExact, prng });
      for (const visit of visits) this.visits.push(visit);
      sweepMs = elapsed() - began;
      this.#report(elapsed());
    }
  }

  /** The first look: where the second is to look closely. */
  async #look(session: Session, elapsed: () => number): Promise<void> {
    const { signal, budget, points } = this.#options;
    const endsAtMs = budget.kind === 'duration' ? COARSE_SHARE * budget.ms : Infinity;
    // No closer than the second: few trials per point are asked for where it is to be quick.
    const trialsMax = budget.kind === 'trials' ? Math.min(VISIT_TRIALS, budget.count) : VISIT_TRIALS;
    const shape = { ...this.#shape(this.coarse), trialsMax };
    const seen: Visit[] = [];
    for (let made = 0; made < COARSE_SWEEPS && !this.#isAborted(); made++) {
      if (made > 0 && elapsed() > endsAtMs) break;
      const place = { start: 0, sweep: made, isExact: false, notes: this.#notes, signal, prng: this.#prng };
      for (const visit of await sweep(session, shape, place)) seen.push(visit);
    }
    this.#fine = refinedOffsets({ sights: interestOf(seen, this.coarse), count: points });
  }

  #newSession(start: number): Session {
    const { signal, onMemory } = this.#options;
    const { placement } = this;
    const how = {
      signal,
      placement,
      startsBefore: start,
      tellsInstances: placement !== undefined,
      onMemory: start === 0 ? onMemory : undefined,
    };
    return new Session(sessionParts(this.parts, this.setting, how));
  }

  #shape(offsets: readonly number[]): SweepShape {
    return { arms: this.parts.arms.length, lastTouchers: lastTouchers(this.setting), offsets };
  }

  #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #report(elapsedMs: number): void {
    const arms = this.parts.arms.map(({ strategy }, arm) => {
      const own = this.visits.filter((visit) => visit.arm === arm);
      return {
        strategy,
        trials: own.reduce((sum, { trials }) => sum + trials, 0),
        violations: own.reduce((sum, { violations }) => sum + violations, 0),
      };
    });
    this.#options.onProgress?.({ elapsedMs, fraction: this.#budget.fraction(elapsedMs), arms });
  }
}
