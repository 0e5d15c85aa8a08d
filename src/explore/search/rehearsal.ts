import { Prng } from '../../stats/prng.ts';
import type { Automata } from '../program/automata.ts';
import type { Machine } from '../machine/machine.ts';
import { packMove, playMove } from '../machine/packed-move.ts';

/** Walks without anything new after which the automata count as known, at least for each actor and as a share of all walks. */
const QUIET_PER_ACTOR = 60;
const QUIET_SHARE = 0.5;
/** Walks altogether: they are to cost a search nothing that one would notice. */
const WALKS_MAX = 8000;
/** Steps of one walk: some strategies run for ever. */
const WALK_MAX = 10_000;
/** Steps between two of the moments at which an actor is put last, drawn from 1 to this. */
const STRETCH_MAX = 48;
/**
 * Random walks that make the automata grow before a search relies on them: a search that meets something new must begin
 * again, and finds out late. Every way that led to something new is kept. Half of the walks follow one of them for a
 * while, since where something was new there is more; and when the automata have forgotten their nodes, all are walked
 * again. Nothing depends on what the walks miss. The seed is fixed: two searches of one setting rehearse alike.
 */
export class Rehearsal {
  readonly #random = new Prng(0xeb_0000);
  readonly #automata: Automata;
  readonly #quietPerActor: number;
  readonly #ways: Int32Array[] = [];
  #way: Int32Array = new Int32Array(WALK_MAX);
  #length = 0;
  #walks = 0;
  #quiet = 0;
  /** The actor that runs as long as it can, and the step at which another is drawn. */
  #running = -1;
  #runsUntil = 0;

  /** `quietPerActor`: walks that teach nothing after which it ends, for each actor. @default what large searches are worth */
  constructor(automata: Automata, quietPerActor: number = QUIET_PER_ACTOR) {
    this.#automata = automata;
    this.#quietPerActor = quietPerActor;
  }

  /** Keeps a way that led to something new: `length` packed moves. */
  learn(moves: Int32Array, length: number): void {
    this.#ways.push(moves.slice(0, length));
    this.#quiet = 0;
  }

  /** Walks all known ways, unless it is over before. Throws what the automata throw. */
  relive(machine: Machine, isOver: () => boolean): void {
    for (const way of this.#ways) {
      if (isOver()) return;
      machine.reset();
      this.follow(machine, way);
    }
  }

  /** Walks until walks teach nothing any more, or it is over. Throws what the automata throw, and may be called again then. */
  play(machine: Machine, isOver: () => boolean): void {
    const automata = this.#automata;
    const least = this.#quietPerActor * machine.actorCount;
    while (this.#quiet < Math.max(least, this.#walks * QUIET_SHARE) && this.#walks < WALKS_MAX) {
      if (isOver()) return;
      const { edgeCount } = automata;
      this.#quiet++;
      this.#walks++;
      this.#length = 0;
      machine.reset();
      try {
        this.#walk(machine);
      } finally {
        if (automata.edgeCount !== edgeCount) this.learn(this.#way, this.#length);
      }
    }
  }

  #walk(machine: Machine): void {
    const random = this.#random;
    const ways = this.#ways;
    if (ways.length > 0 && random.nextUint32() >>> 31 === 0) {
      const way = ways[random.nextBelow(ways.length)] as Int32Array;
      if (!this.follow(machine, way, random.nextBelow(way.length + 1))) return;
    }
    this.#runsUntil = 0;
    while (this.#length < WALK_MAX) {
      const actor = this.#next(machine);
      if (actor < 0) return;
      const choices = machine.choices(actor);
      const choice = choices === 1 ? 0 : random.nextBelow(choices);
      this.#way[this.#length++] = packMove(actor, choice);
      if (machine.take(actor, choice) !== 0) return;
    }
  }

  /** Walks a way, or its beginning. Returns false if it ends with a violation. */
  follow(machine: Machine, way: Int32Array, length: number = way.length): boolean {
    this.#length = 0;
    for (let step = 0; step < length; step++) {
      const move = way[step] as number;
      this.#way[this.#length++] = move;
      if (playMove(machine, move) !== 0) return false;
    }
    return true;
  }

  /** The actor that is to run: for a stretch of some length the same, as far as it can; -1 if nobody can. */
  #next(machine: Machine): number {
    const random = this.#random;
    if (this.#length >= this.#runsUntil || this.#running < 0 || !machine.isEnabled(this.#running)) {
      this.#running = this.#draw(machine);
      // Walks of short stretches, and walks of long ones.
      const longest = this.#walks % 4 === 0 ? 2 : STRETCH_MAX;
      this.#runsUntil = this.#length + 1 + (random.nextUint32() % longest);
    }
    return this.#running;
  }

  #draw(machine: Machine): number {
    let drawn = -1;
    let enabled = 0;
    for (let actor = 0; actor < machine.moverCount; actor++) {
      if (!machine.isEnabled(actor)) continue;
      enabled++;
      if (this.#random.nextUint32() % enabled === 0) drawn = actor;
    }
    return drawn;
  }
}
