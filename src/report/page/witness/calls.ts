import type { ReplayStep } from '../../../explore/witness/replay-step.ts';
import { callsOf } from '../../replay-report.ts';

/** Steps of one actor between two switches, nested by kernel function. */
export interface Turn {
  readonly actor: number;
  readonly label: string;
  /** Index of its first step. */
  readonly first: number;
  readonly calls: readonly Node[];
}

export type Node = { readonly step: ReplayStep } | Call;

export interface Call {
  readonly name: string;
  readonly nodes: readonly Node[];
}

interface OpenCall extends Call {
  readonly nodes: (Node | OpenCall)[];
}

/** The turns of a schedule. */
export function turnsOf(steps: readonly ReplayStep[]): Turn[] {
  const turns: Turn[] = [];
  let open: OpenCall[] = [];
  let root: OpenCall = { name: '', nodes: [] };
  for (const [index, step] of steps.entries()) {
    if (index === 0 || step.isSwitch) {
      root = { name: '', nodes: [] };
      open = [];
      turns.push({ actor: step.actor, label: step.label, first: index, calls: root.nodes });
    }
    // A store that becomes visible is in no function: it is shown where its actor is.
    const names = step.isVisible === true ? open.map(({ name }) => name) : callsOf(step);
    const common = names.findIndex((name, depth) => open[depth]?.name !== name);
    open = open.slice(0, common === -1 ? names.length : common);
    for (const name of names.slice(open.length)) {
      const call: OpenCall = { name, nodes: [] };
      (open.at(-1) ?? root).nodes.push(call);
      open.push(call);
    }
    (open.at(-1) ?? root).nodes.push({ step });
  }
  return turns.map(({ calls, actor, label, first }) => ({
    actor,
    label,
    first,
    calls: calls.map(unwrapped),
  }));
}

/** An operation that is one access of that name is no call. */
function unwrapped(node: Node): Node {
  const [only, ...others] = 'nodes' in node ? node.nodes : [];
  if (!('nodes' in node) || only === undefined || others.length > 0 || !('step' in only)) return node;
  return only.step.operation === node.name ? only : node;
}

/** All steps inside. */
export function stepsIn(nodes: readonly Node[]): ReplayStep[] {
  return nodes.flatMap((node) => ('step' in node ? [node.step] : stepsIn(node.nodes)));
}
