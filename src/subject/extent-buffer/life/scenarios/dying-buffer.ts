import { lifeOf } from '../subject.ts';
import { plainGet } from '../strategies/plain-get.ts';
import { EXTENT_BUFFER_STALE } from '../../v5.7/bflags.ts';
import { holder, recycler } from './roles.ts';
import { withBuffer } from './starts.ts';
import { classifyReferences, referenceOutcomes } from './reference-outcomes.ts';
import type { Scenario } from '../../../../scenario/scenario.ts';

/**
 * The race of March 2012. Between the last put of a buffer and the detachment of its pages, page->private still names it: who comes
 * from there must not take a reference of a buffer that has none left.
 *
 * The rest of the kernel is that of 2020.
 */
export const dyingBuffer: Scenario = {
  ...lifeOf({
    kernels: [plainGet],
    sides: [['freeExtentBuffer'], ['btrfsInitNewBuffer']],
    violating: ['plain-get'],
  }),
  name: 'dying-buffer',
  summary: 'a block is allocated anew while its old buffer goes, which its pages still name',
  origin: `Linux 115391d23152, "Btrfs: only use the existing eb if it's count isn't 0"`,
  history: {
    year: 2012,
    commit: '115391d23152',
    title: "only use the existing eb if it's count isn't 0",
    symptom: 'a reference of a buffer that has none left',
    breaks: ['UAF', 'B1'],
  },
  leavesOut: 'the rest of the kernel of 2012: it is that of 2020',
  starts: [
    {
      name: 'stale',
      summary: 'the block was freed: its buffer is STALE, refs 2, those of the tree and of one path',
      actors: [
        { role: 'holder', count: 1 },
        { role: 'recycler', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      serves: { holder: 1 },
      reset: withBuffer({ refs: 2, bflags: [EXTENT_BUFFER_STALE] }),
    },
  ],
  roles: [holder, recycler],
  outcomes: referenceOutcomes,
  classify: classifyReferences,
  widening: { point: 'release:deleted', ns: 300 },
  pages: 1,
  control: 'plain-get',
  fix: 'none',
};
