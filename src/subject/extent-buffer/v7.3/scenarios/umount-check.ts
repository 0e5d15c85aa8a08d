import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { readingClearedFirst, readingClearedLocked, umountWaits } from '../strategies/readers.ts';
import { todayOf } from '../subject.ts';
import { umount, workqueueEndIo } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { withBuffer } from './starts.ts';

/**
 * The false report of 2026. umount waits for READING and looks at the references of the buffer then: of a read that had cleared the bit and
 * not yet dropped the reference of its bio it reported a buffer that somebody holds.
 */
export function umountCheck(kernel: KernelName): Scenario {
  const { checksAtUmount } = kernels[kernel];
  return {
    ...(checksAtUmount
      ? todayOf(kernel, {
          strategies: [readingClearedFirst],
          sides: [['closeCtree'], ['takeBio']],
          violating: ['reading-cleared-first'],
        })
      : todayOf(kernel, {
          strategies: [umountWaits, readingClearedLocked],
          sides: [['closeCtree'], ['takeBio']],
          violating: ['none', 'umount-waits'],
        })),
    name: 'umount-check',
    summary: 'umount reports a buffer whose read is just ending',
    origin: 'Linux 690c2accacb1, "btrfs: make sure EXTENT_BUFFER_READING is cleared under refs_lock"',
    history: {
      year: 2026,
      commit: '690c2accacb1',
      title: 'make sure EXTENT_BUFFER_READING is cleared under refs_lock',
      symptom: 'umount reports a buffer that nobody holds',
      breaks: ['N14'],
    },
    starts: [
      {
        name: 'reading',
        summary: 'a readahead of the buffer is in flight, refs 2',
        actors: [
          { role: 'umount', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'reading' }),
      },
    ],
    roles: [umount, workqueueEndIo],
    outcomes,
    classify,
    widening: { point: 'end-io:read', ns: 500 },
    pages: 1,
    control: checksAtUmount ? 'reading-cleared-first' : 'umount-waits',
    fix: checksAtUmount ? 'none' : 'reading-cleared-locked',
  };
}
