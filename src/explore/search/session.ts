import type { Strategy } from '../../fix/strategy.ts';
import type { Setting } from '../../scenario/setting.ts';
import { Automata, MergeConflict } from '../program/automata.ts';
import { Futures } from '../reduce/futures.ts';
import { LocalCounter } from '../program/local-counter.ts';
import { LocalProgram } from '../program/local-program.ts';
import { isForeign } from '../program/foreign.ts';
import { OperationTooLong } from '../program/program-error.ts';
import type { MachineParts } from '../machine/machine-parts.ts';
import type { Machine } from '../machine/machine.ts';
import { machineFor } from '../machine/machine-for.ts';
import { MarkingMachine, type TakenNodes } from '../machine/marking-machine.ts';
import { IGNORED_NOTES, NoteClasses, StaleNotes } from '../program/note-classes.ts';
import { Rehearsal } from './rehearsal.ts';
import type { SearchPlan } from './search-protocol.ts';
import { StepTable } from '../program/step.ts';
import { freeze } from '../program/tables.ts';
import { FS } from '../program/fs.ts';

/** Which reductions a search makes. Each leaves verdicts and outcomes as they are. */
export interface Reductions {
  /** Like actors in each other's places count as one state. @default true */
  readonly symmetry: boolean;
  /** Steps that nobody else can notice are taken at once. @default true */
  readonly partialOrder: boolean;
  /** Logs are cut where methods return, and states that remember different things of no consequence are one. @default true */
  readonly mergeValues: boolean;
}

/** All reductions. */
export const ALL_REDUCTIONS: Reductions = { symmetry: true, partialOrder: true, mergeValues: true };
/** No reductions. */
export const NO_REDUCTIONS: Reductions = { symmetry: false, partialOrder: false, mergeValues: false };

/**
 * Whether a search must know in full what actors can still do. Without merged values rounds of a loop are never the same,
 * so that there are no loops to look for cycles in.
 */
export function reliesOnFutures({ partialOrder, mergeValues }: Reductions): boolean {
  return partialOrder || mergeValues;
}

/** What may happen by chance, in any of its ways. */
export interface Chances {
  /** A read may fail or bring bad content. @default false */
  readonly readsFail: boolean;
  /** `trylock_page` may fail although the page is free. @default false */
  readonly trylocksFail: boolean;
  /** The bio of a page may fail to be set up. @default false */
  readonly setupsFail: boolean;
}

/** Nothing happens by chance. */
export const NO_CHANCES: Chances = { readsFail: false, trylocksFail: false, setupsFail: false };

/** What may happen by chance in a setting: what is asked for, and what its scenario is about. */
export function chancesIn({ scenario }: Pick<Setting, 'scenario'>, asked: Partial<Chances> = {}): Chances {
  const { readsFail, trylocksFail, setupsFail } = scenario.chances ?? {};
  return {
    readsFail: asked.readsFail === true || readsFail === true,
    trylocksFail: asked.trylocksFail === true || trylocksFail === true,
    setupsFail: asked.setupsFail === true || setupsFail === true,
  };
}

/** What a session is made from. */
export interface SessionParts {
  readonly setting: Setting;
  readonly strategy: Strategy;
  readonly reductions: Reductions;
  readonly chances: Chances;
  /** Local states of all actors together with which whatever goes on with them ends. @default Infinity */
  readonly localStatesMax?: number;
  /** See Rehearsal: fewer where thousands of small searches are made. */
  readonly quietWalksPerActor?: number;
  /** Where it is to be known whose steps were taken. */
  readonly taken?: TakenNodes;
}

/** Ways of a program to go on that are tried once more at the end: some 50 us each. */
const RECHECKED_MAX = 2_000;
/** More restarts than any search needs: every one of them adds to a finite set, so this is a defect. */
const RESTARTS_MAX = 100_000;

/**
 * The actors of one setting under one strategy, as automata that are shared by every search that is made of them.
 */
export class Session {
  setting: Setting;
  readonly reductions: Reductions;
  readonly automata: Automata;
  readonly futures: Futures;
  rehearsal: Rehearsal;
  /** How often a search had to begin again. */
  restarts = 0;
  readonly #programs: readonly LocalProgram[];
  readonly #counter: LocalCounter = new LocalCounter();
  readonly #groups: readonly number[];
  readonly #trylocksFail: boolean;
  readonly #areBuffersAlike: boolean;
  readonly #localStatesMax: number;
  readonly #quietWalksPerActor: number | undefined;
  readonly #taken: TakenNodes | undefined;
  #notes: NoteClasses;
  #isRehearsed = false;
  /** Whether the automata know less than the rehearsal. */
  #isForgotten = false;

  constructor(parts: SessionParts) {
    const { setting, reductions, strategy } = parts;
    const chances = chancesIn(setting, parts.chances);
    this.setting = setting;
    this.reductions = reductions;
    this.#trylocksFail = chances.trylocksFail;
    // Of a plug-in nothing is taken for granted.
    this.#areBuffersAlike = !isForeign(setting, strategy);
    this.#localStatesMax = parts.localStatesMax ?? Infinity;
    this.#quietWalksPerActor = parts.quietWalksPerActor;
    if (parts.taken !== undefined && setting.ordering !== 'sc')
      throw new RangeError(`which steps are taken is known under sc only, not under ${setting.ordering}`);
    this.#taken = parts.taken;
    const steps = new StepTable();
    const like = setting.actors.map((_, actor) => likeness(setting, actor));
    const cutsLogs = reductions.mergeValues;
    const { readsFail, setupsFail } = chances;
    const shared = { setting, strategy, fs: FS, steps, cutsLogs, readsFail, setupsFail };
    const programs = new Map(
      [...new Set(like)].map((actor) => [
        actor,
        new LocalProgram({ ...shared, actor, peers: peersOf(like, actor) }, this.#counter),
      ]),
    );
    this.#programs = like.map((actor) => programs.get(actor)).filter((program) => program !== undefined);
    this.#groups = reductions.symmetry ? like : setting.actors.map((_, actor) => actor);
    this.automata = new Automata(steps, reductions.mergeValues);
    this.futures = new Futures(this.automata);
    this.rehearsal = new Rehearsal(this.automata, parts.quietWalksPerActor);
    this.#notes = new NoteClasses(0, setting.scenario.classify);
  }

  /** Whether the automata have become larger than there is memory for: whatever goes on with them has to end. */
  get isTooLarge(): boolean {
    return this.#counter.states > this.#localStatesMax;
  }

  /**
   * Makes a search, again and again until the automata stood it without a change to what they had promised. What the
   * search has found so far is lost each time: it must start from nothing. Who asks for no outcomes needs no notes, and has
   * fewer states then.
   */
  attempt<Found>(
    search: (machine: Machine) => Found,
    options: { readonly ignoresNotes?: boolean; readonly isOver?: () => boolean } = {},
  ): Found {
    const machine = (): Machine =>
      options.ignoresNotes === true ? this.#machineWith(this.#roots(), IGNORED_NOTES) : this.#machine();
    for (let attempt = 0; attempt < RESTARTS_MAX; attempt++) {
      try {
        return search(machine());
      } catch (error) {
        if (error instanceof MergeConflict) this.#forget();
        else if (!(error instanceof StaleNotes) && !(error instanceof StaleFutures)) throw error;
        this.restarts++;
        if (this.#isRehearsed) this.rehearse(options.isOver);
      }
    }
    throw new Error(`the automata did not settle within ${RESTARTS_MAX} searches`);
  }

  /** What a thread without a model needs to make a machine of its own, as of now. */
  frozenMachine(): Pick<SearchPlan, 'tables' | 'notesSeen' | 'machine'> {
    const roots = this.#roots();
    const { groups, trylocksFail, bioReferences, areBuffersAlike } = this.#parts(roots, IGNORED_NOTES);
    const machine = { roots, groups, trylocksFail, bioReferences, areBuffersAlike };
    return { tables: freeze(this.automata), notesSeen: this.automata.notesSeen, machine };
  }

  /** Walks a way that led a thread without a model to something new. Returns false if nodes have new numbers now. */
  follow(moves: Int32Array, isOver?: () => boolean): boolean {
    this.rehearsal.learn(moves, moves.length);
    try {
      this.rehearsal.follow(this.#machineWith(this.#roots(), IGNORED_NOTES), moves);
      return true;
    } catch (error) {
      if (!(error instanceof MergeConflict)) throw error;
      this.#forget();
      this.rehearse(isOver);
      return false;
    }
  }

  /**
   * Makes the automata grow by random walks, as long as that teaches anything: see Rehearsal. `isOver` is asked before each
   * walk whether to stop. Half of the room that the automata have is left to the search.
   */
  rehearse(isOver: () => boolean = () => false): void {
    this.#isRehearsed = true;
    const isEnd = (): boolean => this.#counter.states > this.#localStatesMax / 2 || isOver();
    for (let attempt = 0; attempt < RESTARTS_MAX && !isEnd(); attempt++) {
      try {
        const machine = this.#machineWith(this.#roots(), IGNORED_NOTES);
        if (attempt > 0 || this.#isForgotten) this.rehearsal.relive(machine, isEnd);
        this.#isForgotten = false;
        this.rehearsal.play(machine, isEnd);
        return;
      } catch (error) {
        // The search will say so.
        if (error instanceof OperationTooLong) return;
        if (!(error instanceof MergeConflict)) throw error;
        this.#forget();
      }
    }
  }

  /**
   * Goes on from another start state, with what is known of these actors: that is more than they can come to from there, which costs
   * nothing but some of the reduction.
   * @throws {RangeError} If anything but the start state is another.
   */
  moveTo(setting: Setting): void {
    const { actors, geometry, completion, submitters, scenario, ordering } = this.setting;
    const isSame =
      geometry.structures === setting.geometry.structures &&
      geometry.pages === setting.geometry.pages &&
      geometry.buffers === setting.geometry.buffers &&
      completion === setting.completion &&
      submitters === setting.submitters &&
      ordering === setting.ordering &&
      scenario.subject === setting.scenario.subject &&
      actors.length === setting.actors.length &&
      actors.every(({ label }, index) => label === setting.actors[index]?.label);
    if (!isSame) throw new RangeError('another start state may have no other actors');
    this.setting = setting;
    this.rehearsal = new Rehearsal(this.automata, this.#quietWalksPerActor);
    this.#isRehearsed = false;
    this.#isForgotten = false;
    this.#taken?.clear();
  }

  #forget(): void {
    this.automata.reset();
    this.#taken?.clear();
    this.futures.reset();
    this.#isForgotten = true;
  }

  /** Makes sure that the strategy still does what it did in this session. */
  recheck(): void {
    for (const program of new Set(this.#programs)) program.recheck(RECHECKED_MAX);
  }

  /** The program of an actor. */
  programOf(actor: number): LocalProgram {
    const program = this.#programs[actor];
    if (program === undefined) throw new RangeError(`there is no actor ${actor}`);
    return program;
  }

  #machine(): Machine {
    const { automata } = this;
    const roots = this.#roots();
    if ((automata.notesSeen & ~this.#notes.seen) !== 0) {
      this.#notes = new NoteClasses(automata.notesSeen, this.setting.scenario.classify);
    }
    return this.#machineWith(roots, this.#notes);
  }

  #roots(): MachineParts['roots'] {
    return this.#programs.map((program) => this.automata.begin(program));
  }

  #machineWith(roots: MachineParts['roots'], notes: MachineParts['notes']): Machine {
    const parts = this.#parts(roots, notes);
    return this.#taken === undefined ? machineFor(parts) : new MarkingMachine(parts, this.#taken);
  }

  #parts(roots: MachineParts['roots'], notes: MachineParts['notes']): MachineParts {
    return {
      setting: this.setting,
      automata: this.automata,
      notes,
      roots,
      groups: this.#groups,
      trylocksFail: this.#trylocksFail,
      bioReferences: this.#programs[0]?.bioReferences ?? 0,
      areBuffersAlike: this.#areBuffersAlike,
    };
  }
}

/** Something that the partial-order reduction relied on is not true: the search must begin again. */
export class StaleFutures extends Error {
  constructor() {
    super('an actor can do more than was known');
    this.name = 'StaleFutures';
  }
}

/** The other actors that are like this one. */
function peersOf(like: readonly number[], actor: number): number[] {
  return like.flatMap((first, other) => (first === actor && other !== actor ? [other] : []));
}

/** The first actor that this one is like: same program, same page, and no mailbox that an end-io actor tells apart. */
function likeness(setting: Setting, actor: number): number {
  const self = setting.actors[actor];
  const { pages } = setting.geometry;
  if (self === undefined) throw new RangeError(`the setting has no actor ${actor}`);
  if (setting.completion === 'end-io' && self.role.submitsReads) return actor;
  // Roles may use their ordinal to choose a page, counted from the end, and for nothing else: LocalProgram sees to that.
  return setting.actors.findIndex(
    ({ role, ordinal }) => role === self.role && ordinal % pages === self.ordinal % pages,
  );
}
