/**
 * Two holders of a stale buffer put it while reclaim runs (kernel.md: free_extent_buffer_stale). Each puts the reference it holds
 * itself; whoever puts the last one frees the buffer, and nobody may come after.
 */
import { EB_REFS, Note, bufferAt, defineScenario, roleNamed, startNamed } from 'ebtorture/scenario';

const primed = startNamed('primed');

export default defineScenario({
  summary: 'two holders put a stale buffer while reclaim runs',
  origin: 'free_extent_buffer_stale, free_extent_buffer, btree_releasepage',
  roles: [
    {
      name: 'holder',
      summary: 'puts the reference that it holds, and marks the buffer stale',
      program: [
        {
          name: 'free_extent_buffer_stale',
          run: ({ model, geometry }) => model.freeExtentBufferStale(bufferAt(model.fsInfo, geometry, 0)),
        },
      ],
    },
    roleNamed('reclaim'),
  ],
  starts: [
    {
      name: 'held',
      summary: 'in the tree, TREE_REF set, a reference of each of two holders',
      actors: [{ role: 'holder', count: 2 }, { role: 'reclaim' }],
      reset: (words, geometry, fs) => {
        primed.reset(words, geometry, fs);
        words[bufferAt(fs, geometry, 0) + EB_REFS] = 3;
      },
    },
  ],
  outcomes: [
    { name: 'broken', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
    { name: 'freed', grade: 'ACCEPTABLE', summary: 'the last put freed the buffer' },
    { name: 'kept', grade: 'INTERESTING', summary: 'nobody freed it' },
  ],
  classify: (notes) => ((notes & (Note.LastPut | Note.Released)) !== 0 ? 1 : 2),
});
