import { EB_BFLAGS, EB_REFS, type ExtentBuffer } from '../../v5.7/layout.ts';
import { EXTENT_BUFFER_TREE_REF } from '../../v5.7/bflags.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';
import { kernelOf2012 } from './kernel-of-2012.ts';

/**
 * The kernel before July 2012. check_buffer_tree_ref takes no lock: a reference, the bit, and the reference back if somebody was
 * faster. A releasepage that has decided under the refs_lock that nobody uses the buffer does not keep it from looking at TREE_REF.
 */
export const unlockedCheck: LifeStrategy = ofLife({
  name: 'unlocked-check',
  expectation: 'violates',
  summary: 'Linux v3.4: check_buffer_tree_ref looks at TREE_REF and sets it without the refs_lock',
  origin: 'Linux before 594831c4b232 (2012)',
  extend: (Base) =>
    class UnlockedCheck extends kernelOf2012(Base) {
      override checkBufferTreeRef(eb: ExtentBuffer): boolean {
        if (this.mem.testBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) return false;
        this.mem.atomicInc(eb + EB_REFS);
        if (!this.mem.testAndSetBit(EXTENT_BUFFER_TREE_REF, eb + EB_BFLAGS)) return true;
        this.mem.atomicDec(eb + EB_REFS);
        return false;
      }
    },
});
