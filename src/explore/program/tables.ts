import type { Effects } from './local-state.ts';

/** One column of a table of integers. */
export interface Column {
  /** Replaced when the table grows. */
  at: Int32Array;
}

/** What a machine needs of automata: see Automata. */
export interface Tables {
  readonly edgeCount: number;
  /** The number of the pending step. */
  readonly step: Column;
  readonly kind: Column;
  readonly address: Column;
  readonly operand: Column;
  readonly replacement: Column;
  readonly inRcu: Column;
  readonly edgeTarget: Column;
  readonly edgeNotes: Column;
  readonly edgeOops: Column;
  readonly edgeGhosts: Column;
  readonly ghosts: readonly Effects['ghosts'][];
  /** The edge that `node` takes when its pending step returns `result`. */
  readonly edge: (node: number, result: number) => number;
}

const COLUMNS = [
  'step',
  'kind',
  'address',
  'operand',
  'replacement',
  'inRcu',
  'edgeTarget',
  'edgeNotes',
  'edgeOops',
  'edgeGhosts',
  'firstEdge',
  'edgeNext',
  'edgeResult',
] as const;

type Columns = { readonly [Name in (typeof COLUMNS)[number]]: Column };

/** Automata as they stand, as plain data. */
export interface FrozenTables extends Columns {
  readonly edgeCount: number;
  readonly ghosts: readonly Effects['ghosts'][];
}

/** Takes a picture of tables. */
export function freeze(tables: FrozenTables): FrozenTables {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, { at: tables[name].at.slice() }]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from the names of the columns
  return { ...(columns as Columns), edgeCount: tables.edgeCount, ghosts: [...tables.ghosts] };
}

/**
 * Tables for threads that have no model. Where they do not know what comes of a step, `ask` gets newer ones: they know
 * more, and what both know has the same numbers.
 */
export class RemoteTables implements Tables {
  readonly step: Column;
  readonly kind: Column;
  readonly address: Column;
  readonly operand: Column;
  readonly replacement: Column;
  readonly inRcu: Column;
  readonly edgeTarget: Column;
  readonly edgeNotes: Column;
  readonly edgeOops: Column;
  readonly edgeGhosts: Column;
  readonly firstEdge: Column;
  readonly edgeNext: Column;
  readonly edgeResult: Column;
  edgeCount: number;
  ghosts: FrozenTables['ghosts'];
  readonly #ask: () => FrozenTables;

  constructor(tables: FrozenTables, ask: () => FrozenTables) {
    this.step = { ...tables.step };
    this.kind = { ...tables.kind };
    this.address = { ...tables.address };
    this.operand = { ...tables.operand };
    this.replacement = { ...tables.replacement };
    this.inRcu = { ...tables.inRcu };
    this.edgeTarget = { ...tables.edgeTarget };
    this.edgeNotes = { ...tables.edgeNotes };
    this.edgeOops = { ...tables.edgeOops };
    this.edgeGhosts = { ...tables.edgeGhosts };
    this.firstEdge = { ...tables.firstEdge };
    this.edgeNext = { ...tables.edgeNext };
    this.edgeResult = { ...tables.edgeResult };
    this.edgeCount = tables.edgeCount;
    this.ghosts = tables.ghosts;
    this.#ask = ask;
  }

  edge(node: number, result: number): number {
    const known = this.#find(node, result);
    if (known !== 0) return known;
    const newer = this.#ask();
    for (const name of COLUMNS) this[name].at = newer[name].at;
    this.edgeCount = newer.edgeCount;
    this.ghosts = newer.ghosts;
    const learned = this.#find(node, result);
    if (learned === 0) throw new Error('the main thread does not know what comes of a step either');
    return learned;
  }

  #find(node: number, result: number): number {
    const results = this.edgeResult.at;
    const nexts = this.edgeNext.at;
    let edge = this.firstEdge.at[node] as number;
    while (edge !== 0 && results[edge] !== result) edge = nexts[edge] as number;
    return edge;
  }
}
