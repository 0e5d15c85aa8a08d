// A folio whose references are counted as kernels of today count them: refcount_t, judged by its callers, who are given the value
// before. Without a strategy a look-up raises a count of zero.
import { defineScenario, layoutOf, objectAt, objectInUse, OWN_NOTES, resetWorld } from 'ebtorture/scenario';

const structures = {
  shared: { name: 'mapping', fields: { slot: 'pointer' } },
  object: { name: 'folio', fields: { refs: 'count', flags: ['locked', 'writeback'] } },
};
const { shared, object, bits } = layoutOf(structures);
const [USED] = OWN_NOTES;
const FROM_ZERO = 40;
const UNDERFLOW = 41;
const BUSY = 42;

const pageCache = (Model) =>
  class PageCache extends Model {
    filemapGetFolio() {
      this.mem.rcuReadLock();
      const folio = this.mem.readOnce(this.fsInfo + shared.slot);
      const isTaken = folio !== 0 && this.folioTryGet(folio);
      this.mem.rcuReadUnlock();
      if (isTaken) this.note(USED);
      return isTaken ? folio : 0;
    }

    // The planted bug.
    folioTryGet(folio) {
      this.folioGet(folio);
      return true;
    }

    folioGet(folio) {
      if (this.mem.refcountInc(folio + object.refs) < 1) this.violated(FROM_ZERO);
    }

    folioPut(folio) {
      const before = this.mem.refcountDecAndTest(folio + object.refs);
      if (before < 1) this.violated(UNDERFLOW);
      if (before === 1) this.mem.callRcuFree(folio);
    }

    filemapRemoveFolio(folio) {
      this.mem.waitOnBit(bits.writeback, folio + object.flags);
      this.mem.writeOnce(this.fsInfo + shared.slot, 0);
      this.folioPut(folio);
    }

    folioEndWriteback(folio) {
      if (this.mem.refcountRead(folio + object.refs) < 1) this.violated(BUSY);
      this.mem.clearAndWakeUpBit(bits.writeback, folio + object.flags);
    }

    filemapAddFolio(folio) {
      this.mem.refcountSet(folio + object.refs, 1);
      this.folioGet(folio);
      if (this.mem.refcountDec(folio + object.refs) < 2) this.violated(UNDERFLOW);
    }
  };

const tryGet = (PageCache) =>
  class TryGet extends PageCache {
    folioTryGet(folio) {
      return this.mem.refcountIncNotZero(folio + object.refs);
    }
  };

const ofFolio = (name, method) => ({
  name,
  program: [{ name, run: ({ model, geometry }) => model[method](objectAt(model.fsInfo, geometry, 0)) }],
});

const holding = (refs, flags) => (words, geometry, fs) => {
  resetWorld(words, geometry, fs);
  const folio = objectInUse(words, geometry, fs, 0);
  words[folio + object.refs] = refs;
  words[folio + object.flags] = flags;
  words[fs + shared.slot] = folio;
};

export default defineScenario({
  summary: 'a reference count that is judged by its callers',
  subject: {
    name: 'page cache',
    structures,
    model: pageCache,
    strategies: [{ name: 'try-get', summary: 'no reference is taken of a count of 0', extend: tryGet }],
  },
  roles: [
    {
      name: 'reader',
      program: [
        { name: 'filemap_get_folio', run: ({ model }) => model.filemapGetFolio() },
        {
          name: 'folio_put',
          run: ({ model }, folio) => {
            if (folio !== 0) model.folioPut(folio);
          },
        },
      ],
    },
    ofFolio('remover', 'filemapRemoveFolio'),
    ofFolio('completion', 'folioEndWriteback'),
    ofFolio('adder', 'filemapAddFolio'),
  ],
  starts: [
    {
      name: 'cached',
      summary: 'the folio is in the cache, which has the only reference, and written back',
      actors: [{ role: 'reader' }, { role: 'remover' }, { role: 'completion' }],
      reset: holding(1, 1 << bits.writeback),
    },
    {
      name: 'new',
      summary: 'the folio can be found, and nobody has counted it yet',
      actors: [{ role: 'reader' }, { role: 'adder' }],
      reset: holding(0, 0),
    },
  ],
  checks: [
    { number: FROM_ZERO, id: 'FROM-ZERO', title: 'a count of 0 was raised' },
    { number: UNDERFLOW, id: 'UNDERFLOW', title: 'a reference was given back that nobody had' },
    { number: BUSY, id: 'BUSY', title: 'a folio under writeback has no references' },
  ],
  outcomes: [
    { name: 'broken', grade: 'FORBIDDEN' },
    { name: 'used', grade: 'ACCEPTABLE', summary: 'found and put' },
    { name: 'missed', grade: 'ACCEPTABLE', summary: 'it was gone, or not there yet' },
  ],
  classify: (notes) => ((notes & USED) === 0 ? 2 : 1),
  atRest: () => 0,
});
