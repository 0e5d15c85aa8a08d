import { areasOf } from '../../memory/areas.ts';
import { RUN_FIRST_VIOLATION } from '../../memory/control.ts';
import { type Address, type FsInfo, objectWords, worldWords } from '../../memory/layout.ts';
import { Fault } from '../../memory/fault.ts';
import type { Ordering } from '../../memory/ordering.ts';
import { accessNumbered } from '../../memory/access.ts';
import { perform } from '../../memory/perform.ts';
import { compileWasm, type WasmModule, wasmExports } from '../../memory/wasm-instructions.ts';
import { PAGE_BYTES } from '../../memory/wasm-encoding.ts';
import { type TraceCode, traceCode } from './trace-code.ts';
import type { TraceNode } from './trace-tree.ts';
import { type TracedTrials, tracedTrials, type TracedTrialsParts } from './traced-trials.ts';

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

/** What compiled trials need of their actor. */
export interface CompiledTrialsParts extends TracedTrialsParts {
  readonly tag: number;
  /** As in `ActorMemory`. */
  readonly ordering: Ordering;
  /** What an actor in its place has learnt before. */
  readonly learnt?: Learnt | undefined;
}

/** What an actor has learnt of its program. Crosses to other threads as it is, code and all. */
export interface Learnt {
  readonly root: TraceNode;
  readonly module: WasmModule;
  /** The nodes at which the code leaves, by number. */
  readonly nodes: readonly TraceNode[];
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
  const words = new Int32Array(parts.memory.buffer);
  const traced = tracedTrials(parts, parts.learnt?.root);
  const { tree } = traced;
  const step = worldWords(parts.geometry);
  const isEarly = earlyRuns(words);
  const codeOf = codeBy(parts);
  let module = parts.learnt?.module;
  let nodes = parts.learnt?.nodes ?? [];
  /** Trials that the code did not know how to play, or all of them without code; and at how many it is time to learn. */
  let unknown = 0;
  let due = module === undefined ? TRACES_FIRST : LEFT_FIRST;
  let left = LEFT_FIRST;
  let untilCheck = CHECK_EVERY;

  const imports = importsOf(parts, traced, (node, result, fs) => {
    unknown++;
    return traced.goOn(nodes[node], result, fs);
  });
  let code = module === undefined ? undefined : playOf(module, imports);

  const compile = (root: TraceNode): void => {
    const made = codeOf(root);
    ({ nodes } = made);
    module = compileWasm(made.bytes);
    code = playOf(module, imports);
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
        words[notesAt + done] = traced.play(at, []);
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

/** What the code calls, each with the world that it is in; `leave` plays what is left of a trial behind the node of that number. */
function importsOf(
  { memory, below }: CompiledTrialsParts,
  { lookAt, found }: TracedTrials,
  leave: (node: number, result: number, fs: FsInfo) => number,
): object {
  return {
    memory: { words: memory },
    trial: {
      perform: (
        action: number,
        address: Address,
        operand: number,
        replacement: number,
        fs: FsInfo,
      ): number => {
        // What it finds wrong while it waits belongs to this world.
        lookAt(fs);
        const access = accessNumbered(action);
        return access === undefined ? 0 : perform(below, access, address, operand, replacement);
      },
      gone: (action: number, address: Address, operand: number, replacement: number, fs: FsInfo): number => {
        lookAt(fs);
        const access = accessNumbered(action);
        return access === undefined ? 0 : below.gone(access, address, operand, replacement);
      },
      fault: (fs: FsInfo): void => {
        lookAt(fs);
        found(Fault.BadUnlock);
      },
      leave,
    },
  };
}

/** Makes code of what is known of the actor's program, for what is worth it. */
function codeBy({
  memory,
  geometry,
  line,
  tag,
  ordering,
}: CompiledTrialsParts): (root: TraceNode) => TraceCode {
  const pages = memory.buffer.byteLength / PAGE_BYTES;
  const place = {
    pages,
    line,
    tag,
    worldWords: worldWords(geometry),
    areas: areasOf(geometry),
    objectWords: objectWords(geometry),
    ordering,
  };
  return (root) => {
    const least = Math.max(2, root.count * SHARE_MIN);
    return traceCode(root, place, ({ isSure, count }) => isSure && count >= least);
  };
}

/** Asked once a run: whether the model is still to run by itself, where nothing has been learnt. */
function earlyRuns(words: Int32Array): () => boolean {
  let runs = 0;
  return () => {
    runs++;
    return runs <= RUNS_FIRST || (words[RUN_FIRST_VIOLATION] === 0 && runs <= RUNS_FIRST_MAX);
  };
}

/** `PlayTrials` of a module, but with a byte address for the notes. */
function playOf(module: WasmModule, imports: object): PlayTrials {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `traceCode` exports
  return (wasmExports(module, imports) as { readonly play: PlayTrials }).play;
}
