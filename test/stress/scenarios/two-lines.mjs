// A subject of its own whose object has eight fields, so that it has two lines, a start state each for what is planted and what is
// repaired: a look at the second line behind an RCU read section, an object freed by whoever looks at it without one, freed twice, a
// read-write lock in the second line, and locks of both sorts that are never given back.
import {
  Check,
  defineScenario,
  layoutOf,
  OBJECT_SLAB,
  objectAt,
  objectInUse,
  OWN_NOTES,
  POISON,
  resetWorld,
  SLAB_ALLOCATED,
} from 'ebtorture/scenario';

const structures = {
  shared: { name: 'table', fields: { slot: 'pointer' } },
  object: {
    name: 'entry',
    fields: {
      refs: 'count',
      flags: ['dead'],
      key: 'number',
      hash: 'number',
      lock: 'lock',
      first: 'number',
      second: 'number',
      sem: 'rwsem',
    },
  },
};
const { shared, object, bits } = layoutOf(structures);
const SECOND = 77;
const TORN = 50;
const STALE = 51;
const KEPT = 52;
const [FOUND] = OWN_NOTES;

/** Everything as it is right, and beside it what is planted. */
const table = (Model) =>
  class Table extends Model {
    entry() {
      return this.mem.readOnce(this.fsInfo + shared.slot);
    }

    look(entry) {
      if (this.mem.readOnce(entry + object.second) !== SECOND) this.violated(STALE);
      this.note(FOUND);
    }

    lookUp() {
      this.mem.rcuReadLock();
      const entry = this.entry();
      if (entry !== 0) this.look(entry);
      this.mem.rcuReadUnlock();
    }

    lookUpLate() {
      this.mem.rcuReadLock();
      const entry = this.entry();
      this.mem.rcuReadUnlock();
      if (entry !== 0) this.look(entry);
    }

    /** Whether it is the caller's to free. */
    take(entry) {
      this.mem.writeOnce(this.fsInfo + shared.slot, 0);
      return !this.mem.testAndSetBit(bits.dead, entry + object.flags);
    }

    remove() {
      this.mem.rcuReadLock();
      const entry = this.entry();
      if (entry !== 0 && this.take(entry)) this.freeLater(entry);
      this.mem.rcuReadUnlock();
    }

    removeTwice() {
      this.mem.rcuReadLock();
      const entry = this.entry();
      if (entry !== 0) {
        this.take(entry);
        this.freeLater(entry);
      }
      this.mem.rcuReadUnlock();
    }

    removeAtOnce() {
      const entry = this.entry();
      if (entry !== 0 && this.take(entry) && !this.mem.kmemCacheFree(entry)) this.violated(Check.DoubleFree);
    }

    freeLater(entry) {
      if (!this.mem.callRcuFree(entry)) this.violated(Check.DoubleFree);
    }

    change(entry) {
      this.mem.writeOnce(entry + object.first, SECOND + 1);
      this.mem.writeOnce(entry + object.second, SECOND + 1);
    }

    changeLocked(entry) {
      this.mem.downWrite(entry + object.sem);
      this.change(entry);
      this.mem.upWrite(entry + object.sem);
    }

    compare(entry) {
      this.mem.downRead(entry + object.sem);
      const first = this.mem.readOnce(entry + object.first);
      if (this.mem.readOnce(entry + object.second) !== first) this.violated(TORN);
      this.mem.upRead(entry + object.sem);
    }

    lockOnly(entry) {
      this.mem.spinLock(entry + object.lock);
      this.mem.atomicInc(entry + object.refs);
    }

    lockAndUnlock(entry) {
      this.lockOnly(entry);
      this.mem.spinUnlock(entry + object.lock);
    }

    readOnly(entry) {
      this.mem.downRead(entry + object.sem);
      this.mem.atomicInc(entry + object.refs);
    }
  };

/** Roles by the method that each calls. */
const role = (name, method) => ({
  name,
  program: [
    {
      name: method,
      run: ({ model, geometry }) => void model[method](objectAt(model.fsInfo, geometry, 0)),
    },
  ],
});

const start = (name, ...actors) => ({
  name,
  stride: 16,
  actors: [...new Set(actors)].map((actor) => ({
    role: actor,
    count: actors.filter((each) => each === actor).length,
  })),
  reset: (words, geometry, fs) => {
    resetWorld(words, geometry, fs);
    const entry = objectInUse(words, geometry, fs, 0);
    words[entry + object.first] = SECOND;
    words[entry + object.second] = SECOND;
    words[fs + shared.slot] = entry;
  },
});

/** What the judgment at rest is for: whoever freed the entry has left its second line as it was. */
const unpoisoned = {
  ...start('unpoisoned', 'reader'),
  actors: [{ role: 'reader', count: 2 }],
  reset: (words, geometry, fs) => {
    resetWorld(words, geometry, fs);
    words[objectAt(fs, geometry, 0) + object.second] = SECOND;
  },
};

export default defineScenario({
  summary: 'entries of two lines',
  subject: { name: 'table of entries', structures, model: table },
  promises: { none: 'holds' },
  roles: [
    role('reader', 'lookUp'),
    role('late-reader', 'lookUpLate'),
    role('remover', 'remove'),
    role('twice-remover', 'removeTwice'),
    role('hasty-remover', 'removeAtOnce'),
    role('writer', 'changeLocked'),
    role('bare-writer', 'change'),
    role('comparer', 'compare'),
    role('locker', 'lockAndUnlock'),
    role('keeper', 'lockOnly'),
    role('read-keeper', 'readOnly'),
  ],
  starts: [
    start('in-section', 'reader', 'remover'),
    start('behind-section', 'late-reader', 'remover'),
    start('freed-at-once', 'reader', 'hasty-remover'),
    start('removed-once', 'remover', 'remover'),
    start('removed-twice', 'twice-remover', 'twice-remover'),
    start('locked', 'comparer', 'writer'),
    start('unlocked', 'comparer', 'bare-writer'),
    start('given-back', 'locker', 'locker'),
    start('kept', 'reader', 'keeper'),
    start('kept-to-read', 'reader', 'read-keeper'),
    unpoisoned,
  ],
  checks: [
    { number: TORN, id: 'TORN', title: 'half of a change was read' },
    { number: STALE, id: 'STALE', title: 'what was read was never written' },
    { number: KEPT, id: 'KEPT', title: 'a freed line holds what it held' },
  ],
  outcomes: [
    { name: 'wrong', grade: 'FORBIDDEN' },
    { name: 'done', grade: 'ACCEPTABLE' },
    { name: 'found', grade: 'ACCEPTABLE' },
  ],
  classify: (notes) => ((notes & FOUND) === 0 ? 1 : 2),
  atRest: (words, geometry, fs) => {
    const entry = objectAt(fs, geometry, 0);
    const isGone = words[entry + OBJECT_SLAB] !== SLAB_ALLOCATED;
    const fields = Object.values(object);
    return isGone && fields.some((field) => words[entry + field] !== POISON) ? KEPT : 0;
  },
});
