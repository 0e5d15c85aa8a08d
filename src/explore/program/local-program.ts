import { IMPURE, modelBegins, modelEnds } from '../../fix/plug-in/guards.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { Conduct, faultAtEnd, type Held, HOLDS_NOTHING } from '../../memory/conduct.ts';
import { FS_BIO, type FsInfo, objectWords } from '../../memory/layout.ts';
import { FailingSetups } from '../../model/block-layer.ts';
import type { Model } from '../../model/model.ts';
import { deviceOf } from '../../scenario/device.ts';
import type { ActorContext, Operation } from '../../scenario/scenario.ts';
import type { Setting } from '../../scenario/setting.ts';
import { ActorLog } from './actor-log.ts';
import { conducted, heldAfter } from './conduct.ts';
import { isForeign } from './foreign.ts';
import type { LocalCounter } from './local-counter.ts';
import type { Guide, LocalEdge, LocalState } from './local-state.ts';
import { ModelFields } from './model-fields.ts';
import { observedModel } from './observed-model.ts';
import { LOG_MAX, OperationTooLong, ProgramError } from './program-error.ts';
import type { StepTable } from './step.ts';
import { SuspensionMemory } from './suspension-memory.ts';

interface Beginning extends Pick<LocalState, 'operation' | 'carried' | 'log' | keyof Held | 'parent'> {
  /** What the pending step of the parent has returned. */
  readonly result: number;
}

/** What a program is made from. */
export interface LocalProgramParts {
  readonly setting: Setting;
  readonly strategy: Strategy;
  /** The actor, or the one that stands for a group of like ones. */
  readonly actor: number;
  /** The others of its group. */
  readonly peers: readonly number[];
  readonly fs: FsInfo;
  readonly steps: StepTable;
  /** Whether returned calls are cut from the logs. */
  readonly cutsLogs: boolean;
  /** Whether the device may fail. */
  readonly readsFail: boolean;
  /** Whether bios may fail to be set up. */
  readonly setupsFail: boolean;
}

/**
 * The program of an actor as an automaton, unrolled on demand by running the model on a log of results.
 *
 * What decides the future of an actor is its operation, the number carried into it, and what its steps have returned
 * since. An operation may remember nothing else (`Operation`), and neither may a model method: the model's own fields
 * are compared after every stretch, so that a strategy that keeps something there is refused rather than explored wrongly.
 *
 * Like actors share a program. A role that asks for its number is run with the numbers of all of them, and must do the
 * same: it may use the number to choose a page only.
 */
export class LocalProgram {
  readonly #parts: LocalProgramParts;
  readonly #memory: SuspensionMemory;
  readonly #model: Model;
  readonly #fields: ModelFields;
  readonly #context: ActorContext;
  readonly #operations: readonly (Operation | undefined)[];
  readonly #programLength: number;
  readonly #conduct: Conduct;
  /** Whether it is made sure that the same is done twice. */
  readonly #isForeign: boolean;
  /** What the model had noted where it was suspended. */
  #notes = 0;
  /** The empty log of each operation, by the operation and what is carried into it. */
  readonly #emptyLogs = new Map<string, ActorLog>();
  /** By log and what is held. */
  readonly #states = new Map<ActorLog, Map<string, LocalState>>();
  /** Before the first step. */
  readonly #start: Beginning = {
    operation: 0,
    carried: 0,
    log: this.#emptyLog(0, 0),
    ...HOLDS_NOTHING,
    parent: undefined,
    result: 0,
  };
  readonly #counter: LocalCounter;
  /** Whom the role takes itself for, and whether it has asked. */
  #self: { readonly actor: number; readonly ordinal: number };
  #hasAsked = false;
  /** Of the run that goes on: where it stands in the program, what it comes from, and what it has come to first. */
  #operation = 0;
  #carried = 0;
  #from: Beginning = this.#start;
  #first: LocalEdge | undefined;

  constructor(parts: LocalProgramParts, counter: LocalCounter) {
    const { setting, actor } = parts;
    const self = setting.actors[actor];
    if (self === undefined) throw new RangeError(`the setting has no actor ${actor}`);
    this.#parts = parts;
    this.#isForeign = isForeign(setting, parts.strategy);
    this.#counter = counter;
    const memory = new SuspensionMemory({
      cutsLogs: parts.cutsLogs,
      mayCatch: this.#isForeign || !setting.scenario.subject.strategies.includes(parts.strategy),
      ownMailbox: this.#mailboxOf(actor),
      objectSize: objectWords(setting.geometry),
    });
    this.#memory = memory;
    const Observed = observedModel(parts.strategy, (method, args, body) => memory.call(method, args, body));
    const device = deviceOf(setting.completion, memory, actor);
    const blockLayer = parts.setupsFail ? new FailingSetups(device, () => memory.setupFails()) : device;
    const model = new Observed({ memory, geometry: setting.geometry, blockLayer });
    model.fsInfo = parts.fs;
    memory.onFault = () => {};
    memory.onSuspended = () => {
      this.#notes = model.notes;
    };
    memory.onFresh = () => {
      model.notes = 0;
    };
    this.#model = model;
    this.#fields = new ModelFields(model);
    this.#operations = [...self.role.program, self.epilogue];
    this.#programLength = self.role.program.length;
    this.#self = { actor, ordinal: self.ordinal };
    this.#conduct = new Conduct(setting.geometry);
    const asked = (): { readonly actor: number; readonly ordinal: number } => {
      this.#hasAsked = true;
      return this.#self;
    };
    this.#context = {
      model,
      memory,
      geometry: setting.geometry,
      get actor() {
        return asked().actor;
      },
      get ordinal() {
        return asked().ordinal;
      },
      submitters: setting.submitters,
      bioStatus: () => (parts.readsFail ? memory.bioStatus() : 'ok'),
    };
  }

  /** How the actor begins. */
  begin(): LocalEdge {
    return this.#run(this.#start);
  }

  /** What becomes of `state` if its pending step returns `result`. */
  next(state: LocalState, result: number, guide?: Guide): LocalEdge {
    const known = state.next.get(result);
    if (known !== undefined) return known;
    const edge = this.#run(this.#after(state, result), guide);
    state.next.set(result, edge);
    return edge;
  }

  #after(state: LocalState, result: number): Beginning {
    const { operation, carried, attempt, site } = state;
    if (attempt === undefined) throw new RangeError('the actor has finished');
    const { steps, fs } = this.#parts;
    const { held, semaphores, rcuDepth } = heldAfter(state, steps.at(state.step), result, fs);
    return {
      operation,
      carried,
      log: state.log.withStep(attempt, result, site),
      held,
      semaphores,
      rcuDepth,
      parent: state,
      result,
    };
  }

  #run(from: Beginning, guide?: Guide): LocalEdge {
    this.#hasAsked = false;
    const edge = this.#runOnce(from, guide);
    if (this.#isForeign) this.#repeat(from, edge);
    if (this.#hasAsked) for (const peer of this.#parts.peers) this.#compare(peer, from, edge);
    return edge;
  }

  /**
   * Makes sure, at the end of a search, that a plug-in still does what it did in the course of it: twice in a row a clock may show
   * the same. Of more than `edgesMax` ways to go on, so many are tried that are spread over all.
   */
  recheck(edgesMax: number): void {
    if (!this.#isForeign) return;
    const states = Array.from(this.#states.values(), (byHeld) => Array.from(byHeld.values())).flat();
    const all = states.flatMap((state) => [...state.next].map(([result, edge]) => ({ state, result, edge })));
    const every = Math.max(1, all.length / edgesMax);
    for (let at = 0; at < all.length; at += every) {
      const known = all[Math.floor(at)];
      if (known !== undefined) this.#repeat(this.#after(known.state, known.result), known.edge);
    }
  }

  #mailboxOf(actor: number): number {
    const { setting, fs } = this.#parts;
    return setting.completion === 'own-interrupt' ? fs + FS_BIO + actor : -1;
  }

  /** Makes sure that the strategy does the same once more. */
  #repeat(from: Beginning, { state, effects }: LocalEdge): void {
    const again = this.#runOnce(from);
    if (again.state !== state || JSON.stringify(again.effects) !== JSON.stringify(effects)) {
      throw new ProgramError(`${this.operationName(from.operation)}: ${IMPURE}`);
    }
  }

  /** Makes sure that another actor of the group does the same. */
  #compare(peer: number, from: Beginning, edge: LocalEdge): void {
    const self = this.#self;
    const { role, ordinal = 0 } = this.#parts.setting.actors[peer] ?? {};
    this.#self = { actor: peer, ordinal };
    this.#memory.peerMailbox = this.#mailboxOf(peer);
    const { state, effects } = this.#runOnce(from);
    this.#memory.peerMailbox = -1;
    this.#self = self;
    if (state === edge.state && JSON.stringify(effects) === JSON.stringify(edge.effects)) return;
    throw new ProgramError(
      `${role?.name ?? 'a role'}: number ${ordinal} does not do what number ${self.ordinal} does, on the same page: ` +
        'a role may use its number to choose a page only',
    );
  }

  #runOnce(from: Beginning, guide?: Guide): LocalEdge {
    if (from.log.length > LOG_MAX) {
      const name = this.operationName(from.operation);
      throw new OperationTooLong(name);
    }
    const memory = this.#memory;
    this.#operation = from.operation;
    this.#carried = from.carried;
    this.#from = from;
    this.#first = undefined;
    memory.onPending = guide === undefined ? alwaysSuspend : () => this.#goOn(guide);
    memory.rewind(from.log);
    while (this.#operation <= this.#programLength) {
      const running = this.#operations[this.#operation];
      const returned = running === undefined ? 0 : this.#runGuarded(running, this.#carried);
      if (returned === undefined) break;
      // Returning 0 ends the program, and so does its last operation; the epilogue comes in any case.
      const hasNext = returned !== 0 && this.#operation + 1 < this.#programLength;
      this.#carried = hasNext ? returned : 0;
      if (this.#operation === this.#programLength) this.#operation++;
      else this.#operation = hasNext ? this.#operation + 1 : this.#programLength;
      memory.beginOperation(this.#emptyLog(this.#operation, this.#carried));
    }
    if (!this.#fields.areUnchanged()) {
      throw new ProgramError(
        `keeps something in its model (${this.#fields.change()}): it cannot be explored`,
      );
    }
    // What is found on the way only must stand on its own: it is found again if it is ever asked for.
    return this.#first ?? this.#edge();
  }

  /** What the run has come to since `#from`. */
  #edge(): LocalEdge {
    const { oops, ghosts, log, isSuspended } = this.#memory;
    const state = this.#intern(log);
    const notes = isSuspended ? this.#notes : this.#model.notes;
    const { litmus } = this.#parts.setting.scenario;
    const atEnd = state.attempt === undefined && litmus === undefined ? faultAtEnd(state) : 0;
    return { state, effects: { notes, oops: oops === 0 ? atEnd : oops, ghosts } };
  }

  /** Goes on where the guide leads, from a step that has no result yet: what the step returns, or undefined. */
  #goOn(guide: Guide): number | undefined {
    // What was asked for its number is compared with others first.
    if (this.#hasAsked || this.#memory.log.length >= LOG_MAX || !this.#fields.areUnchanged())
      return undefined;
    const edge = this.#edge();
    if (this.#first === undefined) this.#first = edge;
    else this.#from.parent?.next.set(this.#from.result, edge);
    const result = guide(edge);
    if (result === undefined || edge.state.next.has(result)) return undefined;
    this.#from = this.#after(edge.state, result);
    return result;
  }

  /** References that a read in flight holds under this strategy. */
  get bioReferences(): number {
    return this.#model.bioReferences;
  }

  /** The kernel function that an operation calls. */
  operationName(operation: number): string {
    return this.#operations[operation]?.name ?? 'done';
  }

  /** As `#runOperation`, unless the model asks for a clock or the like on the way, even where it catches what that throws. */
  #runGuarded(operation: Operation, carried: number): number | undefined {
    modelBegins();
    try {
      return this.#runOperation(operation, carried);
    } finally {
      const impurity = modelEnds();
      // oxlint-disable-next-line no-unsafe-finally -- whatever else has come of it, that is what is wrong
      if (impurity !== undefined) throw new ProgramError(impurity.message, { cause: impurity });
    }
  }

  /** What the operation returned, or undefined if it stands in front of a step. */
  #runOperation(operation: Operation, carried: number): number | undefined {
    const memory = this.#memory;
    memory.isRunning = true;
    try {
      const returned = operation.run(this.#context, carried);
      memory.isRunning = false;
      this.#requireSound(operation);
      // A strategy that catches everything comes back although it was suspended.
      return memory.isSuspended ? undefined : returned;
    } catch (error) {
      memory.isRunning = false;
      this.#requireSound(operation);
      // Behind what was asked for nothing has to be found out yet.
      if (memory.isSuspended || this.#first !== undefined) return undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProgramError(`${operation.name}: the model threw: ${reason}`, { cause: error });
    }
  }

  /** What a strategy has done wrong counts, whatever it has made of the exception. */
  #requireSound({ name }: Operation): void {
    const { objection } = this.#memory;
    if (objection !== undefined) throw new ProgramError(`${name}: ${objection}`);
  }

  #emptyLog(operation: number, carried: number): ActorLog {
    const key = `${operation} ${carried}`;
    let log = this.#emptyLogs.get(key);
    if (log === undefined) {
      log = new ActorLog();
      this.#emptyLogs.set(key, log);
    }
    return log;
  }

  #intern(log: ActorLog): LocalState {
    const operation = this.#operation;
    const carried = this.#carried;
    const { rcuDepth, held, semaphores, parent } = this.#from;
    const holds =
      rcuDepth === 0 && held.length === 0 && semaphores.length === 0
        ? ''
        : `${rcuDepth === 0 ? '' : `rcu${rcuDepth}`} ${held.join(',')} ${semaphores.join(',')}`;
    let byHeld = this.#states.get(log);
    if (byHeld === undefined) {
      byHeld = new Map();
      this.#states.set(log, byHeld);
    }
    const known = byHeld.get(holds);
    if (known !== undefined) return known;
    const isDone = operation > this.#programLength;
    const attempt = isDone ? undefined : this.#memory.pending;
    const { steps, fs } = this.#parts;
    const step = attempt === undefined ? 0 : steps.intern(conducted(attempt, this.#from, this.#conduct, fs));
    const stack = isDone ? [] : this.#memory.stack;
    const point = this.#counter.point(
      `${this.#parts.actor}: ${operation} ${carried} ${holds} ${step} ${stack.join(' ')}`,
    );
    let earlier = parent;
    while (earlier !== undefined && earlier.point !== point) earlier = earlier.parent;
    const { site } = this.#memory;
    // Property by property: V8 takes ten times as long for a spread with more behind it.
    const state: LocalState = {
      id: this.#counter.states++,
      operation,
      carried,
      log,
      step,
      attempt,
      rcuDepth,
      held,
      semaphores,
      site,
      stack,
      point,
      parent,
      earlier,
      next: new Map<number, LocalEdge>(),
    };
    byHeld.set(holds, state);
    return state;
  }
}

function alwaysSuspend(): undefined {
  return undefined;
}
