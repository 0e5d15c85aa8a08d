import type { Machine } from '../machine/machine.ts';

/** The steps since the present state was there before. */
interface Round {
  /** Of the shortest fair round, or else of the longest; 0 if the state is new. */
  readonly steps: number;
  /** Whether every actor moved in it, or could not somewhere in it, nowhere where it waits for a spin lock: then it repeats for ever. */
  readonly isFair: boolean;
}

/** Watches a schedule for states that come back. */
export class Rounds {
  readonly #machine: Machine;
  /** When each state was there, in order. */
  readonly #seen = new Map<string, number[]>();
  /** Per actor, the last step that it took, in front of which it could not go on, and in front of which it could have had a spin lock; or -1. */
  readonly #moved: number[];
  readonly #waited: number[];
  readonly #passedBy: number[];
  #now = 0;
  #last: Round = { steps: 0, isFair: false };

  constructor(machine: Machine) {
    this.#machine = machine;
    const never = Array.from({ length: machine.moverCount }, () => -1);
    this.#moved = [...never];
    this.#waited = [...never];
    this.#passedBy = [...never];
    this.#look();
  }

  /** The round that the last step has closed. */
  get last(): Round {
    return this.#last;
  }

  /** An actor has taken a step. */
  moved(actor: number): void {
    this.#moved[actor] = this.#now;
    this.#now++;
    this.#look();
  }

  #look(): void {
    const machine = this.#machine;
    const now = this.#now;
    const state = machine.identity();
    const times = this.#seen.get(state) ?? [];
    this.#seen.set(state, times);
    for (let actor = 0; actor < machine.moverCount; actor++) {
      if (!machine.isEnabled(actor)) this.#waited[actor] = now;
      else if (machine.spins(actor)) this.#passedBy[actor] = now;
    }
    const fair = this.#fairFrom(times);
    const from = fair ?? times[0] ?? now;
    this.#last = { steps: now - from, isFair: fair !== undefined };
    times.push(now);
  }

  /** The last of some times from which on every actor has moved, or could not go on and was not passed by. */
  #fairFrom(times: readonly number[]): number | undefined {
    let latest = this.#now;
    for (const [actor, moved] of this.#moved.entries())
      latest = Math.min(latest, Math.max(moved, this.#waited[actor] as number));
    let from = lastUpTo(times, latest);
    for (let actor = 0; from !== undefined && actor < this.#moved.length; actor++) {
      const moved = this.#moved[actor] as number;
      if (from <= moved || from > (this.#passedBy[actor] as number)) continue;
      from = lastUpTo(times, moved);
      actor = -1;
    }
    return from;
  }
}

/** The largest of ascending numbers that is not above `limit`: a schedule may come to the same state in every step. */
function lastUpTo(numbers: readonly number[], limit: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1];
}
