import type { ExploreResult } from '../explore/explore.ts';
import type { Grade } from '../model/invariant.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import type { RunOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { ArmProof, ArmResult, CompareResult } from '../stress/result/result.ts';
import { type CompareRun, runCompare } from '../stress/run/run.ts';
import { agreedOf, type AgreedCompareResult, type Explored } from './agreement.ts';
import { summaryOf } from './arm-proof.ts';
import { chancesOf } from './chances.ts';
import { InterruptedError, performSafely } from './in-thread.ts';
import type { Journal } from './journal/journal.ts';
import { RunKeeper } from './journal/run-keeper.ts';
import { coverageFound, paced } from './rests-on.ts';
import { subjectOf } from './subject.ts';

/** States and time that the search of one arm may take. */
const STATES_MAX = 8_000_000;
const TIME_MAX_MS = 60_000;
const FORBIDDEN: Grade = 'FORBIDDEN';

/**
 * Compares strategies on hardware, and then searches every interleaving of each of them under the same setting: what may
 * happen by chance there (failing reads and trylocks) may happen here.
 * @throws As `runCompare`.
 */
export async function runAgree(
  given: RunOptions & { readonly journal?: Journal | undefined },
): Promise<AgreedCompareResult> {
  const asks = { proves: false, measuresCost: false, agrees: true };
  const keeper = new RunKeeper(given.journal, (head, machine) => ({
    command: 'compare',
    machine,
    head,
    asks,
  }));
  const options = { ...given, journal: keeper.ofRun };
  const { result, pace } = await paced<CompareRun, CompareResult>(runCompare, options);
  if (result.isInterrupted || keeper.isWhole) return agreedOf(result, keeper.found);
  const { strategies } = result.config;
  const covered = await coverageFound(options, strategies, pace);
  for (const [index, arm] of result.arms.entries()) {
    const startedAt = performance.now();
    const { proof, ...reached } = await exploreBoth(options, strategies[index] ?? arm.strategy);
    keeper.arm(index, {
      ...covered[index],
      ...(proof !== undefined && isWorth(arm, proof) && { proof }),
      reached: { ...reached, elapsedMs: performance.now() - startedAt },
    });
  }
  return { ...agreedOf(result, keeper.found), isInterrupted: options.signal?.aborted === true };
}

/** Whether a proof says what the counts of an arm are worth: a fix that is not put to the test, a control that is silent. */
function isWorth({ expectation }: ArmResult, { verdict }: ArmProof): boolean {
  if (verdict === 'bounded' || verdict === 'violated') return false;
  return verdict === 'vacuous' || expectation === 'violates';
}

/** What an arm may be searched with. */
type SearchOptions = Pick<
  RunOptions,
  'scenario' | 'start' | 'actors' | 'pages' | 'ordering' | 'readFail' | 'trylockFail' | 'setupFail' | 'signal'
>;

/** Where stores wait, with what is reached where they do not: whatever that is has to be among the rest. */
async function exploreBoth(options: SearchOptions, source: string): Promise<Explored> {
  const explored = await exploreArm(options, source);
  if (options.ordering === undefined || options.ordering === 'sc') return explored;
  const { outcomes, states, incomplete } = await exploreArm({ ...options, ordering: 'sc' }, source);
  return { ...explored, sequential: { outcomes, states, incomplete } };
}

async function exploreArm(options: SearchOptions, source: string): Promise<Explored> {
  const chances = chancesOf(options);
  const limits = { statesMax: STATES_MAX, timeMaxMs: TIME_MAX_MS, countStatesMax: 0, witnessStatesMax: 0 };
  const subject = subjectOf(settingNamed(options), source);
  try {
    const task = { kind: 'explore' as const, ...subject, chances, limits, reductions: {} };
    return exploredOf(await performSafely(task, { signal: options.signal }));
  } catch (error) {
    // What was measured is not to be lost with it.
    if (!(error instanceof HarnessError || error instanceof InterruptedError)) throw error;
    return { outcomes: [], states: 0, incomplete: error.message };
  }
}

/** What a search has reached, as it is compared. */
export function exploredOf(found: ExploreResult): Explored {
  const { outcomes, violations, states, complete, endedBy } = found;
  return {
    proof: summaryOf(found),
    outcomes: [
      ...outcomes.flatMap(({ name, grade }) => (grade === FORBIDDEN ? [] : [name])),
      ...violations.map(({ invariant }) => invariant),
    ],
    states,
    incomplete: complete ? null : `the limit of ${endedBy ?? 'the search'} ended it`,
  };
}
