import { areasOf } from '../../memory/areas.ts';
import { ACTOR_OPERATION, RUN_FIRST_VIOLATION } from '../../memory/control.ts';
import { type Address, type FsInfo, type Geometry, worldWords } from '../../memory/layout.ts';
import type { AtomicsMemory } from '../../memory/atomics-memory.ts';
import { Fault, type FaultNumber } from '../../memory/fault.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import { IMPURE } from '../../fix/plug-in/guards.ts';
import { accessNumbered, perform } from '../../memory/access.ts';
import {
  compileWasm,
  type WasmMemory,
  type WasmModule,
  wasmExports,
} from '../../memory/wasm-instructions.ts';
import { PAGE_BYTES } from '../../memory/wasm-encoding.ts';
import type { ExtentBufferModel } from '../../model/extent-buffer-model.ts';
import type { ActorContext } from '../../scenario/scenario.ts';
import type { ActorPlace } from '../../scenario/setting.ts';
import { type Portable, Porter, type TracedStep } from './trace.ts';
import { traceCode } from './trace-code.ts';
import { isOther, resultsTo, stepsTo, type TraceNode, TraceTree } from './trace-tree.ts';
import { REPEATED, TracingMemory } from './tracing-memory.ts';

/**
 * Runs of trials that the model plays untraced before it is traced: it is fast there, and violations come within some ms. While
 * code is made they do not, for 200 ms: the actor who has code first runs away from the others. So until any actor of the run
 * has met one there are more, as long as it may still be soon.
 */
const RUNS_FIRST = 48;
const RUNS_FIRST_MAX = 600;
/** Trials that are traced before the first code is made. */
const TRACES_FIRST = 1_024;
/** Trials that left the code before it is made anew; next time four times as many. */
const LEFT_FIRST = 256;
const LEFT_GROWTH = 4;
/**
 * One trial in so many is played by the model although there is code: what it does must be what the code would have done. Not a
 * multiple of any stride, so that it is now here, now there in one.
 */
const CHECK_EVERY = 16_381;
/** Of all trials, the share from which a way is worth code. */
const SHARE_MIN = 1 / 4_096;
/** How often both sides of a contradiction are played again: a coin that falls as before so often is none.
 */
const REPEATS = 32;

/** What compiled trials need of their actor. */
export interface CompiledTrialsParts {
  readonly memory: WasmMemory;
  /** A memory of the actor's at full speed that nobody else uses. */
  readonly below: AtomicsMemory;
  readonly geometry: Geometry;
  readonly place: ActorPlace;
  readonly line: Address;
  readonly tag: number;
  /** What an actor in its place has learnt before. */
  readonly learnt?: Learnt | undefined;
  /** A model on that memory. */
  readonly modelOn: (memory: SharedMemory) => ExtentBufferModel;
  /** The actor's context, with that model. */
  readonly contextOf: (model: ExtentBufferModel, memory: SharedMemory) => ActorContext;
}

/** What an actor has learnt of its program. Crosses to other threads as it is, code and all. */
export interface Learnt {
  readonly root: TraceNode;
  readonly module: WasmModule;
  /** The nodes at which the code leaves, by number. */
  readonly nodes: readonly TraceNode[];
}

/** A trial, or its beginning: the steps, and what all of them gave, or all but the last. */
interface Played {
  readonly steps: readonly TracedStep[];
  readonly given: readonly Portable[];
}

/** Plays the actor's program in `count` worlds, one at least, from the one at `fs` on; puts what it noted in each at words from `notesAt` on. */
export type PlayTrials = (fs: FsInfo, count: number, notesAt: Address) => void;

/** One actor's trials. */
export interface CompiledTrials {
  readonly play: PlayTrials;
  /** Looks at what has been learnt, and makes better code if that is worth it. Not in the middle of a trial. */
  readonly settle: () => void;
  /**
   * Whether the trials of a run are to be played here: not in the first runs of an actor who has learnt nothing, and not any more
   * once the model has shown that it goes by where its world lies. Then the runner plays them by its own model.
   */
  readonly takesOver: () => boolean;
  /** What has been learnt so far; undefined without code. */
  readonly learnt: () => Learnt | undefined;
}

/**
 * Trials at the speed of a native program: what the actor's model does is traced, and the traces become WebAssembly. Where a
 * step gives what no trace has shown, the model takes over: it is given again what the steps so far gave, and goes on from there.
 * So the one model decides what is done, always, and each step is taken once, in the model's order.
 *
 * That a model's next step follows from what its steps gave before is the rule for every strategy. One that keeps something shows
 * sooner or later: some trials are played by the model all along, and if one contradicts what was seen before, the run is over.
 */
export function compiledTrials(parts: CompiledTrialsParts): CompiledTrials {
  const { memory, below, geometry, place, line, tag } = parts;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no world yet
  const porter = new Porter(0 as FsInfo, geometry);
  const words = new Int32Array(memory.buffer);
  const tracing = new TracingMemory(below, { porter, geometry, peek: (address) => words[address] ?? 0 });
  const model = parts.modelOn(tracing);
  const context = parts.contextOf(model, tracing);
  const found = (fault: FaultNumber): void => {
    tracing.found(fault);
  };
  below.onFault = found;
  const { epilogue, role } = place;
  const tree = new TraceTree(parts.learnt?.root);
  const pages = memory.buffer.byteLength / PAGE_BYTES;
  const step = worldWords(geometry);
  const areas = areasOf(geometry);
  let module = parts.learnt?.module;
  let nodes = parts.learnt?.nodes ?? [];
  /** Trials that the code did not know how to play, or all of them without code; and at how many it is time to learn. */
  let unknown = 0;
  let due = module === undefined ? TRACES_FIRST : LEFT_FIRST;
  let runs = 0;
  let left = LEFT_FIRST;
  let untilCheck = CHECK_EVERY;

  const imports = {
    memory: { words: memory },
    trial: {
      perform: (action: number, address: Address, operand: number, replacement: number): number => {
        const access = accessNumbered(action);
        return access === undefined ? 0 : perform(below, access, address, operand, replacement);
      },
      gone: (action: number, address: Address, operand: number, replacement: number, fs: number): number => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the world that the code was called with
        model.fsInfo = fs as FsInfo;
        const access = accessNumbered(action);
        return access === undefined ? 0 : below.gone(access, address, operand, replacement);
      },
      fault: (fs: number): void => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the world that the code was called with
        model.fsInfo = fs as FsInfo;
        found(Fault.BadUnlock);
      },
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the world that the code is in
      leave: (node: number, result: number, fs: number): number => goOn(nodes[node], result, fs as FsInfo),
    },
  };

  let code = module === undefined ? undefined : playOf(module, imports);

  /** Has the model play the actor's program. */
  const playProgram = (): void => {
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

  /** Whether the model takes the same steps again, in the same world and given the same. Does nothing to the world. */
  const isRepeated = (fs: FsInfo, { steps, given }: Played): boolean => {
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
  };

  /**
   * Whether two traces contradict each other because the model does not do the same when its steps give the same, or only because
   * it goes by the addresses of its world, which no step gives. Then it does again what it did, in either world. (Where only what is
   * noted differs, poison may have been met on one of the ways, which no step gives either.)
   */
  const isImpure = (fs: FsInfo): boolean => {
    const { conflict: node } = tree;
    if (node === undefined) return false;
    tree.conflict = undefined;
    const now = { steps: [...tracing.steps], given: [...tracing.results] };
    const { parent, result } = node;
    const before = {
      steps: stepsTo(node).filter((one) => one !== undefined),
      given: parent === undefined ? [] : resultsTo(parent, result),
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the world of a trace
    return !isRepeated(fs, now) || !isRepeated(node.world as FsInfo, before);
  };

  /** Plays by the model, which is given what the steps of the trial so far gave. */
  const playByModel = (fs: FsInfo, given: readonly Portable[]): number => {
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

  /** Plays what is left of a trial behind the step at a node, which gave `result`. */
  const goOn = (at: TraceNode | undefined, result: number, fs: FsInfo): number => {
    unknown++;
    if (at?.step === undefined) return playByModel(fs, []);
    porter.fs = fs;
    return playByModel(fs, resultsTo(at, porter.valueAt(porter.local(at.step.address), result)));
  };

  const compile = (root: TraceNode): void => {
    const least = Math.max(2, root.count * SHARE_MIN);
    const made = traceCode(
      root,
      { pages, line, tag, worldWords: step, areas },
      ({ isSure, count }) => isSure && count >= least,
    );
    ({ nodes } = made);
    module = compileWasm(made.bytes);
    code = playOf(module, imports);
  };

  /** Whether the model is still to run by itself, where nothing has been learnt. */
  const isEarly = (): boolean => {
    runs++;
    return runs <= RUNS_FIRST || (words[RUN_FIRST_VIOLATION] === 0 && runs <= RUNS_FIRST_MAX);
  };

  return {
    takesOver() {
      if (!tree.isSound || (module === undefined && tree.root === undefined && isEarly())) return false;
      return true;
    },
    learnt: () => {
      const { root } = tree;
      return root === undefined || module === undefined || !tree.isSound
        ? undefined
        : { root, module, nodes };
    },
    play(fs, count, notesAt) {
      for (let done = 0; done < count;) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of the worlds
        const at = (fs + done * step) as FsInfo;
        const known = code === undefined ? 0 : Math.min(count - done, untilCheck - 1);
        if (known > 0) {
          code?.(at, known, (notesAt + done) * Int32Array.BYTES_PER_ELEMENT);
          untilCheck -= known;
          done += known;
          continue;
        }
        if (code === undefined) unknown++;
        else untilCheck = CHECK_EVERY;
        words[notesAt + done] = playByModel(at, []);
        done++;
      }
    },
    settle() {
      if (unknown < due || tree.root === undefined) return;
      due = unknown + left;
      left *= LEFT_GROWTH;
      compile(tree.root);
    },
  };
}

/** `PlayTrials` of a module, but with a byte address for the notes. */
function playOf(module: WasmModule, imports: object): PlayTrials {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `traceCode` exports
  return (wasmExports(module, imports) as { readonly play: PlayTrials }).play;
}
