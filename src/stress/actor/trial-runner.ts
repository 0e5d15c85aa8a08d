import type { CountSound } from '../../invariant/sound-worlds.ts';
import { ACTOR_OPERATION, actorLine, RUN_FIRST_VIOLATION } from '../../memory/control.ts';
import { type Arena, worldAt } from '../../memory/arena.ts';
import type { CheckedMemory } from '../../memory/checked-memory.ts';
import { FS_OOPS } from '../../memory/layout.ts';
import { Check, CHECK_COUNT } from '../../model/check.ts';
import { atRestOf, forbiddenByClassify, judgesItself } from '../../scenario/judge.ts';
import type { ActorContext } from '../../scenario/scenario.ts';
import type { ResetWorlds } from '../../scenario/reset-worlds.ts';
import type { ActorPlace, Setting } from '../../scenario/setting.ts';
import type { CompiledTrials } from '../compiled/compiled-trials.ts';
import type { TrialRecorder } from './trial-recorder.ts';
import { CHECK_COUNTERS, countedNotes, NOTE_COUNTERS, OUTCOME_COUNTERS } from '../plan/counters.ts';

/** Outcomes are kept for so many sets of notes, by a product of theirs: 2^10. */
const KNOWN_BITS = 10;
/** 2^32 over the golden ratio: a product with it spreads numbers evenly. */
const GOLDEN = 0x9e3779b1;

/** Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const wallClock = Date.now.bind(Date);

/** What a runner needs to know of its actor. */
export interface TrialRunnerParts {
  readonly words: Int32Array;
  readonly arena: Arena;
  /** Both on `words`. */
  readonly countSound: CountSound;
  readonly reset: ResetWorlds;
  readonly setting: Setting;
  readonly actor: number;
  readonly place: ActorPlace;
  readonly context: ActorContext;
  /** The memory of the context. */
  readonly memory: CheckedMemory;
  /** When the process started, in ms of the wall clock. */
  readonly startedAtMs: number;
  /** Keeps what the actors' steps returned. @default none */
  readonly recorder?: TrialRecorder | undefined;
  /** Plays the actor's program instead of the context's model. @default none */
  readonly compiled?: CompiledTrials | undefined;
}

/**
 * One actor's side of the trials: plays its program in a run of worlds, and afterwards judges, counts and resets its
 * share of them. Nothing is allocated in either; between two rendezvous no two actors collect the same world, so that
 * collecting uses plain loads and stores.
 */
export interface TrialRunner {
  /** Plays the actor's program in `count` worlds from `first` on. */
  run(first: number, count: number): void;
  /** Judges and counts this actor's share of the `count` worlds from `first` on. All actors have left them. */
  collect(first: number, count: number): void;
  /** Judges and counts all `count` worlds from `first` on. */
  collectAll(first: number, count: number): void;
  /** Brings all `count` worlds from `first` on into the start state. */
  resetAll(first: number, count: number): void;
  /** Brings this actor's share of the `count` worlds from `first` on into the start state. */
  reset(first: number, count: number): void;
}

/**
 * The runner of one actor. A function and not a class: what it closes over are constants to the JIT compiler.
 * @throws {RangeError} If the program of the actor's role is empty.
 */
export function trialRunner(parts: TrialRunnerParts): TrialRunner {
  const {
    words,
    arena,
    countSound,
    reset,
    setting,
    actor,
    context,
    memory,
    startedAtMs,
    recorder,
    compiled,
  } = parts;
  const { epilogue, role } = parts.place;
  const [first, second, ...more] = role.program;
  if (first === undefined) throw new RangeError(`the program of role '${role.name}' is empty`);
  const { model } = context;
  const { noteBase, noteWords } = arena;
  const { geometry } = setting;
  const { classify } = setting.scenario;
  const counted = countedNotes(setting.scenario);
  const knownNotes = new Int32Array(1 << KNOWN_BITS).fill(-1);
  const knownOutcomes = new Uint8Array(1 << KNOWN_BITS);
  const actorCount = setting.actors.length;
  const notesOfActor = noteBase + actor * noteWords;
  const counterBase = arena.counterBase + actor * arena.counterWords;
  const operationWord = actorLine(arena.actorBase, actor) + ACTOR_OPERATION;
  const isIoDone = setting.completion !== 'none';
  const { bioReferences } = model;
  const { scenario } = setting;
  const mustJudge = judgesItself(scenario);
  const forbidden = forbiddenByClassify(scenario);
  const brokenAtRest = atRestOf(scenario, { words, geometry, isIoDone, bioReferences });

  /** A thread plays one role, so that the first calls always have the same targets and can be inlined. */
  const play = (): void => {
    words[operationWord] = 0;
    let carried = first.run(context, 0);
    if (carried === 0 || second === undefined) return;
    words[operationWord] = 1;
    carried = second.run(context, carried);
    for (let index = 0; carried !== 0 && index < more.length; index++) {
      words[operationWord] = index + 2;
      carried = more[index]?.run(context, carried) ?? 0;
    }
  };

  const count = (counter: number): void => {
    const address = counterBase + counter;
    words[address] = (words[address] ?? 0) + 1;
  };

  const countViolation = (world: number, check: number): void => {
    count(CHECK_COUNTERS + check);
    recorder?.keep(world, check);
    if (words[RUN_FIRST_VIOLATION] === 0) {
      words[RUN_FIRST_VIOLATION] = Math.max(1, wallClock() - startedAtMs);
    }
  };

  const countNotes = (world: number): void => {
    for (let index = 0, address = noteBase + world; index < actorCount; index++, address += noteWords) {
      for (let rest = (words[address] ?? 0) & counted; rest !== 0; rest &= rest - 1) {
        count(NOTE_COUNTERS + 31 - Math.clz32(rest & -rest));
      }
    }
  };

  /** As `classify`, which goes from note to note: every test a matter of chance. A run comes to some fifty sets of notes. */
  const outcomeOf = (notes: number): number => {
    const slot = Math.imul(notes, GOLDEN) >>> (32 - KNOWN_BITS);
    if (knownNotes[slot] !== notes) {
      knownNotes[slot] = notes;
      knownOutcomes[slot] = classify(notes);
    }
    return knownOutcomes[slot] ?? 0;
  };

  /** What all actors noted of a trial, once that is counted. */
  const notesOf = (world: number): number => {
    let all = 0;
    for (let index = 0, address = noteBase + world; index < actorCount; index++, address += noteWords) {
      all |= words[address] ?? 0;
    }
    if ((all & counted) !== 0) countNotes(world);
    return all;
  };

  /** Test by test. */
  const judge = (world: number): void => {
    const notes = notesOf(world);
    const fs = worldAt(arena, world);
    let broken = words[fs + FS_OOPS] ?? 0;
    if (broken === 0) broken = brokenAtRest(fs);
    if (broken < 0 || broken >= CHECK_COUNT)
      throw new RangeError(`a world was judged by check ${broken}, which there is not`);
    const outcome = broken === 0 ? outcomeOf(notes) : 0;
    if (broken === 0 && forbidden[outcome] === 1) broken = Check.ForbiddenOutcome;
    if (broken !== 0) countViolation(world, broken);
    count(OUTCOME_COUNTERS + outcome);
  };

  const judgeAll = (from: number, to: number): void => {
    for (let world = from; world < to; world++) {
      const sound = mustJudge
        ? world
        : world + countSound(worldAt(arena, world), to - world, isIoDone, bioReferences);
      for (; world < sound; world++) count(OUTCOME_COUNTERS + outcomeOf(notesOf(world)));
      if (world < to) judge(world);
    }
  };

  const shareStart = (from: number, worlds: number): number =>
    from + Math.floor((worlds * actor) / actorCount);
  const shareEnd = (from: number, worlds: number): number =>
    from + Math.floor((worlds * (actor + 1)) / actorCount);

  return {
    run(from, worlds) {
      if (compiled?.takesOver() === true) {
        compiled.settle();
        compiled.play(worldAt(arena, from), worlds, notesOfActor + from);
        return;
      }
      for (let world = from; world < from + worlds; world++) {
        const fs = worldAt(arena, world);
        model.fsInfo = fs;
        model.notes = 0;
        memory.enter(fs);
        recorder?.begin(world);
        play();
        epilogue?.run(context, 0);
        memory.leave();
        recorder?.end();
        words[notesOfActor + world] = model.notes;
      }
    },
    collect(from, worlds) {
      judgeAll(shareStart(from, worlds), shareEnd(from, worlds));
    },
    collectAll(from, worlds) {
      judgeAll(from, from + worlds);
    },
    resetAll(from, worlds) {
      if (worlds > 0) reset(worldAt(arena, from), worlds);
    },
    reset(from, worlds) {
      const own = shareStart(from, worlds);
      const share = shareEnd(from, worlds) - own;
      if (share > 0) reset(worldAt(arena, own), share);
    },
  };
}
