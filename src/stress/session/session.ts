import type { Arena } from '../../memory/arena.ts';
import type { WasmMemory } from '../../memory/wasm-instructions.ts';
import type { Setting } from '../../scenario/setting.ts';
import { quantile } from '../../stats/quantile.ts';
import type { KeptTrials } from '../actor/trial-recorder.ts';
import { cpuCount } from '../host/environment.ts';
import { HostWatch } from '../host/host-watch.ts';
import { MainHeap } from '../host/main-heap.ts';
import { NOT_PINNED, type Pinned } from '../host/pinning.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import type { BlockResult } from '../plan/block-result.ts';
import { blockSeed } from '../plan/plan.ts';
import type { LearntInArms, Pace, RunPlan, TakenSteps } from '../plan/protocol.ts';
import type { BlockRecord, CountedBlock, StartRecord } from '../plan/run-record.ts';
import { unlessAborted } from '../plan/unless-aborted.ts';
import type { PlacementPlan } from '../topology/placement-plan.ts';
import { ActorPlaces } from './actor-places.ts';
import { allFinished, shareOf } from './all-instances.ts';
import { rejectionOf } from './block-rejection.ts';
import { FirstFailure } from './first-failure.ts';
import { Instance } from './instance.ts';
import { instanceSeed } from './instance-seed.ts';
import { summed } from './summed.ts';
import { Tally } from './tally.ts';

/** An actor that finishes no stride for so long is hung: a stride is some microseconds. */
const HANG_MS = 3_000;
/**
 * After an interrupt a block, actors that start, and those that are sent home have so long, all together. Those that take turns on too
 * few processors end a block when each has had several: nobody waits for that, as to end many threads takes long enough.
 */
const INTERRUPT_MS = 200;
/** How long actors may take to come home. */
const HOME_MS = 10_000;
/** The largest trial count of one block: what a word holds. */
const BLOCK_TRIALS_MAX = 0x7fff_ffff;

/** What a session runs on. */
export interface SessionParts {
  /** That of its first instance: the others differ from it in memory and seed. */
  readonly plan: RunPlan;
  readonly setting: Setting;
  readonly arena: Arena;
  /** The memory of each further instance. @default [] */
  readonly memories?: readonly WasmMemory[] | undefined;
  /** Which actor of which instance runs where; undefined: see `pinApart`. */
  readonly placement?: PlacementPlan | undefined;
  /** Starts of the same run before this session: where actors run may change from one to the next. @default 0 */
  readonly startsBefore?: number | undefined;
  /** What the same run has counted before, in as many blocks as the plan says. @default nothing */
  readonly tally?: Tally | undefined;
  /** Called when it is known where the threads of a start are, before the first of its blocks is counted. */
  readonly onStart?: ((start: Omit<StartRecord, 'planned'>) => void) | undefined;
  /** Called with every block, once it is counted. */
  readonly onBlock?: ((block: Pick<BlockRecord, 'arm' | 'block' | 'counts'>) => void) | undefined;
  /** Whether blocks say what each instance did and where it ran. @default false, unless there are several */
  readonly tellsInstances?: boolean | undefined;
  /** An actor that finishes no stride for so many ms is hung. @default 3000 */
  readonly hangMs?: number | undefined;
  /** Ends the run: nothing waits for actors for long any more. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to keep actors on processors of their own. @default true */
  readonly isPinned?: boolean | undefined;
}

/** One block to run. */
export interface BlockOrder {
  readonly arm: number;
  readonly round: number;
  readonly ms: number;
  /** Leaves the block out of rates: see `PlannedBlock`. */
  readonly isWarmUp?: boolean | undefined;
  /** The same: one instance plays, and the others are idle; which one it is changes from one such block to the next. @default false */
  readonly isAlone?: boolean | undefined;
  /** Ends the block after so many trials, of all instances; Infinity for no limit. */
  readonly trialsMax: number;
  /** How its actors keep together; undefined: as the plan has it. */
  readonly pace?: Pace | undefined;
  /** Ends the block early; one whose actors do not end it then has no results. */
  readonly signal?: AbortSignal | undefined;
}

/** What is known of a block beside its counts. */
interface BlockEnd extends Pick<BlockResult, 'round' | 'seed' | 'host'> {
  readonly arm: number;
  readonly played: readonly Instance[];
  readonly isWarmUp: boolean;
  readonly isAlone: boolean;
  /** Null where it was not the time that ended it. */
  readonly secondsAsked: number | null;
}

/**
 * The worker threads of a run from their start to their end: runs one block after the other and counts. All instances are in the
 * same arm at the same time. The main thread sleeps while a block runs.
 */
export class Session {
  readonly #tally: Tally;
  readonly #parts: SessionParts;
  readonly #instances: readonly Instance[];
  /** Those that the present start has, and those of them that play the present block, or have played the last one. */
  #playing: readonly Instance[] = [];
  #running: readonly Instance[] = [];
  readonly #places: ActorPlaces;
  readonly #tellsInstances: boolean;
  readonly #failure = new FirstFailure();
  readonly #heap = new MainHeap();
  readonly #host = new HostWatch();
  #blocks = 0;
  #isPlaced = false;
  #aloneBlocks = 0;
  #abortedAt: number | undefined;
  #current: number | undefined;
  /** By actor and arm: what the threads of the last start have brought home, for those after them. */
  learnt: readonly LearntInArms[] = [];
  /** Times the threads were started. */
  starts = 0;
  /** Of the start that ended last: where its actors were kept, those of one instance after the other; `failed` is of all so far. */
  pinned: Pinned = NOT_PINNED;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { plan, setting, arena, memories = [], tellsInstances = memories.length > 0 } = parts;
    const count = 1 + memories.length;
    this.#places = new ActorPlaces({ ...parts, seed: plan.seed });
    this.#tellsInstances = tellsInstances;
    this.#instances = [plan.memory, ...memories].map(
      (memory, index) =>
        new Instance({
          plan: index === 0 ? plan : { ...plan, memory, seed: instanceSeed(plan.seed, index) },
          setting,
          arena,
          index,
          count,
          hangMs: parts.hangMs ?? HANG_MS,
          failure: this.#failure,
          isGivenUp: () => this.#isGivenUp(),
        }),
    );
    const strategies = plan.arms.map(({ strategy }) => strategy);
    const { actors, scenario } = setting;
    this.#tally =
      parts.tally ?? new Tally({ strategies, actors, scenario, instances: count, tellsInstances });
  }

  /** What has been counted so far. */
  get arms(): readonly ArmCount[] {
    return this.#tally.arms;
  }

  /**
   * Waits until every thread stands at its gate.
   * @throws {HarnessError} If one does not get there.
   */
  async start(): Promise<void> {
    this.#playing = this.#instances.slice(0, this.#places.next()?.instances.length);
    for (const instance of this.#playing) instance.launch(this.learnt);
    for (const instance of this.#playing) await instance.ready();
    if (this.#isGivenUp()) return;
    this.#places.begin();
    this.#isPlaced = false;
    this.starts++;
    // Worlds lie where they are touched first: several instances are where they are to be before they touch theirs.
    if (this.#instances.length > 1) await this.#keepPlaces();
  }

  /**
   * Ends all threads and starts others in their places, with new instances of all modules, on the same memory: all worlds
   * are in the start state between two blocks.
   * @throws {HarnessError} If a thread does not start.
   */
  async restart(): Promise<void> {
    await this.end();
    await this.start();
  }

  /**
   * Runs a block, adds it to its arm and returns it.
   * @throws {HarnessError} If an actor crashes or hangs.
   */
  async runBlock(order: BlockOrder): Promise<BlockResult> {
    const { arm, round, ms, isWarmUp = false, isAlone = false, signal = this.#parts.signal } = order;
    const { plan } = this.#parts;
    this.#blocks++;
    if (this.#isGivenUp()) return this.#noBlock(round);
    this.#current = arm;
    const played = this.#opened(order);
    // In the first block of a start, which only warms up: no trial has to wait for it.
    void this.#keepPlaces();
    const isTimed = !(await this.#orFailure(allFinished(played, ms), signal));
    if (isTimed) {
      for (const instance of played) instance.stop();
      for (const instance of played.toReversed())
        if (!(await instance.stopped(arm))) return this.#noBlock(round);
    }
    const host = this.#host.end();
    this.#current = undefined;
    const seed = blockSeed(plan, this.#number);
    const secondsAsked = isTimed ? ms / 1000 : null;
    await this.#placed();
    const block = this.#count({ arm, round, seed, host, played, isWarmUp, isAlone, secondsAsked });
    this.#heap.afterBlock();
    return block;
  }

  /** The setting that its actors run in. */
  get setting(): Setting {
    return this.#parts.setting;
  }

  /** Trials of an arm so far, those of a running block included. */
  trialsOf(arm: number): number {
    const running = arm === this.#current ? this.#running : [];
    return running.reduce((sum, instance) => sum + instance.trials(), this.arms[arm]?.trials ?? 0);
  }

  /** Whether any trial of the running block has violated so far. */
  hasViolated(): boolean {
    return this.#running.some((instance) => instance.hasViolated());
  }

  /** By actor of an instance: ns per round of its spin loop in the last block; 0 if it used none. */
  spins(instance = 0): number[] {
    return this.#instances[instance]?.spins() ?? [];
  }

  /** When trials and violations began, in ms since the process started; null if they have not. */
  startup(): { readonly firstTrialMs: number | null; readonly firstViolationMs: number | null } {
    const all = this.#instances.map((instance) => instance.startup());
    const first = (times: readonly number[]): number | null => {
      const known = times.filter((ms) => ms > 0);
      return known.length === 0 ? null : Math.min(...known);
    };
    return {
      firstTrialMs: first(all.map(({ firstTrialMs }) => firstTrialMs)),
      firstViolationMs: first(all.map(({ firstViolationMs }) => firstViolationMs)),
    };
  }

  /** What the actors have kept of violations so far, if the plan records. */
  kept(): KeptTrials {
    const all = this.#instances.map((instance) => instance.kept());
    return {
      trial: all.find(({ trial }) => trial !== undefined)?.trial,
      lost: all.reduce((sum, { lost }) => sum + lost, 0),
    };
  }

  /** Sends all threads home and waits for them. By actor and arm: what it took there, if the plan records that. */
  async end(): Promise<readonly (readonly TakenSteps[])[]> {
    const isAborted = this.#parts.signal?.aborted === true;
    this.pinned = isAborted ? this.pinned : await this.#places.kept();
    for (const instance of this.#playing) instance.close();
    const limitMs = isAborted ? Math.max(0, this.#interruptMs() - this.#abortedMs()) : HOME_MS;
    const brought = await Promise.all(this.#playing.map((instance) => instance.goneHome(limitMs)));
    // The programs of all instances are the same: so is what there is to learn of them.
    this.learnt = brought[0]?.map(({ learnt }) => learnt) ?? [];
    await this.destroy();
    return brought.flat().map(({ taken }) => taken);
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    await Promise.all(this.#instances.map((instance) => instance.destroy()));
  }

  #keepPlaces(): Promise<Pinned> {
    return this.#places.keep(this.#playing.map(({ threads }) => threads));
  }

  /** Tells where the threads of this start are, once, as soon as that is known. */
  async #placed(): Promise<void> {
    if (this.#isPlaced || this.#parts.signal?.aborted === true) return;
    this.#isPlaced = true;
    const { placement, processors, failed } = await this.#places.present();
    const record = {
      kind: 'start' as const,
      start: this.#start,
      ...(placement !== undefined && { placement }),
      processors: this.#playing.map((_, instance) => processors[instance] ?? null),
      failed,
    };
    this.#tally.start(record);
    this.#parts.onStart?.(record);
  }

  /** The number of the present block in the run, counted from 1. */
  get #number(): number {
    return (this.#parts.plan.blocksBefore ?? 0) + this.#blocks;
  }

  /** The number of the present start in the run. */
  get #start(): number {
    return (this.#parts.startsBefore ?? 0) + this.starts - 1;
  }

  /** Opens the gates for a block: those of the instances that play it. */
  #opened({ arm, isAlone = false, trialsMax, pace = this.#parts.plan }: BlockOrder): readonly Instance[] {
    const all = this.#playing;
    const playing = isAlone ? all.slice(this.#aloneBlocks++ % all.length).slice(0, 1) : all;
    const shares = playing
      .map((instance, index) => ({ instance, trials: shareOf(trialsMax, playing.length, index) }))
      .filter(({ trials }) => trials > 0);
    this.#running = shares.map(({ instance }) => instance);
    for (const instance of this.#running) instance.prepare(pace);
    this.#host.begin(this.#running[0]?.threads ?? []);
    for (const { instance, trials } of shares) {
      instance.open(arm, trials >= BLOCK_TRIALS_MAX ? 0 : trials);
    }
    return this.#running;
  }

  /** Whether the run was interrupted so long ago that nobody waits for its actors any more. */
  #isGivenUp(): boolean {
    return this.#parts.signal?.aborted === true && this.#abortedMs() >= this.#interruptMs();
  }

  #interruptMs(): number {
    return this.#processorsFree() >= 0 ? INTERRUPT_MS : 0;
  }

  /** Those that no actor needs; below 0 where actors take turns. */
  #processorsFree(): number {
    return cpuCount() - this.#parts.setting.actors.length * this.#playing.length;
  }

  /** Since it was first looked at an interrupt, in ms. */
  #abortedMs(): number {
    this.#abortedAt ??= performance.now();
    return performance.now() - this.#abortedAt;
  }

  /** In the place of a block that did not end. */
  #noBlock(round: number): BlockResult {
    return {
      order: this.#number - 1,
      round,
      start: this.#start,
      seed: blockSeed(this.#parts.plan, this.#number),
      seconds: 0,
      trials: 0,
      violations: 0,
      roundTripNs: null,
      host: null,
      rejected: null,
    };
  }

  /** What a block has found, which is added to its arm. */
  #count({ arm, round, seed, host, played, isWarmUp, isAlone, secondsAsked }: BlockEnd): BlockResult {
    const strategy = this.#parts.plan.arms[arm]?.strategy ?? '';
    const counts = played.map((instance) => instance.counts(strategy));
    const processorsFree = this.#processorsFree();
    const isRace = this.#parts.setting.actors.length > 1;
    const canOverlap = processorsFree >= 0 && isRace && !this.#places.areShared;
    const trips = counts.flatMap(({ roundTripNs }) => roundTripNs ?? []);
    const roundTripNs = trips.length === 0 ? null : quantile(trips, 0.5);
    const seconds = counts.reduce((sum, each) => sum + each.seconds, 0) / counts.length;
    const facts = { isWarmUp, canOverlap, processorsFree, roundTripNs, host, seconds, secondsAsked };
    const isApart = (trip: number | null): boolean => canOverlap && secondsAsked !== null && trip === null;
    const block: CountedBlock = {
      order: this.#number - 1,
      round,
      start: this.#start,
      seed,
      seconds,
      trials: counts.reduce((sum, { trials }) => sum + trials, 0),
      violations: counts.reduce((sum, { violations }) => sum + violations, 0),
      roundTripNs,
      host,
      rejected: rejectionOf(facts),
      ...(isAlone && { alone: true }),
      ...(this.#tellsInstances && {
        instances: counts.map(({ trials, violations, roundTripNs: trip }, at) => ({
          instance: played[at]?.index ?? 0,
          trials,
          violations,
          roundTripNs: trip,
          ...(isApart(trip) && { apart: true as const }),
        })),
      }),
    };
    const isStaged = this.#parts.plan.isProfiled && !isWarmUp && !isAlone;
    const counted = {
      arm,
      block,
      counts: summed(counts, { isStaged, tellsInstances: this.#tellsInstances }),
    };
    this.#tally.add(arm, block, counted.counts);
    this.#parts.onBlock?.(counted);
    return this.#tally.placed(block);
  }

  /** What `promise` gives, unless an actor fails first; false as soon as `signal` is aborted. */
  #orFailure(promise: Promise<boolean>, signal?: AbortSignal): Promise<boolean> {
    return this.#failure.orFailure(signal === undefined ? promise : unlessAborted(promise, signal));
  }
}
