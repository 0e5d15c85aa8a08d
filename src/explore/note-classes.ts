/**
 * How much of the notes decides the outcome. All actors' notes are joined, and the outcome is judged at the end; what is
 * kept of them in a state is their equivalence class: two sets of notes are the same if no further notes could ever
 * make them end differently.
 *
 * Found by asking `classify` about every subset of the bits that any actor can note.
 */
export class NoteClasses {
  /** The bits that were asked about. */
  readonly seen: number;
  readonly #relevant: number;
  readonly #canonical = new Map<number, number>();
  readonly #classify: (notes: number) => number;

  constructor(seen: number, classify: (notes: number) => number) {
    this.seen = seen;
    this.#classify = classify;
    this.#relevant = relevantBits(seen, classify);
  }

  /** The smallest set of notes of the same class. */
  canonical(notes: number): number {
    const relevant = notes & this.#relevant;
    const known = this.#canonical.get(relevant);
    if (known !== undefined) return known;
    const signature = this.#signature(relevant);
    let found = relevant;
    for (const candidate of subsets(this.#relevant)) {
      if (this.#signature(candidate) === signature) {
        found = candidate;
        break;
      }
    }
    this.#canonical.set(relevant, found);
    return found;
  }

  #signature(notes: number): string {
    return subsets(this.#relevant)
      .map((more) => this.#classify(notes | more))
      .join(' ');
  }
}

/** The bits of `seen` that ever make a difference. */
function relevantBits(seen: number, classify: (notes: number) => number): number {
  let relevant = 0;
  const all = subsets(seen);
  const outcomes = new Map(all.map((notes) => [notes, classify(notes)]));
  for (let rest = seen; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    if (all.some((notes) => outcomes.get(notes) !== outcomes.get(notes & ~bit))) relevant |= bit;
  }
  return relevant;
}

/** All subsets of a set of bits, in ascending order. */
function subsets(bits: number): number[] {
  const found: number[] = [];
  let subset = 0;
  do {
    found.push(subset);
    subset = (subset - bits) & bits;
  } while (subset !== 0);
  return found;
}
