import { Fault } from '../../memory/fault.ts';
import { type LogFollower, violatedBit } from './log-follower.ts';
import type { Move } from '../machine/move.ts';
import { VisitedSet } from '../search/visited-set.ts';

/** Where the actors of a trial are to end up. */
export interface Goal {
  /** Number of the check that the trial was judged by. */
  readonly check: number;
  /** Whether that is a check of a world in which all actors have finished: no step violates it. */
  readonly isAtRest: boolean;
  /** Whether the violation of that check comes before any other. */
  readonly isFirst: boolean;
  /** States up to which the goal is looked for. */
  readonly statesMax: number;
}

/** Faults behind which the model does not go on as it does on real threads. */
export const ENDING: ReadonlySet<number> = new Set<number>(Object.values(Fault));

interface Frame {
  readonly key: string;
  /** The actors in the order in which they are tried, and which is next. */
  readonly order: readonly number[];
  next: number;
}

/**
 * Which states lead to the goal: depth first, each state once, the actor that moved last first, since real threads
 * change places rarely compared with their steps. What has been found out is kept from one question to the next.
 */
export class Reach {
  /** Steps of the first way that was found, up to its violation. */
  example: readonly Move[] = [];
  /** Steps to the state in which most results lay behind. */
  furthest: readonly Move[] = [];
  isExhausted = false;
  /** Logged results on the last way that was found to the goal: all of them, unless it ends in poison. */
  compared = 0;
  readonly #goal: Goal;
  #follower: LogFollower;
  #visited = new VisitedSet();
  #good = new Set<string>();
  #most = -1;

  constructor(follower: LogFollower, goal: Goal) {
    this.#follower = follower;
    this.#goal = goal;
  }

  /** States that were looked at. */
  get states(): number {
    return this.#visited.size;
  }

  /** Goes on with another follower of the same logs, on a machine of the same automata. */
  follow(follower: LogFollower): void {
    this.#follower = follower;
  }

  /** Whether a first step that violates `check`, or nothing (0), has led to where the goal can be reached. */
  accepts(check: number): boolean {
    const arrival = this.#arrival(check, false);
    return arrival === 'open' ? this.leads() : arrival === 'end';
  }

  /** Whether the goal can be reached from where the follower stands. */
  leads(): boolean {
    const frames: Frame[] = [];
    let steps = 0;
    try {
      let isFound = this.#enter(frames, -1);
      for (let frame = frames.at(-1); frame !== undefined && !isFound; frame = frames.at(-1)) {
        const actor = frame.order[frame.next];
        if (actor === undefined) {
          frames.pop();
          if (frames.length > 0) {
            this.#follower.undo();
            steps--;
          }
          continue;
        }
        frame.next++;
        const hadViolated = this.#follower.violated !== 0;
        const check = this.#follower.step(actor);
        if (check === undefined) continue;
        steps++;
        const arrival = this.#arrival(check, hadViolated);
        if (arrival === 'end') isFound = true;
        else if (arrival === 'open') isFound = this.#enter(frames, actor);
        if (isFound || (arrival === 'open' && frames.at(-1) !== frame)) continue;
        this.#follower.undo();
        steps--;
      }
      if (!isFound) return false;
      this.compared = this.#follower.places.reduce((sum, place) => sum + place, 0);
      if (this.example.length === 0) this.example = this.#follower.movesToViolation();
      for (const { key } of frames) this.#good.add(key);
      return true;
    } catch (error) {
      // What was open when the search was given up is not known to lead nowhere.
      this.#visited = new VisitedSet();
      this.#good = new Set();
      // The machine is given up with the search: there is nothing to take back.
      steps = 0;
      throw error;
    } finally {
      for (; steps > 0; steps--) this.#follower.undo();
    }
  }

  /** Opens a frame for a new state. Returns whether the state is the goal, or known to lead there. */
  #enter(frames: Frame[], last: number): boolean {
    const follower = this.#follower;
    const { low, high } = follower;
    const key = `${low} ${high}`;
    if (this.#good.has(key)) return true;
    if (this.#visited.size >= this.#goal.statesMax) this.isExhausted = true;
    if (this.isExhausted || !this.#visited.add(low, high)) return false;
    if (this.#isGoal()) {
      this.#good.add(key);
      return true;
    }
    this.#remember();
    frames.push({ key, order: this.#orderBehind(last), next: 0 });
    return false;
  }

  /** What is tried behind a move: stores that become visible, which seldom wait for long; whoever moved last; the others. */
  #orderBehind(last: number): readonly number[] {
    const { actorCount, moverCount } = this.#follower;
    const buffers = Array.from({ length: moverCount - actorCount }, (_, buffer) => actorCount + buffer);
    const actor = last >= actorCount ? last - actorCount : last;
    const others = Array.from({ length: actorCount }, (_, other) => other).filter((other) => other !== actor);
    return [...buffers, ...(actor < 0 ? others : [actor, ...others])];
  }

  #isGoal(): boolean {
    const follower = this.#follower;
    if (!follower.isDone()) return false;
    const { check } = this.#goal;
    if (follower.violated !== 0) return (follower.violated & violatedBit(check)) !== 0;
    return follower.brokenAtRest() === check;
  }

  /** What a step that violates `check` means: the end, a way that is not to be gone, or neither. */
  #arrival(check: number, hadViolated: boolean): 'end' | 'dead' | 'open' {
    if (check !== 0 && !hadViolated) {
      // A store that becomes visible in what has been freed meanwhile is not noticed on threads: it was made before.
      const isUnnoticed = this.#follower.moverCount > this.#follower.actorCount && ENDING.has(check);
      const isWanted = this.#goal.isFirst ? check === this.#goal.check : !this.#goal.isAtRest || isUnnoticed;
      if (!isWanted) return 'dead';
    }
    if (check === this.#goal.check && this.#follower.isCut) return 'end';
    // The rest of the logs cannot be compared: threads put the poison down word by word, and meet half of it; here it is one step.
    return ENDING.has(check) ? 'end' : 'open';
  }

  #remember(): void {
    const behind = this.#follower.places.reduce((sum, place) => sum + place, 0);
    if (behind <= this.#most) return;
    this.#most = behind;
    this.furthest = this.#follower.moves;
  }
}
