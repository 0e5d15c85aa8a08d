import { extentBufferStructures as structures } from '../../../../src/subject/extent-buffer/v5.7/structures.ts';
import { expect, it } from 'vitest';
import { atomicsMemory } from '../../../../src/memory/atomics-memory.ts';
import { Fault } from '../../../../src/memory/fault.ts';
import { bufferAt, EB_BFLAGS, EB_SLAB } from '../../../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  type Address,
  type FsInfo,
  SLAB_ALLOCATED,
  SLAB_CLAIMED,
  SLAB_FREE,
  SLAB_RCU_DYING,
  SLAB_RCU_PENDING,
} from '../../../../src/memory/layout.ts';
import { Porter } from '../../../../src/stress/compiled/trace.ts';
import { TracingMemory } from '../../../../src/stress/compiled/tracing-memory.ts';

function traced(): { readonly words: Int32Array; readonly fs: FsInfo; readonly tracing: TracingMemory } {
  const geometry = { structures, pages: 1, buffers: 1 };
  const words = new Int32Array(new SharedArrayBuffer(4_096));
  const place = { words, geometry, actorBase: 0, actorCount: 1, actor: 0, spinsMax: 1 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a world behind the control line
  const fs = 64 as FsInfo;
  const peek = (address: Address): number => words[address] ?? 0;
  return {
    words,
    fs,
    tracing: new TracingMemory(atomicsMemory(place), { porter: new Porter(fs, geometry), geometry, peek }),
  };
}

it('puts down what the words of its own steps held, and of no others', () => {
  const { words, fs, tracing } = traced();
  words[fs] = 6;
  tracing.begin([8]);
  tracing.atomicRead(fs);
  tracing.atomicInc(fs);
  tracing.operation(1);
  tracing.setBit(3, fs);
  expect(tracing.held).toEqual([undefined, 6, undefined, 7]);
  expect(words[fs]).toBe(15);
});

it('puts down a bounded part of a loop that never ends, and says that it is not all', () => {
  const { fs, tracing } = traced();
  tracing.begin([]);
  tracing.atomicRead(fs);
  expect([tracing.isWhole, tracing.results.length]).toEqual([true, 1]);
  for (let round = 0; round < 5_000; round++) tracing.atomicRead(fs);
  expect([tracing.isWhole, tracing.steps.length, tracing.results.length]).toEqual([false, 1_000, 1_000]);
});

it.each([
  { before: SLAB_ALLOCATED, isFault: false },
  { before: SLAB_FREE, isFault: false },
  { before: SLAB_CLAIMED, isFault: false },
  { before: SLAB_RCU_PENDING, isFault: true },
  { before: SLAB_RCU_DYING, isFault: true },
])(
  'takes an object in state $before where a read section begins, which waits for RCU later, for gone: $isFault',
  ({ before, isFault }) => {
    const { words, fs, tracing } = traced();
    const eb = bufferAt(fs, { structures, pages: 1, buffers: 1 }, 0);
    const faults: number[] = [];
    tracing.onFault = (fault): void => void faults.push(fault);
    words[eb + EB_SLAB] = before;
    tracing.begin([]);

    tracing.rcuReadLock();
    // Meanwhile somebody may have been given it, and have freed it again: whoever was inside of a section then may look at it.
    words[eb + EB_SLAB] = SLAB_RCU_PENDING;
    tracing.testBit(0, eb + EB_BFLAGS);

    expect(faults).toEqual(isFault ? [Fault.UseAfterFree] : []);
  },
);
