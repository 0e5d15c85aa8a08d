import { DepthFirst, EVERYTHING, type OpenSearch } from './depth-first.ts';
import { aloneIn, passedIn } from '../reduce/alone-in.ts';
import { FairCycles } from './fair-cycles.ts';
import { OperationTooLong } from '../program/program-error.ts';
import type { Machine } from '../machine/machine.ts';
import { StaleNotes } from '../program/note-classes.ts';
import { reliesOnFutures, type Session, StaleFutures } from './session.ts';
import { VisitedSet } from './visited-set.ts';

/** When a search is to end although it is not complete. */
export interface SearchLimits {
  /** Transitions. */
  readonly stepsMax: number;
  readonly statesMax: number;
  /** Time on the injected clock. */
  readonly timeMaxMs: number;
  /** Asked as often as the clock: whether somebody wants what is found until then. */
  readonly isInterrupted?: (() => boolean) | undefined;
}

/** What a search has found. */
export interface SearchFound {
  readonly isComplete: boolean;
  /** Which limit ended it. */
  readonly endedBy: EndedBy | undefined;
  readonly states: number;
  readonly transitions: number;
  /** Steps of the longest way that was gone; undefined where that depends on how threads shared the work. */
  readonly depthMax: number | undefined;
  /** Check numbers, `DEADLOCK` and `LIVELOCK` among them. */
  readonly violations: ReadonlySet<number>;
  /** Indices of outcomes. */
  readonly outcomes: ReadonlySet<number>;
  /** Of a litmus test. */
  readonly finalStates: ReadonlySet<string>;
  /** Of what had to be searched, an estimate of the part that was: 1 if complete. */
  readonly share: number;
}

/**
 * A limit, or somebody who did not want to wait. `memory`: the actors can do more than there is room for; `operation`: one of
 * their operations takes more steps than can be searched.
 */
export type EndedBy = 'steps' | 'states' | 'time' | 'memory' | 'operation' | 'interrupt';

/** Room for hashes at first: memory that is not used costs nothing, and making it larger costs much. */
const VISITED_FIRST = 1 << 16;
/** Of the time of a search, what may be spent on its rehearsal. */
const REHEARSAL_SHARE = 0.5;
/** States before it is worth finding out whether the search still stands. */
const REFRESH_FIRST = 1 << 12;
/** And by what factor more until the next time: what is searched in vain meanwhile is a fifth of it at most. */
const REFRESH_GROWTH = 1.25;

/** The first part of a search, and what others need to go on with it: undefined if nothing is left to do. */
export interface SearchBegun {
  readonly found: SearchFound;
  readonly rest: SearchRest | undefined;
}

/** What a search that goes on elsewhere leaves there. */
export interface SearchRest {
  readonly open: OpenSearch;
  readonly visited: VisitedSet;
}

/** The whole search, on the calling thread. */
export function searchAll(session: Session, limits: SearchLimits, clock: () => number): SearchFound {
  return beginSearch(session, limits, clock, Infinity).found;
}

/** The search on the calling thread, up to a number of states at which others are to go on. */
export function beginSearch(
  session: Session,
  limits: SearchLimits,
  clock: () => number,
  statesHere: number,
): SearchBegun {
  const startedAt = clock();
  const { timeMaxMs, isInterrupted = () => false } = limits;
  const isOver = (): boolean => clock() - startedAt >= timeMaxMs || isInterrupted();
  session.rehearse(() => clock() - startedAt >= REHEARSAL_SHARE * timeMaxMs || isInterrupted());
  return session.attempt((machine) => attempt(session, machine, limits, { statesHere, isOver }), { isOver });
}

function attempt(
  session: Session,
  machine: Machine,
  { stepsMax, statesMax, isInterrupted }: SearchLimits,
  { statesHere, isOver }: { readonly statesHere: number; readonly isOver: () => boolean },
): SearchBegun {
  const { futures, rehearsal, reductions } = session;
  const { notesSeen } = session.automata;
  let refreshAt = REFRESH_FIRST;
  // Begins again if the automata have grown into something that the reduction did not reckon with.
  const verify = (): void => {
    if (reliesOnFutures(reductions) && !futures.stand) throw new StaleFutures();
  };
  const independence = futures.upToDate();
  const visited = new VisitedSet(VISITED_FIRST);
  const search: DepthFirst = new DepthFirst({
    machine,
    visited,
    alone: reductions.partialOrder ? aloneIn(machine, independence) : undefined,
    isPassed: reductions.partialOrder ? passedIn(machine, independence) : undefined,
    cycles: new FairCycles(machine, futures.tables),
    symmetry: reductions.symmetry,
    stepsMax,
    statesMax: Math.min(statesMax, statesHere),
    poll: () => {
      // First of all: what goes on for ever by beginning again is to end, too.
      if (session.isTooLarge || isOver()) return true;
      if (search.states >= refreshAt) {
        verify();
        refreshAt *= REFRESH_GROWTH;
      }
      return false;
    },
    onGrowth: () => rehearsal.learn(search.moves, search.length),
  });
  let isTooLong = false;
  try {
    // What a limit has ended proves nothing anyway.
    if (search.run(EVERYTHING)) verify();
  } catch (error) {
    isTooLong = error instanceof OperationTooLong;
    if (!isTooLong) {
      rehearsal.learn(search.moves, search.length);
      throw error;
    }
  }
  const { stoppedBy, states, transitions, depthMax, violations, outcomes, finalStates } = search;
  const goesOn = !isTooLong && stoppedBy === 'states' && states < statesMax;
  if (goesOn) {
    verify();
    // Others make classes of all notes that are known by then.
    if (session.automata.notesSeen !== notesSeen) throw new StaleNotes();
  }
  const found: SearchFound = {
    isComplete: !isTooLong && stoppedBy === undefined,
    endedBy: isTooLong
      ? 'operation'
      : stoppedBy !== 'poll'
        ? stoppedBy
        : whyOver(session, isInterrupted?.() === true),
    states,
    transitions,
    depthMax,
    violations,
    outcomes,
    finalStates,
    share: stoppedBy === undefined && !isTooLong ? 1 : search.done,
  };
  return { found, rest: goesOn ? { open: search.open, visited } : undefined };
}

function whyOver({ isTooLarge }: Session, isInterrupted: boolean): EndedBy {
  if (isTooLarge) return 'memory';
  return isInterrupted ? 'interrupt' : 'time';
}
