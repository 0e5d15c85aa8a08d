/**
 * Start states of `hunt`: what programs lead to that run one after the other, from a state that nothing has led to. A state is known by
 * the shortest way there, which is its name: `cold~alloc.keep~readahead.flight`.
 */
import {
  ACTORS_MAX,
  type Address,
  FS_BIO,
  FS_IO,
  FS_PAGES,
  type FsInfo,
  type Geometry,
  OBJECT_SLAB,
  objectAt,
  objectWords,
  PAGE_WORDS,
  SLAB_ALLOCATED,
  worldWords,
} from '../../memory/layout.ts';
import { SequentialMemory, WaitsAlone } from '../../memory/sequential-memory.ts';
import { pointersOf, resetWorld } from '../../memory/structures.ts';
import { OwnMailbox } from '../../model/block-layer.ts';
import { type Alphabet, REFERENCE } from '../alphabet.ts';
import type { ActorContext } from '../scenario.ts';
import { actorProgram, type ActorProgram, HOLD, THEN } from './actor-program.ts';

/** Behind a program on the way: its actor keeps its reference, or what it has submitted is still under way. */
export const KEEP = 'keep';
export const FLIGHT = 'flight';
/** Between the programs on the way. */
export const NEXT = '~';

/** A quiet world. */
export interface QuietStart {
  /** The way there. */
  readonly name: string;
  readonly pages: number;
  /** Objects of the slab that are in use: 0, or the first one. */
  readonly buffers: number;
  /** References that actors hold. */
  readonly held: number;
  /** What is being read or written. */
  readonly inFlight: 'read' | 'write' | undefined;
  readonly isBlockFree: boolean;
  /** Equal for equal states. */
  readonly key: string;
  /** Writes it into a world that no actor uses. */
  readonly reset: (words: Int32Array, geometry: Geometry, fs: FsInfo) => void;
}

/** Nobody submits from here: what is in flight at the start is not taken for anybody's of the trial. */
const MAILBOX = ACTORS_MAX - 1;
/** Where the one world lies: any address but NULL. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const FS = 16 as FsInfo;
/** One that is in use, and another that is made while the first one goes. */
const BUFFERS = 2;

interface Draft {
  readonly words: Int32Array;
  readonly held: number;
  readonly inFlight: 'read' | 'write' | undefined;
}

/** The start of a way that nothing has been done on. */
function originStart(alphabet: Alphabet, pages: number, name: string): QuietStart | undefined {
  const origin = alphabet.origins.find((each) => each.name === name);
  if (origin === undefined) return undefined;
  const geometry = geometryOf(alphabet, pages);
  const words = new Int32Array(FS + worldWords(geometry));
  origin.reset(words, geometry, FS);
  return startOf(alphabet, geometry, { words, held: 0, inFlight: undefined }, name);
}

/** A program on the way to a start. */
interface Way {
  readonly program: ActorProgram;
  readonly ending: typeof KEEP | typeof FLIGHT | undefined;
}

/** The way of these operations, the last of which may be `KEEP` or `FLIGHT`; undefined if it is not allowed. */
function wayOf(alphabet: Alphabet, names: readonly string[]): Way | undefined {
  const last = names.at(-1);
  const ending = last === KEEP || last === FLIGHT ? last : undefined;
  const rest = ending === undefined ? names : names.slice(0, -1);
  const program = actorProgram(alphabet, rest, { letsGo: ending !== KEEP });
  return program === undefined ? undefined : { program, ending };
}

/**
 * The state behind one more program; undefined if it is not allowed there, has to wait, or breaks something: what goes wrong with one
 * actor alone is no way to a start.
 */
function startBehind(alphabet: Alphabet, from: QuietStart, way: Way): QuietStart | undefined {
  const { program, ending } = way;
  if (from.inFlight !== undefined || !isWayOn(alphabet, from, program, ending)) return undefined;
  const geometry = geometryOf(alphabet, from.pages);
  const words = new Int32Array(FS + worldWords(geometry));
  from.reset(words, geometry, FS);
  const submitted = play(alphabet, program, { words, geometry });
  if (submitted === undefined || (ending === FLIGHT && submitted === 0)) return undefined;
  const kind = program.operations.findLast(({ submits }) => submits !== undefined)?.submits;
  const taken = Number(ending === KEEP) - Number(program.isHolder);
  const held = from.held + taken;
  // What is under way must end well by itself: who comes in between is what a trial is about.
  const ended = ending === FLIGHT ? words.slice() : words;
  if (!complete(alphabet, { words: ended, geometry, bio: submitted })) return undefined;
  const operations = new Set([...program.names, ...(ending === FLIGHT ? [FLIGHT] : [])]);
  if (alphabet.atRest(ended, geometry, { fs: FS, held, operations }) !== 0) return undefined;
  if (ending === FLIGHT) words[FS + FS_IO] = 1 << MAILBOX;
  const name = [from.name, [...program.names, ...(ending === undefined ? [] : [ending])].join(THEN)].join(
    NEXT,
  );
  return startOf(alphabet, geometry, { words, held, inFlight: ending === FLIGHT ? kind : undefined }, name);
}

function isWayOn(
  alphabet: Alphabet,
  from: QuietStart,
  { isHolder, has, limited, operations }: ActorProgram,
  ending: typeof KEEP | typeof FLIGHT | undefined,
): boolean {
  if (isHolder && from.held === 0) return false;
  if (operations.some(({ completes, isEnd }) => completes === true || isEnd === true)) return false;
  if (!isWithin(alphabet, limited, from.isBlockFree)) return false;
  if (ending !== KEEP) return true;
  const isFree = [...has].every(
    (each) => each === REFERENCE || !alphabet.closings.some(({ of }) => of === each),
  );
  return has.has(REFERENCE) && isFree && from.held + (isHolder ? 0 : 1) <= alphabet.heldMax;
}

/** Whether operations that are limited in number are so few: none where the block is free. */
export function isWithin(
  { rules }: Alphabet,
  limited: ReadonlyMap<string, number>,
  isBlockFree: boolean,
): boolean {
  return rules.every(
    ({ id, kept }) => kept.by !== 'number' || (limited.get(id) ?? 0) <= (isBlockFree ? 0 : kept.most),
  );
}

/** Runs it, alone. The bio that it has submitted, or 0; undefined where it has to wait or breaks something. */
function play(
  { subject }: Alphabet,
  { parts, operations }: Pick<ActorProgram, 'parts' | 'operations'>,
  { words, geometry }: { readonly words: Int32Array; readonly geometry: Geometry },
): number | undefined {
  const memory = new SequentialMemory(words, geometry, FS);
  const model = new subject.Model({ memory, geometry, blockLayer: new OwnMailbox(memory, MAILBOX) });
  model.fsInfo = FS;
  const context: ActorContext = {
    model,
    memory,
    geometry,
    actor: MAILBOX,
    ordinal: 0,
    submitters: 0,
    bioStatus: () => 'ok',
  };
  const isAlone = operations.some((operation) => operation.isAlone === true);
  try {
    let carried = 0;
    for (const [index, { run }] of parts.entries()) {
      carried = run(context, carried);
      // A way on which something did not happen is that of another program.
      if (carried === 0 && (!isAlone || index + 1 < parts.length)) return undefined;
    }
  } catch (error) {
    if (error instanceof WaitsAlone) return undefined;
    throw error;
  }
  return memory.oops === 0 ? (words[FS + FS_BIO + MAILBOX] ?? 0) : undefined;
}

/** Completes a bio. Returns whether that went well. */
function complete(
  { subject }: Alphabet,
  { words, geometry, bio }: { readonly words: Int32Array; readonly geometry: Geometry; readonly bio: number },
): boolean {
  words[FS + FS_BIO + MAILBOX] = 0;
  if (bio === 0) return true;
  const memory = new SequentialMemory(words, geometry, FS);
  const model = new subject.Model({ memory, geometry, blockLayer: new OwnMailbox(memory, MAILBOX) });
  model.fsInfo = FS;
  try {
    subject.interrupt?.complete(model, bio, 'ok');
  } catch (error) {
    if (error instanceof WaitsAlone) return false;
    throw error;
  }
  return memory.oops === 0;
}

function geometryOf({ subject }: Alphabet, pages: number): Geometry {
  return { structures: subject.Model.structures, pages, buffers: BUFFERS };
}

/** The state of these words, as equal states have it: the buffer is the first object, and everything else at rest. */
function startOf(alphabet: Alphabet, geometry: Geometry, draft: Draft, name: string): QuietStart | undefined {
  const used = [0, 1].filter(
    (index) => draft.words[objectAt(FS, geometry, index) + OBJECT_SLAB] === SLAB_ALLOCATED,
  );
  if (used.length > 1) return undefined;
  const words = new Int32Array(draft.words.length);
  resetWorld(words, geometry, FS);
  const head = FS + FS_PAGES + geometry.pages * PAGE_WORDS;
  words.set(draft.words.subarray(FS, head), FS);
  const size = objectWords(geometry);
  const [from] = used;
  const first = objectAt(FS, geometry, 0);
  if (from !== undefined) {
    const at = objectAt(FS, geometry, from);
    words.set(draft.words.subarray(at, at + size), first);
    movePointers(words, geometry, { from: at, to: first, fs: FS });
  }
  alphabet.settle(words, geometry, FS);
  const saved = words.slice(FS, first + (from === undefined ? 0 : size));
  const { pages } = geometry;
  return {
    name,
    pages,
    buffers: used.length,
    held: draft.held,
    inFlight: draft.inFlight,
    isBlockFree: alphabet.isBlockFree(words, FS),
    key: `${draft.held} ${saved.join(',')}`,
    reset: (target, shape, fs) => {
      resetWorld(target, shape, fs);
      target.set(saved, fs);
      movePointers(target, shape, { from: first, to: objectAt(fs, shape, 0), fs });
    },
  };
}

/** Has pointers to an object point to where it lies now. */
function movePointers(
  words: Int32Array,
  geometry: Geometry,
  { from, to, fs }: { readonly from: Address; readonly to: Address; readonly fs: FsInfo },
): void {
  if (from === to) return;
  for (const offset of pointersOf(geometry)) if (words[fs + offset] === from) words[fs + offset] = to;
}

/** Start states that were named, by alphabet: few, and each takes a way to be gone. */
const named = new WeakMap<Alphabet, Map<string, QuietStart | undefined>>();

/** The start state of a name, or undefined if there is none. */
export function startNamed(alphabet: Alphabet, pages: number, name: string): QuietStart | undefined {
  let known = named.get(alphabet);
  if (known === undefined) {
    known = new Map();
    named.set(alphabet, known);
  }
  const key = `${pages} ${name}`;
  if (!known.has(key)) known.set(key, foundStart(alphabet, pages, name));
  return known.get(key);
}

function foundStart(alphabet: Alphabet, pages: number, name: string): QuietStart | undefined {
  const [origin = '', ...ways] = name.split(NEXT);
  let start = originStart(alphabet, pages, origin);
  for (const text of ways) {
    const way = wayOf(alphabet, text.split(THEN));
    if (start === undefined || way === undefined) return undefined;
    start = startBehind(alphabet, start, way);
  }
  return start;
}

/** Operations of a program on the way to a start state: all states are reached by such, one after the other. */
const WAY_LENGTH = 2;
/** More than there are: a state has the bits of one buffer and its pages, and whoever adds words to them finds out. */
const STARTS_MAX = 5_000;

/** All start states, by alphabet and pages. */
const all = new WeakMap<Alphabet, Map<number, readonly QuietStart[]>>();

/** Every start state, each once, those with the shortest ways first. */
export function startsOf(alphabet: Alphabet, pages: number): readonly QuietStart[] {
  const known = all.get(alphabet) ?? new Map<number, readonly QuietStart[]>();
  all.set(alphabet, known);
  const starts = known.get(pages) ?? foundStarts(alphabet, pages);
  known.set(pages, starts);
  return starts;
}

function foundStarts(alphabet: Alphabet, pages: number): readonly QuietStart[] {
  const found = new Map<string, QuietStart>();
  let open: QuietStart[] = [];
  const add = (start: QuietStart | undefined): void => {
    if (start === undefined || found.has(start.key)) return;
    found.set(start.key, start);
    open.push(start);
    if (found.size > STARTS_MAX) throw new RangeError(`more than ${STARTS_MAX} start states`);
  };
  for (const { name } of alphabet.origins) add(originStart(alphabet, pages, name));
  const ways = waysOn(alphabet);
  while (open.length > 0) {
    const next = open;
    open = [];
    for (const from of next) for (const way of ways) add(startBehind(alphabet, from, way));
  }
  return [...found.values()];
}

/** Programs of one or two operations, those of who has a reference among them, with each way to end. */
function waysOn(alphabet: Alphabet): readonly Way[] {
  const names = alphabet.operations.map(({ name }) => name);
  let longest: string[][] = [[]];
  const texts: string[][] = [];
  for (let length = 1; length <= WAY_LENGTH; length++) {
    longest = longest.flatMap((way) => names.map((name) => way.concat(name)));
    texts.push(...longest);
  }
  return [...texts, ...texts.map((way) => [HOLD].concat(way))].flatMap((way) =>
    [[], [KEEP], [FLIGHT]].flatMap((ending) => wayOf(alphabet, [...way, ...ending]) ?? []),
  );
}
