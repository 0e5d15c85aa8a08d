import { expect, it } from 'vitest';
import { atomicsMemory } from '../../../../src/memory/atomics-memory.ts';
import type { FsInfo } from '../../../../src/memory/layout.ts';
import { Porter } from '../../../../src/stress/compiled/trace.ts';
import { TracingMemory } from '../../../../src/stress/compiled/tracing-memory.ts';

it('puts down a bounded part of a loop that never ends, and says that it is not all', () => {
  const geometry = { pages: 1, buffers: 1 };
  const words = new Int32Array(new SharedArrayBuffer(4_096));
  const place = { words, geometry, actorBase: 0, actorCount: 1, actor: 0, spinsMax: 1 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a world behind the control line
  const fs = 64 as FsInfo;
  const tracing = new TracingMemory(atomicsMemory(place), new Porter(fs, geometry));
  tracing.begin([]);
  tracing.atomicRead(fs);
  expect([tracing.isWhole, tracing.results.length]).toEqual([true, 1]);
  for (let round = 0; round < 5_000; round++) tracing.atomicRead(fs);
  expect([tracing.isWhole, tracing.steps.length, tracing.results.length]).toEqual([false, 1_000, 1_000]);
});
