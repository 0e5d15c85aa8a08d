import type { ModelMethod } from './model-method.ts';

/** Methods that give a buffer up. See model-method.ts. */

export const btrfsReleaseExtentBufferPages: ModelMethod = {
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

export const releaseExtentBuffer: ModelMethod = {
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
export const freeExtentBuffer: ModelMethod = {
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

export const freeExtentBufferStale: ModelMethod = {
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

export const tryReleaseExtentBuffer: ModelMethod = {
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

export const recheckRelease: ModelMethod = {
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

export const cmpxchgRelease: ModelMethod = {
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

export const btreeReleasepage: ModelMethod = {
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
