import { type Access, accessKinds, accessNumbered } from '../../memory/access.ts';
import { objectAt, pageAt } from '../../memory/layout.ts';
import { fieldWordsOf } from '../../memory/structures.ts';
import type { Setting } from '../../scenario/setting.ts';
import { FS } from '../program/fs.ts';
import type { LocalProgram } from '../program/local-program.ts';
import type { LocalState } from '../program/local-state.ts';
import { attemptedKind, Kind, type Step, type StepTable } from '../program/step.ts';
import type { PathStep } from './witness-paths.ts';

/**
 * What the steps of a path depend on: found out by giving the program of its actor another result of one step, and the same of all
 * others, as far as it still takes the same steps.
 */

/** How the operand of a step follows from what an earlier one gave. */
export interface DataDependency {
  /** The place of the earlier step in the path. */
  readonly on: number;
  /** What is added to what it gave; null where the operand follows from that in another way. */
  readonly added: number | null;
}

/** Of one step of a path. */
export interface Dependencies {
  /** Places of steps without whose results it would not have been taken, and that decide nothing before it. */
  readonly control: readonly number[];
  /** Whether one of those decides on the address alone. */
  readonly isOfAddress: boolean;
  readonly operand: DataDependency | undefined;
  readonly replacement: DataDependency | undefined;
}

/** Names the steps of a program. */
interface Walk {
  readonly program: LocalProgram;
  readonly steps: StepTable;
  readonly setting: Setting;
}

interface Found {
  control: number[];
  isOfAddress: boolean;
  operand: DataDependency | undefined;
  replacement: DataDependency | undefined;
}

/** Those of all steps of a path. */
export function dependenciesOf(path: readonly PathStep[], walk: Walk): readonly Dependencies[] {
  const found = path.map((): Found => ({
    control: [],
    isOfAddress: false,
    operand: undefined,
    replacement: undefined,
  }));
  const states = statesOf(path, walk);
  for (const [at, { step, result }] of path.entries()) {
    const state = states[at];
    const others = otherResults(step, result, walk.setting);
    let decides = Infinity;
    let isOfAddress = false;
    for (const other of state === undefined ? [] : others) {
      const end = followed(path, { at, state, other }, walk, found);
      if (end.decides >= decides) continue;
      ({ decides, isOfAddress } = end);
    }
    const decided = found[decides];
    if (decided === undefined) continue;
    decided.control.push(at);
    decided.isOfAddress ||= isOfAddress;
  }
  return found;
}

/** In front of each step. */
function statesOf(path: readonly PathStep[], { program }: Walk): readonly LocalState[] {
  const states = [program.begin().state];
  for (const { result } of path) {
    const state = states.at(-1);
    if (state?.attempt === undefined) break;
    states.push(program.next(state, result).state);
  }
  return states;
}

interface Other {
  readonly at: number;
  readonly state: LocalState | undefined;
  /** What the step at `at` gives instead. */
  readonly other: number;
}

/** Follows the path behind another result. Returns the place of the first step that is not taken then; Infinity if all are. */
function followed(
  path: readonly PathStep[],
  { at, state, other }: Other,
  { program, steps }: Walk,
  found: readonly Found[],
): { readonly decides: number; readonly isOfAddress: boolean } {
  let now = state;
  for (let place = at; place < path.length; place++) {
    const known = path[place];
    if (known === undefined || now === undefined) break;
    if (place > at) {
      const step = steps.at(now.step);
      const isSame = attemptedKind(step) === attemptedKind(known.step) && step.kind === known.step.kind;
      if (!isSame || step.address !== known.step.address) return { decides: place, isOfAddress: isSame };
      note(found[place], { at, given: path[at]?.result ?? 0, other }, known.step, step);
    }
    try {
      now =
        now.attempt === undefined ? undefined : program.next(now, place === at ? other : known.result).state;
    } catch {
      // The program makes nothing of a number that it never gets: what comes behind is not taken then.
      return { decides: place + 1, isOfAddress: false };
    }
  }
  return { decides: Infinity, isOfAddress: false };
}

interface Given {
  readonly at: number;
  readonly given: number;
  readonly other: number;
}

function note(found: Found | undefined, given: Given, known: Step, step: Step): void {
  if (found === undefined) return;
  if (known.operand !== step.operand)
    found.operand = joined(found.operand, given, known.operand, step.operand);
  if (known.replacement !== step.replacement)
    found.replacement = joined(found.replacement, given, known.replacement, step.replacement);
}

/** The nearest read before it counts; a sum has to be one for each of the other results. */
function joined(
  before: DataDependency | undefined,
  { at, given, other }: Given,
  known: number,
  now: number,
): DataDependency {
  const added = known - given;
  const isSum = now - other === added && (before?.on !== at || before.added !== null);
  return { on: at, added: isSum ? added : null };
}

/** Other results that a step may give: not all, but of every kind. */
function otherResults(step: Step, result: number, { geometry }: Setting): readonly number[] {
  const access = accessNumbered(step.kind);
  const others = access === undefined ? ofOthers(step) : ofAccess(access, step, result, geometry);
  return [...new Set(others)].filter((other) => other !== result);
}

function ofOthers({ kind }: Step): readonly number[] {
  return kind === Kind.ReadOwn ? [0, 1] : [];
}

function ofAccess(
  access: Access,
  { address, operand }: Step,
  result: number,
  geometry: Setting['geometry'],
): readonly number[] {
  const { gives, writes } = accessKinds[access];
  if (gives === 'nothing' || gives === 'object') return [];
  if (gives === 'truth') return [1 - result];
  const field = fieldWordsOf(geometry).get(address - FS)?.field;
  if (field?.kind === 'pointer') {
    const objects = Array.from({ length: geometry.buffers }, (_, index) => objectAt(FS, geometry, index));
    const pages = Array.from({ length: geometry.pages }, (_, index) => pageAt(FS, index));
    return [0, ...(field.to === geometry.structures[1]?.name ? pages : objects)];
  }
  if (field?.kind === 'flags') return [...field.bits.values()].map((bit) => result ^ (1 << bit));
  return [0, 1, result + 1, result - 1, result + 2, ...(writes === 'if-expected' ? [operand] : [])];
}
