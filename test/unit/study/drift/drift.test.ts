import { describe, expect, it } from 'vitest';
import { inFile, type KernelTable } from '../../../../src/model/kernel-function.ts';
import { functionsOf, hashOf } from '../../../../src/study/drift/c-functions.ts';
import { driftOf, filesOf } from '../../../../src/study/drift/drift.ts';
import type { DriftResult, DriftStatus } from '../../../../src/study/drift/drift-result.ts';
import { SourceTreeError } from '../../../../src/study/drift/source-tree.ts';

const GET = 'static void get(struct eb *eb)\n{\n\tatomic_inc(&eb->refs);\n}\n';
const PUT = 'void put(struct eb *eb)\n{\n\tif (atomic_dec_and_test(&eb->refs))\n\t\tfree(eb);\n}\n';
const FIND =
  '#ifdef CONFIG_A\nint find(int at)\n{\n\treturn at;\n}\n#else\nint find(int at)\n{\n\treturn 0;\n}\n#endif\n';
const LOCK = 'static inline void lock(int *at)\n{\n\tspin(at);\n}\n';
const EB = 'fs/eb.c';
const HEADER = 'fs/eb.h';

/** The hashes of a file of functions. */
function hashesOf(text: string): Record<string, string> {
  return Object.fromEntries([...functionsOf(text).values()].map((each) => [each.name, hashOf(each)]));
}

/** Two kernels: the older has `find` as `look_up`, and `lock` in the file of the others; the newer has lost `put`. */
const table: KernelTable = {
  generation: 'v2',
  notes: 'notes.md',
  model: 'EbModel',
  readings: [
    {
      kernel: '6.1',
      release: '6.1.9',
      hashes: { [EB]: hashesOf(GET + PUT + FIND.replaceAll('find', 'look_up') + LOCK) },
    },
    {
      kernel: '7.1',
      release: '7.1.2',
      hashes: { [EB]: hashesOf(GET + FIND), [HEADER]: hashesOf(LOCK) },
    },
  ],
  functions: [
    ...inFile(EB, [
      { name: 'get', section: '1.1', facts: 'Raises refs.', methods: ['get'] },
      { name: 'put', facts: 'Drops refs.', methods: ['put'] },
      { name: 'find', was: { '6.1': { name: 'look_up' } }, facts: 'Looks.', methods: [] },
    ]),
    ...inFile(HEADER, [{ name: 'lock', was: { '6.1': { file: EB } }, facts: 'Locks.', methods: [] }]),
  ],
};

function compared(files: Record<string, string>, release = '7.1.5', kernel?: string): DriftResult {
  return driftOf([table], {
    kernel,
    tree: { path: 'linux', release, files: new Map(Object.entries(files)) },
  });
}

function statuses({ functions }: DriftResult): Record<string, DriftStatus | undefined> {
  return Object.fromEntries(functions.map((row) => [row.function, row.source?.status]));
}

describe('driftOf', () => {
  it('lists all functions by their newest names, with where each was read', () => {
    const result = driftOf([table]);

    expect(result).toMatchObject({ verdict: 'listed', counts: null, kernel: null, source: null });
    expect(result.functions.map((row) => row.function)).toEqual(['get', 'put', 'find', 'lock']);
    expect(result.functions.map(({ kernels }) => kernels.map(({ kernel }) => kernel))).toEqual([
      ['6.1', '7.1'],
      ['6.1'],
      ['6.1', '7.1'],
      ['6.1', '7.1'],
    ]);
    expect(result.functions[2]?.kernels[0]).toMatchObject({ kernel: '6.1', name: 'look_up' });
  });

  it('lists those of one kernel by the names they have there', () => {
    const older = driftOf([table], { kernel: '6.1' }).functions;

    expect(older.map((row) => row.function)).toEqual(['get', 'put', 'look_up', 'lock']);
    expect(older[3]?.file).toBe(EB);
    expect(driftOf([table], { kernel: '7.1' }).functions.map((row) => row.function)).toEqual([
      'get',
      'find',
      'lock',
    ]);
    expect(() => driftOf([table], { kernel: '6.2' })).toThrow("unknown kernel '6.2'");
  });

  it('takes a tree for the same, whatever its comments say, and sees one token', () => {
    const files = {
      [EB]: `/* { */\n${GET.replace('atomic', '/* one more */ atomic')}${FIND}`,
      [HEADER]: LOCK,
    };

    expect(compared(files)).toMatchObject({
      verdict: 'as-read',
      kernel: { kernel: '7.1', release: '7.1.2' },
      counts: { same: 3, changed: 0, renamed: 0, missing: 0 },
    });
    const changed = compared({ ...files, [EB]: files[EB].replace('_inc', '_inc_not_zero') });
    expect(changed.verdict).toBe('drifted');
    expect(statuses(changed)).toEqual({ get: 'changed', find: 'same', lock: 'same' });
  });

  it.each([
    ['the second branch of #if', FIND.replace('return 0', 'return 1'), 'changed', 2],
    ['a branch of #if that is gone', 'int find(int at)\n{\n\treturn at;\n}\n', 'changed', 1],
    ['another name', FIND.replaceAll('find', 'find_eb'), 'renamed', 2],
    ['the name that it had', FIND.replaceAll('find', 'look_up'), 'renamed', 2],
    ['the name that it had, with another text', 'int look_up(int at)\n{\n\treturn 9;\n}\n', 'changed', 1],
    ['another name and another text', 'int find_eb(int at)\n{\n\treturn 9;\n}\n', 'missing', 0],
    ['nothing', '', 'missing', 0],
  ])('sees of `find` %s', (_name, text, status, definitions) => {
    const row = compared({ [EB]: GET + text, [HEADER]: LOCK }).functions.find(
      (each) => each.function === 'find',
    );

    expect(row?.source).toMatchObject({ status, definitions });
  });

  it('finds a function in another file, changed or not', () => {
    expect(statuses(compared({ [EB]: GET + FIND + LOCK }))['lock']).toBe('renamed');
    const changed = compared({ [EB]: GET + FIND + LOCK.replace('spin', 'sleep') });
    expect(changed.functions.at(-1)?.source).toMatchObject({ status: 'changed', file: EB, name: 'lock' });
  });

  it('compares with the nearest kernel unless told which', () => {
    const files = { [EB]: GET + PUT + FIND.replaceAll('find', 'look_up') + LOCK };

    expect(compared(files, '6.3.1')).toMatchObject({ verdict: 'as-read', kernel: { kernel: '6.1' } });
    expect(statuses(compared(files, '6.3.1', '7.1'))).toEqual({
      get: 'same',
      find: 'renamed',
      lock: 'renamed',
    });
  });

  it('says which file is no C text', () => {
    expect(() => compared({ [EB]: `${GET}{`, [HEADER]: LOCK })).toThrow(SourceTreeError);
    expect(() => compared({ [EB]: `${GET}{`, [HEADER]: LOCK })).toThrow(`${EB} has a block without an end`);
  });
});

describe('filesOf', () => {
  it('names every file in which some kernel has a function', () => {
    expect(filesOf([table])).toEqual([EB, HEADER]);
  });
});
