/** Names of the words and bits of one world, both ways. */
import {
  type Address,
  type FsInfo,
  type Geometry,
  LINE_WORDS,
  objectWords,
  POISON,
} from '../../memory/layout.ts';
import type { BitNames } from '../../memory/schema.ts';
import { fieldWordsOf } from '../../memory/structures.ts';
import { bitName, structureName, wordName } from '../../memory/word-name.ts';

const WITHOUT_BITS: BitNames = new Map();

/** The names of the world at `fs`: see word-name.ts. */
export class WordNames {
  readonly #addresses = new Map<string, Address>();
  readonly #names = new Map<Address, string>();
  /** `eb0`, `page1` and `NULL`, by address. */
  readonly #structures = new Map<Address, string>([[0, 'NULL']]);
  /** By the address of a word of flags. */
  readonly #bits = new Map<Address, BitNames>();
  readonly #pointers = new Set<Address>();

  /** Lines of one object. */
  readonly #linesMax: number;

  constructor(geometry: Geometry, fs: FsInfo) {
    this.#linesMax = objectWords(geometry) / LINE_WORDS;
    for (const [offset, place] of fieldWordsOf(geometry)) {
      const { structure, index, start, field } = place;
      const address = fs + offset;
      if (structure.count !== 'one') this.#structures.set(fs + start, structureName(structure, index));
      if (field.kind === 'flags') this.#bits.set(address, field.bits);
      if (field.kind === 'pointer') this.#pointers.add(address);
      const name = wordName(place);
      if (name === undefined) continue;
      this.#addresses.set(name, address);
      this.#names.set(address, name);
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
    let start = address - (address % LINE_WORDS);
    // What lies in a further line of an object belongs to the object.
    for (let line = 1; line < this.#linesMax && !this.#structures.has(start); line++) start -= LINE_WORDS;
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

  /** The bits of a word by name: none of a word that is no flags. */
  bits(address: Address): BitNames {
    return this.#bits.get(address) ?? WITHOUT_BITS;
  }

  /** The name of a bit of a word. */
  bit(bit: number, address: Address): string {
    const word = this.word(address);
    for (const [name, value] of this.bits(address)) if (value === bit) return bitName(word, name);
    return bitName(word, bit);
  }

  /** A value as that word holds it: a pointer by name, flags by those of the bits that are set, anything else as a number. */
  value(address: Address, value: number): string {
    if (value === POISON) return 'POISON';
    const bits = this.#bits.get(address);
    if (bits !== undefined && value !== 0) return flagsText(bits, value);
    return this.#pointers.has(address) ? this.structure(value) : String(value);
  }
}

/** `DIRTY|LOCKED`, in the order of the bits; one without a name has its number. */
function flagsText(bits: BitNames, value: number): string {
  const names = new Map([...bits].map(([name, bit]) => [bit, name]));
  const set = Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (value & (1 << bit)) !== 0);
  return set.map((bit) => names.get(bit) ?? String(bit)).join('|');
}
