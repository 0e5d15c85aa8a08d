import { kernelCall } from '../../fix/mutation/mutation.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { accessKinds, accessNumbered } from '../../memory/access.ts';
import { isOfWord } from '../../memory/access-kind.ts';
import { OBJECT_SLAB, FS_BIO, SLAB_ALLOCATED, objectAt } from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import { BIO_STATUSES } from '../../model/block-layer.ts';
import type { Grade } from '../../model/invariant.ts';
import { replayValues } from '../../scenario/replay-column.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Setting } from '../../scenario/setting.ts';
import { BufferedMachine } from '../machine/buffered-machine.ts';
import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';
import { ScheduleError } from '../schedule/schedule.ts';
import { type Chances, NO_REDUCTIONS, type Reductions, Session } from '../search/session.ts';
import { attemptedKind, Kind, KIND_NAMES, type Step } from '../program/step.ts';
import type { ReplayState, ReplayStep, WordChange } from './replay-step.ts';
import { Rounds } from './rounds.ts';
import { DEADLOCK, stuckAs } from '../machine/stuck.ts';
import { violationName } from '../machine/violation-name.ts';
import { WordNames } from '../schedule/word-names.ts';
import { FS } from '../program/fs.ts';

/** Who waits for what. */
export interface Blocked {
  readonly actor: number;
  readonly label: string;
  readonly operation: string;
  readonly field: string;
  /** The actor that holds it, or all that do, if it is a lock. */
  readonly owner: string | undefined;
}

/** How a replay ended. */
export type ReplayEnd =
  | { readonly kind: 'violated'; readonly invariant: string; readonly title: string; readonly origin: string }
  | { readonly kind: 'harmless'; readonly outcome: string; readonly grade: Grade }
  | { readonly kind: 'deadlock'; readonly blocked: readonly Blocked[] }
  /** The last `cycle` steps repeat for ever; 0 if those in `blocked` spin where nothing changes any more. */
  | { readonly kind: 'livelock'; readonly cycle: number; readonly blocked: readonly Blocked[] }
  /** The schedule asks for a step that this strategy does not have there. `step` is 1-based. */
  | { readonly kind: 'impossible'; readonly step: number; readonly reason: string };

/** A schedule, step by step. */
export interface Replay {
  readonly steps: readonly ReplayStep[];
  readonly end: ReplayEnd;
  /** Steps of the schedule that were not needed: the trial had ended. */
  readonly unused: number;
}

/** What is to be replayed. */
export interface ReplayOptions {
  readonly setting: Setting;
  readonly strategy: Strategy;
  readonly moves: readonly Move[];
  readonly chances: Chances;
  /** Called behind each move. @default nobody looks */
  readonly onMove?: ((taken: TakenMove) => void) | undefined;
}

/** A move as the engine has it. */
export interface TakenMove {
  /** 1-based; a replay may begin again. */
  readonly number: number;
  readonly actor: number;
  readonly step: Step;
  /** What the step gave. */
  readonly result: number;
  /** Whether it is a store of that step, taken before, that becomes visible. */
  readonly isVisible: boolean;
  /** Whether all actors have finished. */
  readonly isDone: boolean;
  /** The world behind it: to be looked at, not kept. */
  readonly words: Int32Array;
  /** The same before it. */
  readonly before: Int32Array;
}

/** More steps than any trial takes after its schedule. */
const BEYOND_MAX = 100_000;
/** Rounds of loops are to be the same state again, so that a schedule without end is known for one. */
const FOLDED: Reductions = { ...NO_REDUCTIONS, mergeValues: true };

/**
 * Plays a schedule. After its last move the actors run to their ends one after another, the one that moved last first,
 * so that the trial can be judged. An impossible move ends the replay, with the reason.
 */
export function replaySchedule(options: ReplayOptions): Replay {
  const { setting, strategy, chances } = options;
  const session = new Session({ setting, strategy, chances, reductions: FOLDED });
  return session.attempt((machine) => new Replayer(session, machine, options).run());
}

/** As `replaySchedule`, but a move that is impossible is an error: the schedule is not one of this strategy. */
export function replayExactly(options: ReplayOptions): Replay {
  const replay = replaySchedule(options);
  if (replay.end.kind === 'impossible') {
    throw new ScheduleError(`step ${replay.end.step} is impossible: ${replay.end.reason}`);
  }
  return replay;
}

class Replayer {
  readonly #session: Session;
  readonly #machine: Machine;
  readonly #moves: readonly Move[];
  readonly #onMove: ReplayOptions['onMove'];
  readonly #names: WordNames;
  readonly #steps: ReplayStep[] = [];
  /** Who holds which lock: labels by the lock's name. */
  readonly #owners = new Map<string, readonly string[]>();
  readonly #rounds: Rounds;
  /** The actor that took the last step. */
  #last: number | undefined;

  constructor(session: Session, machine: Machine, { moves, onMove }: ReplayOptions) {
    this.#session = session;
    this.#machine = machine;
    this.#moves = moves;
    this.#onMove = onMove;
    this.#rounds = new Rounds(machine);
    this.#names = new WordNames(session.setting.geometry, FS);
  }

  run(): Replay {
    for (const [index, move] of this.#moves.entries()) {
      const unused = this.#moves.length - index;
      if (this.#machine.isDone()) return this.#ended(this.#rest(), unused);
      const reason = this.#objection(move);
      if (reason !== undefined) return this.#ended({ kind: 'impossible', step: index + 1, reason }, unused);
      const end = this.#take(move, false);
      if (end !== undefined) return this.#ended(end, unused - 1);
    }
    return this.#ended(this.#finish(), 0);
  }

  #ended(end: ReplayEnd, unused: number): Replay {
    return { steps: this.#steps, end, unused };
  }

  /** Lets one after another run to its end; once they only go in rounds, one step each in turn. */
  #finish(): ReplayEnd {
    const machine = this.#machine;
    let last = this.#ownerOf(this.#moves.at(-1)?.actor ?? 0);
    let isInTurn = false;
    for (let step = 0; step < BEYOND_MAX; step++) {
      const round = this.#rounds.last;
      if (round.isFair) return { kind: 'livelock', cycle: round.steps, blocked: [] };
      isInTurn ||= round.steps > 0;
      const first = isInTurn ? last + 1 : last;
      const actor = this.#movers(first).find((candidate) => machine.isEnabled(candidate));
      if (actor === undefined) return this.#rest();
      last = this.#ownerOf(actor);
      const end = this.#take({ actor, choice: 0 }, true);
      if (end !== undefined) return end;
    }
    return { kind: 'impossible', step: this.#moves.length + 1, reason: 'the actors run for ever' };
  }

  /** Whoever may move, from one actor on: each with its store buffer behind it, where it has one. */
  #movers(first: number): number[] {
    const { actorCount, moverCount } = this.#machine;
    return Array.from({ length: actorCount }, (_, index) => (first + index) % actorCount).flatMap((actor) =>
      moverCount > actorCount ? [actor, actorCount + actor] : [actor],
    );
  }

  /** The end of a trial in which nobody can go on. */
  #rest(): ReplayEnd {
    const machine = this.#machine;
    if (!machine.isDone()) {
      const blocked = this.#blocked();
      return stuckAs(machine) === DEADLOCK
        ? { kind: 'deadlock', blocked }
        : { kind: 'livelock', cycle: 0, blocked };
    }
    const check = machine.brokenAtRest();
    if (check !== 0) return violated(check, this.#session.setting.scenario);
    const outcome = this.#session.setting.scenario.outcomes[machine.outcome()];
    return { kind: 'harmless', outcome: outcome?.name ?? 'unknown', grade: outcome?.grade ?? 'ACCEPTABLE' };
  }

  #objection({ actor, choice }: Move): string | undefined {
    const machine = this.#machine;
    const owner = this.#ownerOf(actor);
    if (owner >= machine.actorCount)
      return `there are ${machine.actorCount} actors, it asks for number ${owner + 1}`;
    const label = this.#label(owner);
    if (owner !== actor) return this.#visibleObjection({ actor, choice }, label);
    const step = this.#stepOf(actor);
    if (step.kind === Kind.Done) return `${label} has finished`;
    if (!machine.isEnabled(actor)) {
      const blocked = this.#blocked().find((other) => other.actor === actor);
      const held = blocked?.owner === undefined ? '' : `, which ${blocked.owner} holds`;
      if (machine instanceof BufferedMachine && machine.waiting(actor) > 0)
        return `${label} waits at ${KIND_NAMES[step.kind] ?? ''} until its stores are visible`;
      return `${label} waits at ${KIND_NAMES[step.kind] ?? ''} ${this.#field(step, actor)}${held}`;
    }
    const ways = machine.choices(actor);
    if (choice < ways) return undefined;
    return `${label} has ${ways} way(s) to take ${KIND_NAMES[step.kind] ?? ''}, it asks for way ${choice}`;
  }

  #visibleObjection({ actor, choice }: Move, label: string): string | undefined {
    const machine = this.#machine;
    if (!machine.isEnabled(actor)) return `no store of ${label} waits`;
    const ways = machine.choices(actor);
    return choice < ways
      ? undefined
      : `${ways} store(s) of ${label} may become visible, it asks for number ${choice}`;
  }

  /** The actor of a move: of a store that becomes visible, the one that made it. */
  #ownerOf(mover: number): number {
    const { actorCount, moverCount } = this.#machine;
    return mover >= actorCount && mover < moverCount ? mover - actorCount : mover;
  }

  #take(move: Move, isBeyond: boolean): ReplayEnd | undefined {
    const machine = this.#machine;
    const actor = this.#ownerOf(move.actor);
    const isVisible = actor !== move.actor;
    const step = isVisible ? this.#waitingStep(move) : this.#stepOf(actor);
    const waits = !isVisible && machine instanceof BufferedMachine && machine.isStore(actor);
    const functions = isVisible ? [] : this.#functionsOf(actor);
    const before = machine.words.slice();
    const check = machine.take(move.actor, move.choice);
    this.#rounds.moved(move.actor);
    const { result, words } = machine;
    this.#onMove?.({
      number: this.#steps.length + 1,
      actor,
      step,
      result,
      isVisible,
      isDone: machine.isDone(),
      words,
      before,
    });
    const field = this.#field(step, actor);
    if (!waits) this.#own(step, actor, machine.result);
    const changes: WordChange[] = [];
    for (const word of this.#names.words) {
      const address = this.#names.address(word);
      const [old, now] = [before[address] ?? 0, machine.words[address] ?? 0];
      if (old === now) continue;
      changes.push({ word, before: this.#names.value(address, old), after: this.#names.value(address, now) });
    }
    this.#steps.push({
      number: this.#steps.length + 1,
      actor,
      label: this.#label(actor),
      isSwitch: !isVisible && this.#last !== undefined && this.#last !== actor,
      ...(isVisible && { isVisible }),
      isBeyond,
      functions,
      operation: KIND_NAMES[attemptedKind(step)] ?? '',
      field,
      operand: this.#operand(step),
      result: this.#result(step, machine.result),
      changes,
      after: this.#state(),
    });
    if (!isVisible) this.#last = actor;
    return check === 0 ? undefined : violated(check, this.#session.setting.scenario);
  }

  /** The step of a store that is about to become visible. */
  #waitingStep({ actor, choice }: Move): Step {
    const machine = this.#machine;
    if (!(machine instanceof BufferedMachine)) throw new RangeError('no store waits');
    const owner = this.#ownerOf(actor);
    return this.#session.automata.steps.at(machine.entry(owner, machine.leaving(owner, choice)));
  }

  #label(actor: number): string {
    return this.#session.setting.actors[actor]?.label ?? `actor ${actor}`;
  }

  #stepOf(actor: number): Step {
    const { automata } = this.#session;
    return automata.steps.at(automata.step.at[this.#machine.nodes[actor] ?? 0] ?? 0);
  }

  #functionsOf(actor: number): readonly string[] {
    const state = this.#session.automata.membersOf(this.#machine.nodes[actor] ?? 0)[0];
    if (state === undefined) return [];
    const { inlined } = this.#session.setting.scenario.subject.Model;
    const calls = state.stack.filter((call) => !inlined.has(call.slice(0, call.indexOf('('))));
    return [this.#session.programOf(actor).operationName(state.operation), ...calls.map(kernelCall)];
  }

  #field({ kind, address, operand }: Step, actor: number): string {
    const names = this.#names;
    if (kind === Kind.Fault) return address === 0 ? '' : names.place(address);
    if (kind === Kind.ReadOwn || kind === Kind.WriteOwn) return names.word(FS + FS_BIO + actor);
    const access = accessNumbered(kind);
    if (access === undefined) return '';
    const { target, operands } = accessKinds[access];
    if (isOfWord(target)) return operands === 'bit' ? names.bit(operand, address) : names.word(address);
    switch (target) {
      case 'none':
      case 'section':
      case 'slab':
        return '';
      case 'object':
        return names.structure(address);
      case 'page-lock':
        return names.bit(PG_LOCKED, address);
    }
  }

  #operand({ kind, address, operand, replacement }: Step): string {
    if (kind === Kind.WriteOwn) return String(operand);
    const access = accessNumbered(kind);
    if (access === undefined) return '';
    const { operands, writes } = accessKinds[access];
    if (operands === 'exchange')
      return writes === 'if-expected' ? `${operand} to ${replacement}` : `${operand}, ${replacement}`;
    return operands === 'value' ? this.#names.value(address, operand) : '';
  }

  #result({ kind, address }: Step, result: number): string {
    if (kind === Kind.ReadOwn) return String(result);
    if (kind === Kind.BioStatus) return BIO_STATUSES[result] ?? '';
    if (kind === Kind.SetupFails) return truthText(result);
    const access = accessNumbered(kind);
    switch (access === undefined ? 'nothing' : accessKinds[access].gives) {
      case 'nothing':
        return '';
      case 'truth':
        return truthText(result);
      case 'number':
        return this.#names.value(address, result);
      case 'object':
        return this.#names.structure(result);
    }
  }

  #own(step: Step, actor: number, result: number): void {
    const access = accessNumbered(step.kind);
    if (access === undefined) return;
    const { target, holds, gives } = accessKinds[access];
    if (holds === undefined || target === 'section') return;
    if (gives !== 'nothing' && result === 0) return;
    const name = this.#field(step, actor);
    const label = this.#label(actor);
    const owners = this.#owners.get(name) ?? [];
    // A page's lock may be given back by whom it was handed to.
    const left = owners.toSpliced(Math.max(0, owners.indexOf(label)), 1);
    const now = holds === 'no-more' ? left : [...owners, label];
    if (now.length === 0) this.#owners.delete(name);
    else this.#owners.set(name, now);
  }

  #blocked(): Blocked[] {
    const blocked: Blocked[] = [];
    for (let actor = 0; actor < this.#machine.actorCount; actor++) {
      const step = this.#stepOf(actor);
      if (step.kind === Kind.Done || this.#machine.isEnabled(actor)) continue;
      const field = this.#field(step, actor);
      const operation = KIND_NAMES[step.kind] ?? '';
      blocked.push({
        actor,
        label: this.#label(actor),
        operation,
        field,
        owner: this.#owners.get(field)?.join(', '),
      });
    }
    return blocked;
  }

  #state(): ReplayState {
    const { words } = this.#machine;
    const { geometry, scenario } = this.#session.setting;
    const columns = scenario.replayColumns;
    const locks = [...this.#owners]
      .map(([name, owners]) => ({ name, owner: owners.join(', ') }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    if (columns === undefined) return { locks };
    const buffers = Array.from({ length: geometry.buffers }, (_, index) => objectAt(FS, geometry, index))
      .filter((eb) => words[eb + OBJECT_SLAB] === SLAB_ALLOCATED)
      .map((eb) => Object.assign({ name: this.#names.structure(eb) }, replayValues(columns, words, eb)));
    return { buffers, locks };
  }
}

function truthText(result: number): string {
  return result === 0 ? 'false' : 'true';
}

function violated(check: number, scenario: Scenario): ReplayEnd {
  return { kind: 'violated', ...violationName(check, scenario) };
}
