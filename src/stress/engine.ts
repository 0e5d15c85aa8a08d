import { lookAt } from '../stats/looks.ts';
import { Prng } from '../stats/prng.ts';
import type { Budget, Progress } from './options.ts';
import { type ArmShare, planBlocks } from './schedule.ts';
import type { KeptTrials } from './trial-recorder.ts';
import { type ArmCount, Session, type SessionParts } from './session.ts';

const PROGRESS_MS = 200;

/** What a run has counted. */
export interface RunCount {
  readonly arms: readonly ArmCount[];
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  /** What was kept of violations, if the plan records. */
  readonly kept: KeptTrials;
  /** Times the counts were looked at, the last time at the end. */
  readonly looks: number;
  readonly startup: { readonly firstTrialMs: number | null; readonly firstViolationMs: number | null };
}

/** What the engine runs. */
export interface EngineOptions extends SessionParts {
  readonly shares: readonly ArmShare[];
  readonly budget: Budget;
  /** Whether look number `look` may end the run; without it nobody looks before the end. */
  readonly isSettled?: ((arms: readonly ArmCount[], look: number) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * The hardware engine: runs blocks of the arms in random interleaving until the budget is spent, or until a plan that
 * records has what it wants.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function runBlocks(options: EngineOptions): Promise<RunCount> {
  const { plan, signal, budget, shares, isSettled } = options;
  const session = new Session(options);
  let ticker: NodeJS.Timeout | undefined;
  try {
    await session.start();
    const startedAt = performance.now();
    ticker = setInterval(() => report(options, session, performance.now() - startedAt), PROGRESS_MS);
    const durationMs = budget.kind === 'duration' ? budget.ms : null;
    let looks = 0;
    let isLast = false;
    let round = 0;
    for (const block of planBlocks(shares, durationMs, new Prng(plan.seed))) {
      if (signal?.aborted === true) break;
      if (isSettled !== undefined && block.round > round && lookAt(block.round) !== undefined) {
        looks++;
        isLast = isSettled(session.arms, looks);
        if (isLast) break;
      }
      round = block.round;
      const left = session.arms.map(({ trials }) =>
        budget.kind === 'trials' ? budget.count - trials : Infinity,
      );
      if (left.every((trials) => trials === 0)) break;
      const trialsMax = left[block.arm] ?? 0;
      if (trialsMax > 0) await session.runBlock({ ...block, trialsMax, signal });
      if (session.kept().trial !== undefined) break;
    }
    const elapsedMs = performance.now() - startedAt;
    await session.end();
    return {
      arms: session.arms,
      elapsedMs,
      isInterrupted: signal?.aborted === true,
      kept: session.kept(),
      looks: isLast ? looks : looks + 1,
      startup: session.startup(),
    };
  } finally {
    clearInterval(ticker);
    await session.destroy();
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
