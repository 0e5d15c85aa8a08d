import { NULL, type Page, PAGE_FLAGS } from '../../../../memory/layout.ts';
import { PG_DIRTY, PG_PRIVATE } from '../../../../memory/page-flags.ts';
import { Check } from '../check.ts';
import { type ExtentBuffer, FOLIO_PRIVATE } from '../layout.ts';
import { Note } from '../note.ts';
import type { ExtentBufferClass } from '../extent-buffer.ts';
import type { TodayStrategy } from '../strategy.ts';

/** Kernels of 2024 in which a folio is grabbed outside of the i_private_lock: what `grab` does there is theirs. */
function grabbingUnlocked(Base: ExtentBufferClass): ExtentBufferClass {
  return class GrabbingUnlocked extends Base {
    protected override attachEbFolioToFilemap(eb: ExtentBuffer, folio: Page): ExtentBuffer {
      const isExisting = this.lockOrAddFolio(folio);
      const existing = isExisting ? this.grabExtentBuffer(folio) : NULL;
      if (existing !== NULL) {
        this.mem.unlockPage(folio);
        this.folioPut(folio);
        return existing;
      }
      this.mem.spinLock(this.privateLock);
      this.attachExtentBufferFolio(eb, folio);
      this.mem.spinUnlock(this.privateLock);
      return NULL;
    }

    protected override grabExtentBuffer(folio: Page): ExtentBuffer {
      if (!this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS)) return NULL;
      const existing = this.readPointer(folio + FOLIO_PRIVATE);
      if (this.refcountIncNotZero(existing)) return existing;
      this.note(Note.DyingFound);
      this.reached('grab:dying');
      this.warnOn(this.mem.testBit(PG_DIRTY, folio + PAGE_FLAGS), Check.N5);
      this.detachDying(folio);
      return NULL;
    }
  };
}

/** The kernel before f3a5367c679d: folio private is taken from a dying buffer under the lock of the folio alone. */
export const grabUnlocked: TodayStrategy = {
  name: 'grab-unlocked',
  expectation: 'violates',
  summary:
    'grab_extent_buffer detaches a dying buffer under the lock of the folio, without the i_private_lock',
  origin: 'Linux 09e6cef19c9f to v6.9 (2024)',
  extend: (Base) => class GrabUnlocked extends grabbingUnlocked(Base) {},
};

/** A mend that is not enough: what was read without the lock is not looked at again under it. */
export const detachLocked: TodayStrategy = {
  name: 'detach-locked',
  expectation: 'violates',
  summary: 'as grab-unlocked, but for the detachment itself, which has the i_private_lock',
  origin:
    'a mend that trusts the lock of the folio, as the first version of f3a5367c679d did (2024); its text is not at hand',
  extend: (Base) =>
    class DetachLocked extends grabbingUnlocked(Base) {
      protected override detachDying(folio: Page): void {
        this.mem.spinLock(this.privateLock);
        this.folioDetachPrivate(folio);
        this.mem.spinUnlock(this.privateLock);
      }
    },
};

/** What a kernel might do: the folios of a dying buffer are its own until it has let go of them. */
export const grabWaits: TodayStrategy = {
  name: 'grab-waits',
  expectation: 'holds',
  summary:
    'who finds a folio of a dying buffer gives it back and comes again, until the buffer has let go of it',
  origin:
    'not upstream: no buffer loses a folio to somebody else, so that it still has it when it comes to it',
  extend: (Base) =>
    class GrabWaits extends Base {
      protected override attachEbFolioToFilemap(eb: ExtentBuffer, folio: Page): ExtentBuffer {
        for (;;) {
          const isExisting = this.lockOrAddFolio(folio);
          this.mem.spinLock(this.privateLock);
          const isAttached = isExisting && this.mem.testBit(PG_PRIVATE, folio + PAGE_FLAGS);
          const owner = isAttached ? this.readPointer(folio + FOLIO_PRIVATE) : NULL;
          const isTaken = owner !== NULL && this.refcountIncNotZero(owner);
          if (owner === NULL) this.attachExtentBufferFolio(eb, folio);
          this.mem.spinUnlock(this.privateLock);
          if (owner === NULL) return NULL;
          this.mem.unlockPage(folio);
          this.folioPut(folio);
          if (isTaken) return owner;
          this.note(Note.DyingFound);
          this.mem.cpuRelax();
        }
      }
    },
};
