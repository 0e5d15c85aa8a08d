/** Hunted programs, searched: every interleaving of each, in the thread that asks. */
import { changeReached } from '../../explore/explore.ts';
import { TakenNodes } from '../../explore/machine/marking-machine.ts';
import { violationName } from '../../explore/machine/violation-name.ts';
import { isPartIdle } from '../../explore/never-reached.ts';
import { searchAll } from '../../explore/search/search.ts';
import { ALL_REDUCTIONS, NO_CHANCES, Session } from '../../explore/search/session.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { type HuntedParts, huntedScenario } from '../../scenario/hunted/hunted-scenario.ts';
import { resolveSetting, type Setting } from '../../scenario/setting.ts';

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
/** Sessions that are kept: programs of the same actors come one after the other, with one buffer at the start or with none. */
const KEPT_MAX = 2;

interface Kept {
  readonly session: Session;
  readonly taken: TakenNodes;
}

/**
 * Searches programs under one strategy. What was found out about actors serves those that come next with the same actors from another
 * start state: how many states a search has depends on which came before it.
 */
export class ProgramSearcher {
  readonly #strategy: Strategy;
  readonly #limits: ProgramLimits;
  /** By actors and sizes, the last used one last. */
  readonly #kept = new Map<string, Kept>();

  constructor(strategy: Strategy, limits: ProgramLimits) {
    this.#strategy = strategy;
    this.#limits = limits;
  }

  search(parts: HuntedParts): ProgramSearch {
    const setting = resolveSetting({ scenario: huntedScenario(parts) });
    const kept = this.#sessionFor(parts, setting);
    const { search, hadRoom } = this.#searchIn(kept);
    if (hadRoom || kept.isNew) return search;
    // What was known of its actors took the room: alone it may have enough.
    this.#kept.clear();
    return this.#searchIn(this.#sessionFor(parts, setting)).search;
  }

  #sessionFor({ readsFail, setupsFail }: HuntedParts, setting: Setting): Kept & { readonly isNew: boolean } {
    const { pages, buffers } = setting.geometry;
    const labels = setting.actors.map(({ label }) => label);
    const key = [...labels, pages, buffers, readsFail, setupsFail].join(' ');
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    if (known !== undefined) {
      known.session.moveTo(setting);
      this.#kept.set(key, known);
      return { ...known, isNew: false };
    }
    const taken = new TakenNodes();
    const session = new Session({
      setting,
      strategy: this.#strategy,
      reductions: ALL_REDUCTIONS,
      chances: NO_CHANCES,
      localStatesMax: this.#limits.localStatesMax,
      quietWalksPerActor: QUIET_WALKS,
      taken,
    });
    this.#kept.set(key, { session, taken });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    return { session, taken, isNew: true };
  }

  #searchIn({ session, taken }: Kept): { readonly search: ProgramSearch; readonly hadRoom: boolean } {
    const { setting } = session;
    const { statesMax } = this.#limits;
    const found = searchAll(session, { stepsMax: Infinity, statesMax, timeMaxMs: Infinity }, () => 0);
    const invariants = [...found.violations].map((check) => violationName(check, setting.scenario).invariant);
    const { automata } = session;
    const isIdle = (): boolean =>
      isPartIdle({
        setting,
        automata,
        programOf: (actor) => session.programOf(actor),
        isTaken: (node) => taken.has(node),
      });
    const search = {
      invariants: [...new Set(invariants)].toSorted(),
      states: found.states,
      isComplete: found.isComplete,
      isVacuous: found.isComplete && (changeReached(this.#strategy).isChangeReached === false || isIdle()),
    };
    return { search, hadRoom: found.endedBy !== 'memory' };
  }
}

/** Searches one program. */
export function searchProgram(parts: HuntedParts, strategy: Strategy, limits: ProgramLimits): ProgramSearch {
  return new ProgramSearcher(strategy, limits).search(parts);
}
