import { setTimeout as sleep } from 'node:timers/promises';
import type { Arena } from '../memory/arena.ts';
import { BLOCK_MICROSECONDS, BLOCK_ROUND_TRIP } from '../memory/control.ts';
import { Gate } from '../memory/gate.ts';
import { CHECK_COUNT } from '../model/check.ts';
import { NOTE_COUNT } from '../model/note.ts';
import type { Setting } from '../scenario/setting.ts';
import { Prng } from '../stats/prng.ts';
import { ActorPool } from './actor-pool.ts';
import { CHECK_COUNTERS, NOTE_COUNTERS, OUTCOME_COUNTERS } from './counters.ts';
import { HarnessError } from './harness-error.ts';
import type { Budget, Progress } from './options.ts';
import { blockSeed } from './plan.ts';
import type { RunPlan } from './protocol.ts';
import type { BlockResult } from './result.ts';
import { type ArmShare, planBlocks } from './schedule.ts';
import { Watchdog } from './watchdog.ts';

/** An actor that finishes no stride for so long is hung: a stride is some microseconds. */
const HANG_MS = 3_000;
/** How long worker threads may take to start. */
const START_MS = 30_000;
const PROGRESS_MS = 200;
/** The largest trial count of one block: what a word holds. */
const BLOCK_TRIALS_MAX = 0x7fff_ffff;

/** What one arm has counted. */
export interface ArmCount {
  readonly strategy: string;
  trials: number;
  violations: number;
  /** By outcome index. */
  readonly outcomes: number[];
  /** By note bit number: in how many trials an actor noted it. */
  readonly notes: number[];
  /** By check number. */
  readonly checks: number[];
  readonly blocks: BlockResult[];
}

/** What a run has counted. */
export interface RunCount {
  readonly arms: readonly ArmCount[];
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
}

/** What the engine runs. */
export interface EngineOptions {
  readonly plan: RunPlan;
  readonly setting: Setting;
  readonly arena: Arena;
  readonly shares: readonly ArmShare[];
  readonly budget: Budget;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * The hardware engine: starts the threads, runs blocks of the arms in random interleaving, and counts. The main thread
 * sleeps while a block runs.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function runBlocks(options: EngineOptions): Promise<RunCount> {
  const engine = new Engine(options);
  return engine.run();
}

class Engine {
  readonly #options: EngineOptions;
  readonly #words: Int32Array;
  readonly #gate: Gate;
  readonly #pool: ActorPool;
  readonly #watchdog: Watchdog;
  readonly #arms: ArmCount[];
  #startedAt = 0;
  #blocks = 0;
  #current: number | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { plan, setting, arena } = options;
    this.#words = new Int32Array(plan.memory.buffer);
    this.#gate = new Gate(this.#words, plan.arms.length);
    this.#watchdog = new Watchdog(this.#words, arena, setting);
    this.#arms = plan.arms.map(({ strategy }) => ({
      strategy,
      trials: 0,
      violations: 0,
      outcomes: setting.scenario.outcomes.map(() => 0),
      notes: Array.from({ length: NOTE_COUNT }, () => 0),
      checks: Array.from({ length: CHECK_COUNT }, () => 0),
      blocks: [],
    }));
    this.#pool = new ActorPool(plan, setting, arena.actorBase);
  }

  async run(): Promise<RunCount> {
    const { plan, signal, budget, shares } = this.#options;
    let ticker: NodeJS.Timeout | undefined;
    try {
      await this.#allReady();
      this.#startedAt = performance.now();
      ticker = setInterval(() => this.#tick(), PROGRESS_MS);
      const durationMs = budget.kind === 'duration' ? budget.ms : null;
      for (const { arm, round, ms } of planBlocks(shares, durationMs, new Prng(plan.seed))) {
        if (signal?.aborted === true) break;
        const trialsMax = this.#trialsLeft(arm);
        if (trialsMax !== 0) await this.#block(arm, round, ms, Math.min(trialsMax, BLOCK_TRIALS_MAX));
        else if (this.#arms.every((_, other) => this.#trialsLeft(other) === 0)) break;
      }
      const elapsedMs = performance.now() - this.#startedAt;
      this.#gate.close();
      await this.#pool.goneHome();
      return { arms: this.#arms, elapsedMs, isInterrupted: signal?.aborted === true };
    } finally {
      clearInterval(ticker);
      await this.#pool.destroy();
    }
  }

  async #allReady(): Promise<void> {
    const { plan, setting } = this.#options;
    const isReady = await this.#orFailure(
      this.#gate.ready(plan.arms.length * setting.actors.length, START_MS),
    );
    if (!isReady) {
      throw new HarnessError(
        'EB_ACTOR_CRASHED',
        `the worker threads did not start within ${START_MS / 1000} s`,
      );
    }
  }

  /** Trials that the arm's budget still allows; Infinity without one. */
  #trialsLeft(arm: number): number {
    const { budget } = this.#options;
    return budget.kind === 'trials' ? budget.count - (this.#arms[arm]?.trials ?? 0) : Infinity;
  }

  async #block(arm: number, round: number, ms: number, trialsMax: number): Promise<void> {
    const { plan, setting, arena, signal } = this.#options;
    const actors = setting.actors.length;
    this.#blocks++;
    this.#current = arm;
    this.#words.fill(0, arena.actorBase, arena.counterBase);
    this.#gate.open(arm, this.#blocks, trialsMax === BLOCK_TRIALS_MAX ? 0 : trialsMax);
    const finished = this.#gate.finished(actors, ms);
    if (!(await this.#orFailure(finished, signal))) {
      this.#gate.stop();
      await this.#finish(actors);
    }
    this.#current = undefined;
    this.#count(arm, round, blockSeed(plan.seed, this.#blocks));
  }

  /** Waits for a block that was asked to stop, as long as its actors advance. */
  async #finish(actors: number): Promise<void> {
    let beat = this.#watchdog.heartbeat();
    let seenAt = performance.now();
    while (!(await this.#orFailure(this.#gate.finished(actors, 100)))) {
      const now = this.#watchdog.heartbeat();
      if (now !== beat) {
        beat = now;
        seenAt = performance.now();
      } else if (performance.now() - seenAt > HANG_MS) {
        const strategy = this.#options.plan.arms[this.#current ?? 0]?.strategy;
        throw new HarnessError(
          'EB_ACTOR_HUNG',
          `strategy ${strategy}: no actor has finished a stride for ${HANG_MS / 1000} s\n${this.#watchdog.describe()}`,
        );
      }
    }
  }

  #count(armIndex: number, round: number, seed: number): void {
    const { arena, setting } = this.#options;
    const arm = this.#arms[armIndex];
    if (arm === undefined) return;
    const words = this.#words;
    const sum = (counter: number): number => {
      let total = 0;
      for (let actor = 0; actor < setting.actors.length; actor++) {
        total += words[arena.counterBase + actor * arena.counterWords + counter] ?? 0;
      }
      return total;
    };
    const trials = this.#watchdog.trials();
    let outcomes = 0;
    for (const index of arm.outcomes.keys()) {
      const count = sum(OUTCOME_COUNTERS + index);
      arm.outcomes[index] = (arm.outcomes[index] ?? 0) + count;
      outcomes += count;
    }
    if (outcomes !== trials) {
      throw new HarnessError('EB_INCONSISTENT', `a block of ${trials} trials has ${outcomes} outcomes`);
    }
    for (const bit of arm.notes.keys()) arm.notes[bit] = (arm.notes[bit] ?? 0) + sum(NOTE_COUNTERS + bit);
    let violations = 0;
    for (const check of arm.checks.keys()) {
      const count = sum(CHECK_COUNTERS + check);
      arm.checks[check] = (arm.checks[check] ?? 0) + count;
      violations += count;
    }
    arm.trials += trials;
    arm.violations += violations;
    const roundTrip = words[BLOCK_ROUND_TRIP] ?? 0;
    arm.blocks.push({
      order: this.#blocks - 1,
      round,
      seed,
      seconds: (words[BLOCK_MICROSECONDS] ?? 0) / 1e6,
      trials,
      violations,
      roundTripNs: roundTrip === 0 ? null : roundTrip / 10,
    });
  }

  #tick(): void {
    const { onProgress, budget } = this.#options;
    if (onProgress === undefined) return;
    const elapsedMs = performance.now() - this.#startedAt;
    const arms = this.#arms.map(({ strategy, trials, violations }, arm) => ({
      strategy,
      trials: trials + (arm === this.#current ? this.#watchdog.trials() : 0),
      violations,
    }));
    const fraction =
      budget.kind === 'duration'
        ? elapsedMs / budget.ms
        : arms.reduce((sum, { trials }) => sum + trials, 0) / (budget.count * arms.length);
    onProgress({ elapsedMs, fraction: Math.min(1, fraction), arms });
  }

  /** What `promise` gives, unless an actor fails first; false as soon as `signal` is aborted. */
  async #orFailure(promise: Promise<boolean>, signal?: AbortSignal): Promise<boolean> {
    if (signal === undefined) return Promise.race([promise, this.#pool.failure]);
    const done = new AbortController();
    const aborted = sleep(0x7fff_ffff, false, { signal: AbortSignal.any([signal, done.signal]) }).catch(
      () => false,
    );
    try {
      return await Promise.race([promise, aborted, this.#pool.failure]);
    } finally {
      done.abort();
    }
  }
}
