// Orders of locks, a start state each, on words of nobody's and on locks of the kernel's: circles of kinds that deadlock, circles that
// cannot since an outer lock keeps them apart, and what is none.
import {
  bufferAt,
  defineScenario,
  EB_IO_PAGES,
  EB_REFS_LOCK,
  FS_OWN,
  FS_PRIVATE_LOCK,
  objectInUse,
  pageAt,
  roleNamed,
  startNamed,
} from 'ebtorture/scenario';

const gateOf = ({ model }) => model.fsInfo + FS_OWN;
const semOf = ({ model }) => model.fsInfo + FS_OWN + 1;
const pageOf = ({ model }, index) => pageAt(model.fsInfo, index);
const bufferOf = ({ model, geometry }, index = 0) => bufferAt(model.fsInfo, geometry, index);

/** Takes locks one inside of the other. */
function inside(memory, locks) {
  for (const lock of locks) memory.spinLock(lock);
  for (const lock of locks.toReversed()) memory.spinUnlock(lock);
}

const spinLocksOf = (context) => [context.model.fsInfo + FS_PRIVATE_LOCK, bufferOf(context) + EB_REFS_LOCK];

function gated(context, locks) {
  context.memory.downWrite(gateOf(context));
  inside(context.memory, locks);
  context.memory.upWrite(gateOf(context));
}

/** Page i, and then page j. */
function twoPages(context, first, second) {
  context.memory.lockPage(pageOf(context, first));
  context.memory.lockPage(pageOf(context, second));
  context.memory.unlockPage(pageOf(context, second));
  context.memory.unlockPage(pageOf(context, first));
}

function reading(context, locks) {
  for (const lock of locks) context.memory.downRead(lock);
  for (const lock of locks.toReversed()) context.memory.upRead(lock);
}

/** A read of page 0; what holds the semaphore comes before it is handed over, or behind. */
function submitting(context, isLate) {
  const hold = () => {
    context.memory.downWrite(semOf(context));
    context.memory.upWrite(semOf(context));
  };
  context.memory.lockPage(pageOf(context, 0));
  context.memory.atomicSet(bufferOf(context) + EB_IO_PAGES, 1);
  if (isLate) hold();
  context.model.submitOneBio(bufferOf(context), 1);
  if (!isLate) hold();
}

/** What each role does, by its name. */
const PROGRAMS = {
  down: (context) => inside(context.memory, spinLocksOf(context)),
  up: (context) => inside(context.memory, spinLocksOf(context).toReversed()),
  'gated-down': (context) => gated(context, spinLocksOf(context)),
  'gated-up': (context) => gated(context, spinLocksOf(context).toReversed()),
  sleeper: (context) => {
    context.memory.downWrite(gateOf(context));
    context.memory.downWrite(semOf(context));
    context.memory.upWrite(semOf(context));
    context.memory.upWrite(gateOf(context));
  },
  trier: (context) => {
    context.memory.downWrite(semOf(context));
    if (context.memory.downWriteTrylock(gateOf(context))) context.memory.upWrite(gateOf(context));
    context.memory.upWrite(semOf(context));
  },
  'lucky-trier': (context) => {
    if (!context.memory.downWriteTrylock(semOf(context))) return;
    context.memory.downWrite(gateOf(context));
    context.memory.upWrite(gateOf(context));
    context.memory.upWrite(semOf(context));
  },
  reader: (context) => reading(context, [gateOf(context), semOf(context)]),
  'back-reader': (context) => reading(context, [semOf(context), gateOf(context)]),
  nester: (context) =>
    inside(context.memory, [bufferOf(context) + EB_REFS_LOCK, bufferOf(context, 1) + EB_REFS_LOCK]),
  'page-walker': (context) => twoPages(context, 0, 1),
  'back-walker': (context) => twoPages(context, 1, 0),
  'page-waiter': (context) => {
    context.memory.downWrite(semOf(context));
    context.memory.waitOnPageLocked(pageOf(context, 0));
    context.memory.upWrite(semOf(context));
  },
  'page-holder': (context) => {
    context.memory.lockPage(pageOf(context, 0));
    context.memory.downWrite(semOf(context));
    context.memory.upWrite(semOf(context));
    context.memory.unlockPage(pageOf(context, 0));
  },
  submitter: (context) => submitting(context, false),
  'late-submitter': (context) => submitting(context, true),
};

/** Who plays in each start state. */
const STARTS = {
  gated: ['gated-down', 'gated-up'],
  'gated-in-order': ['gated-down', 'gated-down'],
  bare: ['down', 'up'],
  tried: ['sleeper', 'trier'],
  'taken-by-chance': ['sleeper', 'lucky-trier'],
  reading: ['reader', 'back-reader'],
  nested: ['nester', 'down'],
  pages: ['page-walker', 'page-walker'],
  'pages-backward': ['back-walker', 'back-walker'],
  'page-awaited': ['page-waiter', 'page-holder'],
  'handed-over': ['submitter', 'page-waiter', 'end-io'],
  'handed-over-late': ['late-submitter', 'page-waiter', 'end-io'],
};

/** Two buffers in use. */
function reset(words, geometry, fs) {
  startNamed('primed').reset(words, geometry, fs);
  objectInUse(words, geometry, fs, 1);
}

export default defineScenario({
  summary: 'orders of locks',
  roles: [
    ...Object.entries(PROGRAMS).map(([name, run]) => ({
      name,
      program: [{ name, run }],
      submitsReads: name.endsWith('submitter'),
      waitsForPages: name === 'page-waiter',
    })),
    roleNamed('end-io'),
  ],
  starts: Object.entries(STARTS).map(([name, roles]) => ({
    name,
    reset,
    buffers: 2,
    actors: [...new Set(roles)].map((role) => ({
      role,
      count: roles.filter((each) => each === role).length,
    })),
  })),
  outcomes: [
    { name: 'broken', grade: 'FORBIDDEN' },
    { name: 'done', grade: 'ACCEPTABLE' },
  ],
  atRest: () => 0,
  classify: () => 1,
});
