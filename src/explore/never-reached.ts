/**
 * What no schedule of a complete search has come to. The nodes of the automata are what is asked: each of them is there
 * because some schedule led to it, so that nothing has to be counted while a search goes on. A violation ends a trial:
 * what would come behind it only counts as never reached, too.
 */
import { accessKinds } from '../memory/access.ts';
import { isStepless, kernelMethods, sourcesOf } from '../fix/mutation/method-hooks.ts';
import { kernelName } from '../fix/mutation/mutation.ts';
import type { ModelClass, Strategy } from '../fix/strategy.ts';
import type { Setting } from '../scenario/setting.ts';
import type { Automata } from './program/automata.ts';
import type { LocalProgram } from './program/local-program.ts';
import { Kind, KIND_NAMES } from './program/step.ts';

/** An operation of an actor's program. */
export interface ActorOperation {
  /** The actor; its role where it is so of all actors of it. */
  readonly actor: string;
  readonly operation: string;
}

/** What is never reached in any schedule of a setting. */
export interface NeverReached {
  /** Operations that their actor never comes to. */
  readonly operations: readonly ActorOperation[];
  /** Operations that their actor comes to, and in which it never takes a step. */
  readonly withoutStep: readonly ActorOperation[];
  /** Names of outcomes, those that are FORBIDDEN left out. */
  readonly outcomes: readonly string[];
  /** Kernel names of functions of the model in which nobody ever takes a step. */
  readonly functions: readonly string[];
  /** Accesses that a function makes in its source and never in a schedule: `find_extent_buffer > spin_lock`. */
  readonly steps: readonly string[];
  /** What the strategy overrides or adds, by kernel name: null where it does neither, and of mutants. */
  readonly own: {
    /** Those in which somebody takes a step. */
    readonly reached: readonly string[];
    readonly never: readonly string[];
  } | null;
}

/** What it is found from. */
export interface ReachedParts {
  readonly setting: Setting;
  readonly strategy: Strategy;
  readonly automata: Pick<Automata, 'nodeCount' | 'kind' | 'membersOf' | 'programOf'>;
  readonly programOf: (actor: number) => LocalProgram;
  /** Indices of the outcomes that were reached. */
  readonly outcomes: ReadonlySet<number>;
}

/** Collects it after a complete search. */
export function neverReachedIn(parts: ReachedParts): NeverReached {
  const { setting, strategy, automata, programOf, outcomes } = parts;
  const { steps, operations } = reachedIn(automata);
  const Model = strategy.extend(strategy.Base);
  // Of a mutant every method is wrapped: whether its changed step is come to is counted where it is made.
  const own = strategy.wrapping === undefined ? ownMethods(Model, strategy.Base) : [];
  return {
    ...operationsOf(setting, (actor) => operations.get(programOf(actor)) ?? new Set()),
    outcomes: setting.scenario.outcomes.flatMap(({ name, grade }, index) =>
      grade === 'FORBIDDEN' || outcomes.has(index) ? [] : [name],
    ),
    ...functionsOf(Model, steps),
    own:
      own.length === 0
        ? null
        : {
            reached: own.filter((name) => steps.has(name)).map(kernelName),
            never: own.filter((name) => !steps.has(name)).map(kernelName),
          },
  };
}

/** Whether a search in which nothing was violated shows nothing: part of what was to run against the rest never ran. */
export function isVacuous({ operations, withoutStep, own }: NeverReached): boolean {
  return operations.length > 0 || withoutStep.length > 0 || own?.reached.length === 0;
}

interface Reached {
  /** By method that was open where a step is taken: the steps that it takes itself, by kernel name. */
  readonly steps: ReadonlyMap<string, ReadonlySet<string>>;
  /** By program: the operations in which steps are taken. */
  readonly operations: ReadonlyMap<LocalProgram, ReadonlySet<number>>;
}

function reachedIn(automata: ReachedParts['automata']): Reached {
  const steps = new Map<string, Set<string>>();
  const operations = new Map<LocalProgram, Set<number>>();
  for (let node = 1; node < automata.nodeCount; node++) {
    // Members of a node stand at the same place.
    const [state] = automata.membersOf(node);
    const program = automata.programOf(node);
    const kind = automata.kind.at[node] ?? Kind.Done;
    if (state === undefined || program === undefined || kind === Kind.Done) continue;
    addTo(operations, program, state.operation);
    const methods = state.stack.map((call) => call.slice(0, call.indexOf('(')));
    for (const method of methods) addTo(steps, method);
    const innermost = methods.at(-1);
    if (innermost !== undefined) addTo(steps, innermost, KIND_NAMES[kind] ?? '');
  }
  return { steps, operations };
}

function addTo<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, ...values: readonly Value[]): void {
  const set = sets.get(key) ?? new Set<Value>();
  sets.set(key, set);
  for (const value of values) set.add(value);
}

/** Operations without a step: those that come before one with a step are come to all the same, and so is the first. */
function operationsOf(
  { actors }: Setting,
  reachedBy: (actor: number) => ReadonlySet<number>,
): Pick<NeverReached, 'operations' | 'withoutStep'> {
  const operations: ActorOperation[] = [];
  const withoutStep: ActorOperation[] = [];
  for (const role of new Set(actors.map((actor) => actor.role))) {
    const places = actors.flatMap((place, actor) => (place.role === role ? [{ place, actor }] : []));
    for (const [index, { name: operation }] of role.program.entries()) {
      const missing = places.filter(({ actor }) => !reachedBy(actor).has(index));
      const isAll = missing.length === places.length;
      for (const { place, actor } of isAll ? missing.slice(0, 1) : missing) {
        const isComeTo = index === 0 || hasLater(reachedBy(actor), index, role.program.length);
        const entry = { actor: isAll ? role.name : place.label, operation };
        (isComeTo ? withoutStep : operations).push(entry);
      }
    }
  }
  return { operations, withoutStep };
}

/** Whether an operation behind this one was come to; the epilogue comes in any case. */
function hasLater(reached: ReadonlySet<number>, index: number, length: number): boolean {
  return [...reached].some((other) => other > index && other < length);
}

/** The methods that the strategy overrides or adds. */
function ownMethods(Model: ModelClass, Base: ModelClass): string[] {
  const names = new Set<string>();
  let prototype: object | null = Model.prototype;
  while (prototype !== null && prototype !== Base.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && !isStepless(name)) names.add(Base.functionParts.get(name) ?? name);
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what getPrototypeOf returns
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return [...names];
}

/** Functions that have steps and take none, and accesses of the others that they never make. Both as their sources say. */
function functionsOf(
  Model: ModelClass,
  reached: Reached['steps'],
): Pick<NeverReached, 'functions' | 'steps'> {
  const functions: string[] = [];
  const steps: string[] = [];
  for (const method of kernelMethods(Model).keys()) {
    const name = kernelName(method);
    const taken = reached.get(method);
    if (taken === undefined) {
      if (takesSteps(Model, method)) functions.push(name);
      continue;
    }
    for (const access of accessesOf(Model, method)) if (!taken.has(access)) steps.push(`${name} > ${access}`);
  }
  return { functions, steps };
}

const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const ACCESS = /\bmem(?:ory)?\s*\.\s*([\w$]+)\s*\(/g;
const CALL = /\b(?:this|super)\s*\.\s*([\w$]+)\s*\(/g;
const KERNEL_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(accessKinds).map(([access, { kernel }]) => [access, kernel]),
);

/** The accesses that a method makes itself, by kernel name. */
function accessesOf(Model: ModelClass, method: string): ReadonlySet<string> {
  const found = sourcesOf(Model, method).flatMap((source) =>
    [...source.replaceAll(COMMENTS, ' ').matchAll(ACCESS)].flatMap(
      ([, access = '']) => KERNEL_NAMES.get(access) ?? [],
    ),
  );
  return new Set(found);
}

/** Whether a method accesses memory, or calls what does. */
function takesSteps(Model: ModelClass, method: string, above: readonly string[] = []): boolean {
  if (above.includes(method)) return false;
  if (accessesOf(Model, method).size > 0) return true;
  const called = sourcesOf(Model, method).flatMap((source) =>
    [...source.replaceAll(COMMENTS, ' ').matchAll(CALL)].map(([, name = '']) => name),
  );
  return called.some((name) => takesSteps(Model, name, [...above, method]));
}

/** Whether part of what was to run never has a step in any schedule, where it is known whose steps were taken: as `isVacuous`, for the operations alone. */
export function isPartIdle({
  setting,
  automata,
  programOf,
  isTaken,
}: Pick<ReachedParts, 'setting' | 'automata' | 'programOf'> & {
  readonly isTaken: (node: number) => boolean;
}): boolean {
  const reached = new Map<LocalProgram, Set<number>>();
  for (let node = 1; node < automata.nodeCount; node++) {
    const [state] = automata.membersOf(node);
    const program = automata.programOf(node);
    if (state !== undefined && program !== undefined && isTaken(node))
      addTo(reached, program, state.operation);
  }
  return setting.actors.some(({ role }, actor) => {
    const operations = reached.get(programOf(actor));
    return role.program.some((_, index) => operations?.has(index) !== true);
  });
}
