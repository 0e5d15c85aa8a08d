import { lifeOf } from '../subject.ts';
import { unguardedWrite, writeCheck, unguardedWriteCheck } from '../strategies/write-check.ts';
import { endIo, reclaim, writer } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';
import { classifyWrites, writeOutcomes } from './write-outcomes.ts';

/**
 * The write path of the seed's first version. A writer drops its reference with the write in flight, as a readahead does, and the
 * patch put a check_buffer_tree_ref there, too; its second version left that out. There is nothing to mend: the flags of the page, the
 * refs_lock around the step from DIRTY to WRITEBACK, and the private_lock under which the writer takes its reference each keep
 * releasepage away from a buffer that is about to be written. The control has none of the three.
 */
export const writebackVsReleasepage: Scenario = {
  ...lifeOf({
    kernels: [unguardedWrite, writeCheck, unguardedWriteCheck],
    sides: [['btreeWriteCachePages'], ['btreeReleasepage']],
    violating: ['unguarded-write'],
  }),
  name: 'writeback-vs-releasepage',
  summary: 'a dirty buffer is written back while reclaim comes to release it',
  origin: 'the first version of Linux 6bf9cd2eed9a, and what its second version left out',
  leavesOut: 'the pages of other blocks',
  starts: [
    {
      name: 'dirty',
      summary: 'the buffer is dirty and nobody uses it, refs 1',
      actors: [
        { role: 'writer', count: 1 },
        { role: 'reclaim', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      reset: withBuffer({ refs: 1, isDirty: true }),
    },
  ],
  roles: [writer, reclaim, endIo],
  outcomes: writeOutcomes,
  classify: classifyWrites,
  widening: { point: 'under-io:read', ns: 1000 },
  pages: 1,
  control: 'unguarded-write',
  fix: 'none',
};
