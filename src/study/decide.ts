import type { RunOptions } from '../stress/plan/options.ts';
import { type Ordering, ORDERINGS } from '../memory/ordering.ts';
import { orderingObjection } from '../stress/plan/ordering-objection.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { Pace } from '../stress/plan/protocol.ts';
import type { Calibration } from '../stress/result/calibration-result.ts';
import type { ArmBound, ArmOrdering, ArmProof, ArmResult, CompareResult } from '../stress/result/result.ts';
import { type CompareRun, runCompare } from '../stress/run/run.ts';
import { proofTask, summaryOf } from './arm-proof.ts';
import { decidedOf } from './found.ts';
import { performInThread } from './in-thread.ts';
import type { Journal } from './journal/journal.ts';
import type { CompareAsks } from './journal/records.ts';
import { RunKeeper } from './journal/run-keeper.ts';
import { coverageFound, paced } from './rests-on.ts';
import { silenceNotice, silentControls } from './silent-controls.ts';

/** What `compare` takes. */
export interface DecideOptions extends RunOptions {
  /** Whether the explore engine searches the run's setting under each strategy. */
  readonly proves: boolean;
  /** Whether operations of each strategy are counted and timed alone. */
  readonly measuresCost: boolean;
  /** Whether each strategy is searched, and run on threads, in the other orderings, too, each for itself. @default false */
  readonly orderings?: boolean;
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
  const inAll: Pick<CompareAsks, 'orderings'> = given.orderings === true ? { orderings: true } : {};
  const asks = { proves, measuresCost, agrees: false, ...inAll };
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
  const decided = (): CompareResult =>
    decidedOf(run, keeper.found, { proves, measuresCost, measures, ...inAll });
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
  const others = options.orderings === true ? await otherHardware(options, run) : [];
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
      ...(options.orderings === true && {
        orderings: await inOrderings(options, {
          strategy,
          arm,
          proof,
          others: others.map(armAt(index)),
          calibration: run.calibration,
        }),
      }),
    });
  }
}

/** What threads have shown in another ordering than that of the run: arms in its order, fewer where it was interrupted. */
interface OtherHardware {
  readonly ordering: Ordering;
  readonly arms: readonly ArmResult[];
  readonly calibration: Calibration | undefined;
}

/** One arm of it. */
interface OtherArm extends Omit<OtherHardware, 'arms'> {
  readonly arm: ArmResult | undefined;
}

function armAt(index: number): (other: OtherHardware) => OtherArm {
  return ({ arms, ...other }) => ({ ...other, arm: arms[index] });
}

/** The same run once more in each other ordering that threads have here: nothing of it is added to the first. */
async function otherHardware(options: DecideOptions, run: CompareResult): Promise<readonly OtherHardware[]> {
  const { ordering: own = 'sc', strategies } = run.config;
  const others: OtherHardware[] = [];
  for (const ordering of ORDERINGS) {
    if (ordering === own || orderingObjection(ordering) !== undefined) continue;
    const { arms, isInterrupted, calibration } = await runCompare({
      ...options,
      journal: undefined,
      strategies,
      ordering,
    });
    if (!isInterrupted) others.push({ ordering, arms, calibration });
  }
  return others;
}

/** An arm in every ordering: what explore says, and what threads have shown where they have it. */
async function inOrderings(
  options: DecideOptions,
  {
    strategy,
    arm,
    proof,
    others,
    calibration,
  }: {
    readonly strategy: string;
    readonly arm: ArmResult;
    readonly proof: ArmProof | undefined;
    readonly others: readonly OtherArm[];
    readonly calibration: Calibration | undefined;
  },
): Promise<readonly ArmOrdering[]> {
  const own = options.ordering ?? 'sc';
  const found: ArmOrdering[] = [];
  for (const ordering of ORDERINGS) {
    const searched = ordering === own ? proof : await proofOf({ ...options, ordering }, strategy);
    const played =
      ordering === own ? { arm, calibration } : others.find((other) => other.ordering === ordering);
    found.push({
      ordering,
      ...(searched !== undefined && { proof: searched }),
      ...(played?.arm !== undefined && { hardware: boundOf(played.arm, played.calibration) }),
    });
  }
  return found;
}

function boundOf(
  { trials, violations, verdict, rate }: ArmResult,
  calibration: Calibration | undefined,
): ArmBound {
  const { perMillion, low, high, confidence } = rate;
  return {
    trials,
    violations,
    verdict,
    rate: { perMillion, low, high, confidence },
    ...(calibration !== undefined && { calibration }),
  };
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
