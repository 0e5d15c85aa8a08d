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
import { countedStates } from '../actor/state-counts.ts';
import { type KeptTrials, keptTrials } from '../actor/trial-recorder.ts';
import { CHECK_COUNTERS, NOTE_BITS, NOTE_COUNTERS, OUTCOME_COUNTERS } from '../plan/counters.ts';
import { forbiddenIn, requireEqualSums } from '../plan/forbidden.ts';
import { busyHost, HarnessError } from '../plan/harness-error.ts';
import type { Brought, LearntInArms, Pace, RunPlan } from '../plan/protocol.ts';
import { STAGES } from '../plan/stages.ts';
import { ActorPool, armText } from './actor-pool.ts';
import type { FirstFailure } from './first-failure.ts';
import { BUSY_MS, HangWatch } from './hang-watch.ts';
import { Watchdog } from './watchdog.ts';

/** How often the main thread looks after a block that was asked to stop. */
const LOOK_MS = 50;
/** How long worker threads may take to start, of the time that they are given. */
const START_MS = 30_000;

/** What an instance runs on. */
export interface InstanceParts {
  readonly plan: RunPlan;
  readonly setting: Setting;
  readonly arena: Arena;
  /** Its number, 0-based, and how many there are. */
  readonly index: number;
  readonly count: number;
  /** An actor that finishes no stride for so many ms is hung. */
  readonly hangMs: number;
  readonly failure: FirstFailure;
  /** Whether the run was interrupted so long ago that nobody waits for its actors any more. */
  readonly isGivenUp: () => boolean;
}

/** What an instance has done in a block. */
export interface InstanceCounts {
  readonly trials: number;
  readonly violations: number;
  readonly roundTripNs: number | null;
  readonly seconds: number;
  /** By outcome index, check number, and note bit number. */
  readonly outcomes: readonly number[];
  readonly checks: readonly number[];
  readonly notes: readonly number[];
  /** Of a litmus test, its final states. */
  readonly states: ReadonlyMap<string, number>;
  /** Of a mutant: how often an actor came to the changed step. */
  readonly changes: number;
  /** Microseconds by actor and stage, if the plan profiles. */
  readonly stages: readonly (readonly number[])[];
}

/** One copy of the scenario as it is played: worlds of its own, and the threads of its actors, which alone touch them. */
export class Instance {
  readonly index: number;
  readonly #parts: InstanceParts;
  readonly #actors: number;
  /** ` of instance 3` in messages; empty where there is one. */
  readonly #name: string;
  readonly #words: Int32Array;
  readonly #gate: Gate;
  readonly #watchdog: Watchdog;
  #pool: ActorPool | undefined;
  #blocks = 0;
  /** By actor, the system's numbers of their threads, once all are there; 0 where the system does not tell. */
  threads: readonly number[] = [];

  constructor(parts: InstanceParts) {
    const { plan, setting, arena, index, count } = parts;
    this.index = index;
    this.#parts = parts;
    this.#actors = setting.actors.length;
    this.#name = count === 1 ? '' : ` of instance ${index}`;
    this.#words = new Int32Array(plan.memory.buffer);
    this.#gate = new Gate(this.#words);
    this.#watchdog = new Watchdog(this.#words, arena, setting);
  }

  /** Starts its threads; `learnt` is by actor what others in their places have brought home. */
  launch(learnt: readonly LearntInArms[]): void {
    const { plan, setting, arena, failure } = this.#parts;
    this.#gate.reset();
    const { actorBase } = arena;
    this.#pool = new ActorPool({ plan, setting, actorBase, learnt, ofInstance: this.#name, failure });
  }

  /**
   * Waits until every thread stands at its gate.
   * @throws {HarnessError} If one does not get there.
   */
  async ready(): Promise<void> {
    const { failure, isGivenUp } = this.#parts;
    const watch = new HangWatch({ threads: () => this.#threadNumbers(), hangMs: START_MS });
    while (!(await failure.orFailure(this.#gate.ready(this.#actors, LOOK_MS)))) {
      if (isGivenUp()) return;
      const state = watch.look(0);
      const text = `the worker threads${this.#name} did not start within`;
      if (state === 'busy') throw busyHost(`${text} ${BUSY_MS / 1000} s`);
      if (state === 'hung') throw new HarnessError('ERR_ACTOR_CRASHED', `${text} ${START_MS / 1000} s`);
    }
    this.threads = this.#threadNumbers();
  }

  /** Says how the actors of the next block keep together. Plain stores: opening the gate publishes them. */
  prepare({ stride, worlds, launch, shift }: Pace): void {
    this.#words.fill(0, this.#parts.arena.actorBase, this.#parts.arena.noteBase);
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

  /**
   * Lets the actors run a block, as `Gate` does. Blocks are numbered by what this instance has played: in the first one its actors bring
   * all worlds into the start state, whatever other instances have played before.
   */
  open(arm: number, trialsMax: number): void {
    this.#blocks++;
    this.#gate.open(arm, this.#blocks, trialsMax);
  }

  /** As in `Gate`. */
  stop(): void {
    this.#gate.stop();
  }

  /** Whether the block has ended. */
  hasFinished(): boolean {
    return this.#gate.hasFinished(this.#actors);
  }

  /** Waits for the end of the block, or until `timeoutMs` are over. False on time-out. */
  finished(timeoutMs: number): Promise<boolean> {
    return this.#gate.finished(this.#actors, timeoutMs);
  }

  /**
   * Waits for a block that was asked to stop, as long as its actors advance. False if that takes too long after an interrupt.
   * @throws {HarnessError} If they do not.
   */
  async stopped(arm: number): Promise<boolean> {
    const { failure, hangMs, isGivenUp } = this.#parts;
    const watch = new HangWatch({ threads: () => this.threads, hangMs });
    while (!(await failure.orFailure(this.finished(LOOK_MS)))) {
      if (isGivenUp()) return false;
      const state = watch.look(this.#watchdog.heartbeat());
      if (state === 'hung') throw await this.#hung(arm);
      if (state === 'busy')
        throw busyHost(`no actor${this.#name} has finished a stride for ${BUSY_MS / 1000} s`);
    }
    return true;
  }

  /** Trials of the block that runs. */
  trials(): number {
    return this.#watchdog.trials();
  }

  /** Whether any trial of that block has violated so far. */
  hasViolated(): boolean {
    return this.#counters(CHECK_COUNTERS, CHECK_COUNT).some((count) => count > 0);
  }

  /** By actor: ns per round of its spin loop in the last block; 0 if it used none. */
  spins(): number[] {
    return this.#lines(ACTOR_SPIN).map((picoseconds) => picoseconds / 1000);
  }

  /** When trials and violations began, in ms since the process started; 0 if they have not. */
  startup(): { readonly firstTrialMs: number; readonly firstViolationMs: number } {
    return {
      firstTrialMs: this.#words[RUN_FIRST_TRIAL] ?? 0,
      firstViolationMs: this.#words[RUN_FIRST_VIOLATION] ?? 0,
    };
  }

  /** What the actors have kept of violations so far, if the plan records. */
  kept(): KeptTrials {
    return keptTrials(this.#words, this.#parts.arena);
  }

  /**
   * What the last block has counted, of an arm.
   * @throws {HarnessError} If its counts contradict each other.
   */
  counts(strategy: string): InstanceCounts {
    const { plan, setting } = this.#parts;
    const { outcomes: graded } = setting.scenario;
    const trials = this.trials();
    const outcomes = this.#counters(OUTCOME_COUNTERS, graded.length);
    const checks = this.#counters(CHECK_COUNTERS, CHECK_COUNT);
    const states = this.#states();
    const violations = sum(checks);
    if (plan.isJudged) {
      const where = `a block of ${trials} trials${this.#name}`;
      if (sum(outcomes) !== trials) {
        throw new HarnessError('ERR_INCONSISTENT', `${where} has ${sum(outcomes)} outcomes`);
      }
      requireEqualSums(`${where} of ${strategy}`, violations, forbiddenIn(outcomes, graded));
      if (setting.scenario.litmus !== undefined && sum([...states.values()]) !== trials)
        throw new HarnessError('ERR_INCONSISTENT', `${where} has ${sum([...states.values()])} final states`);
    }
    const byStage = plan.isProfiled ? STAGES.map((_, stage) => this.#lines(ACTOR_STAGES + stage)) : [];
    const tenths = this.#words[BLOCK_ROUND_TRIP] ?? 0;
    return {
      trials,
      violations,
      roundTripNs: tenths === 0 ? null : tenths / 10,
      seconds: (this.#words[BLOCK_MICROSECONDS] ?? 0) / 1e6,
      outcomes,
      checks,
      notes: this.#counters(NOTE_COUNTERS, NOTE_BITS),
      states,
      changes: sum(this.#lines(ACTOR_CHANGES)),
      stages: setting.actors.map((_, actor) => byStage.map((actors) => actors[actor] ?? 0)),
    };
  }

  /** Tells the threads to go home. */
  close(): void {
    this.#gate.close();
  }

  /** Waits for threads that were told to. By actor: what it has brought; of nobody if one does not come in time. */
  async goneHome(limitMs: number): Promise<readonly Brought[]> {
    return (await this.#pool?.goneHome(limitMs)) ?? [];
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }

  #threadNumbers(): number[] {
    return this.#lines(ACTOR_THREAD);
  }

  async #hung(armIndex: number): Promise<HarnessError> {
    const { plan, hangMs } = this.#parts;
    const arm = plan.arms[armIndex];
    const where = this.#watchdog.describe();
    const place = await this.#pool?.placeIn(plugInsOf(arm?.strategy, plan.scenario));
    const lines = [
      `strategy ${armText(arm, plan.scenario)}: no actor${this.#name} has finished a stride for ${hangMs / 1000} s`,
      where,
      ...(place === undefined ? [] : [`  it does not come back from ${place}`]),
    ];
    return new HarnessError('ERR_ACTOR_HUNG', lines.join('\n'), { strategy: arm?.strategy });
  }

  /** By actor, a word of its control line. */
  #lines(word: number): number[] {
    const { actorBase } = this.#parts.arena;
    return this.#parts.setting.actors.map((_, actor) => this.#words[actorLine(actorBase, actor) + word] ?? 0);
  }

  /** Each summed over the actors. */
  #states(): ReadonlyMap<string, number> {
    const { litmus, outcomes } = this.#parts.setting.scenario;
    const { counterBase, counterWords } = this.#parts.arena;
    const counts = new Map<string, number>();
    if (litmus === undefined) return counts;
    for (let actor = 0; actor < this.#actors; actor++) {
      const base = counterBase + actor * counterWords + OUTCOME_COUNTERS + outcomes.length;
      for (const [state, count] of countedStates(this.#words, base, litmus))
        counts.set(state, (counts.get(state) ?? 0) + count);
    }
    return counts;
  }

  /** So many of the actors' counters from `base` on, each summed over the actors. */
  #counters(base: number, length: number): number[] {
    const { counterBase, counterWords } = this.#parts.arena;
    const words = this.#words;
    const counts = Array.from({ length }, () => 0);
    // Loops: of 64 instances it is ten thousand words after each block.
    for (let actor = 0; actor < this.#actors; actor++) {
      const from = counterBase + actor * counterWords + base;
      for (let index = 0; index < length; index++)
        counts[index] = (counts[index] ?? 0) + (words[from + index] ?? 0);
    }
    return counts;
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
