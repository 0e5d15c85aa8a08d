import { describe, expect, it } from 'vitest';
import type { Access } from '../../../src/memory/access.ts';
import { FS_BIO, type Geometry, objectAt, pageAt } from '../../../src/memory/layout.ts';
import { type HeldLock, LockRules, type LockStep } from '../../../src/memory/lock-rules.ts';
import { BIO_INCOMPLETE } from '../../../src/model/block-layer.ts';
import { EB_REFS_LOCK, FS_PRIVATE_LOCK } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';

const geometry: Geometry = { structures: ExtentBufferModel.structures, pages: 2, buffers: 2 };
const rules = new LockRules(geometry);
// The start of a world at 0: addresses are behind it.
const origin = 0 as Parameters<typeof pageAt>[0];
const [page0, page1] = [pageAt(origin, 0), pageAt(origin, 1)];
const refsLocks = [0, 1].map((index) => objectAt(origin, geometry, index) + EB_REFS_LOCK);
const [refs0 = 0, refs1 = 0] = refsLocks;

const step = (access: Access, address: number, operand = 0): LockStep => ({ access, address, operand });

/** What is held behind steps: each succeeds, unless it says otherwise. */
function heldBehind(...steps: readonly (readonly [Access, number, number?, number?])[]): number[] {
  let held: readonly HeldLock<undefined>[] = [];
  for (const [access, address, operand = 0, result = 1] of steps)
    held = rules.heldAfter(held, step(access, address, operand), result, undefined);
  return held.map(({ lock }) => lock);
}

/** How many of the locks that such steps take count around another. */
function countAround(taken: readonly (readonly [Access, number])[], access: Access, address: number): number {
  let held: readonly HeldLock<undefined>[] = [];
  for (const [taking, lock] of taken) held = rules.heldAfter(held, step(taking, lock), 1, undefined);
  return rules.heldAround(held, step(access, address)).length;
}

describe('the kind of a lock', () => {
  it('is that of all structures of a name', () => {
    expect(rules.kindAt(FS_PRIVATE_LOCK)).toBe('private_lock');
    expect(refsLocks.map((lock) => rules.kindAt(lock))).toEqual(['eb.refs_lock', 'eb.refs_lock']);
    expect([page0, page1].map((page) => rules.kindAt(page))).toEqual([
      'page.flags:LOCKED',
      'page.flags:LOCKED',
    ]);
    expect(rules.kindAt(-1)).toBeUndefined();
  });
});

describe('what an actor holds', () => {
  it('is what it took and has not given back', () => {
    expect(heldBehind(['spinLock', FS_PRIVATE_LOCK], ['spinLock', refs0])).toEqual([FS_PRIVATE_LOCK, refs0]);
    expect(
      heldBehind(['spinLock', FS_PRIVATE_LOCK], ['spinLock', refs0], ['spinUnlock', FS_PRIVATE_LOCK]),
    ).toEqual([refs0]);
    expect(heldBehind(['spinUnlock', refs0])).toEqual([]);
  });

  it.each(['trylockPage', 'downReadTrylock', 'downWriteTrylock'] as const)(
    'is not what %s missed',
    (access) => {
      expect(heldBehind([access, page0, 0, 0])).toEqual([]);
      expect(heldBehind([access, page0, 0, 1])).toEqual([page0]);
    },
  );

  it('is read twice where it is read twice', () => {
    expect(heldBehind(['downRead', refs0], ['downRead', refs0], ['upRead', refs0])).toEqual([refs0]);
  });

  it('is no page that has gone with a bio, and every other', () => {
    const locked = [
      ['lockPage', page0],
      ['trylockPage', page1],
    ] as const;

    expect(heldBehind(...locked, ['writeOnce', FS_BIO + 3, 0b01])).toEqual([page1]);
    expect(heldBehind(...locked, ['writeOnce', FS_BIO, 0b11 | BIO_INCOMPLETE])).toEqual([]);
    expect(heldBehind(...locked, ['writeOnce', FS_BIO, 0])).toEqual([page0, page1]);
    expect(heldBehind(...locked, ['writeOnce', FS_BIO - 1, 0b11])).toEqual([page0, page1]);
    expect(heldBehind(['spinLock', refs0], ['writeOnce', FS_BIO, -1])).toEqual([refs0]);
  });

  it('is one page where somebody else has unlocked it in between', () => {
    expect(heldBehind(['lockPage', page0], ['spinLock', refs0], ['lockPage', page0])).toEqual([refs0, page0]);
  });
});

describe('what counts around a step', () => {
  it.each(['spinLock', 'downRead', 'downWrite', 'lockPage', 'waitOnPageLocked'] as const)(
    'is all that is held, where it is %s',
    (access) => {
      expect(countAround([['spinLock', FS_PRIVATE_LOCK]], access, page0)).toBe(1);
    },
  );

  it.each([
    'trylockPage',
    'downReadTrylock',
    'downWriteTrylock',
    'spinUnlock',
    'unlockPage',
    'atomicInc',
    'waitOnBit',
    'rcuReadLock',
  ] as const)('is nothing, where it is %s', (access) => {
    expect(countAround([['spinLock', FS_PRIVATE_LOCK]], access, page0)).toBe(0);
  });

  it('is another of the kind, and the same lock', () => {
    expect(countAround([['spinLock', refs1]], 'spinLock', refs0)).toBe(1);
    expect(countAround([['downRead', refs0]], 'downRead', refs0)).toBe(1);
  });

  it('is no page before the one that is locked, and is one behind it, or itself', () => {
    expect(countAround([['lockPage', page0]], 'lockPage', page1)).toBe(0);
    expect(countAround([['trylockPage', page0]], 'waitOnPageLocked', page1)).toBe(0);
    expect(countAround([['lockPage', page1]], 'lockPage', page0)).toBe(1);
    expect(countAround([['lockPage', page0]], 'waitOnPageLocked', page0)).toBe(1);
    expect(countAround([['lockPage', page0]], 'spinLock', refs0)).toBe(1);
  });
});
