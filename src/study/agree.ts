import type { ExploreResult } from '../explore/explore.ts';
import type { Grade } from '../model/invariant.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import type { RunOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { ArmProof, ArmResult, CompareResult } from '../stress/result/result.ts';
import { runCompare } from '../stress/run/run.ts';
import { summaryOf, verdictWithProofs, withProof } from './arm-proof.ts';
import { chancesOf } from './chances.ts';
import { InterruptedError, performSafely } from './in-thread.ts';
import { paced, withVerdict, withCoverage } from './rests-on.ts';
import { subjectOf } from './subject.ts';

/** States and time that the search of one arm may take. */
const STATES_MAX = 8_000_000;
const TIME_MAX_MS = 60_000;
const FORBIDDEN: Grade = 'FORBIDDEN';

/** Whether the two engines agree: every outcome that the hardware showed must be one that the search reaches. */
export interface Agreement {
  /**
   * `disagrees`: the hardware showed what no interleaving of the model reaches, so that the model or an engine is wrong.
   * `partial`: some search was not complete, so that nothing is shown for its arm.
   */
  readonly verdict: 'agrees' | 'partial' | 'disagrees';
  readonly arms: readonly ArmAgreement[];
  readonly elapsedMs: number;
}

/** Agreement of one arm. Outcomes go by their names, violations by their invariants. */
export interface ArmAgreement {
  readonly strategy: string;
  readonly verdict: Agreement['verdict'];
  /** Outcomes that both engines show. */
  readonly seen: readonly string[];
  /** Outcomes that the search reaches and the hardware never showed. */
  readonly neverSeen: readonly string[];
  /** Outcomes that the hardware showed and the search did not reach: impossible, if it was complete. */
  readonly unexplored: readonly string[];
  readonly states: number;
  /** Why the search was not complete; null if it was. */
  readonly incomplete: string | null;
}

/** A comparison, with the agreement of the engines if it was asked for. */
export interface AgreedCompareResult extends CompareResult {
  readonly agreement?: Agreement;
}

/** What a search of one arm has reached. */
export interface Explored {
  /** Names of outcomes and ids of invariants. */
  readonly outcomes: readonly string[];
  readonly states: number;
  /** Why it was not complete; null if it was. */
  readonly incomplete: string | null;
  /** What the search says of the arm. */
  readonly proof?: ArmProof;
}

/**
 * Compares strategies on hardware, and then searches every interleaving of each of them under the same setting: what may
 * happen by chance there (failing reads and trylocks) may happen here.
 * @throws As `runCompare`.
 */
export async function runAgree(options: RunOptions): Promise<AgreedCompareResult> {
  const { result, pace } = await paced(runCompare, options);
  if (result.isInterrupted) return result;
  const covered = await withCoverage(result.arms, options, result.config.strategies, pace);
  const startedAt = performance.now();
  const compared: ArmAgreement[] = [];
  const arms: ArmResult[] = [];
  for (const [index, arm] of covered.entries()) {
    const explored = await exploreArm(options, result.config.strategies[index] ?? arm.strategy);
    compared.push(agreementOf(arm, explored));
    arms.push(withWorth(arm, explored));
  }
  const agreement = { verdict: worst(compared), arms: compared, elapsedMs: performance.now() - startedAt };
  const verdict = verdictWithProofs({ ...result, ...withVerdict(result.verdict, result.arms, arms) }, arms);
  const isInterrupted = options.signal?.aborted === true;
  return { ...result, isInterrupted, arms, verdict, agreement };
}

/** An arm with the proof where that says what its counts are worth: a fix that is not put to the test, a control that is silent. */
function withWorth(arm: ArmResult, { proof }: Explored): ArmResult {
  if (proof === undefined || proof.verdict === 'bounded' || proof.verdict === 'violated') return arm;
  return proof.verdict === 'vacuous' || arm.expectation === 'violates' ? withProof(arm, proof) : arm;
}

/** Compares what the hardware showed of an arm with what the search reached. */
export function agreementOf(
  { strategy, outcomes, violations }: Pick<ArmResult, 'strategy' | 'outcomes' | 'violations'>,
  { outcomes: reached, states, incomplete }: Explored,
): ArmAgreement {
  const shown = [
    // An outcome that is FORBIDDEN stands for violations, which are compared by invariant.
    ...Object.entries(outcomes).flatMap(([name, { count, grade }]) =>
      count > 0 && grade !== FORBIDDEN ? [name] : [],
    ),
    ...Object.entries(violations.byInvariant).flatMap(([id, count]) => (count > 0 ? [id] : [])),
  ];
  const unexplored = shown.filter((name) => !reached.includes(name));
  const verdict = incomplete !== null ? 'partial' : unexplored.length > 0 ? 'disagrees' : 'agrees';
  return {
    strategy,
    verdict,
    seen: shown.filter((name) => reached.includes(name)),
    neverSeen: reached.filter((name) => !shown.includes(name)),
    unexplored,
    states,
    incomplete,
  };
}

/** The verdict of all arms. */
export function worst(arms: readonly ArmAgreement[]): Agreement['verdict'] {
  if (arms.some(({ verdict }) => verdict === 'disagrees')) return 'disagrees';
  return arms.some(({ verdict }) => verdict === 'partial') ? 'partial' : 'agrees';
}

async function exploreArm(
  options: Pick<
    RunOptions,
    'scenario' | 'start' | 'actors' | 'pages' | 'readFail' | 'trylockFail' | 'setupFail' | 'signal'
  >,
  source: string,
): Promise<Explored> {
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
