import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { readCheckedOnce } from '../strategies/readers.ts';
import { todayOf } from '../subject.ts';
import { endIo } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { finder, reader } from './roles.ts';
import { withBuffer } from './starts.ts';

/**
 * The race of March 2024. Two readers find the block not up to date; one reads it, and the other one, who comes to READING behind the end
 * of that read, reads it once more, into what the first one and anybody else look at already.
 */
export function doubleRead(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [readCheckedOnce],
      sides: [['readTreeBlock'], ['takeBio']],
      violating: ['read-checked-once'],
    }),
    name: 'double-read',
    summary: 'a block is read once more while its content is in use',
    origin: 'Linux ef1e68236b91, "btrfs: fix race in read_extent_buffer_pages()", CVE-2024-35798',
    history: {
      year: 2024,
      commit: 'ef1e68236b91',
      title: 'fix race in read_extent_buffer_pages()',
      symptom: 'a valid block is read once more while it is used',
      breaks: ['N10', 'P6'],
    },
    starts: [
      {
        name: 'unread',
        summary: 'the buffer is in the tree and was never read, refs 1',
        actors: [
          { role: 'reader', count: 2 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'unread' }),
      },
    ],
    roles: [reader, finder, endIo],
    outcomes,
    classify,
    widening: { point: 'read:entry', ns: 500 },
    pages: 1,
    control: 'read-checked-once',
    fix: 'none',
  };
}
