/** The order in which programs are searched. */
import { formatHunted } from '../../scenario/hunted/hunted-names.ts';
import { type Programs, type ProgramTable, TooManyPrograms } from '../../scenario/hunted/programs.ts';
import { Prng } from '../../stats/prng.ts';
import { isOfShard, type Shard } from '../../stats/shard.ts';
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
  /** Whose chunks are wanted. */
  readonly shard: Shard | undefined;
}

/**
 * All programs, smaller sizes first. Those in which somebody completes IO beside two others have so many more schedules than the rest of
 * their size that they take turns with the rest of the next size. With a seed the programs of each size come at random, one size after the
 * other. Of a shard, its chunks alone, in the same order: each chunk is that of one shard.
 *
 * @param onSize - Told of each size that is come to, and how many programs it has, of a shard how many are its own; undefined if more than
 * there is room for, and no more come.
 */
export function* chunksOf(
  programs: Programs,
  { size: largest, seed, shard }: Pick<HuntResult['config'], 'size' | 'seed' | 'shard'>,
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
    const { length, few } = table;
    const range = { size, table, order: huntOrder(length, seed), shard };
    // In order, those with many schedules are chunks of their own.
    const others = { ...range, from: 0, to: seed === null ? few : length };
    const last = { ...range, from: others.to, to: length };
    onSize(size, programsIn(others) + programsIn(last));
    yield* seed === null ? inTurns(many, chunksIn(others)) : chunksIn(others);
    if (seed === null) many = chunksIn(last);
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

function* chunksIn({ size, table, order, ...range }: Range): Generator<PlannedChunk> {
  for (const { from, length } of beginningsIn({ size, ...range })) {
    const texts = Array.from({ length }, (_, index) => textOf(table, order(from + index)));
    yield { size, from, texts };
  }
}

function programsIn(range: Omit<Range, 'table' | 'order'>): number {
  let programs = 0;
  for (const { length } of beginningsIn(range)) programs += length;
  return programs;
}

/** Where the chunks of a range begin that are the shard's. Each size is dealt anew, by turns, and another shard is the first one. */
function* beginningsIn({
  size,
  from: first,
  to,
  shard,
}: Omit<Range, 'table' | 'order'>): Generator<{ readonly from: number; readonly length: number }> {
  for (let from = first, piece = size; from < to; from += CHUNK, piece++) {
    if (isOfShard(piece, shard)) yield { from, length: Math.min(CHUNK, to - from) };
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
