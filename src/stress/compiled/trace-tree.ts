import type { Portable, TracedStep } from './trace.ts';

/** One place that traces have come to: what decides it are the results of all steps before. */
export interface TraceNode {
  readonly parent: TraceNode | undefined;
  /** What the step of the parent gave. */
  readonly result: Portable;
  /** The step that is taken here; undefined at the end of the actor's program. */
  readonly step: TracedStep | undefined;
  /** At the end: the notes of the trial. */
  readonly notes: number;
  /** Trials that have come here. */
  count: number;
  /** A world in which one has, and whether another one has in another. */
  readonly world: number;
  isSure: boolean;
  /** What the word of the step held before it in most trials, which code takes for likely; undefined if nobody has looked. */
  usual: number | undefined;
  /** By how much that is ahead: the majority vote of Boyer and Moore. */
  lead: number;
  /** By what the step gave. */
  readonly next: Map<Portable, TraceNode>;
}

/** A tree with so many nodes grows no more: what is rare comes in endless variety. */
const NODES_MAX = 8_000;

/** What was put down of one trial: its steps, and what each of them gave and had found. */
export interface Trace {
  readonly steps: readonly TracedStep[];
  readonly results: readonly Portable[];
  readonly held: readonly (number | undefined)[];
}

/**
 * All that an actor has been seen to do, as a tree: a step at each node, and a branch for each result. A model is a function of
 * what its steps give, so that a trace that contradicts the tree shows a model that keeps something, and the tree is of no use
 * any more.
 */
export class TraceTree {
  root: TraceNode | undefined;
  /** Whether no trace has contradicted another one. */
  isSound = true;
  /** Where one did, and was to do what its node says. */
  conflict: TraceNode | undefined;
  #size: number;

  constructor(root?: TraceNode) {
    this.root = root;
    this.#size = root === undefined ? 0 : sizeOf(root);
  }

  /** Adds the trace of a trial. */
  add({ steps, results, held }: Trace, notes: number, world: number): void {
    let parent: TraceNode | undefined;
    for (let index = 0; index <= steps.length; index++) {
      const step = steps[index];
      const result = results[index - 1] ?? 0;
      let node: TraceNode | undefined = parent === undefined ? this.root : parent.next.get(result);
      if (node === undefined) {
        if (this.#size === NODES_MAX) return;
        this.#size++;
        node = {
          parent,
          result,
          step,
          notes: step === undefined ? notes : 0,
          count: 0,
          world,
          isSure: false,
          usual: undefined,
          lead: 0,
          next: new Map<Portable, TraceNode>(),
        };
        if (parent === undefined) this.root = node;
        else parent.next.set(result, node);
      } else if (isOther(node.step, step) || (step === undefined && node.notes !== notes)) {
        this.isSound = false;
        this.conflict = node;
        return;
      }
      node.count++;
      node.isSure ||= node.world !== world;
      vote(node, held[index]);
      parent = node;
    }
  }
}

/** The steps on the way to a node, that of the node itself at the end. */
export function stepsTo(node: TraceNode): (TracedStep | undefined)[] {
  const steps = [];
  for (let at: TraceNode | undefined = node; at !== undefined; at = at.parent) steps.push(at.step);
  return steps.toReversed();
}

/** What the steps on the way to a node, and the one there, have given. */
export function resultsTo(node: TraceNode, result: Portable): Portable[] {
  const results = [result];
  for (let at = node; at.parent !== undefined; at = at.parent) results.push(at.result);
  return results.toReversed();
}

function vote(node: TraceNode, held: number | undefined): void {
  if (held === undefined) return;
  if (node.lead === 0) node.usual = held;
  node.lead += node.usual === held ? 1 : -1;
}

function sizeOf(node: TraceNode): number {
  let size = 1;
  for (const next of node.next.values()) size += sizeOf(next);
  return size;
}

/** Whether two steps differ. */
export function isOther(one: TracedStep | undefined, other: TracedStep | undefined): boolean {
  return (
    one?.action !== other?.action ||
    one?.address !== other?.address ||
    one?.operand !== other?.operand ||
    one?.replacement !== other?.replacement
  );
}
