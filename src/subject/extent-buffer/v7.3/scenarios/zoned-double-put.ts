import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { putTwice } from '../strategies/writers.ts';
import { todayOf } from '../subject.ts';
import { endIo, migration } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { zonedWriter } from './changing-roles.ts';
import { withBuffer } from './starts.ts';

/**
 * The early free of May 2025. Writeback has a batch of buffers, each with a reference; one that a zoned device cannot take now was put by
 * itself and with the batch. A matter of one actor.
 */
export function zonedDoublePut(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [putTwice],
      sides: [['btreeWritepages'], ['isolateFolio']],
      violating: ['put-twice'],
    }),
    name: 'zoned-double-put',
    summary: 'writeback passes over a block and drops its reference twice',
    origin: `Linux 4db7384ce55c, "btrfs: don't drop a reference if btrfs_check_write_meta_pointer() fails"`,
    history: {
      year: 2025,
      commit: '4db7384ce55c',
      title: "don't drop a reference if btrfs_check_write_meta_pointer() fails",
      symptom: 'a dirty buffer loses the reference of the tree',
      breaks: ['N2', 'N3', 'UAF', 'P2'],
    },
    leavesOut: 'the zone and its write pointer: the answer of btrfs_check_meta_write_pointer is given',
    starts: [
      {
        name: 'dirty',
        summary: 'the buffer is dirty and nobody uses it, refs 1',
        actors: [
          { role: 'zoned-writer', count: 1 },
          { role: 'migration', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'dirty' }),
      },
    ],
    roles: [zonedWriter, migration, endIo],
    outcomes,
    classify,
    pages: 1,
    control: 'put-twice',
    fix: 'none',
  };
}
