import type { ModelMethod } from './model-method.ts';

/** Methods that read a buffer, and end its read. See model-method.ts. */

export const setIoPages: ModelMethod = {
  name: 'setIoPages',
  parameters: ['eb', 'numReads'],
  returns: '',
  rank: 2,
  needs: 'nothing',
  source: `
    mem.atomicSet(eb + EB_IO_PAGES, numReads);`,
};

export const upstream: ModelMethod = {
  ...setIoPages,
  source: `
    mem.atomicSet(eb + EB_IO_PAGES, numReads);
    if (this.checkBufferTreeRef(eb)) {
      this.note(RESCUED);
    }`,
};

export const lockExtentBufferPages: ModelMethod = {
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

export const submitReads: ModelMethod = {
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

export const readExtentBufferPages: ModelMethod = {
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

export const btreeReadpageEndIoHook: ModelMethod = {
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

export const btreeReadpageFailed: ModelMethod = {
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
