/** What the threads of `mutate` do: search one setting of a mutant. */
import type { ExploreResult, ExploreVerdict, ExploreViolation } from '../explore/explore.ts';
import { ProgramError } from '../explore/program/program-error.ts';
import { guardThread } from '../fix/plug-in/guards.ts';
import { isPlugIn, loadStrategy } from '../fix/plug-in/load.ts';
import { loadScenario } from '../catalog/load-scenario.ts';
import { isScenarioPlugIn, scenarioNamed } from '../catalog/registry.ts';
import type { Rung } from './mutate-ladder.ts';
import type { MutantProof } from './mutate-result.ts';
import { searchRung } from './survey.ts';

/** States in which a shortest witness is looked for. */
const WITNESS_STATES_MAX = 500_000;

/** One setting of a mutant to be searched. */
export interface TrialTask {
  /** The mutant's name. */
  readonly mutant: string;
  readonly rung: Rung;
  readonly exploreMs: number;
}

/** What a search says of a mutant in one setting. */
export interface MutantTrial {
  readonly verdict: ExploreVerdict;
  /** Ids of what is violated. */
  readonly invariants: readonly string[];
  readonly witness: MutantProof['witness'];
  readonly states: number;
  /** Whether every schedule was searched. */
  readonly complete: boolean;
  /** Why it is bounded or vacuous, or null. */
  readonly reason: string | null;
}

/** Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const now = performance.now.bind(performance);

/** What piscina calls. */
export default async function trial({ mutant, rung, exploreMs }: TrialTask): Promise<MutantTrial> {
  if (isPlugIn(mutant) || isScenarioPlugIn(rung.scenario)) guardThread();
  await loadScenario(rung.scenario);
  const strategy = await loadStrategy(mutant, scenarioNamed(rung.scenario).subject);
  try {
    const limits = {
      timeMaxMs: exploreMs,
      witnessStatesMax: WITNESS_STATES_MAX,
      clock: now,
    };
    const found = searchRung(strategy, rung, limits, mutant);
    return {
      verdict: found.verdict,
      invariants: found.violations.map(({ invariant }) => invariant),
      witness: witnessOf(found.violations),
      states: found.states,
      complete: found.complete,
      reason: reasonOf(found),
    };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return {
      verdict: 'bounded',
      invariants: [],
      witness: null,
      states: 0,
      complete: false,
      reason: error.message,
    };
  }
}

function reasonOf({ verdict, endedBy, neverReached }: ExploreResult): string | null {
  if (endedBy !== undefined) return `the limit of ${endedBy} ended the search`;
  if (verdict !== 'vacuous') return null;
  const [first] = [...(neverReached?.operations ?? []), ...(neverReached?.withoutStep ?? [])];
  return first === undefined
    ? 'nothing of the change ever happens'
    : `${first.actor} never has a step in ${first.operation}`;
}

/** The witness with the fewest preemptions, and of those the shortest. */
function witnessOf(violations: readonly ExploreViolation[]): MutantProof['witness'] {
  const [best] = violations
    .flatMap(({ invariant, witness }) =>
      witness === null
        ? []
        : [
            {
              invariant,
              schedule: witness.schedule,
              steps: witness.steps.length,
              preemptions: witness.preemptions,
            },
          ],
    )
    .toSorted((one, other) => one.preemptions - other.preemptions || one.steps - other.steps);
  return best ?? null;
}
