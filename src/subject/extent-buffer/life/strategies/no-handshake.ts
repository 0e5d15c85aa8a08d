import { EB_REFS, type ExtentBuffer, FS_TREE_SLOT } from '../../v5.7/layout.ts';
import { NULL } from '../../../../memory/layout.ts';
import { Note } from '../../v5.7/note.ts';
import { type LifeStrategy, ofLife } from '../strategy.ts';

/** The kernel before April 2015: who finds a STALE buffer does not wait for a free_extent_buffer that has seen the old count. */
export const noHandshake: LifeStrategy = ofLife({
  name: 'no-handshake',
  expectation: 'violates',
  summary: 'find_extent_buffer takes a STALE buffer as any other',
  origin: 'Linux before 062c19e9dd69 (2015)',
  extend: (Base) =>
    class NoHandshake extends Base {
      override findExtentBuffer(): ExtentBuffer {
        this.mem.rcuReadLock();
        const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
        const isTaken = eb !== NULL && this.mem.atomicIncNotZero(eb + EB_REFS);
        this.mem.rcuReadUnlock();
        if (!isTaken) {
          this.note(eb === NULL ? Note.Missed : Note.DyingFound);
          return NULL;
        }
        this.reached('find:ref');
        this.markExtentBufferAccessed(eb, NULL);
        this.note(Note.Found);
        this.reached('find:done');
        return eb;
      }
    },
});
