import type { ModelMethod } from './model-method.ts';

/** Methods that find a buffer, or make one. See model-method.ts. */

export const checkBufferTreeRef: ModelMethod = {
  name: 'checkBufferTreeRef',
  parameters: ['eb'],
  returns: 'false',
  rank: 1,
  needs: 'nothing',
  source: `
    n = mem.atomicRead(eb + EB_REFS);
    if (n >= 2 && mem.testBit(TREE_REF, eb + EB_BFLAGS)) {
      return false;
    }
    mem.spinLock(eb + EB_REFS_LOCK);
    ok = !mem.testAndSetBit(TREE_REF, eb + EB_BFLAGS);
    if (ok) {
      mem.atomicInc(eb + EB_REFS);
    }
    mem.spinUnlock(eb + EB_REFS_LOCK);
    return ok;`,
};

export const markExtentBufferAccessed: ModelMethod = {
  name: 'markExtentBufferAccessed',
  parameters: ['eb', 'accessed'],
  returns: '',
  rank: 2,
  needs: 'nothing',
  source: `
    if (this.checkBufferTreeRef(eb)) {
      this.note(TREE_REF_SET);
    }
    for (const each of pages) {
      if (each !== accessed && !mem.testBit(PG_REFERENCED, each + PAGE_FLAGS)) {
        mem.setBit(PG_REFERENCED, each + PAGE_FLAGS);
      }
    }`,
};

export const handshake: ModelMethod = {
  ...markExtentBufferAccessed,
  source: `
    mem.spinLock(eb + EB_REFS_LOCK);
    mem.spinUnlock(eb + EB_REFS_LOCK);
    super.markExtentBufferAccessed(eb, accessed);`,
};

export const findExtentBuffer: ModelMethod = {
  name: 'findExtentBuffer',
  parameters: [],
  returns: 'NULL',
  rank: 3,
  needs: 'nothing',
  source: `
    mem.rcuReadLock();
    !const found = this.readPointer(fs + FS_TREE_SLOT);
    !if (found === NULL) {
      mem.rcuReadUnlock();
      this.note(MISSED);
      !return NULL;
    }
    !if (!mem.atomicIncNotZero(found + EB_REFS)) {
      mem.rcuReadUnlock();
      this.note(DYING_FOUND);
      !return NULL;
    }
    mem.rcuReadUnlock();
    this.reached('find:ref');
    if (mem.testBit(STALE, found + EB_BFLAGS)) {
      this.note(STALE_HANDSHAKE);
      mem.spinLock(found + EB_REFS_LOCK);
      mem.spinUnlock(found + EB_REFS_LOCK);
    }
    this.markExtentBufferAccessed(found, NULL);
    this.note(FOUND);
    this.reached('find:done');
    !return found;`,
};

/** The kernel follows the pointer of a page with PG_private wherever it leads; here an edit may have left NULL there. */
export const attachExtentBufferPage: ModelMethod = {
  name: 'attachExtentBufferPage',
  parameters: ['eb', 'page'],
  returns: 'NULL',
  rank: 3,
  needs: 'allocation',
  source: `
    mem.spinLock(fs + FS_PRIVATE_LOCK);
    if (mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
      !const exists = this.readPointer(page + PAGE_PRIVATE);
      !if (exists !== NULL && mem.atomicIncNotZero(exists + EB_REFS)) {
        mem.spinUnlock(fs + FS_PRIVATE_LOCK);
        mem.unlockPage(page);
        this.putPage(page);
        this.markExtentBufferAccessed(exists, page);
        !return exists;
      }
      this.note(DYING_FOUND);
      mem.clearBit(PG_PRIVATE, page + PAGE_FLAGS);
      this.putPage(page);
    }
    if (!mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
      mem.setBit(PG_PRIVATE, page + PAGE_FLAGS);
      this.getPage(page);
      mem.writeOnce(page + PAGE_PRIVATE, eb);
    }
    mem.spinUnlock(fs + FS_PRIVATE_LOCK);
    return NULL;`,
};

export const radixTreeInsert: ModelMethod = {
  name: 'radixTreeInsert',
  parameters: ['eb'],
  returns: 'true',
  rank: 2,
  needs: 'allocation',
  source: `
    mem.spinLock(fs + FS_BUFFER_LOCK);
    ok = mem.readOnce(fs + FS_TREE_SLOT) === NULL;
    if (ok) {
      mem.writeOnce(fs + FS_TREE_SLOT, eb);
    }
    mem.spinUnlock(fs + FS_BUFFER_LOCK);
    return ok;`,
};

export const allocExtentBuffer: ModelMethod = {
  name: 'allocExtentBuffer',
  parameters: [],
  returns: undefined,
  rank: 6,
  needs: 'allocation',
  source: `
    !const known = this.findExtentBuffer();
    !if (known !== NULL) {
      !return known;
    }
    !const made = mem.kmemCacheZalloc(fs);
    mem.atomicSet(made + EB_REFS, 1);
    this.reached('alloc:new');
    ok = true;
    !for (const each of pages) {
      this.findOrCreatePage(pages.indexOf(each));
      !const exists = this.attachExtentBufferPage(made, each);
      !if (exists !== NULL) {
        this.note(EXISTS_PAGE);
        !return this.freeNewBuffer(made, pages.indexOf(each), exists);
      }
      mem.writeOnce(made + EB_PAGES, pages.indexOf(each) + 1);
      if (!this.isPageUptodate(each)) {
        ok = false;
      }
    }
    if (ok) {
      mem.setBit(UPTODATE, made + EB_BFLAGS);
    }
    this.reached('alloc:attached');
    while (!this.radixTreeInsert(made)) {
      !const exists = this.findExtentBuffer();
      !if (exists !== NULL) {
        this.note(EXISTS_TREE);
        !return this.freeNewBuffer(made, pages.length, exists);
      }
      mem.cpuRelax();
    }
    this.reached('alloc:inserted');
    this.checkBufferTreeRef(made);
    mem.setBit(IN_TREE, made + EB_BFLAGS);
    for (const each of pages) {
      mem.unlockPage(each);
    }
    this.note(ALLOCATED);
    !return made;`,
};
