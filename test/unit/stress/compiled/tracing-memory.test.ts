import { expect, it } from 'vitest';
import { atomicsMemory } from '../../../../src/memory/atomics-memory.ts';
import type { Address, FsInfo } from '../../../../src/memory/layout.ts';
import { Porter } from '../../../../src/stress/compiled/trace.ts';
import { TracingMemory } from '../../../../src/stress/compiled/tracing-memory.ts';

function traced(): { readonly words: Int32Array; readonly fs: FsInfo; readonly tracing: TracingMemory } {
  const geometry = { pages: 1, buffers: 1 };
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
