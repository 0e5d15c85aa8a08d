import { FS_BIO } from '../../memory/layout.ts';
import type { Setting } from '../../scenario/setting.ts';
import { mixHigh, mixLow } from './hash.ts';
import type { MachineParts } from './machine-parts.ts';
import { StaleNotes } from '../program/note-classes.ts';
import type { Tables } from '../program/tables.ts';
import { World } from './world.ts';
import { FS } from '../program/fs.ts';

/** First operand of the notes' term in the hash: words have addresses from 0 to far below 2^24. */
const NOTES_TERM = -1;
/**
 * Spread the objects that an actor may look at while they wait for RCU over all bits of its term, for either half of the hash:
 * odd, so that nothing is lost, and two, so that what falls together in one half does not in the other.
 */
const GRACE_LOW = 0x2545_f491;
const GRACE_HIGH = 0x6a09_e667;
/** An actor's term has its group, counted from 1, above its node. */
const GROUP_SHIFT = 24;

/** A world with its actors in it: where each of them stands, what they have noted, and their part in the hash of the state. */
export class ActorWorld extends World {
  readonly actorCount: number;
  /** Whoever may move: the actors, and behind them the store buffers of all, if stores wait. */
  readonly moverCount: number;
  /** The node of each mover; 0 for store buffers, which have none. */
  readonly nodes: Int32Array;
  /** Equivalence class of what all actors have noted. */
  notes = 0;
  readonly setting: Setting;
  readonly automata: Tables;
  protected readonly parts: MachineParts;
  /** The group of each actor, counted from 1, above the place of its node. */
  readonly #groups: Int32Array;
  readonly #hasOwnMailbox: boolean;
  /** Bit a: another actor has changed something since actor a relaxed. */
  protected stirred: number;
  protected readonly allStirred: number;
  /** The term of each actor in the hash. */
  protected readonly termLow: Int32Array;
  protected readonly termHigh: Int32Array;

  constructor(parts: MachineParts) {
    const { setting, automata, groups } = parts;
    super(setting, parts.areBuffersAlike);
    this.setting = setting;
    this.automata = automata;
    this.parts = parts;
    this.actorCount = setting.actors.length;
    this.moverCount = setting.ordering === 'sc' ? this.actorCount : 2 * this.actorCount;
    this.nodes = new Int32Array(this.moverCount);
    this.#groups = Int32Array.from(groups, (group) => (group + 1) << GROUP_SHIFT);
    this.#hasOwnMailbox = setting.completion === 'own-interrupt';
    this.termLow = new Int32Array(this.actorCount);
    this.termHigh = new Int32Array(this.actorCount);
    this.allStirred = (1 << this.actorCount) - 1;
    this.stirred = this.allStirred;
  }

  /** Whether two actors would do the same from here on: only one of them needs to be tried. */
  areAlike(one: number, other: number): boolean {
    return (
      this.#groups[one] === this.#groups[other] &&
      this.termLow[one] === this.termLow[other] &&
      this.termHigh[one] === this.termHigh[other]
    );
  }

  /** Hash of the actor's part of the state, for searches that must know who moved last. */
  actorLow(actor: number): number {
    return mixLow(this.termLow[actor] as number, 0x5bd1_e995);
  }

  actorHigh(actor: number): number {
    return mixHigh(this.termHigh[actor] as number, 0x5bd1_e995);
  }

  /** Brings all actors to where they begin. Returns the first oops on their ways there, or 0. */
  protected resetActors(): number {
    let oops = 0;
    this.notes = 0;
    this.stirred = this.allStirred;
    for (let actor = 0; actor < this.actorCount; actor++) {
      const root = this.parts.roots[actor];
      if (root === undefined) throw new RangeError(`actor ${actor} has no program`);
      this.nodes[actor] = root.node;
      this.termLow[actor] = 0;
      this.termHigh[actor] = 0;
      this.renew(actor);
      this.note(root.effects.notes);
      if (oops === 0) ({ oops } = root.effects);
    }
    return oops;
  }

  protected note(notes: number): void {
    if ((notes & ~this.parts.notes.seen) !== 0) throw new StaleNotes();
    const joined = this.parts.notes.canonical(this.notes | notes);
    if (joined === this.notes) return;
    this.low = (this.low + mixLow(NOTES_TERM, joined) - mixLow(NOTES_TERM, this.notes)) | 0;
    this.high = (this.high + mixHigh(NOTES_TERM, joined) - mixHigh(NOTES_TERM, this.notes)) | 0;
    this.notes = joined;
  }

  /** Brings the actor's term in the hash up to date: its node, its mailbox, and whether it has been stirred. */
  protected renew(actor: number): void {
    const { words } = this;
    const mailbox = this.#hasOwnMailbox ? (words[FS + FS_BIO + actor] as number) : 0;
    const own = (mailbox << 1) | ((this.stirred >>> actor) & 1);
    const one = (this.#groups[actor] as number) | (this.nodes[actor] as number);
    // Without a branch: V8 gives up what it has compiled where one is taken that never was before.
    const grace = this.graceOf(actor);
    const low = mixLow(one, own + Math.imul(grace, GRACE_LOW));
    const high = mixHigh(one, own + Math.imul(grace, GRACE_HIGH));
    this.low = (this.low + low - (this.termLow[actor] as number)) | 0;
    this.high = (this.high + high - (this.termHigh[actor] as number)) | 0;
    this.termLow[actor] = low;
    this.termHigh[actor] = high;
  }

  protected restir(stirred: number): void {
    const changed = stirred ^ this.stirred;
    this.stirred = stirred;
    this.renewAll(changed);
  }

  protected renewAll(actors: number): void {
    for (let rest = actors; rest !== 0; rest &= rest - 1) this.renew(31 - Math.clz32(rest & -rest));
  }

  /** The actors inside of RCU read sections, a bit each. */
  protected readers(): number {
    const inRcu = this.automata.inRcu.at;
    let readers = 0;
    for (let actor = 0; actor < this.actorCount; actor++) {
      if (inRcu[this.nodes[actor] as number] !== 0) readers |= 1 << actor;
    }
    return readers;
  }
}
