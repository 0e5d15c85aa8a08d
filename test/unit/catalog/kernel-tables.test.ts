import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelTables } from '../../../src/catalog/kernel-tables.ts';
import { scenarios } from '../../../src/catalog/registry.ts';
import { partsOfFunctions } from '../../../src/fix/mutation/method-hooks.ts';
import { hashIn, type KernelTable, placeIn } from '../../../src/model/kernel-function.ts';
import { Model, type ModelClass } from '../../../src/model/model.ts';
import { ExtentBufferLife } from '../../../src/subject/extent-buffer/life/extent-buffer-life.ts';
import { sourcesOfLife } from '../../../src/subject/extent-buffer/life/sources.ts';

/** Classes of models that scenarios are played with, and those that they extend, by name. */
const models = new Map(
  scenarios.flatMap(({ subject: { Model: Class } }) => classesOf(Class)).map((Class) => [Class.name, Class]),
);

function classesOf(Class: ModelClass): ModelClass[] {
  const Base = Object.getPrototypeOf(Class) as ModelClass;
  return Class.prototype === Model.prototype ? [] : [Class, ...classesOf(Base)];
}

function wholeOf(table: KernelTable): KernelTable['functions'] {
  return [...(table.extends === undefined ? [] : wholeOf(table.extends)), ...table.functions];
}

/** What does not fit between a table and a model: methods that it names and that are none, and methods that it does not name. */
function misfits(table: KernelTable, Class: ModelClass): { none: string[]; unnamed: string[] } {
  const methods = partsOfFunctions(Class);
  const named = [
    ...wholeOf(table).flatMap((func) => func.methods),
    ...Object.keys(table.withoutFunction ?? {}),
  ];
  return {
    none: named.filter((name) => !methods.has(name)),
    // A part of a function is named with the whole.
    unnamed: [...methods].flatMap(([name, { whole }]) => (named.includes(whole) ? [] : [name])),
  };
}

/** Whether a generation has a model: before that its table has nothing to be held against. */
function hasModel({ generation }: KernelTable): boolean {
  return existsSync(new URL(`../../../src/subject/extent-buffer/${generation}/subject.ts`, import.meta.url));
}

describe('kernel tables', () => {
  it.for(kernelTables)('names in $generation the methods of its model, each of them', (table, context) => {
    if (!hasModel(table)) context.skip(`${table.generation} has no model yet`);
    const Class = models.get(table.model);

    expect([...models.keys()]).toContain(table.model);
    expect(Class && misfits(table, Class)).toEqual({ none: [], unnamed: [] });
  });

  it('would not pass without a row, nor with a method too many', () => {
    const [first, ...others] = sourcesOfLife.functions;
    const without = { ...sourcesOfLife, functions: others };
    class Grown extends ExtentBufferLife {
      btrfsUmount(): void {}
    }

    expect(misfits(without, ExtentBufferLife).unnamed).toEqual(first?.methods);
    expect(misfits(sourcesOfLife, Grown)).toEqual({ none: [], unnamed: ['btrfsUmount'] });
    const { extends: base, ...alone } = sourcesOfLife;
    expect(base?.model).toBe('ExtentBufferModel');
    expect(misfits(alone, ExtentBufferLife).unnamed).toContain('findExtentBuffer');
  });

  it.each(kernelTables)('has read each function of $generation in some kernel, and no other', (table) => {
    for (const func of table.functions)
      expect([func.name, table.readings.some((reading) => hashIn(func, reading) !== undefined)]).toEqual([
        func.name,
        true,
      ]);
    for (const { was = {} } of table.functions)
      expect(table.readings.map(({ kernel }) => kernel)).toEqual(expect.arrayContaining(Object.keys(was)));
  });

  it('calls each function what the newest kernel that has it does', () => {
    for (const { readings, functions } of kernelTables) {
      for (const func of functions) {
        const newest = readings.findLast((reading) => hashIn(func, reading) !== undefined);

        expect(newest && placeIn(func, newest.kernel)).toEqual({ file: func.file, name: func.name });
      }
    }
  });

  it('has a hash for what some table names, and for nothing else', () => {
    for (const table of kernelTables) {
      const sharing = kernelTables.filter(({ readings }) => readings === table.readings);
      for (const reading of table.readings) {
        const named = sharing.flatMap(({ functions }) => functions.map((func) => hashIn(func, reading)));
        const hashes = Object.values(reading.hashes).flatMap((byName) => Object.values(byName));

        expect(hashes.length).toBeGreaterThan(40);
        for (const hash of hashes) expect(hash).toMatch(/^[\da-f]{16}$/);
        expect(named.filter((hash) => hash !== undefined).toSorted()).toEqual(hashes.toSorted());
      }
    }
  });

  it('tells in a few words what each function does, in ASCII', () => {
    for (const { facts, name } of kernelTables.flatMap(({ functions }) => functions)) {
      expect([name, facts]).toEqual([name, expect.stringMatching(/^[\x20-\x7e]{10,400}\.$/)]);
    }
  });
});
