import { lookAt } from '../../stats/looks.ts';
import { Prng } from '../../stats/prng.ts';
import { STARTS_MIN } from '../../stats/start-totals.ts';
import type { Budget, Progress } from '../plan/options.ts';
import type { Pace } from '../plan/protocol.ts';
import type { BlockResult } from '../plan/block-result.ts';
import { type PlannedBlock, planBlocks } from '../plan/block-plan.ts';
import type { StartTimes } from '../plan/starts.ts';
import type { ArmShare } from '../plan/arm-share.ts';
import type { Pinned } from '../host/pinning.ts';
import type { KeptTrials } from '../actor/trial-recorder.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import { type BlockOrder, Session, type SessionParts } from '../session/session.ts';

const PROGRESS_MS = 200;
/** How often a block that a violation is to end is looked at. */
const VIOLATION_MS = 50;

/** What a run has counted. */
export interface RunCount {
  readonly arms: readonly ArmCount[];
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  /** What was kept of violations, if the plan records. */
  readonly kept: KeptTrials;
  /** Times the counts were looked at, the last time at the end. */
  readonly looks: number;
  /** Times the threads were started. */
  readonly starts: number;
  /** As in `Session`. */
  readonly pinned: Pinned;
  readonly startup: { readonly firstTrialMs: number | null; readonly firstViolationMs: number | null };
}

/** What the engine runs. */
export interface EngineOptions extends SessionParts {
  readonly shares: readonly ArmShare[];
  readonly budget: Budget;
  /** Lengths in ms of the starts of the threads; Infinity where trials end them, the same number in each. */
  readonly startLengths: readonly number[];
  /** What a start costs. */
  readonly times: StartTimes;
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
  const { plan, signal, shares, startLengths, paceAt, endsOn = [] } = options;
  const session = new Session(options);
  const playedBy = { instances: 1 + (options.memories?.length ?? 0), times: options.times };
  let ticker: NodeJS.Timeout | undefined;
  try {
    await session.start();
    const startedAt = performance.now();
    ticker = setInterval(() => report(options, session, performance.now() - startedAt), PROGRESS_MS);
    const looks = new Looks(options);
    let roundTripNs: number | null = null;
    for (const block of planBlocks(shares, startLengths, new Prng(plan.seed), playedBy)) {
      if (signal?.aborted === true || looks.areSettledBefore(block, session.arms)) break;
      if (block.start === session.starts) await session.restart();
      let left = trialsLeft(options, session);
      if (left.every((trials) => trials === 0) && session.starts < startLengths.length) {
        await session.restart();
        left = trialsLeft(options, session);
      }
      if (left.every((trials) => trials === 0)) break;
      const trialsMax = left[block.arm] ?? 0;
      if (trialsMax > 0) {
        const order: BlockOrder = { ...block, trialsMax, pace: paceAt?.(roundTripNs) };
        const ran: BlockResult = endsOn.includes(block.arm)
          ? await untilViolated(session, order, signal)
          : await session.runBlock({ ...order, signal });
        roundTripNs = ran.roundTripNs ?? roundTripNs;
      }
      if (session.kept().trial !== undefined) break;
      if (endsOn.some((arm) => (session.arms[arm]?.violations ?? 0) > 0)) break;
    }
    const elapsedMs = performance.now() - startedAt;
    await session.end();
    return {
      arms: session.arms,
      elapsedMs,
      isInterrupted: signal?.aborted === true,
      kept: session.kept(),
      looks: looks.count,
      starts: session.starts,
      pinned: session.pinned,
      startup: session.startup(),
    };
  } finally {
    clearInterval(ticker);
    await session.destroy();
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

/** Trials that each arm is still to make in this start of the threads. */
function trialsLeft({ budget, startLengths }: EngineOptions, { arms, starts }: Session): number[] {
  if (budget.kind === 'duration') return arms.map(() => Infinity);
  const until = Math.ceil((budget.count * starts) / startLengths.length);
  return arms.map(({ trials }) => until - trials);
}

/** When the counts are looked at: between starts of the threads, or after rounds where there are too few of those. */
class Looks {
  readonly #isSettled: EngineOptions['isSettled'];
  readonly #isByStart: boolean;
  #before = 0;
  #looks = 0;
  #isLast = false;

  constructor({ isSettled, startLengths }: EngineOptions) {
    this.#isSettled = isSettled;
    this.#isByStart = startLengths.length >= STARTS_MIN;
  }

  /** Looks at the counts before a block if it is time to; whether that settles the question. */
  areSettledBefore({ start, round }: PlannedBlock, arms: readonly ArmCount[]): boolean {
    const done = this.#isByStart ? start : round;
    const isDue = done > this.#before && lookAt(done, this.#isByStart ? 'starts' : 'rounds') !== undefined;
    this.#before = done;
    if (this.#isSettled === undefined || !isDue) return false;
    this.#looks++;
    this.#isLast = this.#isSettled(arms, this.#looks);
    return this.#isLast;
  }

  /** Times the counts were looked at, the end of the run included. */
  get count(): number {
    return this.#isLast ? this.#looks : this.#looks + 1;
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
