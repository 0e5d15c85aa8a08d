import { lifeOf } from '../subject.ts';
import { countWhileLocking } from '../strategies/count-while-locking.ts';
import { readErrorEndIo, reader } from './roles.ts';
import { withIo } from './starts.ts';
import { classifyReads, readOutcomes } from './read-outcomes.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';

/**
 * The leak of August 2016. A readahead is in flight whose content will not verify, which the completion of its last page finds out:
 * it takes the flag of being up to date from all pages, those among them that another read has locked and counted already. That one
 * submits more pages than it put into io_pages, which never comes back to 0.
 *
 * It takes two pages; the readahead has been submitted before the trial.
 */
export const countedBeforeLocked: Scenario = {
  ...lifeOf({
    kernels: [countWhileLocking],
    sides: [['readTreeBlock'], ['takeBio']],
    violating: ['count-while-locking'],
    // The readahead that is in flight has no reference of its own.
    without: ['bio-ref'],
  }),
  name: 'counted-before-locked',
  summary: 'a read counts its pages while an earlier one is found to be bad',
  origin: 'Linux 2571e739677f, "Btrfs: fix memory leak in reading btree blocks"',
  history: {
    year: 2016,
    commit: '2571e739677f',
    title: 'fix memory leak in reading btree blocks',
    symptom: 'pages counted before they are locked: the count of reads never falls to 0',
    breaks: ['Q5'],
  },
  leavesOut: 'the submission of the readahead that is in flight',
  starts: [
    {
      name: 'reading',
      summary: 'a readahead of the buffer is in flight, refs 1',
      actors: [
        { role: 'reader', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      reset: withIo('read'),
    },
  ],
  roles: [reader, readErrorEndIo],
  outcomes: readOutcomes,
  classify: classifyReads,
  widening: { point: 'end-io:counted', ns: 300 },
  pages: 2,
  control: 'count-while-locking',
  fix: 'none',
};
