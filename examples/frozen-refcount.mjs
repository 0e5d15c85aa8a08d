/**
 * A subject of its own: a page cache of one folio, whose count is frozen while it is looked up under RCU (include/linux/page_ref.h:
 * folio_try_get against folio_ref_freeze). The cache holds one reference. Whoever takes the folio out freezes its count, from 1 to 0,
 * and gives it to RCU. A look-up that adds to the count without looking at it takes a reference of what is gone.
 */
import {
  Check,
  OWN_NOTES,
  defineScenario,
  layoutOf,
  objectAt,
  objectInUse,
  resetWorld,
} from 'ebtorture/scenario';

const structures = {
  shared: { name: 'mapping', fields: { slot: 'pointer' } },
  object: { name: 'folio', fields: { refcount: 'count', flags: ['uptodate', 'referenced'] } },
};
const { shared, object, bits } = layoutOf(structures);
const [USED] = OWN_NOTES;
const LEAKED = 40;

/** The page cache as somebody wrote it who took the look-up under RCU for enough. */
const pageCache = (Model) =>
  class PageCache extends Model {
    filemapGetFolio() {
      this.mem.rcuReadLock();
      const folio = this.mem.readOnce(this.fsInfo + shared.slot);
      const isTaken = folio !== 0 && this.folioGet(folio);
      this.mem.rcuReadUnlock();
      if (isTaken) this.note(USED);
      return isTaken ? folio : 0;
    }

    folioGet(folio) {
      this.mem.atomicInc(folio + object.refcount);
      return true;
    }

    folioMarkAccessed(folio) {
      this.mem.setBit(bits.referenced, folio + object.flags);
      return folio;
    }

    folioPut(folio) {
      if (this.mem.atomicDecAndTest(folio + object.refcount)) this.freeFolio(folio);
    }

    removeMapping(folio) {
      if (this.mem.atomicCmpxchg(folio + object.refcount, 1, 0) !== 1) return;
      this.mem.writeOnce(this.fsInfo + shared.slot, 0);
      this.freeFolio(folio);
    }

    freeFolio(folio) {
      if (!this.mem.callRcuFree(folio)) this.violated(Check.DoubleFree);
    }
  };

const tryGet = (PageCache) =>
  class TryGet extends PageCache {
    folioGet(folio) {
      return this.mem.atomicIncNotZero(folio + object.refcount);
    }
  };

export default defineScenario({
  summary: 'a reference count that is frozen while it is looked up',
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
        { name: 'folio_mark_accessed', run: ({ model }, folio) => model.folioMarkAccessed(folio) },
        { name: 'folio_put', run: ({ model }, folio) => model.folioPut(folio) },
      ],
    },
    {
      name: 'remover',
      program: [
        {
          name: 'remove_mapping',
          run: ({ model, geometry }) => model.removeMapping(objectAt(model.fsInfo, geometry, 0)),
        },
      ],
    },
  ],
  starts: [
    {
      name: 'cached',
      summary: 'the folio is in the cache, which has the only reference',
      actors: [{ role: 'reader' }, { role: 'remover' }],
      reset: (words, geometry, fs) => {
        resetWorld(words, geometry, fs);
        const folio = objectInUse(words, geometry, fs, 0);
        words[folio + object.refcount] = 1;
        words[fs + shared.slot] = folio;
      },
    },
  ],
  checks: [{ number: LEAKED, id: 'LEAKED', title: 'a reference was never put' }],
  outcomes: [
    { name: 'broken', grade: 'FORBIDDEN' },
    { name: 'used', grade: 'ACCEPTABLE', summary: 'found and put, then removed or not' },
    { name: 'missed', grade: 'ACCEPTABLE', summary: 'it was gone' },
  ],
  classify: (notes) => ((notes & USED) === 0 ? 2 : 1),
  atRest: (words, geometry, fs) => {
    const folio = words[fs + shared.slot];
    return folio !== 0 && words[folio + object.refcount] !== 1 ? LEAKED : 0;
  },
});
