/**
 * The order in which the actors of a search take locks. As in never-reached.ts, the nodes of the automata are what is asked:
 * what an actor holds in front of a step follows from its own way there, so that nothing is counted while a search goes on.
 */
import { kernelName } from '../fix/mutation/mutation.ts';
import { accessKinds, accessNumbered } from '../memory/access.ts';
import { FS_BIO } from '../memory/layout.ts';
import { type LockCycle, lockCycles, type LockNesting, type LockTaking } from '../memory/lock-order.ts';
import { type HeldLock, LockRules, type LockStep } from '../memory/lock-rules.ts';
import type { ModelClass } from '../model/model.ts';
import type { Setting } from '../scenario/setting.ts';
import type { Automata } from './program/automata.ts';
import { FS } from './program/fs.ts';
import type { LocalProgram } from './program/local-program.ts';
import type { LocalState } from './program/local-state.ts';
import { Kind } from './program/step.ts';

/** What it is found from. */
export interface LockOrderParts {
  readonly setting: Setting;
  readonly automata: Pick<Automata, 'nodeCount' | 'membersOf' | 'programOf'>;
  readonly programOf: (actor: number) => LocalProgram;
}

/** The circles in which actors take locks. After a search that a limit has ended, those of what it came to. */
export function lockOrderIn(parts: LockOrderParts): readonly LockCycle[] {
  return lockCycles(nestingsIn(parts));
}

/** Every nesting of two kinds, at the first of its places in an order that no search depends on. */
export function nestingsIn({ setting, automata, programOf }: LockOrderParts): readonly LockNesting[] {
  const rules = new LockRules(setting.geometry);
  const ways = new Ways(rules);
  const { Model } = setting.scenario.subject;
  const actors = setting.actors.map(({ label }, actor) => ({ label, program: programOf(actor) }));
  const found = new Map<string, LockNesting>();
  for (let node = 1; node < automata.nodeCount; node++) {
    // Members of a node stand at the same place, with the same before them to give back.
    const [state] = automata.membersOf(node);
    const program = automata.programOf(node);
    const step = state === undefined ? undefined : stepOf(state);
    if (state === undefined || program === undefined || step === undefined) continue;
    const around = rules.heldAround(ways.heldAt(state), step);
    if (around.length === 0) continue;
    const number = actors.findIndex((actor) => actor.program === program);
    const taking = (lock: LockStep, at: LocalState): LockTaking | undefined =>
      takingOf(rules.kindAt(lock.address), lock, at, { program, Model });
    const taken = taking(step, state);
    for (const { lock, access, where } of around) {
      const held = taking({ access, address: lock, operand: 0 }, where);
      if (held === undefined || taken === undefined) continue;
      const nesting = { actor: actors[number]?.label ?? '', held, taken };
      found.set(JSON.stringify([held.lock, taken.lock, number, held, taken]), nesting);
    }
  }
  const inOrder = [...found].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return inOrder.map(([, nesting]) => nesting);
}

/** A step as the model took it, which may be a fault: whoever waits where nobody may sleep waits all the same. */
function stepOf({ attempt }: LocalState): LockStep | undefined {
  if (attempt === undefined) return undefined;
  const { kind, address, operand } = attempt;
  if (kind === Kind.WriteOwn) return { access: 'writeOnce', address: FS_BIO, operand };
  const access = accessNumbered(kind);
  return access === undefined ? undefined : { access, address: address - FS, operand };
}

function takingOf(
  lock: string | undefined,
  { access }: LockStep,
  { stack, operation }: LocalState,
  { program, Model }: { readonly program: LocalProgram; readonly Model: ModelClass },
): LockTaking | undefined {
  if (lock === undefined) return undefined;
  const functions = functionsOf(stack, Model);
  return {
    lock,
    operation: accessKinds[access].kernel,
    functions: functions.length > 0 ? functions : [program.operationName(operation)],
  };
}

/** Kernel functions that are open, outermost first: a part of one counts as it, and what is inlined as its caller. */
function functionsOf(stack: readonly string[], { functionParts, inlined }: ModelClass): readonly string[] {
  const methods = stack.map((call) => call.slice(0, call.indexOf('(')));
  const wholes = methods.flatMap((name) => (inlined.has(name) ? [] : [functionParts.get(name) ?? name]));
  return wholes.filter((name, at) => at === 0 || wholes[at - 1] !== name).map((name) => kernelName(name));
}

/** What actors hold on their ways to local states. */
class Ways {
  readonly #rules: LockRules;
  readonly #known = new Map<LocalState, readonly HeldLock<LocalState>[]>();

  constructor(rules: LockRules) {
    this.#rules = rules;
  }

  /** The locks held in front of the step of a state, each with the state in front of the step that took it. */
  heldAt(state: LocalState): readonly HeldLock<LocalState>[] {
    const open: LocalState[] = [];
    let from: LocalState | undefined = state;
    for (; from !== undefined && !this.#known.has(from); from = from.parent) open.push(from);
    let held = from === undefined ? [] : (this.#known.get(from) ?? []);
    for (const next of open.toReversed()) {
      held = this.#behind(next, held);
      this.#known.set(next, held);
    }
    return held;
  }

  /** What is held behind the step that led to a state. */
  #behind(state: LocalState, held: readonly HeldLock<LocalState>[]): readonly HeldLock<LocalState>[] {
    const { parent } = state;
    const step = parent === undefined ? undefined : stepOf(parent);
    if (parent === undefined || step === undefined) return held;
    return this.#rules.heldAfter(held, step, resultTo(parent, state), parent);
  }
}

/** What the step of a state gave where that became of it. */
function resultTo({ next }: LocalState, state: LocalState): number {
  for (const [result, edge] of next) if (edge.state === state) return result;
  return 0;
}
