import { controlOf } from '../../scenario/promises.ts';
import type { Setting } from '../../scenario/setting.ts';
import { cpuCount } from '../host/environment.ts';
import type { RunOptions } from '../plan/options.ts';
import type { PlanParts } from '../plan/plan.ts';
import type { Pace } from '../plan/protocol.ts';
import { sessionParts } from '../session/session-parts.ts';
import { Session } from '../session/session.ts';
import { instancesOf, type PlacementPlan } from '../topology/placement-plan.ts';
import { TUNE_WORLDS_MAX } from './tune-settings.ts';
import type { TuneCount } from './tune-count.ts';

/** How long the first way of meeting runs in a new start before anything counts, and each other one: the JIT compiler is at work. */
const WARM_UP_MS = 100;
const WARM_UP_WAY_MS = 50;
/** How often a block is tried whose actors did not run side by side. */
const ATTEMPTS = 4;
/** How often progress is told. */
const PROGRESS_MS = 200;

/** What tuning takes beside its plan. */
export interface TuneHow extends Pick<RunOptions, 'signal' | 'onProgress'> {
  /** As in `SessionParts`. */
  readonly placement?: PlacementPlan | undefined;
}

/** The threads that settings are tried on. */
export class TuneBench {
  readonly #session: Session;
  readonly #told: TuneHow;
  readonly #canOverlap: boolean;
  readonly #startedAt = performance.now();
  #toldAt = this.#startedAt;
  #blocks = 0;
  #isFresh = true;
  /** Whether the search is over. */
  isConfirming = false;

  constructor(parts: PlanParts, setting: Setting, told: TuneHow) {
    this.#told = told;
    const { signal, placement } = told;
    this.#canOverlap = setting.actors.length * instancesOf(placement) <= cpuCount();
    const widest = {
      ...parts,
      // A fix cannot be tuned by its violations: it has none.
      arms: [{ strategy: controlOf(setting.scenario) }],
      worlds: Math.max(parts.worlds, TUNE_WORLDS_MAX),
      isRecorded: false,
      isLaunched: true,
    };
    this.#session = new Session(sessionParts(widest, setting, { signal, placement }));
  }

  async start(): Promise<void> {
    await this.#session.start();
  }

  /** Replaces the threads, unless they are new, and has the JIT compiler see every one of the ways. */
  async startAnew(ways: readonly Pace[]): Promise<void> {
    if (!this.#isFresh) await this.#session.restart();
    this.#isFresh = false;
    for (const [index, way] of ways.entries())
      await this.measure(way, index === 0 ? WARM_UP_MS : WARM_UP_WAY_MS);
  }

  /** Runs a block; again, where its actors did not run side by side. */
  async measure(pace: Pace, ms: number): Promise<TuneCount> {
    const { signal } = this.#told;
    for (let attempt = 1; ; attempt++) {
      const block = await this.#session.runBlock({ arm: 0, round: 0, ms, trialsMax: Infinity, pace, signal });
      this.#tell();
      const { trials, violations, seconds, roundTripNs } = block;
      const isApart = this.#canOverlap && roundTripNs === null && signal?.aborted !== true;
      if (!isApart || attempt === ATTEMPTS) return { trials, violations, seconds, roundTripNs };
    }
  }

  async end(): Promise<void> {
    await this.#session.end();
  }

  async destroy(): Promise<void> {
    await this.#session.destroy();
  }

  #tell(): void {
    const { onProgress } = this.#told;
    this.#blocks++;
    const now = performance.now();
    if (onProgress === undefined || now - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = now;
    const { isConfirming } = this;
    const elapsedMs = now - this.#startedAt;
    onProgress({
      elapsedMs,
      fraction: 0,
      arms: this.#session.arms,
      tuningBlocks: this.#blocks,
      isConfirming,
    });
  }
}
