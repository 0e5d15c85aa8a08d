import { EB_BFLAGS, EB_PAGES, EB_REFS, FS_TREE_SLOT, PAGE_PRIVATE, PAGE_REFCOUNT } from '../layout.ts';
import { type FsInfo, type Geometry, PAGE_FLAGS, pageAt } from '../../../../memory/layout.ts';
import { objectInUse, resetWorld } from '../../../../memory/structures.ts';
import { PG_PRIVATE, PG_REFERENCED } from '../../../../memory/page-flags.ts';
import { EXTENT_BUFFER_IN_TREE, EXTENT_BUFFER_TREE_REF } from '../bflags.ts';
import { Note } from '../note.ts';
import { endIo, finder, read, readahead, reclaim } from './roles.ts';
import { costs, ladder, measures, replayColumns } from './readahead-declarations.ts';
import { extentBuffer } from '../subject.ts';
import type { Outcome, Scenario, StartState } from '../../../../scenario/scenario.ts';

/** Brings one buffer into the tree, with one reference, its pages attached. */
function addBuffer(words: Int32Array, geometry: Geometry, fs: FsInfo): void {
  const eb = objectInUse(words, geometry, fs, 0);
  words[eb + EB_REFS] = 1;
  words[eb + EB_BFLAGS] = (1 << EXTENT_BUFFER_TREE_REF) | (1 << EXTENT_BUFFER_IN_TREE);
  words[eb + EB_PAGES] = geometry.pages;
  words[fs + FS_TREE_SLOT] = eb;
  for (let index = 0; index < geometry.pages; index++) {
    const page = pageAt(fs, index);
    words[page + PAGE_FLAGS] = (1 << PG_PRIVATE) | (1 << PG_REFERENCED);
    words[page + PAGE_PRIVATE] = eb;
    // The page cache's, page->private's, and that of eb->pages[].
    words[page + PAGE_REFCOUNT] = 3;
  }
}

const primed: StartState = {
  name: 'primed',
  summary: 'the buffer is in the tree, refs 1, TREE_REF set, not up to date, no IO',
  actors: [
    { role: 'finder', count: 1 },
    { role: 'reclaim', count: 1 },
  ],
  buffers: 1,
  stride: 64,
  reset: (words, geometry, fs) => {
    resetWorld(words, geometry, fs);
    addBuffer(words, geometry, fs);
  },
};

const cold: StartState = {
  name: 'cold',
  summary: 'the tree is empty; the pages are in the page cache and belong to nobody',
  actors: [
    { role: 'readahead', count: 2 },
    { role: 'reclaim', count: 1 },
  ],
  buffers: 0,
  // A releasepage is a tenth of an allocation: in longer strides reclaim is through before there is anything to release.
  stride: 2,
  reset: resetWorld,
};

const outcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  { name: 'rescued', grade: 'INTERESTING', summary: 'the fix put a stripped TREE_REF back before the read' },
  {
    name: 'stripped',
    grade: 'INTERESTING',
    summary: 'releasepage took TREE_REF from a live user; no harm done',
  },
  { name: 'read-failed', grade: 'ACCEPTABLE', summary: 'a read failed and the error was handled' },
  { name: 'reread', grade: 'ACCEPTABLE', summary: 'released, then allocated and read anew' },
  { name: 'read', grade: 'ACCEPTABLE', summary: 'the read was started, the buffer kept' },
  { name: 'released', grade: 'ACCEPTABLE', summary: 'the buffer was released, no read was started' },
  {
    name: 'skipped',
    grade: 'ACCEPTABLE',
    summary: 'the readahead gave up at a locked page, the buffer was kept',
  },
  { name: 'idle', grade: 'ACCEPTABLE', summary: 'nothing was read and nothing released' },
];

const RESCUED = 1;
const STRIPPED = 2;
const READ_FAILED = 3;
const REREAD = 4;
const READ = 5;
const RELEASED = 6;
const SKIPPED = 7;
const IDLE = 8;

function outcomeOf(notes: number): number {
  if ((notes & Note.Rescued) !== 0) return RESCUED;
  if ((notes & Note.TreeRefStripped) !== 0) return STRIPPED;
  if ((notes & Note.ReadFailed) !== 0) return READ_FAILED;
  const isReleased = (notes & (Note.Released | Note.LastPut)) !== 0;
  if ((notes & Note.ReadStarted) !== 0) return isReleased ? REREAD : READ;
  if (isReleased) return RELEASED;
  return (notes & Note.ReadSkipped) !== 0 ? SKIPPED : IDLE;
}
/** The notes that decide it lie in bits 5 to 9 and 16 to 18: together the index into a table. */
const LOW_SHIFT = 5;
const LOW_MASK = 0x1f;
const HIGH_SHIFT = 11;
const HIGH_MASK = 0xe0;
const OUTCOME_OF = Uint8Array.from({ length: 256 }, (_, index) =>
  outcomeOf(((index & LOW_MASK) << LOW_SHIFT) | ((index & HIGH_MASK) << HIGH_SHIFT)),
);

/** `outcomeOf` without a branch: which outcome it is cannot be predicted. */
function classify(notes: number): number {
  return OUTCOME_OF[((notes >> LOW_SHIFT) & LOW_MASK) | ((notes >> HIGH_SHIFT) & HIGH_MASK)] ?? 0;
}

/**
 * The race of June 2020. A readahead keeps no reference while its read is in flight: only TREE_REF keeps the buffer
 * alive. releasepage decides under the refs_lock that nobody uses the buffer, and clears TREE_REF; a readahead that
 * takes its reference between the two still sees the bit, so that its check leaves it alone, and drops the last
 * reference under IO.
 */
export const readaheadVsReleasepage: Scenario = {
  subject: extentBuffer,
  name: 'readahead-vs-releasepage',
  summary: 'a readahead against the release of its buffer by reclaim',
  origin: 'Linux 6bf9cd2eed9a, "btrfs: fix fatal extent_buffer readahead vs releasepage race"',
  history: {
    year: 2020,
    commit: '6bf9cd2eed9a',
    title: 'fix fatal extent_buffer readahead vs releasepage race',
    symptom: 'a buffer is released while its readahead is in flight',
    breaks: ['B1'],
  },
  fix: 'upstream',
  weakControl: 'announce-find',
  starts: [primed, cold],
  roles: [finder, readahead, read, reclaim, endIo],
  outcomes,
  classify,
  measures,
  costs,
  ladder,
  replayColumns,
  // Between releasepage's decision and its taking of TREE_REF: the window itself.
  widening: { point: 'releasepage:checked', ns: 200 },
};
