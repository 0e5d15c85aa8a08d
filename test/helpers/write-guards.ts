import { type LifeClass, type LifeStrategy, ofLife } from '../../src/subject/extent-buffer/life/strategy.ts';
import {
  EB_BFLAGS,
  EB_REFS,
  type ExtentBuffer,
  PAGE_PRIVATE,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { NULL, type Page, PAGE_FLAGS, pageAt } from '../../src/memory/layout.ts';
import { EXTENT_BUFFER_DIRTY, EXTENT_BUFFER_WRITEBACK } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import { PG_PRIVATE } from '../../src/memory/page-flags.ts';

/** What keeps a buffer that is being written from being released, each as a class without it. */
export const WRITE_GUARDS: Readonly<Record<string, (Base: LifeClass) => LifeClass>> = {
  pageFlags: (Base) =>
    class BlindReleasepage extends Base {
      override btreeReleasepage(page: Page): boolean {
        return this.tryReleaseExtentBuffer(page);
      }
    },
  refsLock: (Base) =>
    class UnlockedTransition extends Base {
      protected override startWriteback(eb: ExtentBuffer): boolean {
        if (!this.mem.testAndClearBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS)) return false;
        this.mem.setBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
        return true;
      }
    },
  privateLock: (Base) =>
    class UnlockedPrivate extends Base {
      protected override takeExtentBufferOf(page: Page, previous: ExtentBuffer): ExtentBuffer {
        if (!this.mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) return NULL;
        const eb = this.readPointer(page + PAGE_PRIVATE);
        return eb !== NULL && eb !== previous && this.mem.atomicIncNotZero(eb + EB_REFS) ? eb : NULL;
      }
    },
  writebackBit: (Base) =>
    class EarlyEnd extends Base {
      override endBioExtentBufferWritepage(bio: number, isGood: boolean): void {
        const eb = this.readPointer(pageAt(this.fsInfo, 31 - Math.clz32(bio & -bio)) + PAGE_PRIVATE);
        if (eb !== NULL) super.endExtentBufferWriteback(eb);
        super.endBioExtentBufferWritepage(bio, isGood);
      }

      protected override endExtentBufferWriteback(_eb: ExtentBuffer): void {}
    },
  ioPages: (Base) =>
    class NoIoPages extends Base {
      override extentBufferUnderIo(eb: ExtentBuffer): boolean {
        return (
          this.mem.testBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS) ||
          this.mem.testBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS)
        );
      }
    },
};

/** The first version of the seed: a check where the write sets io_pages. */
export const withWriteCheck = (Base: LifeClass): LifeClass =>
  class WriteCheck extends Base {
    protected override writeOneEb(eb: ExtentBuffer): number {
      this.checkBufferTreeRef(eb);
      return super.writeOneEb(eb);
    }
  };

/** The kernel of 2020 without some of its guards. */
export function withoutGuards(missing: readonly string[], hasCheck: boolean): LifeStrategy {
  return ofLife({
    name: `without ${missing.join(' and ')}`,
    expectation: 'violates',
    summary: '',
    origin: '',
    extend: (Base) => {
      let Model: LifeClass = class Unguarded extends Base {};
      for (const name of missing) Model = WRITE_GUARDS[name]?.(Model) ?? Model;
      return hasCheck ? withWriteCheck(Model) : Model;
    },
  });
}
