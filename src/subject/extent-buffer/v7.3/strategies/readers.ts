import { EXTENT_BUFFER_READING, EXTENT_BUFFER_WRITE_ERR } from '../bflags.ts';
import { EB_BFLAGS, EB_READ_MIRROR, type ExtentBuffer } from '../layout.ts';
import { Note } from '../note.ts';
import { EIO, type ParentCheck } from '../reading.ts';
import { backported, type TodayStrategy } from '../strategy.ts';

/** The kernel before ef1e68236b91: who has won READING does not look whether the block was read meanwhile. */
export const readCheckedOnce: TodayStrategy = {
  name: 'read-checked-once',
  expectation: 'violates',
  summary: 'UPTODATE is not looked at again behind READING: a block that was just read is read once more',
  origin: 'Linux before ef1e68236b91 (2024), CVE-2024-35798',
  extend: (Base) =>
    class ReadCheckedOnce extends Base {
      override readExtentBufferPagesNowait(eb: ExtentBuffer, check: ParentCheck, mirror = 0): number {
        if (this.extentBufferUptodate(eb)) return this.verifiedHit(eb, check);
        this.reached('read:entry');
        if (this.mem.testBit(EXTENT_BUFFER_WRITE_ERR, eb + EB_BFLAGS)) return EIO;
        if (this.mem.testAndSetBit(EXTENT_BUFFER_READING, eb + EB_BFLAGS)) {
          this.note(Note.ReadSkipped);
          return 0;
        }
        this.mem.writeOnce(eb + EB_READ_MIRROR, 0);
        this.getForBio(eb);
        this.submitRead(eb, check, mirror);
        return 0;
      }
    },
};

/** The kernel before f04c6475c2db: what is found up to date is used, whoever has verified it; searches alone look at it themselves. */
export const unverifiedHit: TodayStrategy = {
  name: 'unverified-hit',
  expectation: 'violates',
  summary: 'a block that is found up to date is not held against what its parent says of it, but by searches',
  origin: 'Linux before f04c6475c2db (2026)',
  extend: backported({ verifiesHits: false }),
};

/** f04c6475c2db in a kernel that lacks it. */
export const verifiedHit: TodayStrategy = {
  name: 'verified-hit',
  expectation: 'holds',
  summary: 'a block that is found up to date is held against what its parent says of it',
  origin: 'Linux f04c6475c2db (7.1)',
  extend: backported({ verifiesHits: true }),
};

/** What a kernel might do: who has waited for somebody else's read holds the block against its own parent, too. */
export const verifiedWait: TodayStrategy = {
  name: 'verified-wait',
  expectation: 'holds',
  summary:
    'read_extent_buffer_pages verifies the block behind its wait, as the finder of one that is up to date does',
  origin: 'not upstream: f04c6475c2db on the path that lacks it',
  extend: (Base) =>
    class VerifiedWait extends Base {
      override readExtentBufferPages(eb: ExtentBuffer, check: ParentCheck, mirror = 0): number {
        const error = super.readExtentBufferPages(eb, check, mirror);
        return error < 0 || this.btrfsVerifyLevelKey(check) ? error : EIO;
      }
    },
};

/** The kernel before 690c2accacb1: between READING and the reference of the bio, a read has ended and not ended. */
export const readingClearedFirst: TodayStrategy = {
  name: 'reading-cleared-first',
  expectation: 'violates',
  summary: 'the end of a read clears READING, and drops the reference of the bio behind it',
  origin: 'Linux before 690c2accacb1 (2026)',
  extend: (Base) =>
    class ReadingClearedFirst extends Base {
      protected override endReading(eb: ExtentBuffer): void {
        this.clearExtentBufferReading(eb);
        this.reached('end-io:read');
        this.freeExtentBuffer(eb);
      }
    },
};

/** Kernels up to 7.1, whose umount frees the workqueues beside reads that are in flight. */
export const umountWithoutWait: TodayStrategy = {
  name: 'umount-without-wait',
  expectation: 'violates',
  summary: 'umount invalidates the folios once and stops the workers: nobody waits for READING',
  origin: 'Linux before "btrfs: warn about extent buffer that can not be released" (2026)',
  extend: (Base) =>
    class UmountWithoutWait extends Base {
      override invalidateAndCheckBtreeFolios(): void {
        this.invalidateInodePages2();
      }
    },
};

/** What 7.2 does, in a kernel that lacks it. */
export const umountWaits: TodayStrategy = {
  name: 'umount-waits',
  expectation: 'violates',
  summary: 'umount waits for READING, and reports buffers that somebody holds then; READING is cleared first',
  origin: 'Linux 7.2, "btrfs: warn about extent buffer that can not be released"',
  extend: backported({ checksAtUmount: true }),
};

/** The same with 690c2accacb1. */
export const readingClearedLocked: TodayStrategy = {
  name: 'reading-cleared-locked',
  expectation: 'holds',
  summary: 'umount waits for READING, which goes together with the reference of the bio',
  origin: 'Linux 690c2accacb1 (7.3) and what it mends',
  extend: backported({ checksAtUmount: true, clearsReadingLocked: true }),
};

/** The kernels before 908ab5634751: who follows an old pointer gives up where it may not sleep, and leaves the buffer alone. */
export const uptodateKept: TodayStrategy = {
  name: 'uptodate-kept',
  expectation: 'holds',
  summary: 'another generation than the one expected leaves UPTODATE as it is: the reader gives up',
  origin: 'Linux before 908ab5634751 (2026), of callers that may not sleep',
  extend: backported({ alwaysClearsUptodate: false }),
};
