import type { Scenario } from '../../../../scenario/scenario.ts';
import { type KernelName, kernels } from '../kernel.ts';
import { unverifiedHit, verifiedHit } from '../strategies/readers.ts';
import { todayOf } from '../subject.ts';
import { endIo, reclaim } from './machine-roles.ts';
import { classify, outcomes } from './outcomes.ts';
import { lenientReadahead, searcher, walker } from './roles.ts';
import { coldForeign, withBuffer } from './starts.ts';

/**
 * The block that one reader had verified and another one trusted, of 2026. A readahead without a first key takes a block that is sound; a
 * walk down a deleted tree that knows the key finds it up to date and uses it. A search holds it against the key in every kernel.
 */
export function twoChecks(kernel: KernelName): Scenario {
  const { verifiesHits } = kernels[kernel];
  return {
    ...(verifiesHits
      ? todayOf(kernel, {
          strategies: [unverifiedHit],
          sides: [
            ['allocExtentBuffer', 'btrfsReadaheadTreeBlock'],
            ['isolateFolio', 'findExtentBuffer'],
          ],
          violating: ['unverified-hit'],
        })
      : todayOf(kernel, {
          strategies: [verifiedHit],
          sides: [
            ['allocExtentBuffer', 'btrfsReadaheadTreeBlock'],
            ['isolateFolio', 'findExtentBuffer'],
          ],
          violating: ['none'],
        })),
    name: 'two-checks',
    summary: 'a block verified by a lenient reader is used by a strict one',
    origin: 'Linux f04c6475c2db (7.1): level and first key are verified where a block is found up to date',
    history: {
      year: 2026,
      commit: 'f04c6475c2db',
      title: 'verify level and first key of cached blocks',
      symptom: 'a block that is not what its parent says is used',
      breaks: ['P6'],
    },
    leavesOut: 'what the key is: the first copy on the disk is a sound block, and another one',
    starts: [
      {
        name: 'cached',
        summary:
          'a lenient reader has read the block from the first copy: it is in the tree, up to date, refs 1',
        actors: [
          { role: 'walker', count: 1 },
          { role: 'reclaim', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 1,
        stride: 16,
        reset: withBuffer(kernels[kernel], { state: 'clean', isForeign: true }),
      },
      {
        name: 'foreign',
        summary: 'the tree is empty; the first copy on the disk is a sound block with another first key',
        actors: [
          { role: 'lenient-readahead', count: 1 },
          { role: 'searcher', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        buffers: 0,
        stride: 16,
        reset: coldForeign,
      },
    ],
    roles: [walker, searcher, lenientReadahead, reclaim, endIo],
    outcomes,
    classify,
    pages: 1,
    control: verifiesHits ? 'unverified-hit' : 'none',
    fix: verifiesHits ? 'none' : 'verified-hit',
  };
}
