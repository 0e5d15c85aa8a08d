/** What a strategy may do wrong whatever race it is about: each kind found by a search, and its repaired twin proved. */
import { describe, expect, it } from 'vitest';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import {
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_OWN,
  EB_PAGES,
  EB_READ_MIRROR,
  EB_REFS,
  EB_REFS_LOCK,
  type ExtentBuffer,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { FS_OWN, NULL, type Page, PAGE_OWN, PAGE_OWNER } from '../../src/memory/layout.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import { fixed, idsOf, search } from '../helpers/searched-plug-in.ts';

describe('use after free', () => {
  const fields = {
    refs: EB_REFS,
    bflags: EB_BFLAGS,
    io_pages: EB_IO_PAGES,
    refs_lock: EB_REFS_LOCK,
    read_mirror: EB_READ_MIRROR,
    pages: EB_PAGES,
    own0: EB_OWN,
    own1: EB_OWN + 1,
  };
  /** Looks at a word of a buffer behind the caller's last put, and before it. */
  const looking = (field: number, isBehind: boolean, look: 'load' | 'store' | 'lock'): Strategy =>
    fixed(
      'looking',
      (Base) =>
        class extends Base {
          override freeExtentBuffer(eb: ExtentBuffer): void {
            if (!isBehind) this.#look(eb + field);
            super.freeExtentBuffer(eb);
            if (isBehind) this.#look(eb + field);
          }

          #look(address: number): void {
            if (look === 'load') this.mem.readOnce(address);
            if (look === 'store') this.mem.writeOnce(address, this.mem.readOnce(address));
            if (look !== 'lock') return;
            this.mem.spinLock(address);
            this.mem.spinUnlock(address);
          }
        },
    );

  it.each(Object.entries(fields))('is found on %s, and nothing before the put', (_, field) => {
    expect(idsOf(search(looking(field, true, 'load')))).toEqual(['UAF']);
    expect(search(looking(field, false, 'load')).verdict).toBe('holds');
  });

  it('is found where it stores or locks', () => {
    expect(idsOf(search(looking(EB_READ_MIRROR, true, 'store')))).toEqual(['UAF']);
    expect(idsOf(search(looking(EB_REFS_LOCK, true, 'lock')))).toEqual(['UAF']);
  });

  /** Looks at the buffer's flags inside of the read section in which it finds it, or in a later one. */
  const reading = (when: 'inside' | 'nested' | 'later' | 'outside'): Strategy =>
    fixed(
      'reading',
      (Base) =>
        class extends Base {
          override findExtentBuffer(): ExtentBuffer {
            const { mem } = this;
            mem.rcuReadLock();
            const eb = this.readPointer(this.fsInfo + FS_TREE_SLOT);
            if (when === 'nested') mem.rcuReadLock();
            if (when === 'nested') mem.rcuReadUnlock();
            if (eb !== NULL && (when === 'inside' || when === 'nested')) mem.testBit(0, eb + EB_BFLAGS);
            mem.rcuReadUnlock();
            if (eb !== NULL && when === 'later') {
              mem.rcuReadLock();
              mem.testBit(0, eb + EB_BFLAGS);
              mem.rcuReadUnlock();
            }
            if (eb !== NULL && when === 'outside') mem.testBit(0, eb + EB_BFLAGS);
            return super.findExtentBuffer();
          }
        },
    );

  it('is no fault of a reader inside of a section that it entered before', () => {
    expect(search(reading('inside')).verdict).toBe('holds');
    expect(search(reading('nested')).verdict).toBe('holds');
    expect(idsOf(search(reading('later')))).toEqual(['UAF']);
    expect(idsOf(search(reading('outside')))).toEqual(['UAF']);
  });
});

describe('a wild access', () => {
  /** Touches a word by its place in the structure. */
  const touching = (at: (model: { readonly fsInfo: number }, eb: number) => number): Strategy =>
    fixed(
      'touching',
      (Base) =>
        class extends Base {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
            this.mem.atomicInc(at(this, eb));
            this.mem.atomicDec(at(this, eb));
          }
        },
    );

  it.each<readonly [string, (model: { readonly fsInfo: number }, eb: number) => number]>([
    ['padding', (_, eb) => eb + 8],
    ['the slab state', (_, eb) => eb + 6],
    ['NULL', () => NULL + 1],
    ['what is far away', () => 1_000_000],
    ['what is before everything', () => -3],
    ["a page's owner", ({ fsInfo }) => fsInfo + 48 + PAGE_OWNER],
    ["the trial's oops", ({ fsInfo }) => fsInfo + 17],
  ])('is one to %s, with a witness that ends in it', (_, at) => {
    const { violations } = search(touching(at));

    expect(violations.map(({ invariant }) => invariant)).toEqual(['WILD']);
    expect(violations[0]?.witness?.steps.at(-1)?.operation).toBe('atomic_inc');
  });

  it('is none to the words that are for strategies to use', () => {
    for (const at of [
      (_: unknown, eb: number) => eb + EB_OWN,
      ({ fsInfo }: { readonly fsInfo: number }) => fsInfo + FS_OWN + 1,
      ({ fsInfo }: { readonly fsInfo: number }) => fsInfo + 48 + PAGE_OWN,
    ])
      expect(search(touching(at)).verdict).toBe('holds');
  });
});

describe('locks', () => {
  const releasing = (act: (model: LockTools, page: Page) => void): Strategy =>
    fixed(
      'releasing',
      (Base) =>
        class extends Base {
          override btreeReleasepage(page: Page): boolean {
            const isReleased = super.btreeReleasepage(page);
            act({ mem: this.mem, lock: this.fsInfo + FS_PRIVATE_LOCK }, page);
            return isReleased;
          }
        },
    );
  interface LockTools {
    readonly mem: SharedMemory;
    readonly lock: number;
  }

  it.each<readonly [string, readonly string[], (tools: LockTools, page: Page) => void]>([
    ['one that is not held is given back', ['L1'], ({ mem, lock }) => mem.spinUnlock(lock)],
    [
      'one is given back twice',
      ['L1'],
      ({ mem, lock }) => {
        mem.spinLock(lock);
        mem.spinUnlock(lock);
        mem.spinUnlock(lock);
      },
    ],
    [
      "a page is unlocked twice, which may be somebody else's by then",
      ['Q1', 'L1'],
      ({ mem }, page) => mem.unlockPage(page),
    ],
    ['a section is left that was not entered', ['L2'], ({ mem }) => mem.rcuReadUnlock()],
    ['a section is never left', ['L2'], ({ mem }) => mem.rcuReadLock()],
    [
      'a page is waited for in a section',
      ['L3'],
      ({ mem }, page) => {
        mem.unlockPage(page);
        mem.rcuReadLock();
        mem.lockPage(page);
        mem.rcuReadUnlock();
      },
    ],
    [
      'a page is waited for under a spin lock',
      ['L3'],
      ({ mem, lock }, page) => {
        mem.unlockPage(page);
        mem.spinLock(lock);
        mem.lockPage(page);
        mem.spinUnlock(lock);
      },
    ],
    ['one is still held at the end', ['L4'], ({ mem, lock }) => mem.spinLock(lock)],
    [
      'all is given back',
      [],
      ({ mem, lock }, page) => {
        mem.unlockPage(page);
        mem.lockPage(page);
        mem.rcuReadLock();
        mem.spinLock(lock);
        mem.spinUnlock(lock);
        mem.rcuReadUnlock();
      },
    ],
  ])('%s', (_, expected, act) => {
    expect(idsOf(search(releasing(act))).filter((id) => id !== 'deadlock')).toEqual(expected);
  });
});

describe('a check of a number of its own', () => {
  const checking = (number: number): Strategy =>
    fixed(
      'checking',
      (Base) =>
        class extends Base {
          protected override setIoPages(eb: ExtentBuffer, numReads: number): void {
            super.setIoPages(eb, numReads);
            this.violated(number);
          }
        },
    );

  it('is counted, and shown by its number', () => {
    expect(idsOf(search(checking(99)))).toEqual(['check 99']);
  });

  it.each([0, -1, 128, 1.5, Number.NaN])('is refused where there is no room for it: %d', (number) => {
    expect(() => search(checking(number))).toThrow(/violated\(.*\): a check has a number from 1 to 127/);
  });
});
