/**
 * All hunted programs of a size: whose operations, pages beyond one and kinds of failures are so many together, the completion of IO
 * beside two or three other actors not counted. Canonical: actors that change places are one program. A size is a table of numbers, so
 * that any program of it can be asked for, in whatever order.
 */
import type { Alphabet } from '../alphabet.ts';
import { type ActorProgram, actorProgram, HOLD } from './actor-program.ts';
import { factsOf, type HuntedParts, objectionBetween, objectionToFailures } from './hunted-scenario.ts';
import { type QuietStart, startsOf } from './start.ts';

/** What is enumerated. */
export interface ProgramSpace {
  readonly alphabet: Alphabet;
  /** Names of operations; undefined for all. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** Operations of one actor at most, and actors besides one that completes IO. */
export const LENGTH_MAX = 3;
export const ACTORS_HUNTED_MAX = 3;
/** Pages of a buffer at most: what one cannot show two do. */
const PAGES_MOST = 2;
/** Programs of one size at most: a table of them has 24 bytes for each. */
export const PROGRAMS_MAX = 8_000_000;

const FAILURES = [
  { readsFail: false, setupsFail: false, size: 0 },
  { readsFail: true, setupsFail: false, size: 1 },
  { readsFail: false, setupsFail: true, size: 1 },
] as const;
/** Numbers of one program in the table: pages and start, failures, actors. */
const ROW = 2 + ACTORS_HUNTED_MAX + 1;
const NOBODY = -1;
/** What a holder that does nothing else does. */
const PUT = 'put';

/** A size has more programs than there is room for. */
export class TooManyPrograms extends Error {
  constructor(size: number) {
    super(`size ${size} has more than ${PROGRAMS_MAX} programs: give fewer operations with --only`);
    this.name = 'TooManyPrograms';
  }
}

/** Programs by their sizes. */
export class Programs {
  readonly #alphabet: Alphabet;
  /** By pages less one: the start states. */
  readonly #starts: readonly (readonly QuietStart[])[];
  /** Programs of single actors, in canonical order: who completes IO comes last. */
  readonly #actors: readonly ActorProgram[];
  /** Index of the first of those. */
  readonly #completersFrom: number;
  /** By index of a start in the list of all of them. */
  readonly #all: readonly QuietStart[];

  constructor({ alphabet, only }: ProgramSpace) {
    this.#alphabet = alphabet;
    this.#starts = Array.from({ length: PAGES_MOST }, (_, index) => startsOf(alphabet, index + 1));
    this.#all = this.#starts.flat();
    this.#actors = actorPrograms(alphabet, only);
    const first = this.#actors.findIndex((actor) => isCompleter(actor));
    this.#completersFrom = first < 0 ? this.#actors.length : first;
  }

  /** Start states, with one page. */
  get startCount(): number {
    return this.#starts[0]?.length ?? 0;
  }

  /**
   * All programs of a size: last those in which somebody completes IO beside two others or more. Of these and of the others those with
   * fewer operations come first, then those whose longest actor has fewer, then those in which nobody completes IO, then those with fewer
   * actors.
   * @throws {TooManyPrograms}
   */
  ofSize(size: number): ProgramTable {
    const rows = new Rows(size);
    const worlds = this.#starts
      .flatMap((_, extra) => FAILURES.map((failures, failure) => ({ extra, failure, failures })))
      .map((world) => Object.assign(world, { operations: size - world.extra - world.failures.size }))
      .toSorted((one, other) => one.operations - other.operations);
    for (const isLast of [false, true]) {
      for (const world of worlds)
        for (let longest = 1; longest <= LENGTH_MAX; longest++)
          for (const completes of isLast ? [true] : [false, true]) {
            const most = completes && !isLast ? 1 : ACTORS_HUNTED_MAX;
            for (let users = completes && !isLast ? 1 : 2; users <= most; users++)
              this.#addUsers(rows, world, { longest, users, completes });
          }
      if (!isLast) rows.few = rows.length;
    }
    return new ProgramTable(this.#alphabet, { starts: this.#all, actors: this.#actors }, rows);
  }

  /** Adds those of so many actors beside the one that completes IO, which is an operation of the size only where it is one of two. */
  #addUsers(
    rows: Rows,
    world: ProgramWorld,
    {
      longest,
      users,
      completes,
    }: { readonly longest: number; readonly users: number; readonly completes: boolean },
  ): void {
    const operations = world.operations - (users === 1 ? 1 : 0);
    const all = this.#actors.slice(0, this.#completersFrom);
    const completers = [...this.#actors.keys()].slice(this.#completersFrom);
    for (const indices of multisets(all, operations, users)) {
      if (Math.max(...indices.map((index) => lengthOf(all[index]))) !== longest) continue;
      if (!completes) this.#add(rows, world, indices);
      else for (const completer of completers) this.#add(rows, world, [...indices, completer]);
    }
  }

  #add(rows: Rows, { extra, failure, failures }: ProgramWorld, actors: readonly number[]): void {
    const from = this.#starts.slice(0, extra).reduce((sum, { length }) => sum + length, 0);
    const facts = factsOf(actors.map((index) => this.#actors[index]).filter((each) => each !== undefined));
    // Two pages are for IO.
    if (extra > 0 && !facts.submitsRead && !facts.submitsWrite && facts.completers === 0) return;
    for (const [index, start] of (this.#starts[extra] ?? []).entries()) {
      if (start.held !== facts.holders) continue;
      if (objectionBetween(this.#alphabet, facts, start) !== undefined) continue;
      if (objectionToFailures(this.#alphabet, facts, { start, ...failures }) !== undefined) continue;
      rows.add(from + index, failure, actors);
    }
  }
}

/** What programs of a size have in common beside their operations. */
interface ProgramWorld {
  /** Pages beyond one. */
  readonly extra: number;
  /** An index in FAILURES, and what stands there. */
  readonly failure: number;
  readonly failures: (typeof FAILURES)[number];
  readonly operations: number;
}

/** A table that grows. */
class Rows {
  length = 0;
  /** As in `ProgramTable`. */
  few = 0;
  table: Int16Array = new Int16Array(ROW << 10).fill(NOBODY);
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  add(start: number, failure: number, actors: readonly number[]): void {
    if (this.length >= PROGRAMS_MAX) throw new TooManyPrograms(this.#size);
    const at = this.length * ROW;
    if (at === this.table.length) {
      const larger = new Int16Array(this.table.length * 2).fill(NOBODY);
      larger.set(this.table);
      this.table = larger;
    }
    this.table[at] = start;
    this.table[at + 1] = failure;
    this.table.set(actors, at + 2);
    this.length++;
  }
}

/** The programs of one size. */
export class ProgramTable {
  readonly length: number;
  /** So many of them come first, in which nobody completes IO beside two others: they have few schedules. */
  readonly few: number;
  readonly #alphabet: Alphabet;
  readonly #known: { readonly starts: readonly QuietStart[]; readonly actors: readonly ActorProgram[] };
  readonly #rows: Int16Array;

  constructor(
    alphabet: Alphabet,
    known: { readonly starts: readonly QuietStart[]; readonly actors: readonly ActorProgram[] },
    { length, few, table }: Pick<Rows, 'length' | 'few' | 'table'>,
  ) {
    this.#alphabet = alphabet;
    this.#known = known;
    this.length = length;
    this.few = few;
    this.#rows = table;
  }

  /** The program with that number. */
  at(index: number): HuntedParts {
    const row = this.#rows.subarray(index * ROW, (index + 1) * ROW);
    const [at = 0, failure = 0, ...indices] = row;
    const start = this.#known.starts[at];
    if (start === undefined) throw new RangeError(`there is no program ${index}`);
    const actors = indices.flatMap((actor) => this.#known.actors[actor] ?? []);
    const { readsFail, setupsFail } = FAILURES[failure] ?? FAILURES[0];
    return { alphabet: this.#alphabet, start, actors, readsFail, setupsFail };
  }
}

/** All programs of one actor, in canonical order. */
export function actorPrograms(alphabet: Alphabet, only?: ReadonlySet<string>): readonly ActorProgram[] {
  const names = alphabet.operations.map(({ name }) => name).filter((name) => only?.has(name) !== false);
  const found: ActorProgram[] = [];
  let longest: (readonly string[])[] = [[], [HOLD]];
  for (let length = 1; length <= LENGTH_MAX; length++) {
    longest = longest.flatMap((way) => names.map((name) => way.concat(name)));
    const programs = longest.map((way) => actorProgram(alphabet, way)).filter((each) => each !== undefined);
    const shown = programs.filter((program) => !isLikeShorter(program));
    longest = shown.map((program) => program.names);
    found.push(...shown);
  }
  return found.toSorted((one, other) => Number(isCompleter(one)) - Number(isCompleter(other)));
}

/** Whether it lets go of the buffer by an operation where every actor does so by itself: at its end, and before one that needs none. */
function isLikeShorter({ operations, isHolder }: ActorProgram): boolean {
  return operations.some(({ name }) => name === PUT) && (operations.length > 1 || !isHolder);
}

/** The size that a program is of: see the head of this file. */
export function programSize({ start, actors, readsFail, setupsFail }: HuntedParts): number {
  const others = actors.filter((actor) => !isCompleter(actor));
  const counted = others.length < 2 ? actors : others;
  const failures = FAILURES.find((each) => each.readsFail === readsFail && each.setupsFail === setupsFail);
  const operations = counted.reduce((sum, actor) => sum + lengthOf(actor), 0);
  return operations + start.pages - 1 + (failures?.size ?? 0);
}

function isCompleter({ operations }: ActorProgram): boolean {
  return operations.some((operation) => operation.completes !== undefined);
}

/** Numbers of operations of a program: what it holds from the start is none. */
const lengthOf = (actor: ActorProgram | undefined): number => actor?.operations.length ?? 0;

/** Choices of so many actors with so many operations together, as indices that do not fall. */
function* multisets(
  actors: readonly ActorProgram[],
  operations: number,
  count: number,
  from = 0,
): Generator<number[]> {
  if (count === 0) {
    if (operations === 0) yield [];
    return;
  }
  for (let index = from; index < actors.length; index++) {
    const actor = actors[index];
    if (actor === undefined) continue;
    const left = operations - lengthOf(actor);
    if (left < count - 1 || left > (count - 1) * LENGTH_MAX) continue;
    for (const rest of multisets(actors, left, count - 1, index)) yield [index, ...rest];
  }
}
