/** What the scenario of June 2020 declares for results and reports: see readahead-vs-releasepage.ts. */
import { EB_BFLAGS, EB_IO_PAGES, EB_REFS } from '../layout.ts';
import { pageAt } from '../../../../memory/layout.ts';
import { EXTENT_BUFFER_TREE_REF } from '../bflags.ts';
import { WAIT_NONE } from '../extent-buffer-io.ts';
import type { ExtentBufferModel } from '../extent-buffer-model.ts';
import { Note } from '../note.ts';
import type { CostContext, CostedOperation } from '../../../../scenario/costed-operation.ts';
import type { Ladder, LadderRung } from '../../../../scenario/ladder.ts';
import type { Measure } from '../../../../scenario/measure.ts';
import type { ReplayColumn } from '../../../../scenario/replay-column.ts';

/** Near misses in the order in which results have them, and what the fix put right. */
export const measures: readonly Measure[] = [
  { name: 'dyingFound', note: Note.DyingFound, isNearMiss: true },
  {
    name: 'rescues',
    note: Note.Rescued,
    role: 'mended',
    fields: { arm: 'rescues', window: 'rescues' },
    phrases: { happened: 'put back before the read', share: 'rescued' },
  },
  {
    name: 'treeRefStripped',
    note: Note.TreeRefStripped,
    label: 'TREE_REF stripped',
    isNearMiss: true,
    role: 'met',
    fields: { arm: 'treeRefStripped', window: 'strips' },
    phrases: {
      column: 'strips',
      trials: 'trials in which TREE_REF was taken from a live user, which is no BUG yet',
      happened: 'TREE_REF was stripped from a live user',
      never: 'no TREE_REF was stripped from a live user',
      avoided: 'takes no TREE_REF from a live user where this takes none',
      share: 'those in which TREE_REF was stripped',
      gloss: 'taken from a live user',
    },
  },
  { name: 'readUnverified', note: Note.ReadUnverified, isNearMiss: true },
];

/**
 * - readahead: find_extent_buffer, read_extent_buffer_pages(WAIT_NONE), free_extent_buffer of a buffer in the tree;
 * - releasepage: trylock_page, btree_releasepage, unlock_page of such a buffer, which is released;
 * - completion: end_bio_extent_readpage of all pages of such a read.
 */
export const costs: readonly CostedOperation<ExtentBufferModel>[] = [
  { name: 'readahead', column: 'readahead', timeColumn: 'ra', start: 'primed', run: readahead },
  {
    name: 'releasepage',
    column: 'release',
    timeColumn: 'rel',
    start: 'primed',
    run: ({ model, memory, geometry }) => {
      const page = pageAt(model.fsInfo, geometry.pages - 1);
      memory.trylockPage(page);
      model.btreeReleasepage(page);
      memory.unlockPage(page);
    },
  },
  {
    name: 'completion',
    column: 'end-io',
    start: 'primed',
    prepare: readahead,
    run: ({ model, submittedBio }) => {
      model.endBioExtentReadpage(submittedBio(), 'ok');
    },
  },
];

function readahead({ model }: CostContext<ExtentBufferModel>): void {
  const eb = model.findExtentBuffer();
  model.readExtentBufferPages(eb, WAIT_NONE);
  model.freeExtentBuffer(eb);
}

/**
 * Two actors come first: they are what two processors run side by side. Together the rungs reach every step of the scenario but
 * the wait for a buffer that was just made stale: that is in the sampled setting only, too large to be searched to its end. What
 * follows on a setup error of the first page of a read and of one behind it needs three pages, beyond the rungs.
 */
export const ladder: Ladder = {
  rungs: [
    rung('primed', { finder: 1, reclaim: 1 }, 1),
    rung('primed', { finder: 1, reclaim: 1 }, 2),
    rung('cold', { readahead: 1, reclaim: 1 }, 1),
    rung('cold', { readahead: 2 }, 1),
    rung('primed', { finder: 2, reclaim: 1 }, 1),
    rung('primed', { finder: 1, reclaim: 1, 'end-io': 1 }, 1, true),
    rung('cold', { read: 1, reclaim: 1, 'end-io': 1 }, 1, true),
    rung('primed', { finder: 1, reclaim: 2 }, 2),
    rung('primed', { finder: 1, reclaim: 2, 'end-io': 1 }, 2),
    rung('cold', { readahead: 2, reclaim: 1 }, 1),
    rung('primed', { finder: 2, reclaim: 2 }, 1),
    rung('primed', { finder: 3, reclaim: 1 }, 1),
  ],
  few: [0, 2, 6],
  beyond: [{ ...rung('primed', { finder: 1, reclaim: 1 }, 3), setupsFail: true }],
  sampled: [
    {
      ...rung('primed', { read: 1, finder: 1, 'end-io': 1 }, 1, true),
      schedules: 200,
      seed: 1,
      // Of a find between the setting of STALE and the last put.
      depth: 3,
    },
  ],
  delays: [
    { 'releasepage:checked': 300, 'read:entry': 300 },
    {
      'find:ref': 300,
      'free:entry': 300,
      'alloc:inserted': 300,
      'end-io:counted': 300,
      'release:zero': 300,
    },
  ],
};

function rung(
  start: string,
  actors: Readonly<Record<string, number>>,
  pages: number,
  readsFail = false,
): LadderRung {
  const counts = Object.entries(actors).map(([role, count]) => ({ role, count }));
  return { start, actors: counts, pages, readsFail };
}

/** The counts that decide about the buffer's life. */
export const replayColumns: readonly ReplayColumn[] = [
  { label: 'refs', word: EB_REFS },
  { label: 'TREE_REF', word: EB_BFLAGS, bit: EXTENT_BUFFER_TREE_REF, field: 'hasTreeRef' },
  { label: 'io', word: EB_IO_PAGES, field: 'ioPages' },
];
