import type { Machine } from './machine.ts';

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
  /** When each state was there. */
  readonly #seen = new Map<string, number[]>();
  /** Per step, the actor that took it; and per state, the actors that could not go on. */
  readonly #movers: number[] = [];
  readonly #waiting: number[] = [];
  #last: Round = { steps: 0, isFair: false };

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#look();
  }

  /** The round that the last step has closed. */
  get last(): Round {
    return this.#last;
  }

  /** An actor has taken a step. */
  moved(actor: number): void {
    this.#movers.push(actor);
    this.#look();
  }

  #look(): void {
    const machine = this.#machine;
    const state = machine.identity();
    const now = this.#movers.length;
    const times = this.#seen.get(state) ?? [];
    this.#seen.set(state, [...times, now]);
    let served = 0;
    for (let actor = 0; actor < machine.actorCount; actor++) {
      if (!machine.isEnabled(actor)) served |= 1 << actor;
    }
    this.#waiting.push(served);
    const all = (1 << machine.actorCount) - 1;
    let step = now;
    for (const before of times.toReversed()) {
      while (step > before) {
        step--;
        served |= (1 << (this.#movers[step] as number)) | (this.#waiting[step] as number);
      }
      if (served === all) break;
    }
    this.#last = { steps: now - step, isFair: step < now && served === all };
  }
}
