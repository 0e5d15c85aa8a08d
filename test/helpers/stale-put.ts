/** A second scenario with words of its own, so that nothing of the first is taken for granted: no role, state or outcome of it. */
import type { CostContext } from '../../src/scenario/costed-operation.ts';
import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import type { ExtentBufferModel } from '../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_OWN,
  EB_PAGES,
  EB_READ_FAILED,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  PAYLOAD_GARBAGE,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  FS_IO,
  FS_OOPS,
  FS_OWN,
  NULL,
  OWN_WORDS,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  pageAt,
  SLAB_ALLOCATED,
} from '../../src/memory/layout.ts';
import { PG_PRIVATE, PG_REFERENCED } from '../../src/memory/page-flags.ts';
import {
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
} from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import { Note, NOTE_COUNT } from '../../src/subject/extent-buffer/v5.7/note.ts';
import type { ActorContext, Role, Scenario, StartState } from '../../src/scenario/scenario.ts';

/** A note of its own, above those of the model: a holder has put its reference. */
const HOLDER_PUT: number = 1 << NOTE_COUNT;

const passive = {
  allocates: 0,
  submitsReads: false,
  completesReads: false,
  waitsForPages: false,
  waitsForOwnRead: false,
} as const;

const holder: Role<ExtentBufferModel> = {
  ...passive,
  name: 'holder',
  summary: 'puts the reference that it holds',
  program: [
    {
      name: 'free_extent_buffer',
      run: ({ model, geometry }) => {
        model.freeExtentBuffer(bufferAt(model.fsInfo, geometry, 0));
        model.notes |= HOLDER_PUT;
        return 0;
      },
    },
  ],
};

const dropper: Role<ExtentBufferModel> = {
  ...passive,
  name: 'dropper',
  summary: 'puts the reference that it holds, and has the tree let go of the buffer',
  program: [
    {
      name: 'free_extent_buffer_stale',
      run: ({ model, geometry }) => {
        model.freeExtentBufferStale(bufferAt(model.fsInfo, geometry, 0));
        return 0;
      },
    },
  ],
};

const scanner: Role<ExtentBufferModel> = {
  ...passive,
  name: 'scanner',
  summary: 'reclaim of the first page',
  program: [{ name: 'btree_releasepage', run: scan }],
};

function scan({ model, memory }: ActorContext<ExtentBufferModel>): number {
  const page = pageAt(model.fsInfo, 0);
  if (!memory.trylockPage(page)) return 0;
  model.btreeReleasepage(page);
  memory.unlockPage(page);
  return 0;
}

function stale(name: string, refs: number, summary: string): StartState {
  return {
    name,
    summary,
    actors: [
      { role: 'holder', count: 1 },
      { role: 'dropper', count: 1 },
      { role: 'scanner', count: 1 },
    ],
    buffers: 1,
    stride: 16,
    reset: (words, geometry, fs) => {
      const eb = bufferAt(fs, geometry, 0);
      words[fs + FS_TREE_SLOT] = eb;
      words[fs + FS_BUFFER_LOCK] = 0;
      words[fs + FS_PRIVATE_LOCK] = 0;
      words[fs + FS_OOPS] = 0;
      words[fs + FS_IO] = 0;
      words.fill(0, fs + FS_OWN, fs + FS_OWN + OWN_WORDS);
      words[eb + EB_REFS] = refs;
      words[eb + EB_BFLAGS] =
        (1 << EXTENT_BUFFER_TREE_REF) | (1 << EXTENT_BUFFER_IN_TREE) | (1 << EXTENT_BUFFER_STALE);
      words[eb + EB_IO_PAGES] = 0;
      words[eb + EB_REFS_LOCK] = 0;
      words[eb + EB_READ_MIRROR] = 0;
      words[eb + EB_PAGES] = geometry.pages;
      words[eb + EB_SLAB] = SLAB_ALLOCATED;
      words[eb + EB_READ_FAILED] = 0;
      words.fill(0, eb + EB_OWN, eb + EB_OWN + OWN_WORDS);
      for (let index = 0; index < geometry.pages; index++) {
        const page = pageAt(fs, index);
        words[page + PAGE_FLAGS] = (1 << PG_PRIVATE) | (1 << PG_REFERENCED);
        words[page + PAGE_PRIVATE] = eb;
        words[page + PAGE_REFCOUNT] = 3;
        words[page + PAGE_PAYLOAD] = PAYLOAD_GARBAGE;
        words[page + PAGE_OWNER] = NULL;
        words.fill(0, page + PAGE_OWN, page + PAGE_OWN + OWN_WORDS);
      }
    },
  };
}

/** What a scenario must have, and nothing else. */
export const stalePutBare: Scenario = {
  subject: extentBuffer,
  name: 'stale-put',
  summary: 'two holders of a stale buffer put it while reclaim runs',
  origin: 'a test',
  starts: [
    stale('counted', 3, 'each holder has a reference of its own'),
    stale('shared', 2, 'both holders put the same reference'),
  ],
  roles: [holder, dropper, scanner],
  outcomes: [
    { name: 'oops', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
    { name: 'gone', grade: 'ACCEPTABLE', summary: 'the last put freed the buffer' },
    { name: 'kept', grade: 'ACCEPTABLE', summary: 'the buffer is still there' },
  ],
  classify: (notes) => ((notes & (Note.LastPut | Note.Released)) === 0 ? 2 : 1),
};

/** The same with everything that a scenario may declare. */
export const stalePut: Scenario = {
  ...stalePutBare,
  measures: [
    { name: 'scanRefused', note: Note.ReleaseRefused, isNearMiss: true, role: 'met' },
    {
      name: 'lastPut',
      note: Note.LastPut,
      role: 'mended',
      phrases: { column: 'last puts', share: 'put last' },
    },
    { name: 'holderPut', note: HOLDER_PUT },
  ],
  costs: [
    {
      name: 'put',
      column: 'a put',
      timeColumn: 'put',
      start: 'counted',
      run: ({ model, geometry }: CostContext<ExtentBufferModel>) =>
        model.freeExtentBuffer(bufferAt(model.fsInfo, geometry, 0)),
    },
    {
      name: 'lastPut',
      column: 'the last',
      start: 'shared',
      prepare: ({ model, geometry }: CostContext<ExtentBufferModel>) =>
        model.freeExtentBufferStale(bufferAt(model.fsInfo, geometry, 0)),
      run: ({ model }: CostContext<ExtentBufferModel>) => {
        model.btreeReleasepage(pageAt(model.fsInfo, 0));
      },
    },
  ],
  ladder: {
    rungs: [
      {
        start: 'shared',
        actors: [
          { role: 'holder', count: 1 },
          { role: 'dropper', count: 1 },
        ],
        pages: 1,
        readsFail: false,
      },
    ],
    delays: [{ 'free:entry': 300 }],
  },
  control: 'early-check',
  promises: { none: 'holds', 'early-check': 'violates' },
  replayColumns: [
    { label: 'refs', word: EB_REFS },
    { label: 'STALE', word: EB_BFLAGS, bit: EXTENT_BUFFER_STALE },
  ],
  widening: { point: 'release:zero', ns: 50 },
};
