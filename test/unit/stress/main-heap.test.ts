import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MainHeap } from '../../../src/stress/host/main-heap.ts';

/** What only this refers to is garbage by the time it returns. */
function garbage(): WeakRef<object> {
  return new WeakRef({ blocks: Array.from({ length: 1_000 }, () => 0) });
}

describe('MainHeap', () => {
  it('collects the garbage of every 64 blocks', async () => {
    const heap = new MainHeap();
    const left = garbage();
    // A weak reference keeps its object until the end of the task that made it.
    await sleep(1);
    for (let block = 1; block < 64; block++) heap.afterBlock();
    expect(left.deref()).toBeDefined();

    await sleep(1);
    heap.afterBlock();

    expect(left.deref()).toBeUndefined();
  });
});
