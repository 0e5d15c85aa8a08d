/** The order in which programs are searched. */
import { formatHunted } from '../../scenario/hunted/hunted-names.ts';
import { type Programs, type ProgramTable, TooManyPrograms } from '../../scenario/hunted/programs.ts';
import { Prng } from '../../stats/prng.ts';
import { HUNT_SIZE_MIN, type HuntResult } from './hunt-result.ts';

/** Programs of one task: a second or less, so that whoever ends a hunt does not wait. */
const CHUNK = 48;

/** Programs that are searched together. */
export interface PlannedChunk {
  readonly size: number;
  /** The number of the first in the order of its size. */
  readonly from: number;
  readonly texts: readonly string[];
}

/** Some programs of a size, from one number to another. */
interface Range {
  readonly size: number;
  readonly table: ProgramTable;
  readonly from: number;
  readonly to: number;
  /** The program with that number in the order. */
  readonly order: (index: number) => number;
}

/**
 * All programs, smaller sizes first. Those in which somebody completes IO beside two others have so many more schedules than the rest of
 * their size that they take turns with the rest of the next size. With a seed the programs of each size come at random, one size after the
 * other.
 *
 * @param onSize - Told of each size that is come to, and how many programs it has; undefined if more than there is room for, and no more
 * come.
 */
export function* chunksOf(
  programs: Programs,
  { size: largest, seed }: Pick<HuntResult['config'], 'size' | 'seed'>,
  onSize: (size: number, total: number | undefined) => void,
): Generator<PlannedChunk> {
  let many: Iterable<PlannedChunk> = [];
  for (let size = HUNT_SIZE_MIN; size <= largest; size++) {
    const table = tableOf(programs, size);
    if (table === undefined) {
      yield* many;
      onSize(size, undefined);
      return;
    }
    onSize(size, table.length);
    const { length, few } = table;
    const range = { size, table, order: huntOrder(length, seed) };
    if (seed === null) {
      yield* inTurns(many, chunksIn({ ...range, from: 0, to: few }));
      many = chunksIn({ ...range, from: few, to: length });
    } else {
      yield* chunksIn({ ...range, from: 0, to: length });
    }
  }
  yield* many;
}

/** Undefined where there are more than there is room for. */
function tableOf(programs: Programs, size: number): ProgramTable | undefined {
  try {
    return programs.ofSize(size);
  } catch (error) {
    if (error instanceof TooManyPrograms) return undefined;
    throw error;
  }
}

function* chunksIn({ size, table, from: first, to, order }: Range): Generator<PlannedChunk> {
  for (let from = first; from < to; from += CHUNK) {
    const length = Math.min(CHUNK, to - from);
    const texts = Array.from({ length }, (_, index) => textOf(table, order(from + index)));
    yield { size, from, texts };
  }
}

/** One of each as long as there are both, then what is left. */
function* inTurns<Item>(one: Iterable<Item>, other: Iterable<Item>): Generator<Item> {
  const open = [one[Symbol.iterator](), other[Symbol.iterator]()];
  for (let turn = open.shift(); turn !== undefined; turn = open.shift()) {
    const { done, value } = turn.next();
    if (done === true) continue;
    yield value;
    open.push(turn);
  }
}

function textOf(table: ProgramTable, index: number): string {
  const { alphabet, start, actors, readsFail, setupsFail } = table.at(index);
  return formatHunted({
    kernel: alphabet.kernel,
    start: start.name,
    actors: actors.map(({ text }) => text),
    pages: start.pages,
    readsFail,
    setupsFail,
  });
}

/**
 * The order of the programs of a size: as they come, or with a seed a random one, so that those of any first part are drawn uniformly
 * and without repetition.
 */
export function huntOrder(length: number, seed: number | null): (index: number) => number {
  if (seed === null) return (index) => index;
  const order = Int32Array.from({ length }, (_, index) => index);
  const random = new Prng(seed);
  for (let left = length - 1; left > 0; left--) {
    const other = random.nextBelow(left + 1);
    const taken = order[left] ?? 0;
    order[left] = order[other] ?? 0;
    order[other] = taken;
  }
  return (index) => order[index] ?? index;
}
