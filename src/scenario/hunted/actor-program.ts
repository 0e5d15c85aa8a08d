/** The program of one actor of `hunt`: operations of an alphabet, and what they make of what the actor has. */
import type { Alphabet, AlphabetOperation, Closing, Possession } from '../alphabet.ts';
import { REFERENCE } from '../alphabet.ts';
import type { Operation, Role } from '../scenario.ts';

/** In front of a program: the actor has the buffer since before the trial. */
export const HOLD = 'hold';
/** Between the operations of one program. */
export const THEN = '.';

/** A program that the rules of its alphabet allow. */
export interface ActorProgram {
  /** Names of its operations, `hold` in front where it has a reference at the start. */
  readonly names: readonly string[];
  /** The same as text. */
  readonly text: string;
  readonly isHolder: boolean;
  readonly operations: readonly AlphabetOperation[];
  /** What runs, with what lets go of everything behind it. */
  readonly parts: readonly Operation[];
  /** What the actor has behind its last operation, before it lets go. */
  readonly has: ReadonlySet<Possession>;
  /** By rule: how many of its operations are limited in number. */
  readonly limited: ReadonlyMap<string, number>;
}

/** A program as it grows: what it has, and its parts so far. */
interface Growing {
  readonly has: Set<Possession>;
  readonly parts: Operation[];
  readonly limited: Map<string, number>;
}

/**
 * The program of these operations, or undefined if the alphabet's rules do not allow it. `lets` says whether it lets go of everything at
 * its end.
 */
export function actorProgram(
  alphabet: Alphabet,
  names: readonly string[],
  { letsGo = true }: { readonly letsGo?: boolean } = {},
): ActorProgram | undefined {
  const isHolder = names[0] === HOLD;
  const rest = isHolder ? names.slice(1) : names;
  const growing: Growing = {
    has: new Set(isHolder ? [REFERENCE] : []),
    parts: [],
    limited: new Map(),
  };
  const operations: AlphabetOperation[] = [];
  for (const name of rest) {
    const operation = operationOf(alphabet, name);
    if (operation === undefined || !isAllowed(operation, rest, isHolder)) return undefined;
    if (!add(alphabet, operation, growing)) return undefined;
    operations.push(operation);
  }
  if (operations.length === 0) return undefined;
  const has = new Set(growing.has);
  if (letsGo) letGo(alphabet, growing, has);
  const { parts, limited } = growing;
  return {
    names,
    text: names.join(THEN),
    isHolder,
    operations,
    parts: isHolder ? fromHeld(alphabet, parts) : parts,
    has,
    limited,
  };
}

/** By alphabet: its operations by their names. */
const byName = new WeakMap<Alphabet, ReadonlyMap<string, AlphabetOperation>>();

/** The operation of a name, or undefined. */
export function operationOf(alphabet: Alphabet, name: string): AlphabetOperation | undefined {
  let known = byName.get(alphabet);
  if (known === undefined) {
    known = new Map(alphabet.operations.map((operation) => [operation.name, operation]));
    byName.set(alphabet, known);
  }
  return known.get(name);
}

function isAllowed({ isAlone }: AlphabetOperation, all: readonly string[], isHolder: boolean): boolean {
  return isAlone !== true || (all.length === 1 && !isHolder);
}

/** Adds an operation, with what is let go of before it. Returns false if it is not allowed there. */
function add(alphabet: Alphabet, operation: AlphabetOperation, growing: Growing): boolean {
  const { has, parts, limited } = growing;
  letGo(alphabet, growing, new Set(operation.lacks));
  for (const { id, operations, kept } of alphabet.rules) {
    if (!operations.includes(operation.name)) continue;
    if (kept.by === 'possession' && !has.has(kept.needs)) return false;
    if (kept.by === 'number' && !has.has(kept.unless)) limited.set(id, (limited.get(id) ?? 0) + 1);
  }
  if (operation.needs?.every((each) => has.has(each)) === false) return false;
  for (const each of operation.drops ?? []) has.delete(each);
  for (const each of operation.gives ?? []) has.add(each);
  parts.push(...operation.parts);
  return true;
}

/** Makes the closings, in their order, up to the last one that lets go of any of these. */
function letGo({ closings }: Alphabet, { has, parts }: Growing, unwanted: ReadonlySet<Possession>): void {
  const isWanted = ({ of }: Closing): boolean => !unwanted.has(of) || !has.has(of);
  const last = closings.findLastIndex((closing) => !isWanted(closing));
  for (const { of, drops, parts: more } of closings.slice(0, last + 1)) {
    if (!has.has(of)) continue;
    parts.push(...more);
    for (const each of drops) has.delete(each);
  }
}

/** The first part is given the buffer: holding it is no step. */
function fromHeld(alphabet: Alphabet, parts: readonly Operation[]): readonly Operation[] {
  const [first, ...rest] = parts;
  if (first === undefined) return parts;
  const { name, run } = first;
  return [{ name, run: (context) => run(context, alphabet.held(context.model, context.geometry)) }, ...rest];
}

/** The role of an actor that runs it. */
export function roleOf({ text, operations, parts }: ActorProgram): Role {
  const submits = operations.some((operation) => operation.submits !== undefined);
  return {
    name: text,
    summary: operations.map(({ summary }) => summary).join('; '),
    allocates: operations.reduce((sum, { allocates = 0 }) => sum + allocates, 0),
    submitsReads: submits,
    completesReads: operations.some(({ completes }) => completes !== undefined),
    waitsForPages: submits,
    waitsForOwnRead: operations.some(({ waits }) => waits === true),
    program: parts,
  };
}
