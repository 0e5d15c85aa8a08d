import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { readingClearedLocked, umountWaits, umountWithoutWait } from '../strategies/readers.ts';
import { todayOf } from '../subject.ts';
import { umount, workqueueEndIo } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { withBuffer } from './starts.ts';

/**
 * umount beside a readahead that is in flight. Since reads do not hold the locks of folios (2023), invalidation passes by a buffer that is
 * being read; the workers that would complete the read are freed next, and the completion comes behind them.
 */
export function umountVsRead(kernel: KernelName): Scenario {
  const { checksAtUmount } = kernels[kernel];
  return {
    ...(checksAtUmount
      ? todayOf(kernel, {
          strategies: [umountWithoutWait],
          sides: [['closeCtree'], ['takeBio']],
          violating: ['umount-without-wait'],
        })
      : todayOf(kernel, {
          strategies: [umountWaits, readingClearedLocked],
          sides: [['closeCtree'], ['takeBio']],
          violating: ['none', 'umount-waits'],
        })),
    name: 'umount-vs-read',
    summary: 'umount frees the workqueues while a readahead is in flight',
    origin:
      'Linux 7.2, "btrfs: warn about extent buffer that can not be released"; opened by d7172f52e993 (2023), inferred',
    history: {
      year: 2026,
      commit: 'in 7.2',
      title: 'warn about extent buffer that can not be released',
      symptom: 'a read ends behind the workers that would complete it',
      breaks: ['P8'],
    },
    leavesOut: 'the workqueue: whether it is there is one word',
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
    pages: 1,
    control: checksAtUmount ? 'umount-without-wait' : 'none',
    fix: checksAtUmount ? 'none' : 'reading-cleared-locked',
  };
}
