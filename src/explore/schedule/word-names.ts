/**
 * Names of the words and bits of one world, as kernel.md writes them: `eb0.refs`, `eb0.bflags:TREE_REF`, `private_lock`.
 */
import {
  type Address,
  bufferAt,
  FS_BIO,
  type FsInfo,
  type Geometry,
  LINE_WORDS,
  pageAt,
  ACTORS_MAX,
} from '../../memory/layout.ts';
import { bitsOf, bufferFields, fsFields, pageFields } from '../../model/word-fields.ts';

/** The names of the world at `fs`, both ways. */
export class WordNames {
  readonly #addresses = new Map<string, Address>();
  readonly #names = new Map<Address, string>();
  /** `eb0`, `page1` and `NULL`, by address. */
  readonly #structures = new Map<Address, string>([[0, 'NULL']]);

  constructor(geometry: Geometry, fs: FsInfo) {
    for (const [field, offset] of fsFields) this.#add(field, fs + offset);
    for (let actor = 0; actor < ACTORS_MAX; actor++) this.#add(`fs.bio[${actor}]`, fs + FS_BIO + actor);
    for (let index = 0; index < geometry.pages; index++) {
      this.#structures.set(pageAt(fs, index), `page${index}`);
      for (const [field, offset] of pageFields)
        this.#add(`page${index}.${field}`, pageAt(fs, index) + offset);
    }
    for (let index = 0; index < geometry.buffers; index++) {
      const eb = bufferAt(fs, geometry, index);
      this.#structures.set(eb, `eb${index}`);
      for (const [field, offset] of bufferFields) this.#add(`eb${index}.${field}`, eb + offset);
    }
  }

  /** All names of words. */
  get words(): readonly string[] {
    return [...this.#addresses.keys()];
  }

  /** The address of a word. */
  address(name: string): Address {
    const address = this.#addresses.get(name);
    if (address === undefined) throw new RangeError(`no word is called '${name}'`);
    return address;
  }

  /** The name of a word. */
  word(address: Address): string {
    const name = this.#names.get(address);
    if (name === undefined) throw new RangeError(`no field of the world is at word ${address}`);
    return name;
  }

  /** What stands at an address that no step may touch, as near as can be said: `eb0+7`, `NULL+1`. */
  place(address: Address): string {
    const known = this.#names.get(address);
    if (known !== undefined) return known;
    const start = address - (address % LINE_WORDS);
    const structure = this.#structures.get(start);
    return structure === undefined ? `word ${address}` : `${structure}+${address - start}`;
  }

  /** The name of the structure at an address. */
  structure(address: Address): string {
    return this.#structures.get(address) ?? `?${address}`;
  }

  /** The address of a structure. */
  structureAt(name: string): Address {
    for (const [address, structure] of this.#structures) if (structure === name) return address;
    throw new RangeError(`no structure is called '${name}'`);
  }

  /** The name of a bit of a word. */
  bit(bit: number, address: Address): string {
    const word = this.word(address);
    for (const [name, value] of bitsOf(word)) if (value === bit) return `${word}:${name}`;
    return `${word}:${bit}`;
  }

  /** A value as that word holds it: a pointer by name, anything else as a number. */
  value(address: Address, value: number): string {
    const word = this.word(address);
    return word.endsWith('.private') || word === 'fs.tree_slot' ? this.structure(value) : String(value);
  }

  #add(name: string, address: Address): void {
    this.#addresses.set(name, address);
    this.#names.set(address, name);
  }
}

/** The mask of some bits of a word, each by name. */
export function maskOf(word: string, names: readonly string[]): number {
  return names.reduce((mask, name) => {
    const bit = bitsOf(word).get(name);
    if (bit === undefined) throw new RangeError(`${word} has no bit '${name}'`);
    return mask | (1 << bit);
  }, 0);
}
