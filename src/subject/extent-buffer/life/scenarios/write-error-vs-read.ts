import { lifeOf } from '../subject.ts';
import { readUnderWrite, readChecksWriteErr } from '../strategies/write-error.ts';
import { readahead, writeErrorEndIo } from './roles.ts';
import { withIo } from './starts.ts';
import { classifyReads, readOutcomes } from './read-outcomes.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';

/**
 * The race of December 2021. A write of several pages is in flight. One of them fails, and UPTODATE is cleared, as it is since
 * c2e39305299f; a readahead finds the buffer not up to date, can lock its pages, since writeback does not hold them, and stores its
 * own count over that of the write, which never comes to its end: WRITEBACK stays set.
 *
 * It takes two pages that are written by bios of their own, which a stripe of a device ends between. The page that fails is always
 * the first one, in the first of two bios.
 */
export const writeErrorVsRead: Scenario = {
  ...lifeOf({
    kernels: [readUnderWrite, readChecksWriteErr],
    sides: [['readaheadTreeBlock'], ['takeBio']],
    violating: ['read-under-write'],
  }),
  name: 'write-error-vs-read',
  summary: 'a buffer of which one page could not be written is read while the others are still being written',
  origin: 'Linux 651740a50241, "btrfs: check WRITE_ERR when trying to read an extent buffer"',
  history: {
    year: 2021,
    commit: '651740a50241',
    title: 'check WRITE_ERR when trying to read an extent buffer',
    symptom: 'a read overwrites the count of a failing write: WRITEBACK never ends',
    breaks: ['Q5'],
  },
  leavesOut: 'the second device of the stripe: the first page fails always, in a bio of its own',
  starts: [
    {
      name: 'writing',
      summary: 'all pages of the buffer are being written, refs 1',
      actors: [
        { role: 'readahead', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      reset: withIo('write'),
    },
  ],
  roles: [readahead, writeErrorEndIo],
  outcomes: readOutcomes,
  classify: classifyReads,
  widening: { point: 'end-io:written', ns: 300 },
  pages: 2,
  control: 'read-under-write',
  fix: 'read-checks-write-err',
};
