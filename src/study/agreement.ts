/** Whether what the hardware showed is what the search reaches: plain data, and pure functions of it. */
import type { Grade } from '../model/invariant.ts';
import { type Ordering, orderingPart } from '../memory/ordering.ts';
import type { ArmProof, ArmResult, CompareResult } from '../stress/result/result.ts';
import { verdictWithProofs } from './arm-proof.ts';
import { withFound, withVerdict } from './found.ts';
import type { ArmFound } from './journal/records.ts';

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
  /** What both engines have had; left out where that is `sc`. */
  readonly ordering?: Ordering;
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
  /** Whether threads did before the run what no x86-64 does, so that nothing that they show is held against the search. */
  readonly isOtherOrder?: true;
  /** Where stores wait: what a search in which every store is visible at once says of the same. */
  readonly sequential?: SequentialAgreement;
}

/** What is reached where every store is visible at once: a part of what is reached where stores wait, or a search is wrong. */
export interface SequentialAgreement {
  readonly states: number;
  /** Why that search was not complete; null if it was. */
  readonly incomplete: string | null;
  /** Outcomes that it reaches and the search with stores that wait does not: impossible, if the latter was complete. */
  readonly missing: readonly string[];
  /** Outcomes that the hardware showed and it does not reach: what only stores that wait lead to, if it was complete. */
  readonly seenBeyond: readonly string[];
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
  /** Where stores wait: what the same search reaches where each is visible at once. */
  readonly sequential?: Pick<Explored, 'outcomes' | 'states' | 'incomplete'>;
}

/** A comparison with what the searches of its arms have reached; without it where the run was over before. */
export function agreedOf(
  result: CompareResult,
  found: readonly (ArmFound | undefined)[],
): AgreedCompareResult {
  const searched = result.arms.map((arm, index) => ({ arm, reached: found[index]?.reached }));
  if (searched.every(({ reached }) => reached === undefined)) return result;
  const arms = result.arms.map((arm, index) => withFound(arm, found[index] ?? {}));
  const isOtherOrder = result.calibration?.shows === 'other-order';
  const compared = searched.map(({ arm, reached = NOT_REACHED }) => {
    const agreement = agreementOf(arm, reached);
    return isOtherOrder ? unheld(agreement) : agreement;
  });
  const elapsedMs = searched.reduce((sum, { reached }) => sum + (reached?.elapsedMs ?? 0), 0);
  const verdict = verdictWithProofs({ ...result, ...withVerdict(result.verdict, result.arms, arms) }, arms);
  return {
    ...result,
    arms,
    verdict,
    agreement: {
      verdict: worst(compared),
      arms: compared,
      elapsedMs,
      ...orderingPart(result.config.ordering),
    },
  };
}

/** Threads that are no x86-64 to the eye say nothing against a model of one. */
function unheld(agreement: ArmAgreement): ArmAgreement {
  return { ...agreement, verdict: 'partial', isOtherOrder: true };
}

const NOT_REACHED: Explored = { outcomes: [], states: 0, incomplete: 'it was cut before' };

/** Compares what the hardware showed of an arm with what the search reached. */
export function agreementOf(
  { strategy, outcomes, violations }: Pick<ArmResult, 'strategy' | 'outcomes' | 'violations'>,
  { outcomes: reached, states, incomplete, sequential: inOrder }: Explored,
): ArmAgreement {
  const shown = [
    // An outcome that is FORBIDDEN stands for violations, which are compared by invariant.
    ...Object.entries(outcomes).flatMap(([name, { count, grade }]) =>
      count > 0 && grade !== FORBIDDEN ? [name] : [],
    ),
    ...Object.entries(violations.byInvariant).flatMap(([id, count]) => (count > 0 ? [id] : [])),
  ];
  const unexplored = shown.filter((name) => !reached.includes(name));
  const sequential =
    inOrder === undefined
      ? undefined
      : {
          states: inOrder.states,
          incomplete: inOrder.incomplete,
          missing: inOrder.outcomes.filter((name) => !reached.includes(name)),
          seenBeyond: shown.filter((name) => !inOrder.outcomes.includes(name)),
        };
  const impossible = [...unexplored, ...(sequential?.missing ?? [])];
  const isPartial = incomplete !== null || (sequential !== undefined && sequential.incomplete !== null);
  const disagrees = incomplete === null && impossible.length > 0;
  return {
    strategy,
    verdict: disagrees ? 'disagrees' : isPartial ? 'partial' : 'agrees',
    seen: shown.filter((name) => reached.includes(name)),
    neverSeen: reached.filter((name) => !shown.includes(name)),
    unexplored,
    states,
    incomplete,
    ...(sequential !== undefined && { sequential }),
  };
}

/** The verdict of all arms. */
export function worst(arms: readonly ArmAgreement[]): Agreement['verdict'] {
  if (arms.some(({ verdict }) => verdict === 'disagrees')) return 'disagrees';
  return arms.some(({ verdict }) => verdict === 'partial') ? 'partial' : 'agrees';
}
