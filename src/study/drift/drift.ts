/**
 * Which functions of the kernel the models rest on, and whether a source tree still has them as they were read. A changed function is
 * one to be read again, no fault of the model's: whether what it rests on has changed only a reader can tell.
 */
import {
  hashIn,
  type KernelFunction,
  type KernelReading,
  type KernelTable,
  placeIn,
} from '../../model/kernel-function.ts';
import { hashOf } from './c-functions.ts';
import type {
  DriftFound,
  DriftResult,
  DriftRow,
  DriftStatus,
  ReadKernel,
  ReadPlace,
} from './drift-result.ts';
import { nearestKernel } from './kernel-version.ts';
import { type SourceTree, TreeFunctions } from './source-tree.ts';

/** The kernels that tables were written from, oldest first, each once. */
export function readKernels(tables: readonly KernelTable[]): readonly ReadKernel[] {
  const releases = new Map(
    tables.flatMap(({ readings }) => readings.map(({ kernel, release }) => [kernel, release] as const)),
  );
  return [...releases].map(([kernel, release]) => ({ kernel, release }));
}

/** Every file in which a function of the tables stands, in some kernel. */
export function filesOf(tables: readonly KernelTable[]): readonly string[] {
  const files = tables.flatMap(({ readings, functions }) =>
    functions.flatMap((func) => readings.map(({ kernel }) => placeIn(func, kernel).file)),
  );
  return [...new Set(files)];
}

/** What `driftOf` is asked. */
export interface DriftOptions {
  /** One of those that were read. @default with a tree the nearest to its version, else all */
  readonly kernel?: string | undefined;
  readonly tree?: SourceTree | undefined;
}

/**
 * Lists the functions, and compares them with a tree.
 * @throws {RangeError} If no such kernel was read.
 * @throws {SourceTreeError} If a file of the tree is no C text, or not whole.
 */
export function driftOf(
  tables: readonly KernelTable[],
  { kernel: asked, tree }: DriftOptions = {},
): DriftResult {
  const kernels = readKernels(tables);
  const kernel = kernels.find((each) => each.kernel === asked) ?? null;
  if (asked !== undefined && kernel === null) throw new RangeError(`unknown kernel '${asked}'`);
  const shown = tree === undefined ? kernel : (kernel ?? nearestKernel(tree.release, kernels));
  const functions = rowsOf(tables, shown, tree && new TreeFunctions(tree));
  const counts = tree === undefined ? null : countsOf(functions);
  const isAsRead = counts !== null && counts.same === functions.length;
  return {
    schema: 'ebtorture.drift/1',
    kernels,
    kernel: shown,
    source: tree === undefined ? null : { path: tree.path, release: tree.release },
    functions,
    counts,
    verdict: counts === null ? 'listed' : isAsRead ? 'as-read' : 'drifted',
  };
}

function rowsOf(
  tables: readonly KernelTable[],
  shown: ReadKernel | null,
  tree: TreeFunctions | undefined,
): DriftRow[] {
  return tables.flatMap((table) => {
    const reading = table.readings.find(({ kernel }) => kernel === shown?.kernel);
    if (shown !== null && reading === undefined) return [];
    return table.functions.flatMap((func) => {
      const kernels = readPlaces(func, table.readings);
      const place = kernels.findLast(({ kernel }) => shown === null || kernel === shown.kernel);
      if (place === undefined) return [];
      const source = tree === undefined || reading === undefined ? null : foundIn(tree, func, reading);
      return [rowOf(table, func, { kernels, place, source })];
    });
  });
}

function rowOf(
  { generation, model, notes }: KernelTable,
  { section, facts, methods }: KernelFunction,
  { kernels, place, source }: Pick<DriftRow, 'kernels' | 'source'> & { readonly place: ReadPlace },
): DriftRow {
  return {
    file: place.file,
    function: place.name,
    generation,
    model: { class: model, methods },
    notes: { name: notes, section: section ?? null },
    facts,
    kernels,
    source,
  };
}

function readPlaces(func: KernelFunction, readings: readonly KernelReading[]): ReadPlace[] {
  return readings.flatMap((reading) => {
    const hash = hashIn(func, reading);
    return hash === undefined ? [] : [{ kernel: reading.kernel, ...placeIn(func, reading.kernel), hash }];
  });
}

function foundIn(tree: TreeFunctions, func: KernelFunction, reading: KernelReading): DriftFound {
  const found = tree.find(func, reading);
  if (found === undefined) return { status: 'missing', file: null, name: null, hash: null, definitions: 0 };
  const place = placeIn(func, reading.kernel);
  const isSame = hashOf(found.text, place.name) === hashIn(func, reading);
  const isThere = found.file === place.file && found.name === place.name;
  return {
    status: isSame ? (isThere ? 'same' : 'renamed') : 'changed',
    file: found.file,
    name: found.name,
    hash: hashOf(found.text),
    definitions: found.text.definitions,
  };
}

function countsOf(rows: readonly DriftRow[]): Record<DriftStatus, number> {
  const counts = { same: 0, renamed: 0, changed: 0, missing: 0 };
  for (const { source } of rows) if (source !== null) counts[source.status]++;
  return counts;
}
