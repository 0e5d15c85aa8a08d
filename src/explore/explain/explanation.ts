import type { Strategy } from '../../fix/strategy.ts';
import type { Setting } from '../../scenario/setting.ts';
import { costOf } from '../witness/schedule-cost.ts';
import { withoutIdleRounds } from './idle-rounds.ts';
import { LogFollower, violatedBit, type TrialLogs } from './log-follower.ts';
import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';
import { ENDING, type Goal, Reach } from './reach.ts';
import { type Chances, NO_REDUCTIONS, Session } from '../search/session.ts';
import { type Standing, standings } from './standing.ts';
import { shortestWitness } from '../witness/witness.ts';

/** A trial that violated on real threads. */
export interface ExplanationOptions {
  readonly setting: Setting;
  readonly strategy: Strategy;
  readonly chances: Chances;
  /** Number of the check that the trial was judged by. */
  readonly check: number;
  readonly logs: TrialLogs;
  /** States up to which an interleaving is looked for. */
  readonly statesMax: number;
}

/** What can be said of the logs of a trial. */
export type Explanation =
  | {
      readonly kind: 'explained';
      /** Of the interleavings that agree with every logged result, one with the fewest preemptions, up to the violation. */
      readonly moves: readonly Move[];
      readonly preemptions: number;
      readonly switches: number;
      /** Whether fewer preemptions were tried in vain; false if that took too many states. */
      readonly isShortest: boolean;
      /** Rounds of retry loops that saw nothing new, and were left out of the moves. */
      readonly idleRounds: number;
      /** Whether the violation came first; if not, `moves` end in another one of the same trial, which came before it. */
      readonly isFirst: boolean;
      /** Logged results behind the first access to poison, or behind the violation in logs that are cut: they are not compared. */
      readonly uncompared: number;
      readonly states: number;
    }
  /** No interleaving agrees with the logs: the model, the engine or the logs are wrong. */
  | { readonly kind: 'contradicted'; readonly states: number; readonly furthest: readonly Standing[] }
  /** `statesMax` were not enough to find one, or to show that there is none. */
  | { readonly kind: 'exhausted'; readonly states: number };

/**
 * Finds an interleaving of the model that agrees with everything that the actors of a trial logged, and ends in the
 * violation that the trial was judged by.
 *
 * Each actor's log leaves it one way; what is searched is the order, state by state, over the product of the actors'
 * places and the memory. The rest of the logs behind the violation must be followed to its end as well.
 */
export function explainTrial(options: ExplanationOptions): Explanation {
  // Two actors may both violate, and the second be judged: what is recorded after the step is not part of it.
  const strict = explainInOrder(options, true);
  if (strict.kind !== 'contradicted') return strict;
  const loose = explainInOrder(options, false);
  return loose.kind === 'contradicted' ? strict : loose;
}

function explainInOrder(options: ExplanationOptions, isFirst: boolean): Explanation {
  const { setting, strategy, chances, check, logs, statesMax } = options;
  const session = new Session({ setting, strategy, chances, reductions: NO_REDUCTIONS });
  const { invariants } = options.setting.scenario.subject;
  const isAtRest = invariants.some((each) => each.check === check && each.isAtRest === true);
  const goal = { check, isAtRest, isFirst, statesMax };
  const [reach, isReached] = session.attempt((machine): [Reach, boolean] => {
    const found = new Reach(new LogFollower(machine, logs), goal);
    return [found, found.leads()];
  });
  const { states, example } = reach;
  if (!isReached) {
    if (reach.isExhausted) return { kind: 'exhausted', states };
    const furthest = session.attempt((machine) => standings(played(machine, logs, reach.furthest)));
    return { kind: 'contradicted', states, furthest };
  }
  const shortest = shortestWitness(session, check, statesMax, (machine) => {
    const follower = new LogFollower(machine, logs);
    reach.follow(follower);
    follower.accepts = (violated) => reach.accepts(violated);
    follower.reportsAs = check;
    return follower;
  });
  const isShortest = shortest !== undefined && !reach.isExhausted;
  const uncompared = session.attempt((machine) =>
    uncomparedBehind(played(machine, logs, shortest?.moves ?? example), goal),
  );
  return session.attempt((machine): Explanation => {
    const moves = shortest === undefined ? example : played(machine, logs, shortest.moves).moves;
    const busy = withoutIdleRounds(machine, moves);
    return {
      kind: 'explained',
      moves: busy.moves,
      ...costOf(machine, busy.moves),
      isShortest,
      idleRounds: busy.rounds,
      isFirst,
      uncompared,
      states,
    };
  });
}

/** Logged results that nothing is compared with once a follower that stands behind the violation has gone on to its end. */
function uncomparedBehind(follower: LogFollower, goal: Goal): number {
  const count = (of: (actor: number) => number): number =>
    Array.from({ length: follower.actorCount }, (_, actor) => of(actor)).reduce((sum, each) => sum + each, 0);
  const logged = count((actor) => follower.countOf(actor));
  const isAtGoal = (follower.violated & violatedBit(goal.check)) !== 0;
  if (
    (follower.isCut && isAtGoal) ||
    [...ENDING].some((check) => (follower.violated & violatedBit(check)) !== 0)
  ) {
    return logged - count((actor) => follower.places[actor] ?? 0);
  }
  const rest = new Reach(follower, goal);
  return rest.leads() ? logged - rest.compared : 0;
}

/** A follower that has gone where these actors go. */
function played(machine: Machine, logs: TrialLogs, moves: readonly Move[]): LogFollower {
  machine.reset();
  const follower = new LogFollower(machine, logs);
  for (const { actor } of moves) follower.take(actor);
  return follower;
}
