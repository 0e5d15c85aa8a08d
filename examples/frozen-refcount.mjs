/**
 * A reference count that is frozen while it is looked up under RCU, the shape of folio_try_get against folio_ref_freeze. The cache
 * holds one reference. Whoever takes the object out freezes its count (from 1 to 0), and gives it to RCU. A look-up that adds to the
 * count without looking at it takes a reference of something that is gone; one that does not take 0 for an answer does not.
 *
 *     ebtorture explore --scenario ./frozen-refcount.mjs --start before
 *     ebtorture explore --scenario ./frozen-refcount.mjs --start after
 */
import {
  EB_BFLAGS,
  EB_REFS,
  FS_TREE_SLOT,
  OWN_NOTES,
  SLAB_ALLOCATED,
  EB_SLAB,
  bufferAt,
  builtIn,
  defineScenario,
  note,
} from 'ebtorture/scenario';

const [GOT, GONE, REMOVED] = OWN_NOTES;
const LEAKED = 40;
const slot = ({ model }) => model.fsInfo + FS_TREE_SLOT;
const cold = builtIn.starts.find(({ name }) => name === 'cold');

function put({ memory }, object) {
  if (memory.atomicDecAndTest(object + EB_REFS)) memory.callRcuFree(object);
}

/** Looks the object up and uses it; `take` takes a reference, or says that there is none to take. */
const lookUp = (name, take) => ({
  name,
  program: [
    {
      name: 'filemap_get_entry',
      run: (context) => {
        const { memory } = context;
        memory.rcuReadLock();
        const object = memory.readOnce(slot(context));
        const isTaken = object !== 0 && take(memory, object);
        memory.rcuReadUnlock();
        if (!isTaken) {
          note(context, GONE);
          return;
        }
        note(context, GOT);
        memory.testBit(0, object + EB_BFLAGS);
        put(context, object);
      },
    },
  ],
});

export default defineScenario({
  summary: 'a reference count that is frozen while it is looked up',
  origin: 'include/linux/page_ref.h: folio_ref_freeze, folio_try_get',
  roles: [
    lookUp('adder', (memory, object) => {
      memory.atomicInc(object + EB_REFS);
      return true;
    }),
    lookUp('getter', (memory, object) => memory.atomicIncNotZero(object + EB_REFS)),
    {
      name: 'remover',
      program: [
        {
          name: '__remove_mapping',
          run: (context) => {
            const { memory, model, geometry } = context;
            const object = bufferAt(model.fsInfo, geometry, 0);
            if (memory.atomicCmpxchg(object + EB_REFS, 1, 0) !== 1) return;
            memory.writeOnce(slot(context), 0);
            memory.callRcuFree(object);
            note(context, REMOVED);
          },
        },
      ],
    },
  ],
  starts: [
    ['before', 'adder'],
    ['after', 'getter'],
  ].map(([name, role]) => ({
    name,
    summary: `the object is cached; a ${role} looks it up`,
    actors: [
      { role, count: 1 },
      { role: 'remover', count: 1 },
    ],
    reset: (words, geometry, fs) => {
      cold.reset(words, geometry, fs);
      const object = bufferAt(fs, geometry, 0);
      words.fill(0, object, object + EB_SLAB);
      words[object + EB_REFS] = 1;
      words[object + EB_SLAB] = SLAB_ALLOCATED;
      words[fs + FS_TREE_SLOT] = object;
    },
  })),
  checks: [{ number: LEAKED, id: 'LEAKED', title: 'a reference was never put' }],
  outcomes: [
    { name: 'broken', grade: 'FORBIDDEN' },
    { name: 'used', grade: 'ACCEPTABLE', summary: 'looked up and put, then removed or not' },
    { name: 'missed', grade: 'ACCEPTABLE', summary: 'it was gone' },
  ],
  classify: (notes) => ((notes & GOT) === 0 ? 2 : 1),
  // Whatever is still cached has the reference of the cache, and no other.
  atRest: (words, geometry, fs) => {
    const object = words[fs + FS_TREE_SLOT];
    return object !== 0 && words[object + EB_REFS] !== 1 ? LEAKED : 0;
  },
});
