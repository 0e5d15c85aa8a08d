// The sleeping locks and waits of the write path, a start state each, on words of nobody's: writers and readers of a read-write
// lock, with and without a planted bug; the last of several completions that clears a bit that somebody waits for; and what an actor
// must not do with such a lock.
import {
  bufferAt,
  defineScenario,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_REFS_LOCK,
  EXTENT_BUFFER_WRITEBACK,
  FS_OWN,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  note,
  OWN_NOTES,
  PAGE_OWN,
  pageAt,
  startNamed,
  violated,
} from 'ebtorture/scenario';

const TORN = 50;
const EARLY = 51;
const [OLD, NEW, BUSY] = OWN_NOTES;

const lockOf = ({ model }) => model.fsInfo + FS_OWN;
const otherLockOf = ({ model }) => model.fsInfo + FS_OWN + 1;
const halvesOf = ({ model }) => [pageAt(model.fsInfo, 0) + PAGE_OWN, pageAt(model.fsInfo, 0) + PAGE_OWN + 1];
const bufferOf = ({ model, geometry }) => bufferAt(model.fsInfo, geometry, 0);

function change(context) {
  for (const half of halvesOf(context)) context.memory.writeOnce(half, 1);
}

function look(context) {
  const [first, second] = halvesOf(context).map((half) => context.memory.readOnce(half));
  if (first !== second) violated(context, TORN);
  note(context, first === 0 ? OLD : NEW);
}

/** What each role does, by its name. */
const PROGRAMS = {
  writer: (context) => {
    context.memory.downWrite(lockOf(context));
    change(context);
    context.memory.upWrite(lockOf(context));
  },
  // The planted bug.
  'bare-writer': change,
  'reading-writer': (context) => {
    context.memory.downRead(lockOf(context));
    change(context);
    context.memory.upRead(lockOf(context));
  },
  'try-writer': (context) => {
    if (context.memory.downWriteTrylock(lockOf(context))) {
      change(context);
      context.memory.upWrite(lockOf(context));
    } else note(context, BUSY);
  },
  'patient-writer': (context) => {
    while (!context.memory.downWriteTrylock(lockOf(context))) context.memory.cpuRelax();
    change(context);
    context.memory.upWrite(lockOf(context));
  },
  reader: (context) => {
    context.memory.downRead(lockOf(context));
    look(context);
    context.memory.upRead(lockOf(context));
  },
  'try-reader': (context) => {
    if (context.memory.downReadTrylock(lockOf(context))) {
      look(context);
      context.memory.upRead(lockOf(context));
    } else note(context, BUSY);
  },
  'buffer-reader': ({ memory, model, geometry }) => {
    const lock = bufferAt(model.fsInfo, geometry, 0) + EB_REFS_LOCK;
    memory.downRead(lock);
    look({ memory, model });
    memory.upRead(lock);
  },
  'buffer-writer': ({ memory, model, geometry }) => {
    const lock = bufferAt(model.fsInfo, geometry, 0) + EB_REFS_LOCK;
    memory.downWrite(lock);
    change({ memory, model });
    memory.upWrite(lock);
  },
  // What waits for RCU may be tried and given back, but not be waited for.
  'late-reader': ({ memory, model, geometry }) => {
    const eb = bufferAt(model.fsInfo, geometry, 0);
    memory.rcuReadLock();
    const isThere = memory.readOnce(model.fsInfo + FS_TREE_SLOT) !== 0;
    if (isThere && memory.downReadTrylock(eb + EB_REFS_LOCK)) {
      look({ memory, model });
      memory.upRead(eb + EB_REFS_LOCK);
    } else note({ model }, BUSY);
    memory.rcuReadUnlock();
  },
  'late-writer': ({ memory, model, geometry }) => {
    const eb = bufferAt(model.fsInfo, geometry, 0);
    memory.rcuReadLock();
    const isThere = memory.readOnce(model.fsInfo + FS_TREE_SLOT) !== 0;
    if (isThere && memory.downWriteTrylock(eb + EB_REFS_LOCK)) {
      change({ memory, model });
      memory.upWrite(eb + EB_REFS_LOCK);
    } else note({ model }, BUSY);
    memory.rcuReadUnlock();
  },
  // The planted bug: it looks at what it was given outside of a read section.
  'too-late-reader': ({ memory, model, geometry }) => {
    const eb = bufferAt(model.fsInfo, geometry, 0);
    if (memory.readOnce(model.fsInfo + FS_TREE_SLOT) === 0) return;
    memory.downRead(eb + EB_REFS_LOCK);
    memory.upRead(eb + EB_REFS_LOCK);
  },
  freer: ({ memory, model, geometry }) => {
    memory.writeOnce(model.fsInfo + FS_TREE_SLOT, 0);
    memory.callRcuFree(bufferAt(model.fsInfo, geometry, 0));
  },
  upgrader: (context) => {
    context.memory.downRead(lockOf(context));
    context.memory.downWrite(lockOf(context));
  },
  completion: (context) => {
    const eb = bufferOf(context);
    if (context.memory.atomicSubAndTest(eb + EB_IO_PAGES, 2))
      context.memory.clearBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
  },
  // The planted bug.
  'early-completion': (context) => {
    const eb = bufferOf(context);
    context.memory.clearBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
    context.memory.atomicSubAndTest(eb + EB_IO_PAGES, 2);
  },
  waiter: (context) => {
    const eb = bufferOf(context);
    context.memory.waitOnBit(EXTENT_BUFFER_WRITEBACK, eb + EB_BFLAGS);
    if (context.memory.atomicRead(eb + EB_IO_PAGES) !== 0) violated(context, EARLY);
    note(context, NEW);
  },
  keeper: (context) => {
    context.memory.downRead(lockOf(context));
  },
  'writing-keeper': (context) => {
    context.memory.downWriteTrylock(lockOf(context));
  },
  giver: (context) => {
    context.memory.upRead(lockOf(context));
  },
  'wrong-giver': (context) => {
    context.memory.downRead(lockOf(context));
    context.memory.upWrite(lockOf(context));
  },
  'giver-of-another': (context) => {
    context.memory.downWrite(lockOf(context));
    context.memory.upWrite(otherLockOf(context));
  },
  'giver-of-a-failure': (context) => {
    context.memory.downRead(lockOf(context));
    if (!context.memory.downWriteTrylock(lockOf(context))) context.memory.upWrite(lockOf(context));
  },
  'spinning-sleeper': (context) => {
    context.memory.spinLock(context.model.fsInfo + FS_PRIVATE_LOCK);
    context.memory.downWrite(lockOf(context));
    context.memory.upWrite(lockOf(context));
    context.memory.spinUnlock(context.model.fsInfo + FS_PRIVATE_LOCK);
  },
  'reading-sleeper': (context) => {
    context.memory.rcuReadLock();
    context.memory.downRead(lockOf(context));
    context.memory.upRead(lockOf(context));
    context.memory.rcuReadUnlock();
  },
  'waiting-sleeper': (context) => {
    context.memory.rcuReadLock();
    context.memory.waitOnBit(0, lockOf(context));
    context.memory.rcuReadUnlock();
  },
  'spinning-trier': (context) => {
    context.memory.spinLock(context.model.fsInfo + FS_PRIVATE_LOCK);
    if (context.memory.downReadTrylock(lockOf(context))) context.memory.upRead(lockOf(context));
    if (context.memory.downWriteTrylock(lockOf(context))) context.memory.upWrite(lockOf(context));
    context.memory.spinUnlock(context.model.fsInfo + FS_PRIVATE_LOCK);
  },
  'double-reader': (context) => {
    context.memory.downRead(lockOf(context));
    context.memory.downRead(lockOf(context));
    context.memory.upRead(lockOf(context));
    look(context);
    context.memory.upRead(lockOf(context));
  },
};

/** Those that do what none may. */
const WRONG = [
  'keeper',
  'writing-keeper',
  'giver',
  'wrong-giver',
  'giver-of-another',
  'giver-of-a-failure',
  'spinning-sleeper',
  'reading-sleeper',
  'waiting-sleeper',
];

/** Who plays in each start state. */
const STARTS = {
  locked: ['writer', 'reader', 'try-reader'],
  bare: ['bare-writer', 'reader'],
  'read-locked': ['reading-writer', 'reader'],
  tried: ['try-writer', 'reader', 'double-reader'],
  retried: ['patient-writer', 'writer', 'reader'],
  upgrade: ['upgrader', 'upgrader'],
  buffer: ['buffer-reader', 'buffer-reader', 'buffer-writer'],
  freed: ['late-reader', 'late-reader', 'late-writer', 'freer'],
  'freed-too-early': ['too-late-reader', 'freer'],
  completed: ['completion', 'completion', 'waiter'],
  'completed-early': ['completion', 'early-completion', 'waiter'],
  ...Object.fromEntries(WRONG.map((role) => [role, [role, 'reader']])),
  'spinning-trier': ['spinning-trier', 'spinning-trier'],
};

const OF_BUFFER = new Set(['buffer', 'freed', 'freed-too-early', 'completed', 'completed-early']);

/** A buffer under writeback, with two completions of two pages each to come. */
function reset(words, geometry, fs) {
  startNamed('primed').reset(words, geometry, fs);
  const eb = bufferAt(fs, geometry, 0);
  words[eb + EB_BFLAGS] |= 1 << EXTENT_BUFFER_WRITEBACK;
  words[eb + EB_IO_PAGES] = 4;
}

export default defineScenario({
  summary: 'read-write locks and waits for a bit',
  roles: Object.entries(PROGRAMS).map(([name, run]) => ({ name, program: [{ name, run }] })),
  starts: Object.entries(STARTS).map(([name, roles]) => ({
    name,
    reset: OF_BUFFER.has(name) ? reset : startNamed('cold').reset,
    actors: [...new Set(roles)].map((role) => ({
      role,
      count: roles.filter((each) => each === role).length,
    })),
    stride: 64,
  })),
  checks: [
    { number: TORN, id: 'TORN', title: 'half of a change was read' },
    { number: EARLY, id: 'EARLY', title: 'a wait was over before what it is for' },
  ],
  outcomes: [
    { name: 'broken', grade: 'FORBIDDEN' },
    { name: 'neither', grade: 'ACCEPTABLE' },
    { name: 'old', grade: 'ACCEPTABLE' },
    { name: 'new', grade: 'ACCEPTABLE' },
    { name: 'both', grade: 'ACCEPTABLE' },
    { name: 'busy', grade: 'ACCEPTABLE' },
  ],
  atRest: () => 0,
  classify: (notes) =>
    (notes & BUSY) === 0 ? 1 + ((notes & OLD) === 0 ? 0 : 1) + ((notes & NEW) === 0 ? 0 : 2) : 5,
});
