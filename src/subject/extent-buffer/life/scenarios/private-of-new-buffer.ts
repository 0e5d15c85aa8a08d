import { lifeOf } from '../subject.ts';
import { pagesUnlockedEarly, pagesLockedLong } from '../strategies/release-of-2011.ts';
import { endIo, user, reclaim, readahead } from './roles.ts';
import { resetWorld } from '../../../../memory/structures.ts';
import { classifyReferences, referenceOutcomes } from './reference-outcomes.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';

/**
 * The race of February 2011. releasepage went by the tree then: where it found no buffer for a page, it took page->private away. A
 * buffer that is being built has its pages and is not in the tree yet; what is read into a page without page->private is not
 * verified, which somebody who waits for it comes to use: `--actors user=1,reclaim=1,end-io=1`.
 *
 * With one page, the setting is the one of 2011, whose fix keeps the first page locked until the buffer is in the tree and leaves the
 * others, which did not name the buffer.
 */
export const privateOfNewBuffer: Scenario = {
  ...lifeOf({
    kernels: [pagesUnlockedEarly, pagesLockedLong],
    sides: [['readaheadTreeBlock', 'readTreeBlock'], ['btreeReleasepage']],
    violating: ['pages-unlocked-early'],
  }),
  name: 'private-of-new-buffer',
  summary: 'reclaim comes to a page whose buffer is being built',
  origin: 'Linux eb14ab8ed24a, "Btrfs: fix page->private races"',
  history: {
    year: 2011,
    commit: 'eb14ab8ed24a',
    title: 'fix page->private races',
    symptom: 'page->private of a buffer that is being built is taken away',
    breaks: ['UAF', 'B3', 'Q2'],
  },
  leavesOut: 'pages behind the first, which did not name their buffer in 2011',
  starts: [
    {
      name: 'cold',
      summary: 'the tree is empty; the pages are in the page cache and belong to nobody',
      actors: [
        { role: 'readahead', count: 1 },
        { role: 'reclaim', count: 1 },
      ],
      buffers: 0,
      stride: 2,
      reset: resetWorld,
    },
  ],
  roles: [readahead, user, reclaim, endIo],
  outcomes: referenceOutcomes,
  classify: classifyReferences,
  widening: { point: 'alloc:attached', ns: 300 },
  pages: 1,
  control: 'pages-unlocked-early',
  fix: 'pages-locked-long',
};
