import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { uptodateKept } from '../strategies/readers.ts';
import { todayOf } from '../subject.ts';
import { endIo, writeErrorEndIo } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { syncWriter, writer } from './changing-roles.ts';
import { outdatedReader } from './roles.ts';
import { withBuffer } from './starts.ts';

/**
 * What 908ab5634751 has opened (7.1), in 7.3.4. Somebody who walks old trees without their locks follows a pointer to a block that has been
 * allocated anew and changed since. The generation is not the one it expects, so that it takes the buffer for a bad copy: UPTODATE goes
 * from the buffer and from its folios, dirty or not, and the write that follows finds folios that are not up to date.
 */
export function oldPointer(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [uptodateKept],
      sides: [['findExtentBuffer'], ['btreeWritepages']],
      violating: ['none'],
    }),
    name: 'old-pointer',
    summary: 'a buffer with changes is taken for a bad copy by a reader with an old pointer to its block',
    origin:
      'Linux v7.3.4, btrfs_buffer_uptodate: found by a search, not mended there; since 908ab5634751 (7.1)',
    history: {
      year: 2026,
      commit: null,
      title: 'UPTODATE goes from a dirty buffer (open in 7.3.4)',
      symptom: 'a block is written from folios that are not up to date: the write fails',
      breaks: ['N12'],
    },
    leavesOut:
      'who has an old pointer: a walker of commit roots without their semaphore, such as there was one up to 7.3',
    starts: [
      {
        name: 'dirty',
        summary: 'the block has been allocated anew and changed, refs 1',
        actors: [
          { role: 'outdated-reader', count: 1 },
          { role: 'writer', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'dirty' }),
      },
      {
        name: 'failing',
        summary: 'as dirty; the write fails',
        actors: [
          { role: 'outdated-reader', count: 1 },
          { role: 'sync-writer', count: 1 },
          { role: 'failing-end-io', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'dirty' }),
      },
    ],
    roles: [outdatedReader, writer, syncWriter, endIo, writeErrorEndIo],
    outcomes,
    classify,
    pages: 1,
    control: 'none',
    fix: 'uptodate-kept',
  };
}
