import { lifeOf } from '../subject.ts';
import { clearUnderIo } from '../strategies/clear-under-io.ts';
import type { ExtentBufferLife } from '../extent-buffer-life.ts';
import { type ExtentBuffer, PAGE_PAYLOAD } from '../../v5.7/layout.ts';
import { pageAt } from '../../../../memory/layout.ts';
import { WAIT_COMPLETE } from '../../v5.7/extent-buffer-io.ts';
import { PAYLOAD_MODIFIED } from '../layout.ts';
import { LifeNote } from '../note.ts';
import { endIo, find, noteLife, put, QUIET, writer } from './roles.ts';
import { withBuffer } from './starts.ts';
import type { Outcome, Role, Scenario } from '../../../../scenario/scenario.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- a carried number is the pointer the operation before returned */

/** read_tree_block with a transaction id from an old pointer: what it finds in the buffer is newer, and it reads it anew. */
const sender: Role<ExtentBufferLife> = {
  ...QUIET,
  name: 'sender',
  summary: 'a send that follows an old pointer to the block: find, verify_parent_transid, read, free',
  submitsReads: true,
  waitsForPages: true,
  waitsForOwnRead: true,
  program: [
    find,
    {
      name: 'verify_parent_transid',
      run: (context, eb) => {
        const { model, memory } = context;
        // btrfs_header_generation, which is that of the transaction that has changed the block.
        const isNewer = memory.readOnce(pageAt(model.fsInfo, 0) + PAGE_PAYLOAD) === PAYLOAD_MODIFIED;
        if (isNewer) {
          model.verifyParentTransid(eb as ExtentBuffer);
          noteLife(context, LifeNote.Refused);
        }
        return eb;
      },
    },
    {
      name: 'read_extent_buffer_pages',
      run: ({ model }, eb) => {
        model.readExtentBufferPages(eb as ExtentBuffer, WAIT_COMPLETE);
        return eb;
      },
    },
    put,
  ],
};

const outcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  { name: 'written', grade: 'ACCEPTABLE', summary: 'the buffer was written back' },
  { name: 'kept', grade: 'ACCEPTABLE', summary: 'the buffer was kept as it was' },
  { name: 'idle', grade: 'ACCEPTABLE', summary: 'nobody came to look at it' },
];

function classify(notes: number): number {
  if ((notes & LifeNote.Written) !== 0) return 1;
  return (notes & LifeNote.Refused) !== 0 ? 2 : 3;
}

/**
 * The corruption of 2014. A send, which holds no tree locks, follows an old pointer to a block that has been allocated anew since. The
 * transaction id is not the one it expects, so that it takes the buffer for a bad copy, clears UPTODATE and reads what the disk has
 * over what was not written yet.
 *
 * The fix asks extent_buffer_under_io without the refs_lock, which the step from DIRTY to WRITEBACK escapes (1.1 looks at WRITEBACK
 * first): with a writer beside them, `--actors sender=1,writer=1,end-io=1`, the kernel of 2020 violates, too.
 */
export const staleReadOverDirty: Scenario = {
  ...lifeOf({
    kernels: [clearUnderIo],
    sides: [['findExtentBuffer'], ['takeBio']],
    violating: ['clear-under-io'],
  }),
  name: 'stale-read-over-dirty',
  summary: 'a buffer with changes is read anew by somebody who takes it for a bad copy',
  origin: `Linux a26e8c9f75b0, "Btrfs: don't clear uptodate if the eb is under IO"`,
  history: {
    year: 2014,
    commit: 'a26e8c9f75b0',
    title: "don't clear uptodate if the eb is under IO",
    symptom: 'UPTODATE is taken from a buffer under IO',
    breaks: ['Q6'],
  },
  leavesOut: 'the relocation that has given the block away, and the lock of its extent range',
  starts: [
    {
      name: 'dirty',
      summary: 'the block has been allocated anew and changed, refs 1; the disk has what it was before',
      actors: [
        { role: 'sender', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      buffers: 1,
      stride: 16,
      reset: withBuffer({ refs: 1, isDirty: true }),
    },
  ],
  roles: [sender, writer, endIo],
  outcomes,
  classify,
  pages: 1,
  control: 'clear-under-io',
  fix: 'none',
};
