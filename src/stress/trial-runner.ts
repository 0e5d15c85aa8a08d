import { brokenAtRest, type QuietWorld } from '../invariant/quiescence.ts';
import { ACTOR_OPERATION, actorLine, RUN_FIRST_VIOLATION } from '../memory/control.ts';
import { type Arena, worldAt } from '../memory/arena.ts';
import { FS_OOPS } from '../memory/layout.ts';
import type { ActorContext, Operation } from '../scenario/scenario.ts';
import type { ActorPlace, Setting } from '../scenario/setting.ts';
import { CHECK_COUNTERS, NOTE_COUNTERS, OUTCOME_COUNTERS } from './counters.ts';

/** What a runner needs to know of its actor. */
export interface TrialRunnerParts {
  readonly words: Int32Array;
  readonly arena: Arena;
  readonly setting: Setting;
  readonly actor: number;
  readonly place: ActorPlace;
  readonly context: ActorContext;
  /** When the process started, in ms of the wall clock. */
  readonly startedAtMs: number;
}

/**
 * One actor's side of the trials: plays its program in a run of worlds, and afterwards judges, counts and resets its
 * share of them. Nothing is allocated in either; between two rendezvous no two actors collect the same world, so that
 * collecting uses plain loads and stores.
 */
export class TrialRunner {
  readonly #words: Int32Array;
  readonly #arena: Arena;
  readonly #setting: Setting;
  readonly #context: ActorContext;
  readonly #quiet: QuietWorld;
  readonly #actor: number;
  readonly #operationWord: number;
  readonly #counterBase: number;
  readonly #startedAtMs: number;
  readonly #first: Operation;
  readonly #second: Operation | undefined;
  readonly #more: readonly Operation[];
  readonly #epilogue: Operation | undefined;

  constructor(parts: TrialRunnerParts) {
    const [first, second, ...more] = parts.place.role.program;
    if (first === undefined) throw new RangeError(`the program of role '${parts.place.role.name}' is empty`);
    this.#words = parts.words;
    this.#arena = parts.arena;
    this.#setting = parts.setting;
    this.#context = parts.context;
    this.#actor = parts.actor;
    this.#quiet = {
      words: parts.words,
      geometry: parts.setting.geometry,
      isIoDone: parts.setting.completion !== 'none',
      bioReferences: parts.context.model.bioReferences,
    };
    this.#operationWord = actorLine(parts.arena.actorBase, parts.actor) + ACTOR_OPERATION;
    this.#counterBase = parts.arena.counterBase + parts.actor * parts.arena.counterWords;
    this.#startedAtMs = parts.startedAtMs;
    this.#first = first;
    this.#second = second;
    this.#more = more;
    this.#epilogue = parts.place.epilogue;
  }

  /** Plays the actor's program in `count` worlds from `first` on. */
  run(first: number, count: number): void {
    const { noteBase, noteWords } = this.#arena;
    const { model } = this.#context;
    const notes = noteBase + this.#actor * noteWords;
    for (let world = first; world < first + count; world++) {
      model.fsInfo = worldAt(this.#arena, world);
      model.notes = 0;
      this.#play();
      this.#epilogue?.run(this.#context, 0);
      this.#words[notes + world] = model.notes;
    }
  }

  /** Judges and counts this actor's share of the `count` worlds from `first` on. All actors have left them. */
  collect(first: number, count: number): void {
    const to = this.#shareEnd(first, count);
    for (let world = this.#shareStart(first, count); world < to; world++) this.#judge(world);
  }

  /** Brings this actor's share of the `count` worlds from `first` on into the start state. */
  reset(first: number, count: number): void {
    const { start, geometry } = this.#setting;
    const to = this.#shareEnd(first, count);
    for (let world = this.#shareStart(first, count); world < to; world++) {
      start.reset(this.#words, geometry, worldAt(this.#arena, world));
    }
  }

  #shareStart(first: number, count: number): number {
    return first + Math.floor((count * this.#actor) / this.#setting.actors.length);
  }

  #shareEnd(first: number, count: number): number {
    return first + Math.floor((count * (this.#actor + 1)) / this.#setting.actors.length);
  }

  /** A thread plays one role, so that the first calls always have the same targets and can be inlined. */
  #play(): void {
    const context = this.#context;
    const words = this.#words;
    words[this.#operationWord] = 0;
    let carried = this.#first.run(context, 0);
    if (carried === 0 || this.#second === undefined) return;
    words[this.#operationWord] = 1;
    carried = this.#second.run(context, carried);
    const more = this.#more;
    for (let index = 0; carried !== 0 && index < more.length; index++) {
      words[this.#operationWord] = index + 2;
      carried = more[index]?.run(context, carried) ?? 0;
    }
  }

  #judge(world: number): void {
    const words = this.#words;
    const { noteBase, noteWords } = this.#arena;
    const fs = worldAt(this.#arena, world);
    const actors = this.#setting.actors.length;
    let all = 0;
    for (let actor = 0, address = noteBase + world; actor < actors; actor++, address += noteWords) {
      const notes = words[address] ?? 0;
      all |= notes;
      for (let rest = notes; rest !== 0; rest &= rest - 1) {
        this.#count(NOTE_COUNTERS + 31 - Math.clz32(rest & -rest));
      }
    }
    let broken = words[fs + FS_OOPS] ?? 0;
    if (broken === 0) broken = brokenAtRest(this.#quiet, fs);
    let outcome = 0;
    if (broken === 0) outcome = this.#setting.scenario.classify(all);
    else this.#countViolation(broken);
    this.#count(OUTCOME_COUNTERS + outcome);
  }

  #countViolation(check: number): void {
    this.#count(CHECK_COUNTERS + check);
    if (this.#words[RUN_FIRST_VIOLATION] === 0) {
      this.#words[RUN_FIRST_VIOLATION] = Math.max(1, Date.now() - this.#startedAtMs);
    }
  }

  #count(counter: number): void {
    const address = this.#counterBase + counter;
    this.#words[address] = (this.#words[address] ?? 0) + 1;
  }
}
