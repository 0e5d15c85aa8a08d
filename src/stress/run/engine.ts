import { lookAt } from '../../stats/looks.ts';
import { Prng } from '../../stats/prng.ts';
import { STARTS_MIN } from '../../stats/start-totals.ts';
import type { Budget, Progress } from '../plan/options.ts';
import type { Pace } from '../plan/protocol.ts';
import type { BlockResult } from '../plan/block-result.ts';
import type { BlockRecord, LookRecord } from '../plan/run-record.ts';
import { type PlannedBlock, planBlocks } from '../plan/block-plan.ts';
import type { StartTimes } from '../plan/starts.ts';
import type { ArmShare } from '../plan/arm-share.ts';
import type { KeptTrials } from '../actor/trial-recorder.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import { type BlockOrder, Session, type SessionParts } from '../session/session.ts';
import type { RunLog, RunRecord } from './run-log.ts';

const PROGRESS_MS = 200;
/** How often a block that a violation is to end is looked at. */
const VIOLATION_MS = 50;

/** What a run leaves beside its records. */
export interface RunCount {
  readonly isInterrupted: boolean;
  /** What was kept of violations, if the plan records. */
  readonly kept: KeptTrials;
}

/** What the engine runs. */
export interface EngineOptions extends Omit<SessionParts, 'tally' | 'startsBefore'> {
  readonly shares: readonly ArmShare[];
  readonly budget: Budget;
  /** Lengths in ms of the starts of the threads; Infinity where trials end them, the same number in each. */
  readonly startLengths: readonly number[];
  /** What a start costs. */
  readonly times: StartTimes;
  /** What the run has done before: it goes on from there. */
  readonly log: RunLog;
  /** Called with all that it does, in order. */
  readonly onRecord?: ((record: RunRecord) => void) | undefined;
  /** Whether look number `look` may end the run; without it nobody looks before the end. */
  readonly isSettled?: ((arms: readonly ArmCount[], look: number) => boolean) | undefined;
  /** Arms of which the first violation ends the run, and the block that it is in. @default [] */
  readonly endsOn?: readonly number[] | undefined;
  /** How the actors of a block keep together, by the round trip of the block before; undefined: as the plan has it. */
  readonly paceAt?: ((roundTripNs: number | null) => Pace) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * The hardware engine: runs blocks of the arms in random interleaving until the budget is spent, or until a plan that
 * records has what it wants. Between two starts, all worker threads are replaced.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function runBlocks(options: EngineOptions): Promise<RunCount> {
  const { log, signal } = options;
  const run = new EngineRun(options);
  if (run.isOver) return { isInterrupted: false, kept: { trial: undefined, lost: 0 } };
  let ticker: NodeJS.Timeout | undefined;
  try {
    await run.start();
    ticker = setInterval(() => report(options, run.session, run.elapsedMs), PROGRESS_MS);
    await run.toTheEnd();
    await run.session.end();
    return { isInterrupted: signal?.aborted === true && !log.isSettled, kept: run.session.kept() };
  } finally {
    clearInterval(ticker);
    await run.session.destroy();
  }
}

/** One run of blocks, or the rest of one that was cut. */
class EngineRun {
  readonly session: Session;
  readonly #options: EngineOptions;
  readonly #looks: Looks;
  readonly #rest: PlanRest;
  readonly #isResumed: boolean;
  readonly #elapsedBefore: number;
  #startedAt: number | undefined;
  /** Starts of the plan that have begun, and whether the threads have just started and have run nothing yet. */
  #begun: number;
  #isFresh = true;
  /** Of the block that runs, its place in the plan. */
  #planned: number | null = null;
  #roundTripNs: number | null = null;

  constructor(options: EngineOptions) {
    const { log, shares, startLengths, plan, memories = [], times } = options;
    this.#options = options;
    this.#elapsedBefore = log.elapsedMs;
    this.#begun = log.startsPlanned;
    this.#isResumed = log.starts > 0;
    this.#looks = new Looks(options);
    const playedBy = { instances: 1 + memories.length, times };
    this.#rest = new PlanRest(planBlocks(shares, startLengths, new Prng(plan.seed), playedBy), log.planned);
    this.session = new Session({
      ...options,
      tally: log.tally,
      startsBefore: log.starts,
      onStart: (start) => this.#put({ ...start, planned: Math.max(0, this.#begun - 1) }),
      onBlock: (block) => this.#put(this.#recordOf(block)),
    });
  }

  /** Whether there is nothing left to do. */
  get isOver(): boolean {
    const { log, startLengths } = this.#options;
    const isSpent =
      this.#rest.isEmpty ||
      (this.#begun === startLengths.length && this.#left().every((trials) => trials === 0));
    return log.isSettled || this.#hasViolated || isSpent;
  }

  get elapsedMs(): number {
    const here = this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
    return this.#elapsedBefore + here;
  }

  async start(): Promise<void> {
    await this.session.start();
    this.#startedAt = performance.now();
  }

  async toTheEnd(): Promise<void> {
    const { signal, startLengths } = this.#options;
    for (const { block, index } of this.#rest) {
      if (signal?.aborted === true || this.#areSettledBefore(block)) break;
      if (block.start === this.#begun) await this.#beginStart();
      else if (this.#isFresh) await this.#warmUpAgain(block);
      if (this.#left().every((trials) => trials === 0) && this.#begun < startLengths.length) {
        await this.#beginStart();
      }
      const left = this.#left();
      if (left.every((trials) => trials === 0)) break;
      const trialsMax = left[block.arm] ?? 0;
      if (trialsMax > 0) await this.#runBlock({ ...block, ms: this.#lengthOf(block), trialsMax }, index);
      if (this.session.kept().trial !== undefined || this.#hasViolated) break;
    }
  }

  async #runBlock(
    planned: PlannedBlock & { readonly trialsMax: number },
    index: number | null,
  ): Promise<void> {
    const { signal, endsOn = [], paceAt } = this.#options;
    this.#planned = index;
    this.#isFresh = false;
    const order: BlockOrder = { ...planned, pace: paceAt?.(this.#roundTripNs) };
    const ran: BlockResult = endsOn.includes(order.arm)
      ? await untilViolated(this.session, order, signal)
      : await this.session.runBlock({ ...order, signal });
    this.#roundTripNs = ran.roundTripNs ?? this.#roundTripNs;
  }

  /** The next start of the plan: in threads that have done nothing yet, or in new ones. */
  async #beginStart(): Promise<void> {
    if (!this.#isFresh) await this.session.restart();
    this.#isFresh = true;
    this.#begun++;
  }

  /** Threads that go on in the middle of a start bring their code to speed, if those before them did. */
  async #warmUpAgain(next: PlannedBlock): Promise<void> {
    const { shares, times, signal } = this.#options;
    this.#isFresh = false;
    if (!this.#rest.hasWarmedUp) return;
    for (const arm of shares.keys()) {
      if (signal?.aborted === true) return;
      const block = { ...next, arm, ms: times.learnMs, isWarmUp: true, isAlone: false };
      await this.#runBlock({ ...block, trialsMax: Infinity }, null);
    }
  }

  /** The first threads of a process have their programs to learn, also where they are not those of the first start. */
  #lengthOf({ isWarmUp, ms }: PlannedBlock): number {
    const isLearning = isWarmUp && this.#isResumed && this.session.starts === 1;
    return isLearning ? Math.max(ms, this.#options.times.learnMs) : ms;
  }

  /** Trials that each arm is still to make in this start of the threads. */
  #left(): number[] {
    const { budget, startLengths } = this.#options;
    const { arms } = this.session;
    if (budget.kind === 'duration') return arms.map(() => Infinity);
    const until = Math.ceil((budget.count * this.#begun) / startLengths.length);
    return arms.map(({ trials }) => Math.max(0, until - trials));
  }

  get #hasViolated(): boolean {
    const { endsOn = [] } = this.#options;
    return endsOn.some((arm) => (this.session.arms[arm]?.violations ?? 0) > 0);
  }

  /** Looks at the counts before a block if it is time to; whether that settles the question. */
  #areSettledBefore(block: PlannedBlock): boolean {
    const look = this.#looks.before(block, this.session.arms);
    if (look !== undefined) this.#put(look);
    return look?.isSettled === true;
  }

  #recordOf(counted: Pick<BlockRecord, 'arm' | 'block' | 'counts'>): BlockRecord {
    const { log } = this.#options;
    const { firstTrialMs, firstViolationMs } = this.session.startup();
    return {
      kind: 'block',
      arm: counted.arm,
      planned: this.#planned,
      elapsedMs: this.elapsedMs,
      ...(log.firstTrialMs === null && firstTrialMs !== null && { firstTrialMs }),
      ...(log.firstViolationMs === null && firstViolationMs !== null && { firstViolationMs }),
      block: counted.block,
      counts: counted.counts,
    };
  }

  #put(record: RunRecord): void {
    this.#options.log.counted(record);
    this.#options.onRecord?.(record);
  }
}

/** What is left of the plan of a run. */
class PlanRest implements Iterable<{ readonly block: PlannedBlock; readonly index: number }> {
  /** Whether any block that is done was to bring code to speed. */
  readonly hasWarmedUp: boolean;
  readonly #blocks: Iterator<PlannedBlock, void>;
  #next: IteratorResult<PlannedBlock, void>;
  #index: number;

  /** `last` is the place of the last block that is done. */
  constructor(blocks: Iterator<PlannedBlock, void>, last: number) {
    this.#blocks = blocks;
    this.#next = blocks.next();
    let hasWarmedUp = false;
    for (this.#index = 0; this.#index <= last && this.#next.done !== true; this.#index++) {
      hasWarmedUp ||= this.#next.value.isWarmUp;
      this.#next = blocks.next();
    }
    this.hasWarmedUp = hasWarmedUp;
  }

  get isEmpty(): boolean {
    return this.#next.done === true;
  }

  *[Symbol.iterator](): Iterator<{ readonly block: PlannedBlock; readonly index: number }> {
    while (this.#next.done !== true) {
      yield { block: this.#next.value, index: this.#index };
      this.#next = this.#blocks.next();
      this.#index++;
    }
  }
}

/** Runs a block that its first violation ends. */
async function untilViolated(
  session: Session,
  order: BlockOrder,
  signal: AbortSignal | undefined,
): Promise<BlockResult> {
  const end = new AbortController();
  const abort = (): void => end.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  const ticker = setInterval(() => {
    if (session.hasViolated()) abort();
  }, VIOLATION_MS);
  try {
    return await session.runBlock({ ...order, signal: end.signal });
  } finally {
    clearInterval(ticker);
    signal?.removeEventListener('abort', abort);
  }
}

/** When the counts are looked at: between starts of the threads, or after rounds where there are too few of those. */
class Looks {
  readonly #isSettled: EngineOptions['isSettled'];
  readonly #log: RunLog;
  readonly #isByStart: boolean;
  #before: number;

  constructor({ isSettled, startLengths, log }: EngineOptions) {
    this.#isSettled = isSettled;
    this.#log = log;
    this.#isByStart = startLengths.length >= STARTS_MIN;
    this.#before = log.lookedAt;
  }

  /** Looks at the counts before a block if it is time to. */
  before({ start, round }: PlannedBlock, arms: readonly ArmCount[]): LookRecord | undefined {
    const done = this.#isByStart ? start : round;
    const isDue = done > this.#before && lookAt(done, this.#isByStart ? 'starts' : 'rounds') !== undefined;
    this.#before = Math.max(this.#before, done);
    if (this.#isSettled === undefined || !isDue) return undefined;
    return { kind: 'look', done, isSettled: this.#isSettled(arms, this.#log.looks + 1) };
  }
}

function report({ onProgress, budget }: EngineOptions, session: Session, elapsedMs: number): void {
  if (onProgress === undefined) return;
  const arms = session.arms.map(({ strategy, violations }, arm) => ({
    strategy,
    trials: session.trialsOf(arm),
    violations,
  }));
  const trials = arms.reduce((sum, arm) => sum + arm.trials, 0);
  const fraction = budget.kind === 'duration' ? elapsedMs / budget.ms : trials / (budget.count * arms.length);
  onProgress({ elapsedMs, fraction: Math.min(1, fraction), arms });
}
