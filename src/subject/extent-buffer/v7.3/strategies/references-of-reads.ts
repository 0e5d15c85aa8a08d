import type { ExtentBuffer } from '../layout.ts';
import { Note } from '../note.ts';
import type { TodayStrategy } from '../strategy.ts';

/** READING instead of page locks before the bio has a reference: the two patches of 2023 in the wrong order. */
export const readingWithoutRef: TodayStrategy = {
  name: 'reading-without-ref',
  expectation: 'violates',
  summary:
    'reads are marked by READING alone: neither page locks nor a reference of the bio protect the buffer',
  origin: 'Linux d7172f52e993 without 113fa05c2f2b (2023): no kernel had this',
  extend: (Base) =>
    class ReadingWithoutRef extends Base {
      override readonly bioReferences: number = 0;

      protected override getForBio(eb: ExtentBuffer): void {
        if (this.checkBufferTreeRef(eb)) this.note(Note.Rescued);
      }

      protected override endReading(eb: ExtentBuffer): void {
        this.clearExtentBufferReading(eb);
      }
    },
};

/** Today's kernel without the fix of June 2020. */
export const withoutFixOf2020: TodayStrategy = {
  name: 'without-2020-fix',
  expectation: 'holds',
  summary: 'the kernel as it is, but for the check_buffer_tree_ref of June 2020 in the read path',
  origin: 'Linux v7.3.4 without 6bf9cd2eed9a (2020)',
  extend: (Base) =>
    class WithoutFixOf2020 extends Base {
      protected override getForBio(eb: ExtentBuffer): void {
        this.refcountInc(eb);
      }
    },
};
