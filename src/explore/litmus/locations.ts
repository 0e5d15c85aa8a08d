import { type Geometry, POISON } from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import type { FieldWord } from '../../memory/schema.ts';
import { fieldWordsOf } from '../../memory/structures.ts';
import { FS } from '../program/fs.ts';
import { WordNames } from '../schedule/word-names.ts';

const LOCKED = 1 << PG_LOCKED;

/** A location of a test. */
export interface Location {
  readonly isLock: boolean;
  /** What it holds at first. */
  readonly first: number;
  /** What it holds in a world; undefined where that is no number of the test: of a lock, of what is freed. */
  readonly valueIn: (words: Int32Array) => number | undefined;
}

/** What the words of a world are when a witness begins. */
export interface LocationsStart {
  readonly geometry: Geometry;
  readonly words: Int32Array;
  /** Whether that word is one of an object that the witness allocates, and that nobody had before: it holds 0. */
  readonly isNew: (address: number) => boolean;
}

/** The words of a world as locations of a test, and what they hold as its numbers. */
export class Locations {
  readonly #start: LocationsStart;
  readonly #names: WordNames;
  readonly #kinds: ReadonlyMap<number, FieldWord>;
  /** Structures by the numbers that stand for their addresses. */
  readonly #numbers = new Map<number, number>();
  /** Those that are used, by name. */
  readonly used: Map<string, Location> = new Map();
  /** Bits that are used, each with its word, its name and its mask. */
  readonly masks: Set<string> = new Set();

  constructor(start: LocationsStart) {
    const { geometry } = start;
    this.#start = start;
    this.#names = new WordNames(geometry, FS);
    this.#kinds = new Map([...fieldWordsOf(geometry)].map(([offset, field]) => [FS + offset, field]));
  }

  /** The location of a word. */
  word(address: number, isLock = false): string {
    const name = identifier(this.#names.word(address));
    const isContent = this.#kinds.get(address)?.field.kind === 'payload';
    const held = (words: Int32Array): number => {
      const value = words[address] ?? 0;
      return this.value(address, this.isPageFlags(address) ? value & ~LOCKED : value);
    };
    if (!this.used.has(name))
      this.used.set(name, {
        isLock,
        first: isLock || this.#start.isNew(address) ? 0 : held(this.#start.words),
        // What is freed has no value, and contents are put down beside the steps.
        valueIn: (words) => (isLock || words[address] === POISON || isContent ? undefined : held(words)),
      });
    return name;
  }

  /** The location of the lock of a page: one of its own, apart from the other flags. */
  pageLock(flags: number): string {
    const name = `${identifier(this.#names.word(flags))}_locked`;
    const valueIn = (words: Int32Array): number => Number(((words[flags] ?? 0) & LOCKED) !== 0);
    if (!this.used.has(name))
      this.used.set(name, { isLock: false, first: valueIn(this.#start.words), valueIn });
    return name;
  }

  /** Whether the word has the lock of a page in it. */
  isPageFlags(address: number): boolean {
    const known = this.#kinds.get(address);
    return known?.field.kind === 'flags' && known.field.lock !== undefined;
  }

  /** Whether the word is a spin lock. */
  isSpinLock(address: number): boolean {
    return this.#kinds.get(address)?.field.kind === 'lock';
  }

  /** As texts have it: `eb0.refs_lock`. */
  name(address: number): string {
    return this.#names.word(address);
  }

  /** Whether numbers there stand for addresses. */
  isPointer(address: number): boolean {
    return this.#kinds.get(address)?.field.kind === 'pointer';
  }

  /** What a value of that word is in the test: of a pointer the number of its structure, of a lock that is written under -1. */
  value(address: number, value: number): number {
    if (this.#kinds.get(address)?.field.kind === 'rwsem') return Math.max(value, -1);
    if (!this.isPointer(address) || value === 0 || value === POISON) return value;
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(value, number);
    return number;
  }

  /** A bit of that word as a mask. */
  mask(address: number, bit: number): number {
    const mask = 1 << bit;
    const name = this.#names.bit(bit, address).split(':').at(-1) ?? '';
    this.masks.add(`${mask} in ${identifier(this.#names.word(address))} is ${name}`);
    return mask;
  }

  /** The name of a structure. */
  structure(address: number): string {
    return this.#names.structure(address);
  }

  /** The numbers that stand for structures: `1 is eb0`. */
  get legend(): readonly string[] {
    return [...this.#numbers].map(([address, number]) => `${number} is ${this.structure(address)}`);
  }
}

/** `eb0.refs` as C has it. */
function identifier(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replace(/_$/, '');
}
