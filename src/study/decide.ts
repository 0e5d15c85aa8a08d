import type { RunOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { Pace } from '../stress/plan/protocol.ts';
import type { ArmProof, CompareResult } from '../stress/result/result.ts';
import { type CompareRun, runCompare } from '../stress/run/run.ts';
import { proofTask, summaryOf } from './arm-proof.ts';
import { decidedOf } from './found.ts';
import { performInThread } from './in-thread.ts';
import type { Journal } from './journal/journal.ts';
import { RunKeeper } from './journal/run-keeper.ts';
import { coverageFound, paced } from './rests-on.ts';
import { silenceNotice, silentControls } from './silent-controls.ts';

/** What `compare` takes. */
export interface DecideOptions extends RunOptions {
  /** Whether the explore engine searches the run's setting under each strategy. */
  readonly proves: boolean;
  /** Whether operations of each strategy are counted and timed alone. */
  readonly measuresCost: boolean;
}

/** The same with a place where it puts down what it does. */
export type JournaledCompare = DecideOptions & { readonly journal?: Journal | undefined };

/** Limits of one search: what is larger ends as `bounded`. */
const SEARCH_LIMITS = {
  statesMax: 4_000_000,
  timeMaxMs: 20_000,
  countStatesMax: 0,
  witnessStatesMax: 200_000,
} as const;
/** How long each operation of a strategy is timed. */
const COST_MS = 60;

/**
 * Compares strategies on hardware, and joins to each arm what the explore engine says of the same setting and what its
 * operations cost. Both come after the blocks and never beside them: neither delays the first trial nor disturbs any.
 * @throws As `runCompare`.
 */
export async function decide(given: JournaledCompare): Promise<CompareResult> {
  const { proves, measuresCost } = given;
  const asks = { proves, measuresCost, agrees: false };
  const keeper = new RunKeeper(given.journal, (head, machine) => ({
    command: 'compare',
    machine,
    head,
    asks,
  }));
  const options = { ...given, journal: keeper.ofRun };
  if (proves) await announceSilence(options);
  const { result: run, pace } = await paced<CompareRun, CompareResult>(runCompare, options);
  const { measures = [] } = settingNamed(options).scenario;
  const decided = (): CompareResult => decidedOf(run, keeper.found, { proves, measuresCost, measures });
  if (run.isInterrupted || keeper.isWhole) return decided();
  await findOut(options, { run, pace, keeper });
  return { ...decided(), isInterrupted: options.signal?.aborted === true };
}

/** What each arm rests on, what explore says of it, and what its operations cost. */
async function findOut(
  options: DecideOptions,
  {
    run,
    pace,
    keeper,
  }: { readonly run: CompareResult; readonly pace: Pace | undefined; readonly keeper: RunKeeper },
): Promise<void> {
  const { proves, measuresCost, pages } = options;
  const { scenario } = settingNamed(options);
  const hasCosts = (scenario.costs ?? []).length > 0;
  const { strategies } = run.config;
  const covered = proves ? await coverageFound(options, strategies, pace) : [];
  for (const [index, arm] of run.arms.entries()) {
    const strategy = strategies[index] ?? arm.strategy;
    const proof = proves ? await proofOf(options, strategy) : undefined;
    const cost =
      measuresCost && hasCosts
        ? await interruptible(options, async (signal) =>
            performInThread(
              { kind: 'cost', strategy, scenario: scenario.name, pages, timeMs: COST_MS },
              signal,
            ),
          )
        : undefined;
    keeper.arm(index, {
      ...covered[index],
      ...(proof !== undefined && { proof }),
      ...(cost !== undefined && { cost }),
    });
  }
}

/** Who waits for a run should know at once what it cannot show. */
async function announceSilence(options: DecideOptions): Promise<void> {
  if (options.onNotice === undefined) return;
  const sentence = silenceNotice(options, await silentControls(options, options.strategies));
  if (sentence !== undefined) options.onNotice(sentence);
}

async function proofOf(options: DecideOptions, strategy: string): Promise<ArmProof | undefined> {
  const task = proofTask(options, strategy, SEARCH_LIMITS);
  const found = await interruptible(options, async (signal) => performInThread(task, signal));
  return found === undefined ? undefined : summaryOf(found);
}

/** Undefined where the user ends it. */
async function interruptible<Found>(
  { signal }: DecideOptions,
  task: (signal: AbortSignal | undefined) => Promise<Found>,
): Promise<Found | undefined> {
  const isOver = (): boolean => signal?.aborted === true;
  if (isOver()) return undefined;
  try {
    return await task(signal);
  } catch (error) {
    if (isOver()) return undefined;
    throw error;
  }
}
