import { type LifeStrategy, ofLife } from '../strategy.ts';
import { kernelOf2012 } from './kernel-of-2012.ts';

/**
 * The kernel of July 2012: check_buffer_tree_ref takes the refs_lock always, so that whoever comes to use a buffer waits for a
 * releasepage that has not seen it, and finds TREE_REF taken. 242e18c7c1a8 (2013) spared the lock where refs are 2 and TREE_REF is
 * set, which opened the window again.
 */
export const lockedCheck: LifeStrategy = ofLife({
  name: 'locked-check',
  expectation: 'holds',
  summary: 'Linux v3.6: check_buffer_tree_ref takes the refs_lock before it looks at TREE_REF',
  origin: 'Linux 594831c4b232, "Btrfs: fix potential race in extent buffer freeing"',
  extend: (Base) => class LockedCheck extends kernelOf2012(Base) {},
});
