import { plugInsOf } from '../../catalog/plug-ins-of.ts';
import type { Arena } from '../../memory/arena.ts';
import {
  ACTOR_CHANGES,
  ACTOR_SPIN,
  ACTOR_STAGES,
  ACTOR_THREAD,
  actorLine,
  BLOCK_MICROSECONDS,
  BLOCK_ROUND_TRIP,
  GATE_JITTER,
  GATE_LAUNCH,
  GATE_OFFSET,
  GATE_SPACING,
  GATE_STRIDE,
  GATE_TOUCHER,
  GATE_WORLDS,
  LAUNCH_SHIFTED,
  LAUNCH_STRIDES,
  LAUNCH_TRIALS,
  RUN_FIRST_TRIAL,
  RUN_FIRST_VIOLATION,
} from '../../memory/control.ts';
import { Gate } from '../../memory/gate.ts';
import { CHECK_COUNT } from '../../model/check.ts';
import type { Setting } from '../../scenario/setting.ts';
import { ActorPool, armText } from './actor-pool.ts';
import { unlessAborted } from '../plan/unless-aborted.ts';
import { type ArmCount, armCount } from '../plan/arm-count.ts';
import { BlockLog } from './block-log.ts';
import { rejectionOf } from './block-rejection.ts';
import { CHECK_COUNTERS, NOTE_COUNTERS, OUTCOME_COUNTERS } from '../plan/counters.ts';
import { cpuCount } from '../host/environment.ts';
import { forbiddenIn, requireEqualSums } from '../plan/forbidden.ts';
import { BUSY_MS, HangWatch } from './hang-watch.ts';
import { busyHost, HarnessError } from '../plan/harness-error.ts';
import { MainHeap } from '../host/main-heap.ts';
import { HostWatch } from '../host/host-watch.ts';
import { pinApart } from '../host/pinning.ts';
import { blockSeed } from '../plan/plan.ts';
import type { LearntInArms, Pace, RunPlan, TakenSteps } from '../plan/protocol.ts';
import type { BlockResult } from '../plan/block-result.ts';
import { type KeptTrials, keptTrials } from '../actor/trial-recorder.ts';
import { Watchdog } from './watchdog.ts';

/** An actor that finishes no stride for so long is hung: a stride is some microseconds. */
const HANG_MS = 3_000;
/** How often the main thread looks after a block that was asked to stop. */
const LOOK_MS = 100;
/** How long worker threads may take to start, of the time that they are given. */
const START_MS = 30_000;
/** After an interrupt a block, actors that start, and those that are sent home have so long. */
const INTERRUPT_MS = 500;
/** How long actors may take to come home. */
const HOME_MS = 10_000;
/** The largest trial count of one block: what a word holds. */
const BLOCK_TRIALS_MAX = 0x7fff_ffff;

/** What a session runs on. */
export interface SessionParts {
  readonly plan: RunPlan;
  readonly setting: Setting;
  readonly arena: Arena;
  /** An actor that finishes no stride for so many ms is hung. @default 3000 */
  readonly hangMs?: number | undefined;
  /** Ends the run: nothing waits for actors for long any more. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to keep actors on processors of their own: see `pinApart`. @default true */
  readonly isPinned?: boolean | undefined;
}

/** One block to run. */
export interface BlockOrder {
  readonly arm: number;
  readonly round: number;
  readonly ms: number;
  /** Leaves the block out of rates: see `PlannedBlock`. */
  readonly isWarmUp?: boolean | undefined;
  /** Ends the block after so many trials; Infinity for no limit. */
  readonly trialsMax: number;
  /** How its actors keep together; undefined: as the plan has it. */
  readonly pace?: Pace | undefined;
  /** Ends the block early; one whose actors do not end it then has no results. */
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a block beside its counts. */
interface BlockEnd extends Pick<BlockResult, 'round' | 'seed' | 'host'> {
  readonly isWarmUp: boolean;
  /** Null where it was not the time that ended it. */
  readonly secondsAsked: number | null;
}

/**
 * The worker threads of a run from their start to their end: runs one block after the other and counts. The main thread
 * sleeps while a block runs.
 */
export class Session {
  readonly arms: readonly ArmCount[];
  /** By arm. */
  readonly #logs: readonly BlockLog[];
  readonly #parts: SessionParts;
  readonly #words: Int32Array;
  readonly #gate: Gate;
  #pool: ActorPool;
  readonly #watchdog: Watchdog;
  readonly #heap = new MainHeap();
  #threads: readonly number[] = [];
  #host: HostWatch | undefined;
  #pinning: Promise<readonly number[] | null> | undefined;
  #blocks = 0;
  #abortedAt: number | undefined;
  #current: number | undefined;
  /** By actor and arm: what the threads of the last start have brought home, for those after them. */
  learnt: readonly LearntInArms[] = [];
  /** Times the threads were started. */
  starts = 0;
  /** By actor: the processor that it was kept on in the start that ended last; null where the system placed the actors. */
  pinnedTo: readonly number[] | null = null;
  readonly #processorsFree: number;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { plan, setting, arena } = parts;
    this.#words = new Int32Array(plan.memory.buffer);
    this.#gate = new Gate(this.#words);
    this.#watchdog = new Watchdog(this.#words, arena, setting);
    this.#logs = plan.arms.map(() => new BlockLog(setting.actors.length));
    this.arms = plan.arms.map(({ strategy }, arm) =>
      armCount(strategy, setting, () => this.#logs[arm]?.results() ?? []),
    );
    this.#processorsFree = cpuCount() - setting.actors.length;
    this.#pool = new ActorPool(plan, setting, arena.actorBase, []);
  }

  /**
   * Waits until every thread stands at its gate.
   * @throws {HarnessError} If one does not get there.
   */
  async start(): Promise<void> {
    const actors = this.#parts.setting.actors.length;
    const watch = new HangWatch({ threads: () => this.#threadNumbers(), hangMs: START_MS });
    while (!(await this.#orFailure(this.#gate.ready(actors, LOOK_MS)))) {
      if (this.#isGivenUp()) return;
      const state = watch.look(0);
      if (state === 'busy') throw busyHost(`the worker threads did not start within ${BUSY_MS / 1000} s`);
      if (state === 'hung') {
        const text = `the worker threads did not start within ${START_MS / 1000} s`;
        throw new HarnessError('ERR_ACTOR_CRASHED', text);
      }
    }
    this.#threads = this.#threadNumbers();
    this.#host = new HostWatch(this.#threads);
    this.starts++;
  }

  /**
   * Ends all threads and starts others in their places, with new instances of all modules, on the same memory: all worlds
   * are in the start state between two blocks.
   * @throws {HarnessError} If a thread does not start.
   */
  async restart(): Promise<void> {
    const { plan, setting, arena } = this.#parts;
    await this.end();
    this.#gate.reset();
    this.#pool = new ActorPool(plan, setting, arena.actorBase, this.learnt);
    await this.start();
  }

  /**
   * Runs a block, adds it to its arm and returns it.
   * @throws {HarnessError} If an actor crashes or hangs.
   */
  async runBlock(order: BlockOrder): Promise<BlockResult> {
    const { arm, round, ms, isWarmUp = false, trialsMax, pace, signal = this.#parts.signal } = order;
    const { plan, setting, arena } = this.#parts;
    const actors = setting.actors.length;
    this.#blocks++;
    if (this.#isGivenUp()) return this.#noBlock(round);
    this.#current = arm;
    this.#words.fill(0, arena.actorBase, arena.noteBase);
    this.#setPace(pace ?? plan);
    this.#host?.begin();
    this.#gate.open(arm, this.#blocks, trialsMax >= BLOCK_TRIALS_MAX ? 0 : trialsMax);
    // In the first block of a start, which only warms up: no trial has to wait for it.
    if (this.#parts.isPinned !== false) this.#pinning ??= pinApart(this.#threads);
    const isTimed = !(await this.#orFailure(this.#gate.finished(actors, ms), signal));
    if (isTimed) {
      this.#gate.stop();
      if (!(await this.#finish(actors))) return this.#noBlock(round);
    }
    const host = this.#host?.end() ?? null;
    this.#current = undefined;
    const seed = blockSeed(plan.seed, this.#blocks);
    const block = this.#count(arm, { round, seed, host, isWarmUp, secondsAsked: isTimed ? ms / 1000 : null });
    this.#logs[arm]?.add(block);
    this.#heap.afterBlock();
    return block;
  }

  /** The setting that its actors run in. */
  get setting(): Setting {
    return this.#parts.setting;
  }

  /** Trials of an arm so far, those of a running block included. */
  trialsOf(arm: number): number {
    return (this.arms[arm]?.trials ?? 0) + (arm === this.#current ? this.#watchdog.trials() : 0);
  }

  /** Whether any trial of the running block has violated so far. */
  hasViolated(): boolean {
    const checks = Array.from({ length: CHECK_COUNT }, () => 0);
    return this.#addCounters(checks, CHECK_COUNTERS) > 0;
  }

  /** By actor: ns per round of its spin loop in the last block; 0 if it used none. */
  spins(): number[] {
    const { arena, setting } = this.#parts;
    return setting.actors.map(
      (_, actor) => (this.#words[actorLine(arena.actorBase, actor) + ACTOR_SPIN] ?? 0) / 1000,
    );
  }

  /** When trials and violations began, in ms since the process started; null if they have not. */
  startup(): { readonly firstTrialMs: number | null; readonly firstViolationMs: number | null } {
    const at = (word: number): number | null => {
      const ms = this.#words[word] ?? 0;
      return ms === 0 ? null : ms;
    };
    return { firstTrialMs: at(RUN_FIRST_TRIAL), firstViolationMs: at(RUN_FIRST_VIOLATION) };
  }

  /** What the actors have kept of violations so far, if the plan records. */
  kept(): KeptTrials {
    return keptTrials(this.#words, this.#parts.arena);
  }

  /** Sends all threads home and waits for them. By actor and arm: what it took there, if the plan records that. */
  async end(): Promise<readonly (readonly TakenSteps[])[]> {
    const isAborted = this.#parts.signal?.aborted === true;
    this.pinnedTo = isAborted ? null : ((await this.#pinning) ?? null);
    this.#pinning = undefined;
    this.#gate.close();
    const brought = await this.#pool.goneHome(isAborted ? INTERRUPT_MS : HOME_MS);
    this.learnt = brought.map(({ learnt }) => learnt);
    await this.#pool.destroy();
    return brought.map(({ taken }) => taken);
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Plain stores: opening the gate publishes them. */
  #setPace({ stride, worlds, launch, shift }: Pace): void {
    this.#words[GATE_STRIDE] = stride;
    this.#words[GATE_WORLDS] = worlds;
    const start = launch ?? shift;
    this.#words[GATE_LAUNCH] =
      shift !== undefined ? LAUNCH_SHIFTED : launch !== undefined ? LAUNCH_TRIALS : LAUNCH_STRIDES;
    this.#words[GATE_OFFSET] = Math.round((start?.offsetNs ?? 0) * 10);
    this.#words[GATE_TOUCHER] = start?.lastToucher ?? 0;
    this.#words[GATE_SPACING] = shift?.spacing ?? stride;
    this.#words[GATE_JITTER] = Math.round((shift?.jitterNs ?? 0) * 10);
  }

  /** Waits for a block that was asked to stop, as long as its actors advance. False if that takes too long after an interrupt. */
  async #finish(actors: number): Promise<boolean> {
    const hangMs = this.#parts.hangMs ?? HANG_MS;
    const watch = new HangWatch({ threads: () => this.#threads, hangMs });
    while (!(await this.#orFailure(this.#gate.finished(actors, LOOK_MS)))) {
      if (this.#isGivenUp()) return false;
      const state = watch.look(this.#watchdog.heartbeat());
      if (state === 'hung') throw await this.#hung(hangMs);
      if (state === 'busy') throw busyHost(`no actor has finished a stride for ${BUSY_MS / 1000} s`);
    }
    return true;
  }

  /** Whether the run was interrupted so long ago that nobody waits for its actors any more. */
  #isGivenUp(): boolean {
    if (this.#parts.signal?.aborted !== true) return false;
    this.#abortedAt ??= performance.now();
    return performance.now() - this.#abortedAt >= INTERRUPT_MS;
  }

  /** In the place of a block that did not end. */
  #noBlock(round: number): BlockResult {
    return {
      order: this.#blocks - 1,
      round,
      start: this.starts - 1,
      seed: blockSeed(this.#parts.plan.seed, this.#blocks),
      seconds: 0,
      trials: 0,
      violations: 0,
      roundTripNs: null,
      host: null,
      rejected: null,
    };
  }

  /** By actor, the system's numbers of their threads; 0 for one that has not arrived, or where the system does not tell. */
  #threadNumbers(): number[] {
    const { arena, setting } = this.#parts;
    return setting.actors.map(
      (_, actor) => this.#words[actorLine(arena.actorBase, actor) + ACTOR_THREAD] ?? 0,
    );
  }

  async #hung(hangMs: number): Promise<HarnessError> {
    const arm = this.#parts.plan.arms[this.#current ?? 0];
    const where = this.#watchdog.describe();
    const place = await this.#pool.placeIn(plugInsOf(arm?.strategy, this.#parts.plan.scenario));
    const lines = [
      `strategy ${armText(arm, this.#parts.plan.scenario)}: no actor has finished a stride for ${hangMs / 1000} s`,
      where,
      ...(place === undefined ? [] : [`  it does not come back from ${place}`]),
    ];
    return new HarnessError('ERR_ACTOR_HUNG', lines.join('\n'), { strategy: arm?.strategy });
  }

  #count(armIndex: number, { round, seed, host, isWarmUp, secondsAsked }: BlockEnd): BlockResult {
    const arm = this.arms[armIndex];
    if (arm === undefined) throw new RangeError(`no arm ${armIndex}`);
    const trials = this.#watchdog.trials();
    const { outcomes: names } = this.#parts.setting.scenario;
    const forbiddenBefore = forbiddenIn(arm.outcomes, names);
    const outcomes = this.#addCounters(arm.outcomes, OUTCOME_COUNTERS);
    if (this.#parts.plan.isJudged && outcomes !== trials) {
      throw new HarnessError('ERR_INCONSISTENT', `a block of ${trials} trials has ${outcomes} outcomes`);
    }
    this.#addCounters(arm.notes, NOTE_COUNTERS);
    const violations = this.#addCounters(arm.checks, CHECK_COUNTERS);
    if (this.#parts.plan.isJudged) {
      const forbidden = forbiddenIn(arm.outcomes, names) - forbiddenBefore;
      requireEqualSums(`a block of ${trials} trials of ${arm.strategy}`, violations, forbidden);
    }
    for (const [actor, stages] of arm.stages.entries()) {
      const line = actorLine(this.#parts.arena.actorBase, actor);
      arm.changes += this.#words[line + ACTOR_CHANGES] ?? 0;
      if (isWarmUp) continue;
      for (const [stage, total] of stages.entries()) {
        stages[stage] = total + (this.#words[line + ACTOR_STAGES + stage] ?? 0);
      }
    }
    arm.trials += trials;
    if (!isWarmUp) arm.trialsStaged += trials;
    arm.violations += violations;
    const tenths = this.#words[BLOCK_ROUND_TRIP] ?? 0;
    const roundTripNs = tenths === 0 ? null : tenths / 10;
    const seconds = (this.#words[BLOCK_MICROSECONDS] ?? 0) / 1e6;
    return {
      order: this.#blocks - 1,
      round,
      start: this.starts - 1,
      seed,
      seconds,
      trials,
      violations,
      roundTripNs,
      host,
      rejected: rejectionOf({
        isWarmUp,
        canOverlap: this.#processorsFree >= 0 && this.#parts.setting.actors.length > 1,
        processorsFree: this.#processorsFree,
        roundTripNs,
        host,
        seconds,
        secondsAsked,
      }),
    };
  }

  /** Adds the actors' counters from `base` on to `totals`; returns what was added. */
  #addCounters(totals: number[], base: number): number {
    const { arena, setting } = this.#parts;
    let added = 0;
    for (const [index, total] of totals.entries()) {
      let count = 0;
      for (let actor = 0; actor < setting.actors.length; actor++) {
        count += this.#words[arena.counterBase + actor * arena.counterWords + base + index] ?? 0;
      }
      totals[index] = total + count;
      added += count;
    }
    return added;
  }

  /** What `promise` gives, unless an actor fails first; false as soon as `signal` is aborted. */
  #orFailure(promise: Promise<boolean>, signal?: AbortSignal): Promise<boolean> {
    return this.#pool.orFailure(signal === undefined ? promise : unlessAborted(promise, signal));
  }
}
