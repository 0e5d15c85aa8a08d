import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName } from '../kernel.ts';
import { verifiedWait } from '../strategies/readers.ts';
import { todayOf } from '../subject.ts';
import { endIo } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { lenientReadahead, reader } from './roles.ts';
import { coldForeign } from './starts.ts';

/**
 * What f04c6475c2db leaves open in 7.3.4. A read_tree_block that meets READING waits for the other one's read and uses what that has
 * verified, without the key that it knows itself; a search looks the block up once more, which verifies it, and read_tree_block does not.
 */
export function unverifiedWait(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [verifiedWait],
      sides: [['btrfsReadaheadTreeBlock'], ['readTreeBlock']],
      violating: ['none'],
    }),
    name: 'unverified-wait',
    summary: 'a strict reader waits for the read of a lenient one, and uses what that one took',
    origin: 'Linux v7.3.4, read_extent_buffer_pages: found by a search, not mended there',
    history: {
      year: 2026,
      commit: null,
      title: 'a wait for a read is not a check of it (open in 7.3.4)',
      symptom: 'a block that is not what its parent says is used',
      breaks: ['P6'],
    },
    leavesOut: 'what the key is: the first copy on the disk is a sound block, and another one',
    starts: [
      {
        name: 'foreign',
        summary: 'the tree is empty; the first copy on the disk is a sound block with another first key',
        actors: [
          { role: 'lenient-readahead', count: 1 },
          { role: 'reader', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 0,
        stride: 16,
        reset: coldForeign,
      },
    ],
    roles: [lenientReadahead, reader, endIo],
    outcomes,
    classify,
    pages: 1,
    control: 'none',
    fix: 'verified-wait',
  };
}
