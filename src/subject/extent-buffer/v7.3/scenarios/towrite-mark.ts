import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { towriteKept, writtenInInterrupt } from '../strategies/writers.ts';
import { todayOf } from '../subject.ts';
import { endIo, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { syncWriter, writer } from './changing-roles.ts';
import { withBuffer } from './starts.ts';

/**
 * The mark that stayed, of 2025. A sync walk copies DIRTY marks to TOWRITE and writes what has the latter; nobody took it away, so that
 * every later walk came to buffers that are clean. No harm but the walk; a matter of one actor and the end of its write.
 */
export function towriteMark(kernel: KernelName): Scenario {
  return {
    ...todayOf(kernel, {
      strategies: [towriteKept, ...(kernels[kernel].endsInTasks ? [writtenInInterrupt] : [])],
      sides: [['btreeWritepages'], ['isolateFolio']],
      violating: ['towrite-kept', 'written-in-interrupt'],
    }),
    name: 'towrite-mark',
    summary: 'a sync write leaves its mark on the block',
    origin: 'Linux 1f3d56db694c, "btrfs: clear TAG_TOWRITE from buffer tree when submitting a tree block"',
    history: {
      year: 2025,
      commit: '1f3d56db694c',
      title: 'clear TAG_TOWRITE from buffer tree when submitting a tree block',
      symptom: 'clean blocks keep the mark TOWRITE for good',
      breaks: ['P4'],
    },
    starts: [
      {
        name: 'dirty',
        summary: 'the buffer is dirty and nobody uses it, refs 1',
        actors: [
          { role: 'sync-writer', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'dirty' }),
      },
    ],
    roles: [syncWriter, writer, reclaim, endIo],
    outcomes,
    classify,
    pages: 1,
    control: 'towrite-kept',
    fix: 'none',
  };
}
