import { lifeOf } from '../subject.ts';
import { pageStaysCounted } from '../strategies/page-outside-bio.ts';
import { endIo, readahead } from './roles.ts';
import { resetWorld } from '../../../../memory/structures.ts';
import { classifyReads, readOutcomes } from './read-outcomes.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';

/**
 * The leak of July 2016: a page whose read cannot be set up never gets a completion, and its share of io_pages is given back by
 * nobody. A matter of one actor; the other one completes what was submitted.
 */
export const pageOutsideBio: Scenario = {
  ...lifeOf({
    kernels: [pageStaysCounted],
    sides: [['readaheadTreeBlock'], ['takeBio']],
    violating: ['page-stays-counted'],
  }),
  name: 'page-outside-bio',
  summary: 'a page of a read does not enter the bio',
  origin: 'Linux baf863b9c296, "Btrfs: fix eb memory leak due to readpage failure"',
  history: {
    year: 2016,
    commit: 'baf863b9c296',
    title: 'fix eb memory leak due to readpage failure',
    symptom: 'a page that never enters the bio stays counted: the buffer leaks',
    breaks: ['Q5'],
  },
  leavesOut: 'a bio that has some of the pages, whose failure opens another hole (see bio-ref)',
  starts: [
    {
      name: 'cold',
      summary: 'the tree is empty; the pages are in the page cache and belong to nobody',
      actors: [
        { role: 'readahead', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      buffers: 0,
      stride: 16,
      reset: resetWorld,
    },
  ],
  roles: [readahead, endIo],
  outcomes: readOutcomes,
  classify: classifyReads,
  chances: { setupsFail: true },
  pages: 1,
  control: 'page-stays-counted',
  fix: 'none',
};
