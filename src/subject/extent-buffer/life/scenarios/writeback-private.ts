import { lifeOf } from '../subject.ts';
import { privateUnlocked, privateLocked } from '../strategies/writeback-of-2012.ts';
import { endIo, reclaim, writer } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';
import { classifyWrites, writeOutcomes } from './write-outcomes.ts';

/**
 * The race of September 2012. A writeback looks up pages that are dirty and takes their buffers out of page->private. Meanwhile another
 * writeback has written the page, and reclaim released its buffer: without the private_lock the first one takes a reference of what
 * is freed memory, or finds no buffer at all.
 */
export const writebackPrivate: Scenario = {
  ...lifeOf({
    kernels: [privateUnlocked, privateLocked],
    sides: [['btreeWriteCachePages'], ['btreeReleasepage']],
    violating: ['private-unlocked'],
  }),
  name: 'writeback-private',
  summary:
    'a writeback takes a buffer out of a page that has been written and released since it was looked up',
  origin: 'Linux b5bae2612af9, "Btrfs: fix race when getting the eb out of page->private"',
  history: {
    year: 2012,
    commit: 'b5bae2612af9',
    title: 'fix race when getting the eb out of page->private',
    symptom: 'writeback follows the page->private of a page that was released',
    breaks: ['UAF', 'B4'],
  },
  leavesOut: 'the pages of other blocks that a writeback looks up at once',
  starts: [
    {
      name: 'dirty',
      summary: 'the buffer is dirty and nobody uses it, refs 1',
      actors: [
        { role: 'writer', count: 2 },
        { role: 'reclaim', count: 1 },
      ],
      buffers: 1,
      stride: 4,
      reset: withBuffer({ refs: 1, isDirty: true }),
    },
  ],
  roles: [writer, reclaim, endIo],
  outcomes: writeOutcomes,
  classify: classifyWrites,
  widening: { point: 'write:private', ns: 20_000 },
  pages: 1,
  control: 'private-unlocked',
  fix: 'private-locked',
};
