import { lifeOf } from '../subject.ts';
import { writebackLeftSet } from '../strategies/flush-error.ts';
import { endIo, failingWriter, reclaim, syncWriter } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';
import { classifyWrites, writeOutcomes } from './write-outcomes.ts';

/**
 * The hang of September 2019. lock_extent_buffer_for_io meets a locked page and submits the bio that it has of other blocks before
 * it waits; where that fails, it gives up. Without the way back the buffer is neither dirty nor written, and has WRITEBACK: whoever
 * comes to write it for a commit waits for ever, which `--actors failing-writer=1,reclaim=1,sync-writer=1,end-io=1` shows as a
 * deadlock.
 *
 * The page is held by a releasepage, which leaves it in peace since it is dirty. That other bio is not played: its submission fails.
 */
export const failedFlush: Scenario = {
  ...lifeOf({
    kernels: [writebackLeftSet],
    sides: [['btreeWriteCachePages'], ['btreeReleasepage']],
    violating: ['writeback-left-set'],
  }),
  name: 'failed-flush',
  summary: 'a writeback gives up at a locked page',
  origin: 'Linux 18dfa7117a3f, "Btrfs: fix unwritten extent buffers and hangs on future writeback attempts"',
  history: {
    year: 2019,
    commit: '18dfa7117a3f',
    title: 'fix unwritten extent buffers and hangs on future writeback attempts',
    symptom: 'WRITEBACK is left set: whoever waits for it hangs',
    breaks: ['Q5'],
  },
  leavesOut: 'the bio of other blocks whose submission fails',
  starts: [
    {
      name: 'dirty',
      summary: 'the buffer is dirty and nobody uses it, refs 1',
      actors: [
        { role: 'failing-writer', count: 1 },
        { role: 'reclaim', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      buffers: 1,
      stride: 4,
      reset: withBuffer({ refs: 1, isDirty: true }),
    },
  ],
  roles: [failingWriter, reclaim, syncWriter, endIo],
  outcomes: writeOutcomes,
  classify: classifyWrites,
  widening: { point: 'releasepage:locked', ns: 1000 },
  pages: 1,
  control: 'writeback-left-set',
  fix: 'none',
};
