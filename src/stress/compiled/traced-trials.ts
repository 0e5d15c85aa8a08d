import { ACTOR_OPERATION } from '../../memory/control.ts';
import type { Address, FsInfo, Geometry } from '../../memory/layout.ts';
import type { AtomicsMemory } from '../../memory/atomics-memory.ts';
import type { FaultNumber } from '../../memory/fault.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import type { WasmMemory } from '../../memory/wasm-instructions.ts';
import { IMPURE } from '../../fix/plug-in/guards.ts';
import type { Model } from '../../model/model.ts';
import type { ActorContext } from '../../scenario/scenario.ts';
import type { SettingActor } from '../../scenario/setting.ts';
import { type Portable, Porter, type TracedStep } from './trace.ts';
import { isOther, resultsTo, stepsTo, type TraceNode, TraceTree } from './trace-tree.ts';
import { REPEATED, TracingMemory } from './tracing-memory.ts';

/** How often both sides of a contradiction are played again: a coin that falls as before so often is none. */
const REPEATS = 32;

/** What traced trials need of their actor. */
export interface TracedTrialsParts {
  readonly memory: WasmMemory;
  /** A memory of the actor's at full speed that nobody else uses. */
  readonly below: AtomicsMemory;
  readonly geometry: Geometry;
  readonly place: SettingActor;
  readonly line: Address;
  /** A model on that memory. */
  readonly modelOn: (memory: SharedMemory) => Model;
  /** The actor's context, with that model. */
  readonly contextOf: (model: Model, memory: SharedMemory) => ActorContext;
}

/** Trials that the model plays while what it does is put down. */
export interface TracedTrials {
  /** All that the model has been seen to do. */
  readonly tree: TraceTree;
  /**
   * Plays a trial by the model, which is given what the steps so far gave; its notes.
   * @throws {Error} If the model does not do the same where its steps give the same.
   */
  readonly play: (fs: FsInfo, given: readonly Portable[]) => number;
  /** Plays what is left of a trial behind the step at a node, which gave `result`. */
  readonly goOn: (at: TraceNode | undefined, result: number, fs: FsInfo) => number;
  /** The model is to see this world, of which something is to be found out. */
  readonly lookAt: (fs: FsInfo) => void;
  /** A step that the model did not take itself has found something wrong. */
  readonly found: (fault: FaultNumber) => void;
}

/** A trial, or its beginning: the steps, and what all of them gave, or all but the last. */
interface Played {
  readonly steps: readonly TracedStep[];
  readonly given: readonly Portable[];
}

/** The traced trials of one actor, who goes on from what is known already: the tree with this root. */
export function tracedTrials(parts: TracedTrialsParts, root: TraceNode | undefined): TracedTrials {
  const { below, geometry } = parts;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no world yet
  const porter = new Porter(0 as FsInfo, geometry);
  const words = new Int32Array(parts.memory.buffer);
  const tracing = new TracingMemory(below, { porter, geometry, peek: (address) => words[address] ?? 0 });
  const model = parts.modelOn(tracing);
  const playProgram = programOf(parts, { words, tracing, context: parts.contextOf(model, tracing) });
  const found = (fault: FaultNumber): void => {
    tracing.found(fault);
  };
  below.onFault = found;
  const tree = new TraceTree(root);
  const player = { porter, tracing, model, playProgram };

  /**
   * Whether two traces contradict each other because the model does not do the same when its steps give the same, or only because
   * it goes by the addresses of its world, which no step gives. Then it does again what it did, in either world. (Where only what is
   * noted differs, poison may have been met on one of the ways, which no step gives either.)
   */
  const isImpure = (fs: FsInfo): boolean => {
    const { conflict } = tree;
    if (conflict === undefined) return false;
    tree.conflict = undefined;
    const now = { steps: [...tracing.steps], given: [...tracing.results] };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the world of a trace
    return !isRepeated(player, fs, now) || !isRepeated(player, conflict.world as FsInfo, playedTo(conflict));
  };

  const play = (fs: FsInfo, given: readonly Portable[]): number => {
    porter.fs = fs;
    model.fsInfo = fs;
    model.notes = 0;
    tracing.begin(given);
    playProgram();
    const { notes } = model;
    if (tracing.isWhole) tree.add(tracing, notes, fs);
    if (!tree.isSound && isImpure(fs)) throw new Error(IMPURE);
    return notes;
  };

  return {
    tree,
    play,
    goOn: (at, result, fs) => {
      if (at?.step === undefined) return play(fs, []);
      porter.fs = fs;
      return play(fs, resultsTo(at, porter.valueAt(porter.local(at.step.address), result)));
    },
    lookAt: (fs) => {
      model.fsInfo = fs;
    },
    found,
  };
}

interface ProgramParts {
  readonly words: Int32Array;
  readonly tracing: TracingMemory;
  readonly context: ActorContext;
}

/** Has the model of the context play the actor's program. */
function programOf(
  { place, line }: TracedTrialsParts,
  { words, tracing, context }: ProgramParts,
): () => void {
  const { epilogue, role } = place;
  return () => {
    let carried = 0;
    const { program } = role;
    for (let index = 0; index < program.length; index++) {
      if (tracing.operation(index)) words[line + ACTOR_OPERATION] = index;
      carried = program[index]?.run(context, carried) ?? 0;
      if (carried === 0) break;
    }
    epilogue?.run(context, 0);
    tracing.end();
  };
}

/** What a trial is played again with. */
interface Player {
  readonly porter: Porter;
  readonly tracing: TracingMemory;
  readonly model: Model;
  readonly playProgram: () => void;
}

/** Whether the model takes the same steps again, in the same world and given the same. Does nothing to the world. */
function isRepeated(
  { porter, tracing, model, playProgram }: Player,
  fs: FsInfo,
  { steps, given }: Played,
): boolean {
  porter.fs = fs;
  model.fsInfo = fs;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    model.notes = 0;
    tracing.begin(given, true);
    try {
      playProgram();
    } catch (error) {
      // A model that was given something else than what it asked for may break in other ways, too.
      if (error !== REPEATED) return false;
    }
    if (tracing.steps.length !== steps.length) return false;
    if (steps.some((each, index) => isOther(each, tracing.steps[index]))) return false;
  }
  return true;
}

/** The beginning of a trial as the tree knows it, up to a node. */
function playedTo(node: TraceNode): Played {
  const { parent, result } = node;
  return {
    steps: stepsTo(node).filter((one) => one !== undefined),
    given: parent === undefined ? [] : resultsTo(parent, result),
  };
}
