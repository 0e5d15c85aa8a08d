/**
 * The methods of src/model and of the strategies in src/fix as text that can be edited: one step a line where it can be.
 * In every method `mem`, `fs`, `pages`, `eb` and `page` mean something, so that a statement may stand anywhere; `n` and `ok`
 * are declared where a statement gives them a value.
 */
export interface ModelMethod {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly source: string;
  /** What an early return gives; undefined where nothing would do for its callers. */
  readonly returns: string | undefined;
  /** A method may call those of lower rank only, so that no edit makes it call itself. */
  readonly rank: number;
  /** What must happen for it to be called. */
  readonly needs: 'nothing' | 'allocation' | 'completion';
}

const checkBufferTreeRef: ModelMethod = {
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

const markExtentBufferAccessed: ModelMethod = {
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

const handshake: ModelMethod = {
  ...markExtentBufferAccessed,
  source: `
    mem.spinLock(eb + EB_REFS_LOCK);
    mem.spinUnlock(eb + EB_REFS_LOCK);
    super.markExtentBufferAccessed(eb, accessed);`,
};

const findExtentBuffer: ModelMethod = {
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

const btrfsReleaseExtentBufferPages: ModelMethod = {
  name: 'btrfsReleaseExtentBufferPages',
  parameters: ['eb'],
  returns: 'true',
  rank: 2,
  needs: 'nothing',
  source: `
    if (this.bugOn(this.extentBufferUnderIo(eb), 1)) {
      return false;
    }
    for (const each of pages.slice(0, mem.readOnce(eb + EB_PAGES))) {
      mem.spinLock(fs + FS_PRIVATE_LOCK);
      if (mem.testBit(PG_PRIVATE, each + PAGE_FLAGS) && this.readPointer(each + PAGE_PRIVATE) === eb) {
        mem.clearBit(PG_PRIVATE, each + PAGE_FLAGS);
        mem.writeOnce(each + PAGE_PRIVATE, NULL);
        this.putPage(each);
      }
      mem.spinUnlock(fs + FS_PRIVATE_LOCK);
      this.putPage(each);
    }
    return true;`,
};

const releaseExtentBuffer: ModelMethod = {
  name: 'releaseExtentBuffer',
  parameters: ['eb'],
  returns: 'false',
  rank: 4,
  needs: 'nothing',
  source: `
    this.warnOn(mem.atomicRead(eb + EB_REFS) === 0, 3);
    if (!mem.atomicDecAndTest(eb + EB_REFS)) {
      mem.spinUnlock(eb + EB_REFS_LOCK);
      return false;
    }
    ok = mem.testAndClearBit(IN_TREE, eb + EB_BFLAGS);
    mem.spinUnlock(eb + EB_REFS_LOCK);
    this.reached('release:zero');
    if (ok) {
      mem.spinLock(fs + FS_BUFFER_LOCK);
      mem.writeOnce(fs + FS_TREE_SLOT, NULL);
      mem.spinUnlock(fs + FS_BUFFER_LOCK);
    }
    this.reached('release:deleted');
    if (!this.btrfsReleaseExtentBufferPages(eb)) {
      return true;
    }
    if (!mem.callRcuFree(eb)) {
      this.violated(10);
    }
    return true;`,
};

/** Without a variable that keeps a value from one round to the next: explore cuts the rounds of such a loop. */
const freeExtentBuffer: ModelMethod = {
  name: 'freeExtentBuffer',
  parameters: ['eb'],
  returns: '',
  rank: 5,
  needs: 'nothing',
  source: `
    this.reached('free:entry');
    !for (;;) {
      !const refs = mem.atomicRead(eb + EB_REFS);
      if (mem.testBit(UNMAPPED, eb + EB_BFLAGS) ? refs === 1 : refs <= 3) {
        !break;
      }
      if (mem.atomicCmpxchg(eb + EB_REFS, refs, refs - 1) === refs) {
        !return;
      }
    }
    mem.spinLock(eb + EB_REFS_LOCK);
    if (mem.atomicRead(eb + EB_REFS) === 2 && mem.testBit(STALE, eb + EB_BFLAGS)) {
      if (!this.extentBufferUnderIo(eb) && mem.testAndClearBit(TREE_REF, eb + EB_BFLAGS)) {
        mem.atomicDec(eb + EB_REFS);
      }
    }
    if (this.releaseExtentBuffer(eb)) {
      this.note(LAST_PUT);
    }`,
};

const freeExtentBufferStale: ModelMethod = {
  name: 'freeExtentBufferStale',
  parameters: ['eb'],
  returns: '',
  rank: 5,
  needs: 'completion',
  source: `
    mem.spinLock(eb + EB_REFS_LOCK);
    mem.setBit(STALE, eb + EB_BFLAGS);
    if (mem.atomicRead(eb + EB_REFS) === 2 && !this.extentBufferUnderIo(eb)) {
      if (mem.testAndClearBit(TREE_REF, eb + EB_BFLAGS)) {
        mem.atomicDec(eb + EB_REFS);
      }
    }
    if (this.releaseExtentBuffer(eb)) {
      this.note(LAST_PUT);
    }`,
};

/** Up to where releasepage has decided to release, the locks of the page and of the buffer held. */
const DECIDES = `
    mem.spinLock(fs + FS_PRIVATE_LOCK);
    if (!mem.testBit(PG_PRIVATE, page + PAGE_FLAGS)) {
      mem.spinUnlock(fs + FS_PRIVATE_LOCK);
      this.note(RELEASE_EMPTY);
      !return true;
    }
    !const owner = this.readPointer(page + PAGE_PRIVATE);
    !if (this.bugOn(owner === NULL, 4)) {
      mem.spinUnlock(fs + FS_PRIVATE_LOCK);
      !return false;
    }
    mem.spinLock(owner + EB_REFS_LOCK);
    if (mem.atomicRead(owner + EB_REFS) !== 1 || this.extentBufferUnderIo(owner)) {
      mem.spinUnlock(owner + EB_REFS_LOCK);
      mem.spinUnlock(fs + FS_PRIVATE_LOCK);
      this.note(RELEASE_REFUSED);
      return false;
    }
    mem.spinUnlock(fs + FS_PRIVATE_LOCK);
    this.reached('releasepage:checked');`;

const tryReleaseExtentBuffer: ModelMethod = {
  name: 'tryReleaseExtentBuffer',
  parameters: ['page'],
  returns: 'false',
  rank: 6,
  needs: 'nothing',
  source: `${DECIDES}
    if (!mem.testAndClearBit(TREE_REF, owner + EB_BFLAGS)) {
      mem.spinUnlock(owner + EB_REFS_LOCK);
      this.note(RELEASE_FOREIGN);
      return false;
    }
    this.reached('releasepage:stripped');
    !const isGone = this.releaseExtentBuffer(owner);
    this.note(isGone ? RELEASED : TREE_REF_STRIPPED);
    return isGone;`,
};

const recheckRelease: ModelMethod = {
  ...tryReleaseExtentBuffer,
  source: `${DECIDES}
    if (!mem.testAndClearBit(TREE_REF, owner + EB_BFLAGS)) {
      mem.spinUnlock(owner + EB_REFS_LOCK);
      this.note(RELEASE_FOREIGN);
      return false;
    }
    if (mem.atomicRead(owner + EB_REFS) !== 1) {
      mem.setBit(TREE_REF, owner + EB_BFLAGS);
      mem.spinUnlock(owner + EB_REFS_LOCK);
      this.note(RELEASE_REFUSED);
      return false;
    }
    !const isGone = this.releaseExtentBuffer(owner);
    this.note(isGone ? RELEASED : TREE_REF_STRIPPED);
    return isGone;`,
};

const cmpxchgRelease: ModelMethod = {
  ...tryReleaseExtentBuffer,
  source: `${DECIDES}
    if (!mem.testBit(TREE_REF, owner + EB_BFLAGS)) {
      mem.spinUnlock(owner + EB_REFS_LOCK);
      this.note(RELEASE_FOREIGN);
      return false;
    }
    if (mem.atomicCmpxchg(owner + EB_REFS, 1, 0) !== 1) {
      mem.spinUnlock(owner + EB_REFS_LOCK);
      this.note(RELEASE_REFUSED);
      return false;
    }
    mem.clearBit(TREE_REF, owner + EB_BFLAGS);
    ok = mem.testAndClearBit(IN_TREE, owner + EB_BFLAGS);
    mem.spinUnlock(owner + EB_REFS_LOCK);
    if (ok) {
      mem.spinLock(fs + FS_BUFFER_LOCK);
      mem.writeOnce(fs + FS_TREE_SLOT, NULL);
      mem.spinUnlock(fs + FS_BUFFER_LOCK);
    }
    if (!this.btrfsReleaseExtentBufferPages(owner)) {
      return true;
    }
    if (!mem.callRcuFree(owner)) {
      this.violated(10);
    }
    this.note(RELEASED);
    return true;`,
};

const btreeReleasepage: ModelMethod = {
  name: 'btreeReleasepage',
  parameters: ['page'],
  returns: 'false',
  rank: 7,
  needs: 'nothing',
  source: `
    this.reached('releasepage:locked');
    if (mem.testBit(PG_WRITEBACK, page + PAGE_FLAGS) || mem.testBit(PG_DIRTY, page + PAGE_FLAGS)) {
      this.note(RELEASE_REFUSED);
      return false;
    }
    return this.tryReleaseExtentBuffer(page);`,
};

const setIoPages: ModelMethod = {
  name: 'setIoPages',
  parameters: ['eb', 'numReads'],
  returns: '',
  rank: 2,
  needs: 'nothing',
  source: `
    mem.atomicSet(eb + EB_IO_PAGES, numReads);`,
};

const upstream: ModelMethod = {
  ...setIoPages,
  source: `
    mem.atomicSet(eb + EB_IO_PAGES, numReads);
    if (this.checkBufferTreeRef(eb)) {
      this.note(RESCUED);
    }`,
};

const lockExtentBufferPages: ModelMethod = {
  name: 'lockExtentBufferPages',
  parameters: ['eb', 'wait'],
  returns: 'true',
  rank: 1,
  needs: 'nothing',
  source: `
    n = 0;
    for (const each of pages) {
      if (wait === 1) {
        mem.lockPage(each);
      }
      if (wait !== 1 && !mem.trylockPage(each)) {
        this.unlockPages(n);
        return false;
      }
      n++;
    }
    return true;`,
};

const submitReads: ModelMethod = {
  name: 'submitReads',
  parameters: ['eb'],
  returns: '0',
  rank: 3,
  needs: 'nothing',
  source: `
    n = 0;
    for (const each of pages) {
      if (this.isPageUptodate(each)) {
        mem.unlockPage(each);
        continue;
      }
      mem.clearBit(PG_ERROR, each + PAGE_FLAGS);
      n |= 1 << pages.indexOf(each);
    }
    if (n !== 0) {
      this.submitOneBio(eb, n);
    }
    return 0;`,
};

const readExtentBufferPages: ModelMethod = {
  name: 'readExtentBufferPages',
  parameters: ['eb', 'wait'],
  returns: '0',
  rank: 6,
  needs: 'nothing',
  source: `
    if (mem.testBit(UPTODATE, eb + EB_BFLAGS)) {
      this.note(ALREADY_UPTODATE);
      return 0;
    }
    this.reached('read:entry');
    if (!this.lockExtentBufferPages(eb, wait)) {
      this.note(READ_SKIPPED);
      return 0;
    }
    n = 0;
    for (const each of pages) {
      if (!this.isPageUptodate(each)) {
        n++;
      }
    }
    if (n === 0) {
      mem.setBit(UPTODATE, eb + EB_BFLAGS);
      this.unlockPages(pages.length);
      this.note(ALREADY_UPTODATE);
      return 0;
    }
    this.reached('read:locked');
    mem.clearBit(READ_ERR, eb + EB_BFLAGS);
    mem.writeOnce(eb + EB_READ_MIRROR, 0);
    this.setIoPages(eb, n);
    this.reached('read:io-pages');
    n = this.submitReads(eb);
    this.reached('read:submitted');
    if (n !== 0 || wait === 0) {
      return n;
    }
    return this.waitForPages();`,
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

const radixTreeInsert: ModelMethod = {
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

const allocExtentBuffer: ModelMethod = {
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

const btreeReadpageEndIoHook: ModelMethod = {
  name: 'btreeReadpageEndIoHook',
  parameters: ['page', 'status'],
  returns: 'true',
  rank: 6,
  needs: 'completion',
  source: `
    this.reached('end-io:entry');
    !const owner = this.readPointer(page + PAGE_PRIVATE);
    !if (owner === NULL) {
      this.note(READ_UNVERIFIED);
      !return true;
    }
    this.warnOn(mem.atomicFetchInc(owner + EB_REFS) <= 0, 8);
    ok = mem.atomicDecAndTest(owner + EB_IO_PAGES);
    this.reached('end-io:counted');
    if (ok) {
      ok = this.finishRead(owner, status);
    }
    this.freeExtentBuffer(owner);
    return ok;`,
};

const btreeReadpageFailed: ModelMethod = {
  name: 'btreeReadpageFailed',
  parameters: ['page'],
  returns: '',
  rank: 6,
  needs: 'completion',
  source: `
    !const owner = this.readPointer(page + PAGE_PRIVATE);
    !if (this.bugOn(owner === NULL, 4)) {
      !return;
    }
    mem.setBit(READ_ERR, owner + EB_BFLAGS);
    mem.writeOnce(owner + EB_READ_MIRROR, 1);
    mem.atomicDec(owner + EB_IO_PAGES);
    mem.testAndClearBit(READAHEAD, owner + EB_BFLAGS);`,
};

/** The methods of the kernel before the fix. */
export const modelMethods: readonly ModelMethod[] = [
  checkBufferTreeRef,
  markExtentBufferAccessed,
  findExtentBuffer,
  btrfsReleaseExtentBufferPages,
  releaseExtentBuffer,
  freeExtentBuffer,
  freeExtentBufferStale,
  tryReleaseExtentBuffer,
  btreeReleasepage,
  setIoPages,
  lockExtentBufferPages,
  submitReads,
  readExtentBufferPages,
  attachExtentBufferPage,
  radixTreeInsert,
  allocExtentBuffer,
  btreeReadpageEndIoHook,
  btreeReadpageFailed,
];

/** Methods that take the place of one of those, each a fix of the race: most programs start from one. */
export const fixes: readonly ModelMethod[] = [upstream, handshake, recheckRelease, cmpxchgRelease];
