import type { Automata } from '../program/automata.ts';

/** The strongly connected component of each node, by Tarjan's algorithm without recursion. */
export function components(automata: Automata, count: number): Int32Array {
  const component = new Int32Array(count);
  const index = new Int32Array(count);
  const low = new Int32Array(count);
  const edgeAt = new Int32Array(count);
  const path: number[] = [];
  const open: number[] = [];
  let next = 1;
  for (let root = 1; root < count; root++) {
    if (index[root] !== 0) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      if (index[node] === 0) {
        index[node] = next;
        low[node] = next++;
        open.push(node);
        edgeAt[node] = automata.firstEdge.at[node] as number;
      }
      const edge = edgeAt[node] as number;
      if (edge !== 0) {
        edgeAt[node] = automata.edgeNext.at[edge] as number;
        const target = automata.edgeTarget.at[edge] as number;
        if (index[target] === 0) path.push(target);
        else if (component[target] === 0) low[node] = Math.min(low[node] as number, index[target] as number);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[node] as number);
      if (low[node] !== index[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        component[member] = node;
        if (member === node) break;
      }
    }
  }
  return component;
}
