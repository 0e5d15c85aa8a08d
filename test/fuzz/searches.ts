import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { exploreOnThreads } from '../../src/explore/explore-on-threads.ts';
import { ProgramError } from '../../src/explore/program/program-error.ts';
import { exploreAtRandom, type RandomExploreResult } from '../../src/explore/random-explore.ts';
import { type ReplayEnd, replaySchedule } from '../../src/explore/witness/replay.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import type { Reductions } from '../../src/explore/search/session.ts';
import type { Strategy } from '../../src/fix/strategy.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { contradictionsInWalks } from './played-through.ts';
import type { FuzzSetting } from './program.ts';

/** What a search said of a program. */
export type Searched =
  | { readonly kind: 'found'; readonly result: ExploreResult }
  /** It was refused in one line. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It was given up: a program of this kind says nothing. */
  | { readonly kind: 'too large'; readonly endedBy: string }
  /** The search itself broke. */
  | { readonly kind: 'broken'; readonly message: string };

/** The program under each of the searches, and what does not fit together. */
export interface SearchesOf {
  readonly reduced: Searched;
  readonly plain: Searched;
  readonly contradictions: readonly string[];
}

/** How a search is made: replaced where a test plants a fault in it. */
export type Search = typeof explore;

/** Steps and states that a program may take, so that equal seeds always skip the same. */
const LIMITS = { statesMax: 40_000, localStatesMax: 5_000, stepsMax: 400_000, countStatesMax: 0 };
const COUNT_STATES_MAX = 3_000;
const WITNESS_STATES_MAX = 100_000;
/** Rounds of loops that others end have no end where their values are not merged: then the two other reductions are left out only. */
const PLAIN: readonly Reductions[] = [
  { symmetry: false, partialOrder: false, mergeValues: false },
  { symmetry: false, partialOrder: false, mergeValues: true },
];
const SCHEDULES = { uniform: 40, pct: 20 };

export interface SearchOptions {
  readonly setting: FuzzSetting;
  readonly strategy: Strategy;
  readonly seed: number;
  /** Whether the search on several threads is to be compared too. */
  readonly isOnThreads: boolean;
  /** Whether random schedules are to be played, too, and schedules once more by the code that runs from its beginning. */
  readonly isPlayed: boolean;
  /** @default explore */
  readonly search?: Search | undefined;
}

/** Searches a program in every way, and says what contradicts what. */
export async function searchAll(options: SearchOptions): Promise<SearchesOf> {
  const { setting: at, strategy, search = explore } = options;
  const setting = settingFor(at.start, at.actors, at.pages);
  const asked = { setting, strategy, chances: at.chances };
  const searched = (
    reductions: Partial<Reductions>,
    witnessStatesMax: number,
    countStatesMax: number,
  ): Searched =>
    outcomeOf(() =>
      search({ ...asked, reductions, limits: { ...LIMITS, witnessStatesMax, countStatesMax } }),
    );
  const reduced = searched({}, WITNESS_STATES_MAX, COUNT_STATES_MAX);
  let plain: Searched = reduced;
  for (const reductions of PLAIN) {
    plain = searched(reductions, 0, COUNT_STATES_MAX);
    if (plain.kind === 'found' || plain.kind === 'broken') break;
  }
  const contradictions = betweenSearches(reduced, plain);
  if (reduced.kind !== 'found') return { reduced, plain, contradictions };
  const { result } = reduced;
  const schedules = result.violations.flatMap(({ witness }) => (witness === null ? [] : [witness.moves]));
  contradictions.push(...witnessesOf(result, options));
  if (options.isPlayed) {
    contradictions.push(...atRandom(result, options), ...contradictionsInWalks({ ...options, schedules }));
  }
  if (options.isOnThreads) {
    const limits = { ...LIMITS, witnessStatesMax: 0 };
    const shared = await exploreOnThreads({ ...asked, limits, threads: 2, inlineStatesMax: 100 });
    const alone = explore({ ...asked, limits });
    const [one, other] = [shared, alone].map((each) => JSON.stringify({ ...each, depthMax: null }));
    if (one !== other) contradictions.push(`on two threads: ${one}; on one: ${other}`);
  }
  return { reduced, plain, contradictions };
}

function outcomeOf(search: () => ExploreResult): Searched {
  try {
    const result = search();
    if (!result.complete) return { kind: 'too large', endedBy: result.endedBy ?? '' };
    return { kind: 'found', result };
  } catch (error) {
    if (error instanceof ProgramError) return { kind: 'refused', message: error.message };
    return {
      kind: 'broken',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function betweenSearches(reduced: Searched, plain: Searched): string[] {
  const contradictions: string[] = [];
  for (const [name, each] of Object.entries({ reduced, plain })) {
    if (each.kind === 'broken') contradictions.push(`the ${name} search broke: ${each.message}`);
  }
  if (reduced.kind === 'found' && plain.kind === 'refused' && !isLoop(plain.message)) {
    contradictions.push(`only the plain search refuses: ${plain.message}`);
  }
  if (plain.kind === 'found' && reduced.kind === 'refused') {
    contradictions.push(`only the reduced search refuses: ${reduced.message}`);
  }
  if (reduced.kind === 'found' && plain.kind === 'found') {
    const [one, other] = [reduced.result, plain.result].map(findings);
    if (one !== other) contradictions.push(`reduced: ${one}; plain: ${other}`);
    const [first, second] = [reduced.result, plain.result].map(counts);
    if (first !== undefined && second !== undefined && first !== second)
      contradictions.push(`schedules, reduced: ${first}; plain: ${second}`);
  }
  return contradictions;
}

/** A loop that goes on for as long as another actor lets it: without merged values it is as long as it likes. */
function isLoop(message: string): boolean {
  return /goes round in a loop/.test(message);
}

/** What no reduction may change. */
function findings({ verdict, violations, outcomes }: ExploreResult): string {
  return JSON.stringify({
    verdict,
    invariants: violations.map(({ invariant }) => invariant),
    outcomes: outcomes.map(({ name }) => name),
  });
}

function counts({ interleavings, violationProbability }: ExploreResult): string | undefined {
  if (interleavings === null) return undefined;
  return `${interleavings}, of which violate ${violationProbability?.toPrecision(9)}`;
}

function witnessesOf({ violations }: ExploreResult, { setting: at, strategy }: SearchOptions): string[] {
  const setting = settingFor(at.start, at.actors, at.pages);
  return violations.flatMap(({ invariant, witness }) => {
    if (witness === null) return [`${invariant} has no witness`];
    const { end } = replaySchedule({ setting, strategy, chances: at.chances, moves: witness.moves });
    return shows(end) === invariant ? [] : [`the witness of ${invariant} ends as ${JSON.stringify(end)}`];
  });
}

function shows(end: ReplayEnd): string {
  return end.kind === 'violated' ? end.invariant : end.kind;
}

function atRandom(result: ExploreResult, { setting: at, strategy, seed }: SearchOptions): string[] {
  const setting = settingFor(at.start, at.actors, at.pages);
  const known = new Set([
    ...result.violations.map(({ invariant }) => invariant),
    ...result.outcomes.map(({ name }) => name),
  ]);
  // A schedule that goes on for ever is played for a hundred thousand steps.
  const share = known.has('livelock') ? 0.1 : 1;
  const asked = { setting, strategy, strategySource: './program.mjs', chances: at.chances, seed };
  const played: RandomExploreResult[] = [
    exploreAtRandom({ ...asked, scheduler: { kind: 'uniform' }, schedules: SCHEDULES.uniform * share }),
    exploreAtRandom({ ...asked, scheduler: { kind: 'pct', depth: 3 }, schedules: SCHEDULES.pct * share }),
  ];
  const found: string[] = [];
  for (const { scheduler, violations, outcomes } of played) {
    for (const name of [
      ...violations.map(({ invariant }) => invariant),
      ...outcomes.map((each) => each.name),
    ]) {
      if (!known.has(name))
        found.push(`${scheduler.kind} schedules show ${name}, which the search calls impossible`);
    }
    for (const { invariant, witness } of violations) {
      const { moves } = parseSchedule(witness.schedule);
      const { end } = replaySchedule({ setting, strategy, chances: at.chances, moves });
      if (shows(end) !== invariant)
        found.push(`a ${scheduler.kind} schedule to ${invariant} replays as ${JSON.stringify(end)}`);
    }
  }
  return found;
}
