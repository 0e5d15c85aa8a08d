import type { Strategy } from '../fix/strategy.ts';
import type { PagesAre } from '../fix/subject.ts';
import type { Grade } from '../model/invariant.ts';
import { type Ordering, orderingPart } from '../memory/ordering.ts';
import { kernelIn } from '../scenario/kernels.ts';
import type { RoleCount } from '../scenario/scenario.ts';
import type { Setting } from '../scenario/setting.ts';
import { actorsOf } from '../scenario/actors-of.ts';
import { namesOfSetting } from '../catalog/named-setting.ts';
import { changeReached, type Witness } from './explore.ts';
import type { Move } from './machine/move.ts';
import { playRandom, type RandomFound, type Scheduler } from './witness/random-schedules.ts';
import { replaySchedule } from './witness/replay.ts';
import { costOf } from './witness/schedule-cost.ts';
import { formatSchedule } from './schedule/schedule.ts';
import { ALL_REDUCTIONS, type Chances, Session } from './search/session.ts';
import { violationName } from './machine/violation-name.ts';

/** What is played at random. */
export interface RandomExploreOptions {
  readonly setting: Setting;
  readonly strategy: Strategy;
  /** How a schedule names the strategy: its name, or the path of the plug-in. */
  readonly strategySource: string;
  readonly scheduler: Scheduler;
  /** How many schedules. */
  readonly schedules: number;
  readonly seed: number;
  readonly chances: Chances;
  /** Asked now and then: whether somebody wants what is found until then. */
  readonly isInterrupted?: (() => boolean) | undefined;
}

/** What random schedules have found. */
export interface RandomExploreResult {
  readonly schema: 'ebtorture.explore-random/1';
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
  readonly scheduler: Scheduler;
  readonly schedules: number;
  readonly seed: number;
  /** A sample proves nothing: it is `violated` or says nothing. */
  /** Left out if all that were asked for were played. */
  readonly isInterrupted?: true;
  readonly verdict: 'violated' | 'inconclusive';
  readonly transitions: number;
  /** Most steps of one schedule: the k of PCT. */
  readonly stepsMax: number;
  readonly detection: Detection;
  readonly violations: readonly RandomViolation[];
  readonly outcomes: readonly { readonly name: string; readonly grade: Grade; readonly schedules: number }[];
  /** Of a mutant: whether any of the schedules came to the changed step. */
  readonly isChangeReached?: boolean;
}

/** What so many schedules without a violation mean. */
export interface Detection {
  /** At this confidence, fewer than this share of uniformly random schedules violate; null unless the scheduler is uniform. */
  readonly shareBelow: number | null;
  readonly confidence: number;
  /** PCT's guarantee: a violation of that depth is found by one schedule, and by all of them, at least with this probability. */
  readonly perSchedule: number | null;
  readonly overall: number | null;
}

/** A violated invariant. */
export interface RandomViolation {
  readonly invariant: string;
  readonly title: string;
  readonly origin: string;
  /** Schedules that violated it. */
  readonly schedules: number;
  /** The first of them; not the shortest. */
  readonly witness: Omit<Witness, 'moves'>;
}

const CONFIDENCE = 0.95;

/** Plays random schedules. Equal options give equal results. */
export function exploreAtRandom(options: RandomExploreOptions): RandomExploreResult {
  const { setting, strategy, chances, scheduler, seed, isInterrupted } = options;
  const session = new Session({ setting, strategy, chances, reductions: ALL_REDUCTIONS });
  const found = playRandom(session, { scheduler, schedules: options.schedules, seed, isInterrupted });
  session.recheck();
  const { schedules } = found;
  const { scenario } = setting;
  return {
    schema: 'ebtorture.explore-random/1',
    scenario: scenario.name,
    ...kernelIn(scenario),
    start: setting.start.name,
    strategy: strategy.name,
    actors: actorsOf(setting),
    pages: setting.geometry.pages,
    ...(scenario.subject.pagesAre !== undefined && { pagesAre: scenario.subject.pagesAre }),
    ...orderingPart(setting.ordering),
    chances,
    scheduler,
    schedules,
    seed,
    ...(schedules < options.schedules && { isInterrupted: true as const }),
    verdict: found.violations.size > 0 ? 'violated' : 'inconclusive',
    transitions: found.transitions,
    stepsMax: found.stepsMax,
    detection: detectionOf(found),
    violations: [...found.violations]
      .toSorted(([one], [other]) => one - other)
      .map(([check, count]) =>
        violationOf(session, options, { check, schedules: count, moves: found.witnesses.get(check) ?? [] }),
      ),
    outcomes: [...found.outcomes]
      .toSorted(([one], [other]) => one - other)
      .flatMap(([index, count]) => {
        const outcome = scenario.outcomes[index];
        return outcome === undefined ? [] : [{ name: outcome.name, grade: outcome.grade, schedules: count }];
      }),
    ...changeReached(strategy),
  };
}

/** What `schedules` without a violation would mean. */
function detectionOf({ schedules, detectionProbability }: RandomFound): Detection {
  if (detectionProbability === undefined) {
    const shareBelow = -Math.expm1(Math.log(1 - CONFIDENCE) / schedules);
    return { shareBelow, confidence: CONFIDENCE, perSchedule: null, overall: null };
  }
  const overall = -Math.expm1(schedules * Math.log1p(-detectionProbability));
  return { shareBelow: null, confidence: CONFIDENCE, perSchedule: detectionProbability, overall };
}

interface FoundViolation {
  readonly check: number;
  readonly schedules: number;
  readonly moves: readonly Move[];
}

function violationOf(
  session: Session,
  { setting, strategy, strategySource, chances }: RandomExploreOptions,
  { check, schedules, moves }: FoundViolation,
): RandomViolation {
  const { steps, end } = replaySchedule({ setting, strategy, moves, chances });
  const schedule = formatSchedule({
    ...namesOfSetting(setting),
    strategy: strategySource,
    ...chances,
    moves,
  });
  return {
    ...violationName(check, setting.scenario),
    schedules,
    witness: {
      schedule,
      ...session.attempt((machine) => costOf(machine, moves)),
      steps,
      blocked: end.kind === 'deadlock' || end.kind === 'livelock' ? end.blocked : [],
      cycle: end.kind === 'livelock' ? end.cycle : 0,
    },
  };
}
