/** What of the notes belongs to a state. */
export interface NotesOfInterest {
  /** The bits that are known. */
  readonly seen: number;
  /** What stands for a set of known bits. */
  readonly canonical: (notes: number) => number;
}

/** For who does not ask how a trial ends. */
export const IGNORED_NOTES: NotesOfInterest = { seen: -1, canonical: () => 0 };

/** A note has turned up that the classes of notes do not know: the search must begin again. */
export class StaleNotes extends Error {
  constructor() {
    super('a note was made for the first time');
    this.name = 'StaleNotes';
  }
}

/**
 * How much of the notes decides the outcome. All actors' notes are joined, and the outcome is judged at the end; what is
 * kept of them in a state is their equivalence class: two sets of notes are the same if no further notes could ever
 * make them end differently.
 *
 * Found by asking `classify` about every subset of the bits that any actor can note.
 */
export class NoteClasses implements NotesOfInterest {
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
  const bits: number[] = [];
  for (let rest = seen; rest !== 0; rest &= rest - 1) bits.push(rest & -rest);
  // By the number of a subset: its k-th bit stands for the k-th bit of `seen`, in ascending order.
  const outcomes = subsets(seen).map(classify);
  return bits
    .filter((_, bit) => outcomes.some((outcome, subset) => outcome !== outcomes[subset & ~(1 << bit)]))
    .reduce((relevant, bit) => relevant | bit, 0);
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
