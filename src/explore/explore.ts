import type { Strategy } from '../fix/strategy.ts';
import type { PagesAre } from '../fix/subject.ts';
import { type Ordering, orderingPart } from '../memory/ordering.ts';
import type { LockCycle } from '../memory/lock-order.ts';
import type { Grade } from '../model/invariant.ts';
import { kernelIn } from '../scenario/kernels.ts';
import { actorsOf } from '../scenario/actors-of.ts';
import { namesOfSetting } from '../catalog/named-setting.ts';
import type { RoleCount, Scenario, LitmusAsked } from '../scenario/scenario.ts';
import type { Setting } from '../scenario/setting.ts';
import type { Move } from './machine/move.ts';
import type { LocalProgram } from './program/local-program.ts';
import { lockOrderIn } from './lock-order.ts';
import { isVacuous, type NeverReached, neverReachedIn } from './never-reached.ts';
import { countPaths, type PathCount } from './witness/path-count.ts';
import { type Blocked, replaySchedule } from './witness/replay.ts';
import type { ReplayStep } from './witness/replay-step.ts';
import { formatSchedule } from './schedule/schedule.ts';
import { type EndedBy, searchAll, type SearchFound, type SearchLimits } from './search/search.ts';
import { ALL_REDUCTIONS, type Chances, chancesIn, type Reductions, Session } from './search/session.ts';
import { type ViolationName, violationName } from './machine/violation-name.ts';
import { missProbability } from './search/visited-set.ts';
import { type FoundWitness, shortestWitness } from './witness/witness.ts';

/** What `explore` takes. */
export interface ExploreOptions {
  readonly setting: Setting;
  readonly strategy: Strategy;
  /** How a schedule names the strategy: its name, or the path of the plug-in. @default `strategy.name` */
  readonly strategySource?: string | undefined;
  /** @default all of them */
  readonly reductions?: Partial<Reductions> | undefined;
  /** @default none */
  readonly chances?: Partial<Chances> | undefined;
  readonly limits?: Partial<ExploreLimits> | undefined;
  /** Milliseconds. Explore has no clock of its own: without one, time does not limit it and `elapsedMs` is 0. */
  readonly clock?: (() => number) | undefined;
  /** Asked as often as the clock: whether somebody wants what is found until then. */
  readonly isInterrupted?: (() => boolean) | undefined;
}

/** When to stop. Infinity for no limit. */
export interface ExploreLimits {
  /** Transitions of the search. @default Infinity */
  readonly stepsMax: number;
  /** States of the search: 64 million take 1 GB. @default 64 million */
  readonly statesMax: number;
  /** Of the search; with its witnesses it takes up to twice as long. @default Infinity */
  readonly timeMaxMs: number;
  /**
   * Of what single actors can come to, all of them together: each takes some 3 KB. Settings that can be searched at all have
   * up to 20,000; where loops go on for as long as others let them, there is no end. @default 250,000
   */
  readonly localStatesMax: number;
  /** States up to which schedules are counted, which takes a search of its own; 0 for not at all. @default 200,000 */
  readonly countStatesMax: number;
  /** States up to which a shortest witness is looked for. @default 2 million */
  readonly witnessStatesMax: number;
}

/**
 * `holds` only after a complete search; `bounded` if a limit ended it and nothing was violated until then. `vacuous`: the
 * search is complete and nothing is violated, but part of what was to run never does: see `isVacuous`.
 */
export type ExploreVerdict = 'violated' | 'holds' | 'vacuous' | 'bounded';

/** What `explore` finds. */
export interface ExploreResult {
  readonly scenario: string;
  /** Of a scenario that is played on several. */
  readonly kernel?: string;
  readonly start: string;
  readonly strategy: string;
  readonly actors: readonly RoleCount[];
  readonly pages: number;
  /** What those are, unless they are pages per buffer. */
  readonly pagesAre?: PagesAre | undefined;
  /** Absent where it is `sc`. */
  readonly ordering?: Ordering;
  readonly chances: Chances;
  readonly reductions: Reductions;
  readonly verdict: ExploreVerdict;
  readonly complete: boolean;
  /** Which limit ended the search. */
  readonly endedBy: EndedBy | undefined;
  /** An estimate of the fraction of the search that is missing, 0 if complete: see `Search`. */
  readonly missingEstimate: number;
  readonly states: number;
  readonly transitions: number;
  /**
   * Steps of the longest way that was gone; null after a search on several threads, where it depends on who was where first.
   * What would not depend on that is the longest way in the graph of states: it needs a number per state, known only when
   * all states behind it are done, and is not defined where actors retry.
   */
  readonly depthMax: number | null;
  /** Number of different schedules: a decimal string, or null. */
  readonly interleavings: string | null;
  /** Probability of a violation under a uniformly random scheduler, or null. */
  readonly violationProbability: number | null;
  /** Why the two above are null. */
  readonly uncounted: string | null;
  /** Probability that equal hashes of two states hid one of them. */
  readonly missProbability: number;
  readonly elapsedMs: number;
  readonly violations: readonly ExploreViolation[];
  readonly outcomes: readonly { readonly name: string; readonly grade: Grade }[];
  /** Of a litmus test: what it asks for, and all its final states, those that meet the condition with an asterisk. */
  readonly litmus?: ExploredLitmus;
  /** What no schedule comes to; absent where the search was not complete. */
  readonly neverReached?: NeverReached;
  /** Kinds of locks that are taken in a circle, which is no violation; absent where none are. */
  readonly lockOrder?: readonly LockCycle[];
  /** Of a mutant: whether any schedule comes to the changed step; if not, all of this is said of the unchanged strategy. */
  readonly isChangeReached?: boolean;
}

/** A litmus test, searched. */
export interface ExploredLitmus extends LitmusAsked {
  readonly states: readonly string[];
}

/** One violated invariant. */
export interface ExploreViolation extends ViolationName {
  /** The schedule with the fewest preemptions, or null if the limit was too small to find it. */
  readonly witness: Witness | null;
}

/** A schedule that violates. */
export interface Witness {
  /** As `replay` takes it. */
  readonly schedule: string;
  /** How often an actor that could have gone on is stopped. */
  readonly preemptions: number;
  /** All changes of actor. */
  readonly switches: number;
  readonly moves: readonly Move[];
  readonly steps: readonly ReplayStep[];
  /** In a deadlock: who waits for what; in a livelock without a cycle of several steps: who spins. */
  readonly blocked: readonly Blocked[];
  /** In a livelock: how many of the last steps repeat for ever; 0 otherwise. */
  readonly cycle: number;
}

/** A witness may be looked for until this multiple of the time that the search has. */
const WITNESS_TIMES = 2;
/** Whoever ends a search does not wait for long: all witnesses together may take so many ms. */
const WITNESS_INTERRUPTED_MS = 500;

const LIMITS: ExploreLimits = {
  stepsMax: Infinity,
  statesMax: 64_000_000,
  timeMaxMs: Infinity,
  localStatesMax: 250_000,
  countStatesMax: 200_000,
  witnessStatesMax: 2_000_000,
};

/**
 * Searches every interleaving of a setting's actors under a strategy, at the granularity of one shared access.
 *
 * Deterministic: equal options give equal results, but for `elapsedMs` and for where a limit of time falls.
 */
export function explore(options: ExploreOptions): ExploreResult {
  const exploration = new Exploration(options);
  return exploration.conclude(searchAll(exploration.session, exploration.limits, exploration.clock));
}

/** What is around the search itself: how it begins, and what is made of what it has found. */
export class Exploration {
  session: Session;
  readonly limits: ExploreLimits & SearchLimits;
  readonly clock: () => number;
  readonly #options: ExploreOptions;
  readonly #chances: Chances;
  readonly #startedAt: number;

  constructor(options: ExploreOptions) {
    this.#options = options;
    this.clock = options.clock ?? ((): number => 0);
    this.#startedAt = this.clock();
    this.#chances = chancesIn(options.setting, options.chances);
    const { isInterrupted } = options;
    this.limits = { ...LIMITS, ...options.limits, isInterrupted };
    this.session = this.#newSession();
  }

  #newSession(): Session {
    const { setting, strategy } = this.#options;
    const reductions = { ...ALL_REDUCTIONS, ...this.#options.reductions };
    const { localStatesMax } = this.limits;
    return new Session({ setting, strategy, reductions, chances: this.#chances, localStatesMax });
  }

  /** Shortest witnesses, counts of schedules, and the verdict. */
  conclude(found: SearchFound): ExploreResult {
    const { setting, strategy } = this.#options;
    this.session.recheck();
    const neverReached = found.isComplete ? this.#neverReached(found) : undefined;
    const lockOrder = this.#lockOrder();
    // A witness often takes little: it is looked for from nothing, and what the search knew is given up.
    if (this.session.isTooLarge) this.session = this.#newSession();
    const { session, limits } = this;
    const overAt =
      found.endedBy === 'interrupt'
        ? this.clock() + WITNESS_INTERRUPTED_MS
        : this.#startedAt + WITNESS_TIMES * limits.timeMaxMs;
    const isOver = (): boolean => {
      const isInterrupted = found.endedBy !== 'interrupt' && limits.isInterrupted?.() === true;
      return isInterrupted || this.clock() >= overAt;
    };
    const violations = [...found.violations]
      .toSorted((one, other) => one - other)
      .map((check) => {
        const witness = shortestWitness(session, check, limits.witnessStatesMax, undefined, isOver);
        return violationOf(this.#options, this.#chances, check, witness);
      });
    const counted = count(session, found, limits.countStatesMax);
    const { scenario } = setting;
    const change = changeReached(strategy);
    return {
      scenario: scenario.name,
      ...kernelIn(scenario),
      start: setting.start.name,
      strategy: strategy.name,
      actors: actorsOf(setting),
      pages: setting.geometry.pages,
      ...(scenario.subject.pagesAre !== undefined && { pagesAre: scenario.subject.pagesAre }),
      ...orderingPart(setting.ordering),
      chances: this.#chances,
      reductions: session.reductions,
      verdict: verdictOf(violations.length, neverReached, change),
      complete: found.isComplete,
      endedBy: found.endedBy,
      missingEstimate: 1 - found.share,
      states: found.states,
      transitions: found.transitions,
      depthMax: found.depthMax ?? null,
      interleavings: typeof counted === 'string' ? null : counted.interleavings,
      violationProbability: typeof counted === 'string' ? null : counted.violationProbability,
      uncounted: typeof counted === 'string' ? counted : null,
      missProbability: missProbability(found.states),
      elapsedMs: this.clock() - this.#startedAt,
      violations,
      outcomes: [...found.outcomes]
        .toSorted((one, other) => one - other)
        .flatMap((index) => scenario.outcomes[index] ?? [])
        .map(({ name, grade }) => ({ name, grade })),
      ...litmusOf(setting.scenario, found),
      ...(neverReached !== undefined && { neverReached }),
      ...(lockOrder.length > 0 && { lockOrder }),
      ...change,
    };
  }

  #lockOrder(): readonly LockCycle[] {
    const { automata } = this.session;
    const programOf = (actor: number): LocalProgram => this.session.programOf(actor);
    return lockOrderIn({ setting: this.#options.setting, automata, programOf });
  }

  #neverReached({ outcomes }: SearchFound): NeverReached {
    const { setting, strategy } = this.#options;
    const { automata } = this.session;
    const programOf = (actor: number): LocalProgram => this.session.programOf(actor);
    return neverReachedIn({ setting, strategy, automata, programOf, outcomes });
  }
}

function litmusOf({ litmus }: Scenario, { finalStates }: SearchFound): { readonly litmus?: ExploredLitmus } {
  if (litmus === undefined) return {};
  const { test, quantifier, condition } = litmus;
  return { litmus: { test, quantifier, condition, states: [...finalStates].toSorted() } };
}

function verdictOf(
  violations: number,
  neverReached: NeverReached | undefined,
  { isChangeReached }: Pick<ExploreResult, 'isChangeReached'>,
): ExploreVerdict {
  if (violations > 0) return 'violated';
  if (neverReached === undefined) return 'bounded';
  return isChangeReached === false || isVacuous(neverReached) ? 'vacuous' : 'holds';
}

/** Asked at the end of a search: whether it came to the changed step of a mutant. Nothing for other strategies. */
export function changeReached({ wrapping }: Strategy): Pick<ExploreResult, 'isChangeReached'> {
  const times = wrapping?.timesChanged?.();
  return times === undefined ? {} : { isChangeReached: times > 0 };
}

function count(session: Session, found: SearchFound, statesMax: number): PathCount | string {
  if (statesMax === 0) return 'not asked for';
  // The full graph is never smaller than the reduced one.
  if (!found.isComplete) return 'the search was not complete';
  return found.states > statesMax ? 'too many states' : countPaths(session, statesMax);
}

function violationOf(
  options: ExploreOptions,
  chances: Chances,
  check: number,
  witness: FoundWitness | undefined,
): ExploreViolation {
  const { setting, strategy } = options;
  const named = violationName(check, setting.scenario);
  if (witness === undefined) return { ...named, witness: null };
  const { moves, preemptions, switches, cycle } = witness;
  const { steps, end } = replaySchedule({ setting, strategy, moves, chances });
  const schedule = formatSchedule({
    ...namesOfSetting(setting),
    strategy: options.strategySource ?? strategy.name,
    ...chances,
    moves,
  });
  const blocked = end.kind === 'deadlock' || end.kind === 'livelock' ? end.blocked : [];
  return { ...named, witness: { schedule, preemptions, switches, moves, steps, blocked, cycle } };
}
