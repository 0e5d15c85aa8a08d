import type { PlantedBug } from '../../../fix/subject.ts';
import { plantedBugs } from '../v5.7/planted-bugs.ts';

/** What breaks the invariants of buffers that are changed and written, by their ids, and what does not. */
const OF_CHANGES: Readonly<Record<string, PlantedBug>> = {
  B8: {
    scenario: 'dirty-vs-releasepage',
    strategy: 'unlocked-check',
    repaired: 'locked-check',
    start: 'clean',
    actors: 'recycler=1,reclaim=1',
    pages: 1,
  },
  B9: {
    scenario: 'stale-reuse',
    strategy: 'none~clear_extent_buffer_dirty/test_bit.page.flags.PRIVATE/false',
    start: 'deleting',
    actors: 'holder=1,deleter=1,allocator=1',
    pages: 1,
  },
  Q5: {
    scenario: 'counted-before-locked',
    strategy: 'count-while-locking',
    repaired: 'none',
    start: 'reading',
    actors: 'reader=1,end-io=1',
    pages: 2,
  },
  Q6: {
    scenario: 'stale-read-over-dirty',
    strategy: 'clear-under-io',
    repaired: 'none',
    start: 'dirty',
    actors: 'sender=1,end-io=1',
    pages: 1,
  },
  Q7: {
    scenario: 'last-puts',
    strategy: 'put-above-two',
    repaired: 'none',
    start: 'held',
    actors: 'staler=1,path=2',
    pages: 1,
  },
  Q8: {
    scenario: 'private-of-new-buffer',
    strategy: 'pages-unlocked-early',
    repaired: 'pages-locked-long',
    start: 'cold',
    actors: 'user=1,reclaim=1,end-io=1',
    pages: 1,
  },
};

/** By id of each invariant: what breaks it. Those of v5.7/ are broken where it is. */
export const lifePlantedBugs: Readonly<Record<string, PlantedBug>> = {
  ...Object.fromEntries(
    Object.entries(plantedBugs).map(([id, bug]) => [id, { scenario: 'readahead-vs-releasepage', ...bug }]),
  ),
  ...OF_CHANGES,
};
