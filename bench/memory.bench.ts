/**
 * What does one memory operation cost, uncontended, on this thread?
 *
 * Each operation of SharedMemory through AtomicsMemory, with JavaScript's Atomics or with the WebAssembly instructions
 * that the hardware engine uses; the lines are in this core's cache.
 */
import { extentBufferStructures } from '../src/subject/extent-buffer/v5.7/structures.ts';
import { Bench } from 'tinybench';
import { layOut } from '../src/memory/arena.ts';
import { atomicsMemory } from '../src/memory/atomics-memory.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_REFS,
  EB_REFS_LOCK,
  FS_TREE_SLOT,
} from '../src/subject/extent-buffer/v5.7/layout.ts';
import { pageAt } from '../src/memory/layout.ts';
import { wasmInstructions, wasmMemory, wasmModule } from '../src/memory/wasm-instructions.ts';
import { addBatched, type Row, rowsOf } from './batched.ts';

const TIME_MS = 200;

export async function memorySuite(kind: 'Atomics' | 'wasm'): Promise<Row[]> {
  const geometry = { structures: extentBufferStructures, pages: 4, buffers: 1 };
  const arena = layOut({ actors: 1, worlds: 1, geometry, counters: 0 });
  const shared = wasmMemory(arena.bytes);
  const memory = atomicsMemory({
    words: new Int32Array(shared.buffer),
    instructions: kind === 'wasm' ? wasmInstructions(shared, wasmModule(shared)) : undefined,
    geometry,
    actorBase: arena.actorBase,
    actorCount: 1,
    actor: 0,
    spinsMax: 1,
  });
  const fs = arena.worldBase;
  const eb = bufferAt(fs, geometry, 0);
  const page = pageAt(fs, 0);
  const operations: Readonly<Record<string, () => void>> = {
    atomicRead: () => memory.atomicRead(eb + EB_REFS),
    atomicSet: () => memory.atomicSet(eb + EB_IO_PAGES, 0),
    atomicInc: () => memory.atomicInc(eb + EB_REFS),
    atomicIncNotZero: () => memory.atomicIncNotZero(eb + EB_REFS),
    atomicDecAndTest: () => memory.atomicDecAndTest(eb + EB_REFS),
    atomicCmpxchg: () => memory.atomicCmpxchg(eb + EB_IO_PAGES, 0, 0),
    testBit: () => memory.testBit(4, eb + EB_BFLAGS),
    setBit: () => memory.setBit(4, eb + EB_BFLAGS),
    testAndClearBit: () => memory.testAndClearBit(4, eb + EB_BFLAGS),
    readOnce: () => memory.readOnce(fs + FS_TREE_SLOT),
    'spinLock + spinUnlock': () => {
      memory.spinLock(eb + EB_REFS_LOCK);
      memory.spinUnlock(eb + EB_REFS_LOCK);
    },
    'trylockPage + unlockPage': () => {
      memory.trylockPage(page);
      memory.unlockPage(page);
    },
    'rcuReadLock + rcuReadUnlock': () => {
      memory.rcuReadLock();
      memory.rcuReadUnlock();
    },
  };
  const bench = new Bench({ time: TIME_MS, warmupTime: 50, retainSamples: true, throws: true });
  for (const [name, call] of Object.entries(operations)) addBatched(bench, `${name} (${kind})`, call);
  return rowsOf(bench);
}
