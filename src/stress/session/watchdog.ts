import type { Arena } from '../../memory/arena.ts';
import {
  ACTOR_OPERATION,
  ACTOR_STRIDE,
  ACTOR_TRIALS,
  ACTOR_WAITING,
  ACTOR_WORDS,
  actorLine,
} from '../../memory/control.ts';
import type { Address } from '../../memory/layout.ts';
import { fieldName, type FieldWord } from '../../memory/schema.ts';
import { fieldWordsOf } from '../../memory/structures.ts';
import type { Setting } from '../../scenario/setting.ts';

/** Looks at a running block from outside, with plain loads: what it sees may be a moment old. */
export class Watchdog {
  readonly #words: Int32Array;
  readonly #arena: Arena;
  readonly #setting: Setting;
  readonly #places: ReadonlyMap<Address, FieldWord>;

  constructor(words: Int32Array, arena: Arena, setting: Setting) {
    this.#words = words;
    this.#arena = arena;
    this.#setting = setting;
    this.#places = fieldWordsOf(setting.geometry);
  }

  /** A number that changes whenever any actor finishes a stride. */
  heartbeat(): number {
    let sum = 0;
    for (let actor = 0; actor < this.#setting.actors.length; actor++) sum += this.#of(actor, ACTOR_STRIDE);
    return sum;
  }

  /** Trials that all actors have finished in the current block. */
  trials(): number {
    return Math.min(...this.#setting.actors.map((_, actor) => this.#of(actor, ACTOR_TRIALS)));
  }

  /** Where every actor stands and who holds what it waits for, a line each. */
  describe(): string {
    return this.#setting.actors
      .map(({ label, role }, actor) => {
        const waiting = this.#of(actor, ACTOR_WAITING);
        const meeting = this.#metAt(waiting);
        if (meeting !== undefined) return `  ${label}: at the rendezvous, waiting for ${meeting}`;
        const operation = role.program[this.#of(actor, ACTOR_OPERATION)]?.name ?? 'its program';
        if (waiting === 0) return `  ${label}: in ${operation}, waiting for nothing: it spins or computes`;
        return `  ${label}: in ${operation}, waiting for ${this.#waitedFor(waiting)}`;
      })
      .join('\n');
  }

  #of(actor: number, word: number): number {
    return this.#words[actorLine(this.#arena.actorBase, actor) + word] ?? 0;
  }

  /** The actor whose stride word is at `address`. */
  #metAt(address: number): string | undefined {
    const offset = address - this.#arena.actorBase - ACTOR_STRIDE;
    return offset % ACTOR_WORDS === 0 ? this.#setting.actors[offset / ACTOR_WORDS]?.label : undefined;
  }

  #waitedFor(address: number): string {
    const { worldBase, worldWords } = this.#arena;
    const world = Math.floor((address - worldBase) / worldWords);
    const offset = (address - worldBase) % worldWords;
    const inWorld = `of world ${world}`;
    // Whoever waits for memory waits at the world as such.
    if (offset === 0) return `a free ${this.#setting.geometry.structures[2]?.title ?? 'object'} ${inWorld}`;
    const place = this.#places.get(offset);
    if (place === undefined) return `word ${offset} ${inWorld}`;
    const { structure, index, field, element } = place;
    const ofWhom = structure.count === 'one' ? inWorld : `of ${structure.title} ${index} ${inWorld}`;
    if (field.kind === 'flags' && field.lock !== undefined) {
      const owner = address - field.word + field.lock.owner;
      return `the lock ${ofWhom}, ${this.#holder(owner)}`;
    }
    if (field.kind === 'lock') return `${field.name} ${ofWhom}, ${this.#holder(address)}`;
    if (field.kind === 'rwsem') return `${field.name} ${ofWhom}, ${this.#holders(address)}`;
    return `${field.awaited ?? fieldName(field, element)} ${ofWhom}`;
  }

  #holder(address: number): string {
    return this.#tagged(this.#words[address] ?? 0);
  }

  #tagged(tag: number): string {
    const holder = this.#setting.actors[tag - 1];
    return holder === undefined ? 'which is free now' : `which ${holder.label} holds`;
  }

  /** Of readers it is known only how many they are. */
  #holders(address: number): string {
    const held = this.#words[address] ?? 0;
    if (held <= 0) return this.#tagged(-held);
    return held === 1 ? 'which one actor reads under' : `which ${held} actors read under`;
  }
}
