/** One hunted program, searched: every interleaving of it, in the thread that asks. */
import { changeReached } from '../../explore/explore.ts';
import { violationName } from '../../explore/machine/violation-name.ts';
import { isPartIdle } from '../../explore/never-reached.ts';
import { searchAll } from '../../explore/search/search.ts';
import { ALL_REDUCTIONS, NO_CHANCES, Session } from '../../explore/search/session.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { type HuntedParts, huntedScenario } from '../../scenario/hunted/hunted-scenario.ts';
import { resolveSetting } from '../../scenario/setting.ts';

/** How far a search of one program goes. */
export interface ProgramLimits {
  readonly statesMax: number;
  /** What its actors can come to, alone. */
  readonly localStatesMax: number;
}

/** Of one program under one strategy. */
export interface ProgramSearch {
  /** Ids of what is violated, in the order of their names. */
  readonly invariants: readonly string[];
  readonly states: number;
  /** Whether every schedule was searched. */
  readonly isComplete: boolean;
  /** Whether an operation never has a step, or the changed step of a mutant is never come to: nothing being violated shows nothing. */
  readonly isVacuous: boolean;
}

/** Small searches cost less than to walk until nothing is new. */
const QUIET_WALKS = 1;

/** Searches it. */
export function searchProgram(parts: HuntedParts, strategy: Strategy, limits: ProgramLimits): ProgramSearch {
  const setting = resolveSetting({ scenario: huntedScenario(parts) });
  const session = new Session({
    setting,
    strategy,
    reductions: ALL_REDUCTIONS,
    chances: NO_CHANCES,
    localStatesMax: limits.localStatesMax,
    quietWalksPerActor: QUIET_WALKS,
  });
  const found = searchAll(
    session,
    { stepsMax: Infinity, statesMax: limits.statesMax, timeMaxMs: Infinity },
    () => 0,
  );
  const { scenario } = setting;
  const { automata } = session;
  const invariants = [...found.violations].map((check) => violationName(check, scenario).invariant);
  return {
    invariants: [...new Set(invariants)].toSorted(),
    states: found.states,
    isComplete: found.isComplete,
    isVacuous:
      found.isComplete &&
      (changeReached(strategy).isChangeReached === false ||
        isPartIdle({ setting, automata, programOf: (actor) => session.programOf(actor) })),
  };
}
