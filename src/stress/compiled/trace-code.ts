import { accessKinds } from '../../memory/access.ts';
import {
  BLOCK,
  BR,
  BR_IF,
  CALL,
  constant,
  END,
  functionBody,
  functionExport,
  functionImport,
  functionType,
  I32_ADD,
  I32_CONST,
  I32_EQ,
  I32_EQZ,
  I32_SHL,
  I32_STORE,
  IF,
  join,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  memoryImport,
  moduleOf,
  unsigned,
  VOID,
  wordAt,
} from '../../memory/wasm-encoding.ts';
import { isAccess, type TracedStep } from './trace.ts';
import type { TraceNode } from './trace-tree.ts';
import {
  type CodeTarget,
  LEAVE,
  PLAY,
  FS,
  COUNT,
  NOTES_AT,
  BASE,
  READ,
  GAVE,
  NOTES,
  LOCALS,
  StepCode,
} from './step-code.ts';

/** The code of a tree, and its nodes by the number that `leave` has. */
export interface TraceCode {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly nodes: readonly TraceNode[];
}

/**
 * WebAssembly for the trials of one actor: `play` of `PlayTrials`, which takes the steps of a tree, each as `AtomicsMemory` takes
 * it. The memory's own code is reached by a call per step, which
 * costs more than the step: the code of an instance is found through four dependent loads, and behind a locked instruction
 * they wait. Here all trials of a stride are one call.
 *
 * @param isKept - Whether a node is worth code: others are left to the model.
 */
export function traceCode(
  root: TraceNode,
  place: CodeTarget,
  isKept: (node: TraceNode) => boolean,
): TraceCode {
  const writer = new TraceWriter(place, isKept);
  writer.write(root);
  const bytes = moduleOf([
    {
      id: 1,
      content: [functionType(5, true), functionType(3, true), functionType(3, false), functionType(1, false)],
    },
    {
      id: 2,
      content: [
        memoryImport(place.pages),
        functionImport('trial', 'perform', 0),
        functionImport('trial', 'gone', 0),
        functionImport('trial', 'leave', 1),
        functionImport('trial', 'fault', 3),
      ],
    },
    { id: 3, content: [unsigned(2)] },
    { id: 7, content: [functionExport('play', PLAY)] },
    { id: 10, content: [functionBody(LOCALS, writer.code)] },
  ]);
  return { bytes, nodes: writer.nodes };
}

class TraceWriter {
  readonly code: number[] = [];
  readonly nodes: TraceNode[] = [];
  readonly #place: CodeTarget;
  readonly #steps: StepCode;
  readonly #isKept: (node: TraceNode) => boolean;

  constructor(place: CodeTarget, isKept: (node: TraceNode) => boolean) {
    this.#place = place;
    this.#steps = new StepCode(place);
    this.#isKept = isKept;
  }

  /** The body of the function: the trials of one world after the other. */
  write(root: TraceNode): void {
    const { code } = this;
    code.push(LOOP, VOID, LOCAL_GET, FS, I32_CONST, 2, I32_SHL, LOCAL_SET, BASE, BLOCK, VOID, BLOCK, VOID);
    this.#node(root, 0);
    // What is left of a trial that the code does not know.
    code.push(END, LOCAL_GET, READ, LOCAL_GET, GAVE, LOCAL_GET, FS, CALL, LEAVE, LOCAL_SET, NOTES, END);
    code.push(
      ...join(LOCAL_GET, NOTES_AT, LOCAL_GET, NOTES, I32_STORE, wordAt(0)),
      ...join(LOCAL_GET, NOTES_AT, constant(4), I32_ADD, LOCAL_SET, NOTES_AT),
      ...join(LOCAL_GET, FS, constant(this.#place.worldWords), I32_ADD, LOCAL_SET, FS),
      ...join(LOCAL_GET, COUNT, constant(-1), I32_ADD, LOCAL_TEE, COUNT, BR_IF, 0, END),
    );
  }

  /** The step at a node and all that may follow, inside of so many branches. */
  #node(node: TraceNode, depth: number): void {
    const { code } = this;
    const { step } = node;
    if (step === undefined) {
      code.push(...constant(node.notes), LOCAL_SET, NOTES, BR, ...unsigned(depth + 1));
      return;
    }
    code.push(...this.#steps.of(step, node.usual));
    const next = [...node.next.values()]
      .filter((child) => this.#isKept(child))
      .toSorted((one, other) => other.count - one.count);
    if (givesNothing(step)) {
      const [only] = next;
      if (only === undefined) this.#leave(node, depth);
      else this.#node(only, depth);
      return;
    }
    const isTruth = isTruthOf(step);
    for (const child of next) {
      code.push(LOCAL_GET, GAVE);
      if (!isTruth) code.push(...this.#steps.value(child.result), I32_EQ);
      else if (child.result === 0) code.push(I32_EQZ);
      code.push(IF, VOID);
      this.#node(child, depth + 1);
      code.push(END);
    }
    if (!isTruth || next.length < 2) this.#leave(node, depth);
  }

  /** Goes behind the steps, where all that is left of the trial is handed over. */
  #leave(node: TraceNode, depth: number): void {
    const index = this.nodes.push(node) - 1;
    this.code.push(...constant(index), LOCAL_SET, READ, BR, ...unsigned(depth));
  }
}

function givesNothing({ action }: TracedStep): boolean {
  return !isAccess(action) || accessKinds[action].gives === 'nothing';
}

function isTruthOf({ action }: TracedStep): boolean {
  return isAccess(action) && accessKinds[action].gives === 'truth';
}
