import { ACTOR_OPERATION, actorLine } from '../../memory/control.ts';
import { worldAt } from '../../memory/arena.ts';
import type { CheckedMemory } from '../../memory/checked-memory.ts';
import type { ResetWorlds } from '../../scenario/reset-worlds.ts';
import type { SettingActor } from '../../scenario/setting.ts';
import type { CompiledTrials } from '../compiled/compiled-trials.ts';
import { trialJudge, type TrialJudgeParts } from './trial-judge.ts';

/** What a runner needs to know of its actor. */
export interface TrialRunnerParts extends TrialJudgeParts {
  /** On `words`. */
  readonly reset: ResetWorlds;
  readonly place: SettingActor;
  /** The memory of the context. */
  readonly memory: CheckedMemory;
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
  const { words, arena, reset, setting, actor, context, memory, recorder, compiled } = parts;
  const { model } = context;
  const { epilogue } = parts.place;
  const notesOfActor = arena.noteBase + actor * arena.noteWords;
  const actorCount = setting.actors.length;
  const play = programOf(parts);
  const judgeAll = trialJudge(parts);

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

/** Plays the program of the actor's role once. */
function programOf({ words, arena, actor, place, context }: TrialRunnerParts): () => void {
  const { name, program } = place.role;
  const [first, second, ...more] = program;
  if (first === undefined) throw new RangeError(`the program of role '${name}' is empty`);
  const operationWord = actorLine(arena.actorBase, actor) + ACTOR_OPERATION;
  // A thread plays one role, so that the first calls always have the same targets and can be inlined.
  return () => {
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
}
