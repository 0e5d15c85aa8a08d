import type { Machine } from '../machine/machine.ts';

/** The steps since the present state was there before. */
interface Round {
  /** Of the shortest fair round, or else of the longest; 0 if the state is new. */
  readonly steps: number;
  /** Whether every actor moved in it, or could not somewhere in it: then it repeats for ever. */
  readonly isFair: boolean;
}

/** Watches a schedule for states that come back. */
export class Rounds {
  readonly #machine: Machine;
  /** When each state was there, in order. */
  readonly #seen = new Map<string, number[]>();
  /** Per actor, the last step that it took or in front of which it could not go on; -1 if there is none. */
  readonly #served: number[];
  #now = 0;
  #last: Round = { steps: 0, isFair: false };

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#served = Array.from({ length: machine.actorCount }, () => -1);
    this.#look();
  }

  /** The round that the last step has closed. */
  get last(): Round {
    return this.#last;
  }

  /** An actor has taken a step. */
  moved(actor: number): void {
    this.#served[actor] = this.#now;
    this.#now++;
    this.#look();
  }

  #look(): void {
    const machine = this.#machine;
    const now = this.#now;
    const state = machine.identity();
    const times = this.#seen.get(state) ?? [];
    this.#seen.set(state, times);
    let latest = now;
    for (let actor = 0; actor < machine.actorCount; actor++) {
      if (!machine.isEnabled(actor)) this.#served[actor] = now;
      latest = Math.min(latest, this.#served[actor] as number);
    }
    const fair = lastUpTo(times, latest);
    const from = fair ?? times[0] ?? now;
    this.#last = { steps: now - from, isFair: fair !== undefined };
    times.push(now);
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
