import { describe, expect, it } from 'vitest';
import { driftReport } from '../../../src/report/drift-report.ts';
import { plain } from '../../../src/report/paint.ts';
import type {
  DriftFound,
  DriftResult,
  DriftRow,
  DriftStatus,
} from '../../../src/study/drift/drift-result.ts';

const FILE = 'fs/btrfs/extent_io.c';

function row(name: string, source: DriftFound | null, other: Partial<DriftRow> = {}): DriftRow {
  return {
    file: FILE,
    function: name,
    generation: 'v9',
    model: { class: 'EbModel', methods: ['find', 'look'] },
    notes: { name: 'notes.md', section: '2.1' },
    facts: `What ${name} does, in order.`,
    kernels: [
      { kernel: '6.1', file: 'fs/eb.c', name: `old_${name}`, hash: '0'.repeat(16) },
      { kernel: '7.1', file: FILE, name, hash: '1'.repeat(16) },
    ],
    source,
    ...other,
  };
}

function found(status: DriftStatus, name: string | null, other: Partial<DriftFound> = {}): DriftFound {
  return { status, file: FILE, name, hash: '2'.repeat(16), definitions: 1, ...other };
}

const listed: DriftResult = {
  schema: 'ebtorture.drift/1',
  kernels: [
    { kernel: '6.1', release: '6.1.9' },
    { kernel: '7.1', release: '7.1.2' },
  ],
  kernel: null,
  source: null,
  functions: [
    row('get', null),
    row('put', null, {
      model: { class: 'EbModel', methods: [] },
      notes: { name: 'notes.md', section: null },
    }),
  ],
  counts: null,
  verdict: 'listed',
};

const drifted: DriftResult = {
  ...listed,
  kernel: { kernel: '7.1', release: '7.1.2' },
  source: { path: '/usr/src/linux', release: '7.2.0-rc1' },
  functions: [
    row('get', found('same', 'get')),
    row('find', found('renamed', 'look_up', { file: 'fs/btrfs/tree.c' })),
    row('lock', found('changed', 'lock', { definitions: 2 })),
    row('put', { status: 'missing', file: null, name: null, hash: null, definitions: 0 }),
  ],
  counts: { same: 1, renamed: 1, changed: 1, missing: 1 },
  verdict: 'drifted',
};

describe('driftReport', () => {
  it('lists what was read', () => {
    expect(driftReport(listed, plain))
      .toBe(`ebtorture drift: the kernel functions that the models were written from
  kernels    6.1 (read in 6.1.9) and 7.1 (read in 7.1.2)
  functions  2

EbModel (generation v9; sections are those of notes.md)

fs/btrfs/extent_io.c
  get
    2.1   What get does, in order.
    as    find, look
    in    6.1 (as old_get in fs/eb.c), 7.1
  put
          What put does, in order.
    in    6.1 (as old_put in fs/eb.c), 7.1
`);
  });

  it('says what a tree has otherwise', () => {
    expect(driftReport(drifted, plain)).toBe(`ebtorture drift: what a kernel has otherwise than it was read
  source     /usr/src/linux, Linux 7.2.0-rc1
  compared   with 7.1 (read in 7.1.2)
  functions  4

        text     method of the model
fs/btrfs/extent_io.c
  get   same     find +1
  find  renamed  find +1
  lock  changed  find +1
  put   missing  find +1

To be read again:
  find, fs/btrfs/extent_io.c: renamed, called look_up, in fs/btrfs/tree.c
    2.1   What find does, in order.
    as    find, look
  lock, fs/btrfs/extent_io.c: changed, 2 definitions, taken together
    2.1   What lock does, in order.
    as    find, look
  put, fs/btrfs/extent_io.c: missing
    2.1   What put does, in order.
    as    find, look

1 of 4 as read in 7.1.2; 1 changed; 1 only renamed or moved; 1 is gone.
Whether what the model rests on has changed with the text, only a reader can
tell.
`);
  });

  it('ends with the summary where all is as it was read, and paints what it finds', () => {
    const [first] = drifted.functions;
    const counts = { same: 1, renamed: 0, changed: 0, missing: 0 };
    const asRead: DriftResult = { ...drifted, functions: first ? [first] : [], counts, verdict: 'as-read' };

    const text = driftReport(asRead, (tone, word) => `<${tone}>${word}</>`);

    expect(text).toMatch(/\n {2}get {2}<good>same<\/> .*\n\n1 of 1 as read in 7\.1\.2\.\n$/);
    expect(driftReport(drifted, (tone, word) => `<${tone}>${word}</>`)).toMatch(
      /<unsure>renamed<\/>[^]*<bad>changed<\/>[^]*<bad>missing<\/>/,
    );
  });
});
