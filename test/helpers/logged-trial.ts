import { LOGGED_KINDS, type TrialLogs } from '../../src/explore/explain/log-follower.ts';
import type { Machine } from '../../src/explore/machine/machine.ts';
import type { Move } from '../../src/explore/machine/move.ts';
import { type Chances, NO_REDUCTIONS, Session } from '../../src/explore/search/session.ts';
import { Kind } from '../../src/explore/program/step.ts';
import type { Strategy } from '../../src/fix/strategy.ts';
import { Check } from '../../src/model/check.ts';
import type { Setting } from '../../src/scenario/setting.ts';
import { FS } from '../../src/explore/program/fs.ts';
import { Prng } from '../../src/stats/prng.ts';

/** A trial that was played step by step, with what a recording memory would have logged of it. */
export interface LoggedTrial {
  /** The check it is judged by, or 0. */
  readonly check: number;
  readonly logs: TrialLogs;
  readonly moves: readonly Move[];
  /** Rounds of retry loops in which nothing had changed. */
  readonly idleRounds: number;
}

interface Parts {
  readonly setting: Setting;
  readonly strategy: Strategy;
  readonly chances: Chances;
}

/** Which trials are played at random. */
export interface LoggedTrialOptions extends Parts {
  readonly trials: number;
  readonly seed: number;
  /** How every trial begins. @default nothing */
  readonly first?: readonly Move[];
}

/** Retry loops go round at most so often without news. */
const IDLE_ROUNDS_MAX = 3;

/**
 * Plays trials to their ends, behind a violation too. Actors change places after eight steps on average, as threads
 * rarely do; retry loops go round although nothing has changed, as threads' do.
 */
export function playLogged(options: LoggedTrialOptions): LoggedTrial[] {
  const { trials, seed, first = [] } = options;
  const session = new Session({ ...options, reductions: NO_REDUCTIONS });
  return session.attempt((machine) => {
    const prng = new Prng(seed);
    return Array.from({ length: trials }, () => playOne(machine, prng, first));
  });
}

/** Plays one trial that begins with these moves. */
export function logsOf(parts: Parts & { readonly moves: readonly Move[] }): LoggedTrial {
  const session = new Session({ ...parts, reductions: NO_REDUCTIONS });
  return session.attempt((machine) => playOne(machine, new Prng(1), parts.moves));
}

function playOne(machine: Machine, prng: Prng, first: readonly Move[]): LoggedTrial {
  machine.reset();
  const results = Array.from({ length: machine.actorCount }, (): number[] => []);
  const moves: Move[] = [];
  let check = 0;
  let idleRounds = 0;
  // Store buffers have no steps: nobody logs what becomes visible.
  const kindOf = (mover: number): number =>
    mover < machine.actorCount ? (machine.automata.kind.at[machine.nodes[mover] ?? 0] ?? 0) : -1;
  const isAble = (actor: number): boolean =>
    machine.isEnabled(actor) || (kindOf(actor) === Kind.CpuRelax && idleRounds < IDLE_ROUNDS_MAX);
  for (;;) {
    const able = Array.from({ length: machine.moverCount }, (_, mover) => mover).filter(isAble);
    const [last, isKept] = [moves.at(-1)?.actor ?? -1, prng.nextBelow(8) > 0];
    const drawn = isKept && able.includes(last) ? last : able[prng.nextBelow(Math.max(1, able.length))];
    const actor = first[moves.length]?.actor ?? drawn;
    if (actor === undefined) break;
    if (!machine.isEnabled(actor)) idleRounds++;
    const kind = kindOf(actor);
    const choice = first[moves.length]?.choice ?? prng.nextBelow(Math.max(1, machine.choices(actor)));
    const violated = machine.take(actor, choice);
    moves.push({ actor, choice });
    if (LOGGED_KINDS.has(kind)) results[actor]?.push(machine.result);
    if (check === 0) check = violated;
    // An actor does not get past poison in this engine.
    if (violated === Check.UseAfterFree) break;
  }
  if (check === 0) check = machine.brokenAtRest();
  return { check, logs: { fs: FS, results }, moves, idleRounds };
}
