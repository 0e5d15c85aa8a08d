/**
 * `npm run read-kernel -- v7.3 6.12=/usr/src/linux-source-6.12 7.3=...`: reads the functions that the tables of a generation name in kernel
 * source trees, and writes their hashes into its readings.ts. Kernels that are not given keep what was read of them.
 *
 * A function that is new in a table gets its hashes here; where a tree does not have it, it gets none.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { kernelTables } from '../src/catalog/kernel-tables.ts';
import { type KernelReading, placeIn } from '../src/model/kernel-function.ts';
import { hashOf } from '../src/study/drift/c-functions.ts';
import { filesOf } from '../src/study/drift/drift.ts';
import { releaseOf } from '../src/study/drift/kernel-version.ts';
import { TreeFunctions } from '../src/study/drift/source-tree.ts';

const [generation = '', ...given] = process.argv.slice(2);
const tables = kernelTables.filter((table) =>
  [table.generation, table.extends?.generation].includes(generation),
);
const [first] = tables;
if (first === undefined || given.length === 0)
  throw new Error('usage: npm run read-kernel -- GENERATION KERNEL=DIRECTORY ...');

const readings = new Map(first.readings.map((reading) => [reading.kernel, reading]));
for (const pair of given) {
  const [kernel = '', directory = ''] = pair.split('=');
  readings.set(kernel, readTree(kernel, directory));
}
const byAge = [...readings.values()].toSorted((a, b) =>
  a.kernel.localeCompare(b.kernel, 'en', { numeric: true }),
);
const text = `/** What was read of each kernel, oldest first. Written by scripts/read-kernel.ts. */
import type { KernelReading } from '../../../model/kernel-function.ts';

export const readings: readonly KernelReading[] = ${JSON.stringify(byAge)};
`;
const path = new URL(`../src/subject/extent-buffer/${generation}/readings.ts`, import.meta.url);
writeFileSync(path, await format(text, { parser: 'typescript', printWidth: 110, singleQuote: true }));

function readTree(kernel: string, directory: string): KernelReading {
  const release = releaseOf(readFileSync(join(directory, 'Makefile'), 'utf8'));
  if (release === undefined) throw new Error(`${directory}: no kernel source tree`);
  const files = filesOf(tables).filter((file) => existsSync(join(directory, file)));
  const tree = new TreeFunctions({
    files: new Map(files.map((file) => [file, readFileSync(join(directory, file), 'utf8')])),
  });
  const hashes: Record<string, Record<string, string>> = {};
  for (const func of tables.flatMap(({ functions }) => functions)) {
    const found = tree.at(placeIn(func, kernel));
    if (found !== undefined) (hashes[found.file] ??= {})[found.name] = hashOf(found.text);
  }
  return { kernel, release, hashes };
}
