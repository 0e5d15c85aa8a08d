import { Bench, type FnReturnedObject } from 'tinybench';
import { modelBegins, modelEnds } from '../fix/plug-in/guards.ts';
import { modelOf } from '../fix/plug-in/load.ts';
import type { Strategy } from '../fix/strategy.ts';
import { layOut, worldAt } from '../memory/arena.ts';
import { atomicsMemory } from '../memory/atomics-memory.ts';
import { CountingMemory, type StepCounts } from '../memory/counting-memory.ts';
import { type ExtentBuffer, FS_BIO, type FsInfo, pageAt } from '../memory/layout.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import { wasmInstructions, wasmMemory, wasmModule } from '../memory/wasm-instructions.ts';
import { OwnMailbox } from '../model/block-layer.ts';
import { WAIT_NONE } from '../model/extent-buffer-io.ts';
import { readaheadVsReleasepage } from '../scenario/readahead-vs-releasepage.ts';
import { resolveSetting } from '../scenario/setting.ts';
import type { ArmCost, OperationCost } from '../stress/result/result.ts';

/**
 * What operations cost that meet nobody: the steps of one, counted, and their time on this thread.
 *
 * - readahead: find_extent_buffer, read_extent_buffer_pages(WAIT_NONE), free_extent_buffer of a buffer in the tree;
 * - releasepage: trylock_page, btree_releasepage, unlock_page of such a buffer, which is released;
 * - completion: end_bio_extent_readpage of all pages of such a read.
 */
export const OPERATIONS = ['readahead', 'releasepage', 'completion'] as const;

/** One of them. */
export type OperationName = (typeof OPERATIONS)[number];

const WORLDS = 256;
const WARMUP_MS = 30;

/** The parts of a measurement: worlds, and a model in them. */
interface Workbench {
  readonly worlds: readonly FsInfo[];
  /** Brings all worlds to where the operation begins. */
  readonly prepare: (name: OperationName) => void;
  readonly run: (name: OperationName, fs: FsInfo) => void;
}

/** Steps and median time of every operation; `beat` is called now and then. Takes about 0.3 s. */
export async function costOf(
  strategy: Strategy,
  pages: number,
  { timeMs, beat = () => {} }: { readonly timeMs: number; readonly beat?: () => void },
): Promise<ArmCost> {
  const measured = async (name: OperationName): Promise<OperationCost> => {
    const counts = countSteps(strategy, pages, name);
    const bench = operationBench(strategy, pages, { name, timeMs, beat });
    await bench.run();
    const result = bench.tasks[0]?.result;
    const samples = result?.state === 'completed' ? result.latency.samples : undefined;
    const median = samples?.[Math.floor((samples.length - 1) / 2)];
    return { ...counts, ns: median === undefined ? null : median * 1e6 };
  };
  return {
    readahead: await measured('readahead'),
    releasepage: await measured('releasepage'),
    completion: await measured('completion'),
  };
}

/** The steps of one operation: the same in every run. */
export function countSteps(strategy: Strategy, pages: number, name: OperationName): StepCounts {
  let counting: CountingMemory | undefined;
  const bench = workbench(strategy, { pages, worlds: 1 }, (inner) => (counting = new CountingMemory(inner)));
  bench.prepare(name);
  const before = { ...counting?.counts };
  for (const fs of bench.worlds) bench.run(name, fs);
  const after = { locks: 0, atomics: 0, steps: 0, ...counting?.counts };
  return {
    locks: after.locks - (before.locks ?? 0),
    atomics: after.atomics - (before.atomics ?? 0),
    steps: after.steps - (before.steps ?? 0),
  };
}

/** A bench of one operation: each sample is a pass over all worlds, which are prepared before it and not timed. */
export function operationBench(
  strategy: Strategy,
  pages: number,
  how: { readonly name: OperationName; readonly timeMs: number; readonly beat?: () => void },
): Bench {
  const { prepare, run, worlds } = workbench(strategy, { pages, worlds: WORLDS }, (inner) => inner);
  const bench = new Bench({
    time: how.timeMs,
    warmupTime: WARMUP_MS,
    retainSamples: true,
    throws: true,
  });
  const sample = (): FnReturnedObject => {
    how.beat?.();
    prepare(how.name);
    const startedAt = process.hrtime.bigint();
    modelBegins();
    try {
      for (const fs of worlds) run(how.name, fs);
    } finally {
      modelEnds();
    }
    const ms = Number(process.hrtime.bigint() - startedAt) / 1e6;
    return { overriddenDuration: ms / WORLDS, overriddenIterationCost: ms };
  };
  return bench.add(`${how.name} (${strategy.name})`, sample, { async: false });
}

function workbench(
  strategy: Strategy,
  shape: { readonly pages: number; readonly worlds: number },
  watched: (memory: SharedMemory) => SharedMemory,
): Workbench {
  const setting = resolveSetting({ scenario: readaheadVsReleasepage, start: 'primed', pages: shape.pages });
  const { geometry, start } = setting;
  const arena = layOut({ actors: 1, worlds: shape.worlds, geometry, counters: 1 });
  const shared = wasmMemory(arena.bytes);
  const words = new Int32Array(shared.buffer);
  const inner = atomicsMemory({
    words,
    instructions: wasmInstructions(shared, wasmModule(shared)),
    geometry,
    actorBase: arena.actorBase,
    actorCount: 1,
    actor: 0,
    spinsMax: 1,
  });
  const memory = watched(inner);
  const Model = modelOf(strategy);
  // The mailbox is the device's: what it writes is no step of the kernel.
  const model = new Model({ memory, geometry, blockLayer: new OwnMailbox(inner, 0) });
  const worlds = Array.from({ length: shape.worlds }, (_, index) => worldAt(arena, index));
  const last = geometry.pages - 1;
  const run = (name: OperationName, fs: FsInfo): void => {
    model.fsInfo = fs;
    switch (name) {
      case 'readahead': {
        const eb: ExtentBuffer = model.findExtentBuffer();
        model.readExtentBufferPages(eb, WAIT_NONE);
        model.freeExtentBuffer(eb);
        return;
      }
      case 'releasepage': {
        const page = pageAt(fs, last);
        memory.trylockPage(page);
        model.btreeReleasepage(page);
        memory.unlockPage(page);
        return;
      }
      case 'completion':
        model.endBioExtentReadpage(words[fs + FS_BIO] ?? 0, 'ok');
    }
  };
  const prepare = (name: OperationName): void => {
    for (const fs of worlds) {
      start.reset(words, geometry, fs);
      if (name === 'completion') run('readahead', fs);
    }
  };
  return { worlds, prepare, run };
}
