/**
 * Where to look at a curve: evenly at first, then close together where a first look found something and far apart where
 * it did not.
 */

/** What a first look found at an offset. */
export interface Sight {
  readonly offset: number;
  /** How much there is to see, from 0 for nothing to 1 for the highest point. */
  readonly interest: number;
}

/** Density of points where there is nothing to see, relative to that at the highest point. */
const FLOOR = 0.03;

/** Evenly spaced whole offsets from `low` to `high`, both included; `count` is at least 2. */
export function evenOffsets(options: {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}): number[] {
  const { low, high, count } = options;
  const step = (high - low) / (count - 1);
  return distinct(Array.from({ length: count }, (_, index) => low + index * step));
}

/**
 * Whole offsets for a second look, at most `count`, in ascending order: both ends, zero if it lies between, and the others
 * with a density that follows what the first look saw. An offset counts as interesting as the more interesting of its
 * neighbors, so that a peak between two coarse points is not missed. A first look that saw nothing gives even offsets.
 *
 * @param options.sights - The first look, in ascending order of the offsets; at least two.
 */
export function refinedOffsets(options: {
  readonly sights: readonly Sight[];
  readonly count: number;
}): number[] {
  const { sights, count } = options;
  const low = sights[0]?.offset ?? 0;
  const high = sights.at(-1)?.offset ?? 0;
  const hasZero = low < 0 && high > 0;
  const pieces = piecesOf(sights);
  const weight = pieces.reduce((sum, piece) => sum + piece.weight, 0);
  // Zero is added to the others.
  const others = Math.max(2, hasZero ? count - 1 : count);
  const offsets: number[] = [];
  let before = 0;
  let index = 0;
  for (let point = 0; point < others; point += 1) {
    const target = (weight * point) / (others - 1);
    let piece = pieces[index];
    while (piece !== undefined && before + piece.weight < target && index < pieces.length - 1) {
      before += piece.weight;
      index += 1;
      piece = pieces[index];
    }
    if (piece === undefined) break;
    const part = piece.weight === 0 ? 0 : Math.min(1, (target - before) / piece.weight);
    offsets.push(piece.from + part * (piece.to - piece.from));
  }
  return distinct(hasZero ? [...offsets, 0] : offsets);
}

/** The stretches between neighboring sights, with how many points each is worth. */
function piecesOf(sights: readonly Sight[]): { from: number; to: number; weight: number }[] {
  return sights.slice(1).map((to, index) => {
    const from = sights[index];
    const interest = Math.max(FLOOR, from?.interest ?? 0, to.interest);
    const start = from?.offset ?? to.offset;
    return { from: start, to: to.offset, weight: interest * (to.offset - start) };
  });
}

function distinct(offsets: readonly number[]): number[] {
  // `+ 0` turns a negative zero, which a rounded small negative number is, into zero.
  return [...new Set(offsets.map((offset) => Math.round(offset) + 0))].toSorted((a, b) => a - b);
}
