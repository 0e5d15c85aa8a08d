import { type Address, OBJECT_SLAB, type Geometry, SLAB_FREE, objectAt } from '../../memory/layout.ts';
import { Fault } from '../../memory/fault.ts';
import { pointersOf } from '../../memory/structures.ts';
import { BufferedMachine } from '../machine/buffered-machine.ts';
import { mixHigh, mixLow } from '../machine/hash.ts';
import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';
import { Kind, kindsThat } from '../program/step.ts';
import type { Walker } from '../witness/witness.ts';
import { FS } from '../program/fs.ts';

/** What the actors of one trial logged: what their own steps returned, each in its own order. */
export interface TrialLogs {
  /** Address of the world that the trial ran in: pointers in the logs are relative to it. */
  readonly fs: Address;
  /** One per actor. */
  readonly results: readonly (readonly number[])[];
  /**
   * Whether an actor went on, behind the violation, without what it waited for: then the rest of the logs cannot be followed.
   * @default false
   */
  readonly isCut?: boolean;
}

/** Steps whose results are logged: the rest return nothing, or what follows from the step. */
export const LOGGED_KINDS: ReadonlySet<number> = new Set([
  ...kindsThat(({ gives }) => gives !== 'nothing'),
  Kind.ReadOwn,
  Kind.BioStatus,
  Kind.SetupFails,
]);

/** First operand of the terms that a follower adds to the hash of its machine's state. */
const PLACE_TERM = -2;
const BINDING_TERM = -3;
const VIOLATED_TERM = -4;

/** Numbers of checks that have a bit of their own; those of a plug-in's, above them, share what is left. */
const OWN_BITS = 20;

/** The bit of a check among those that a trial has violated. */
export function violatedBit(check: number): number {
  return 1 << (check < OWN_BITS ? check : OWN_BITS + (check % (32 - OWN_BITS)));
}

/** One step taken back: what the follower has of its own. */
interface Trace {
  readonly move: Move;
  readonly place: number;
  /** The buffer of the log that the step gave a name, or -1. */
  readonly bound: number;
  readonly violated: number;
}

/**
 * A machine that only goes where its actors' logs lead: an actor can take its step if that returns what the actor
 * logged, in the one way in which it does. So each actor has a single way left, and what is free is the order; and where
 * stores wait, when each of them becomes visible, which nobody logs.
 *
 * Buffers have other names in a log: an allocation takes any free object, and those that were never used are all alike.
 * A buffer is known by the first allocation that returned it, and each keeps its name.
 *
 * After the first violation the model goes on as it does on real threads, so that the rest of the logs is followed as
 * well; only from the first access to poison on nothing is compared any more, for that trial (see Reach).
 */
export class LogFollower implements Walker {
  readonly actorCount: number;
  readonly moverCount: number;
  readonly machine: Machine;
  /** Checks that steps have violated so far, by their bits. */
  violated = 0;
  /** Asked after a step that violates `check`, or nothing (0): whether a search is to go there. */
  accepts: (check: number) => boolean = () => true;
  /** The check that `take` gives back for any violation. @default the check itself */
  reportsAs: number | undefined;
  readonly #logs: TrialLogs;
  readonly #geometry: Geometry;
  /** Results of each log that lie behind. */
  readonly #places: Int32Array;
  /** By index of a buffer in the log's world: its address here, or 0 as long as nobody has allocated it. */
  readonly #names: Int32Array;
  /** Words that hold pointers, by places behind the world's start. */
  readonly #pointers: ReadonlySet<Address>;
  readonly #traces: Trace[] = [];

  constructor(machine: Machine, logs: TrialLogs) {
    this.machine = machine;
    this.actorCount = machine.actorCount;
    this.moverCount = machine.moverCount;
    this.#logs = logs;
    const { geometry } = machine.setting;
    this.#geometry = geometry;
    this.#places = new Int32Array(this.actorCount);
    const buffers = Array.from({ length: geometry.buffers }, (_, index) => objectAt(FS, geometry, index));
    this.#names = Int32Array.from(buffers, (eb) => (machine.words[eb + OBJECT_SLAB] === SLAB_FREE ? 0 : eb));
    this.#pointers = pointersOf(geometry);
  }

  get low(): number {
    let { low } = this.machine;
    for (let actor = 0; actor < this.actorCount; actor++)
      low = (low + mixLow(PLACE_TERM - 16 * actor, this.#places[actor] as number)) | 0;
    for (let index = 0; index < this.#names.length; index++)
      low = (low + mixLow(BINDING_TERM - 16 * index, this.#names[index] as number)) | 0;
    return (low + mixLow(VIOLATED_TERM, this.violated)) | 0;
  }

  get high(): number {
    let { high } = this.machine;
    for (let actor = 0; actor < this.actorCount; actor++)
      high = (high + mixHigh(PLACE_TERM - 16 * actor, this.#places[actor] as number)) | 0;
    for (let index = 0; index < this.#names.length; index++)
      high = (high + mixHigh(BINDING_TERM - 16 * index, this.#names[index] as number)) | 0;
    return (high + mixHigh(VIOLATED_TERM, this.violated)) | 0;
  }

  actorLow(actor: number): number {
    return this.machine.actorLow(actor);
  }

  actorHigh(actor: number): number {
    return this.machine.actorHigh(actor);
  }

  areAlike(): boolean {
    return false;
  }

  /** Whether the logs can be followed to the violation only. */
  get isCut(): boolean {
    return this.#logs.isCut === true;
  }

  /** Results that lie behind, by actor. */
  get places(): readonly number[] {
    return [...this.#places];
  }

  /** The next result in an actor's log, or undefined at its end. */
  logged(actor: number): number | undefined {
    return this.#logs.results[actor]?.[this.#places[actor] as number];
  }

  /** Whether all actors have finished, with nothing left in any log. */
  isDone(): boolean {
    if (!this.machine.isDone()) return false;
    return this.#logs.results.every((log, actor) => this.#places[actor] === log.length);
  }

  brokenAtRest(): number {
    return this.machine.brokenAtRest();
  }

  isRunnable(actor: number): boolean {
    const { machine } = this;
    return machine instanceof BufferedMachine ? machine.isRunnable(actor) : machine.isEnabled(actor);
  }

  isEnabled(actor: number): boolean {
    const check = this.step(actor);
    if (check === undefined) return false;
    const isAccepted = this.accepts(check);
    this.undo();
    return isAccepted;
  }

  choices(): number {
    return 1;
  }

  /** Takes the pending step. Returns the check that this violates, or 0. */
  take(actor: number): number {
    const check = this.step(actor);
    if (check === undefined) throw new RangeError(`actor ${actor} did not log what its step returns`);
    return check === 0 ? 0 : (this.reportsAs ?? check);
  }

  /** Takes the pending step as `take` does; undefined if that does not return what was logged, and nothing is taken. */
  step(actor: number): number | undefined {
    if (actor >= this.actorCount) return this.#becomeVisible(actor);
    for (const choice of this.#candidates(actor)) {
      const check = this.#try(actor, choice);
      if (check !== undefined) return check;
    }
    return undefined;
  }

  undo(): void {
    const trace = this.#traces.pop();
    if (trace === undefined) throw new RangeError('no step to take back');
    this.machine.undo();
    if (trace.place >= 0) this.#places[trace.move.actor] = trace.place;
    if (trace.bound >= 0) this.#names[trace.bound] = 0;
    this.violated = trace.violated;
  }

  /** Results that an actor logged. */
  countOf(actor: number): number {
    return this.#logs.results[actor]?.length ?? 0;
  }

  /** The steps that were taken up to the first one that violated something, or all if none did. */
  movesToViolation(): readonly Move[] {
    const after = this.#traces.findIndex(({ violated }) => violated !== 0);
    // The trace of a step knows what was so before it; only the last may have violated and have none behind it.
    return this.moves.slice(0, after < 0 ? undefined : after);
  }

  /** The steps that were taken, as a machine takes them. */
  get moves(): readonly Move[] {
    return this.#traces.map(({ move }) => move);
  }

  /** Lets the oldest store of a buffer become visible; undefined if none waits. */
  #becomeVisible(buffer: number): number | undefined {
    const { machine } = this;
    if (!machine.isEnabled(buffer)) return undefined;
    const check = machine.take(buffer, 0);
    this.#traces.push({ move: { actor: buffer, choice: 0 }, place: -1, bound: -1, violated: this.violated });
    if (check !== 0) this.violated |= violatedBit(check);
    return check;
  }

  /** Ways that the pending step may have, as far as can be said before it is taken. */
  #candidates(actor: number): readonly number[] {
    const { machine } = this;
    const { automata } = machine;
    const node = machine.nodes[actor] as number;
    const kind = automata.kind.at[node] as number;
    // A retry loop on real threads goes round although nothing has changed: see idle-rounds.ts.
    if (kind !== Kind.CpuRelax && !machine.isEnabled(actor)) return [];
    if (machine instanceof BufferedMachine && machine.isFull(actor)) return [];
    if (!LOGGED_KINDS.has(kind)) return [0];
    const logged = this.logged(actor);
    if (logged === undefined) return [];
    const ways = machine.choices(actor);
    if (kind === Kind.BioStatus || kind === Kind.SetupFails)
      return logged >= 0 && logged < ways ? [logged] : [];
    if (kind === Kind.TrylockPage) return logged === 0 && ways > 1 ? [1] : [0];
    return Array.from({ length: ways }, (_, way) => way);
  }

  /** Takes a step, or none and returns undefined if it returns something else than was logged. */
  #try(actor: number, choice: number): number | undefined {
    const { machine } = this;
    const node = machine.nodes[actor] as number;
    const kind = machine.automata.kind.at[node] as number;
    const address = machine.automata.address.at[node] as number;
    const check = machine.take(actor, choice);
    const place = this.#places[actor] as number;
    let bound = -1;
    // What an access to a freed object gives is nobody's: threads meet the poison, and give nothing, or half of it.
    if (LOGGED_KINDS.has(kind) && check !== Fault.UseAfterFree) {
      const logged = this.#logs.results[actor]?.[place] as number;
      const isPointer =
        kind === Kind.KmemCacheZalloc || (kind === Kind.ReadOnce && this.#pointers.has(address - FS));
      if (!isPointer || logged === 0) {
        if (machine.result !== logged) return this.#refuse();
      } else {
        const index = this.#bufferIndex(logged);
        const name = this.#names[index] ?? -1;
        if (kind === Kind.KmemCacheZalloc && name === 0 && !this.#names.includes(machine.result)) {
          bound = index;
        } else if (name !== machine.result) {
          return this.#refuse();
        }
      }
      this.#places[actor] = place + 1;
    }
    if (bound >= 0) this.#names[bound] = machine.result;
    this.#traces.push({ move: { actor, choice }, place, bound, violated: this.violated });
    if (check !== 0) this.violated |= violatedBit(check);
    return check;
  }

  #refuse(): undefined {
    this.machine.undo();
  }

  /** Index of the buffer that a pointer of the log names, or -1. */
  #bufferIndex(pointer: Address): number {
    const { buffers } = this.#geometry;
    const inWorld = pointer - this.#logs.fs + FS;
    for (let index = 0; index < buffers; index++)
      if (objectAt(FS, this.#geometry, index) === inWorld) return index;
    return -1;
  }
}
