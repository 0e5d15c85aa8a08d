/**
 * What does one uncontended kernel operation cost under each strategy, on this thread?
 *
 * readahead: find_extent_buffer, read_extent_buffer_pages(WAIT_NONE), free_extent_buffer on a buffer in the tree.
 * releasepage: trylock_page, btree_releasepage, unlock_page on such a buffer, which is released.
 * Both with 4 pages, in 256 worlds in turn; worlds are reset between batches and that is not timed.
 */
import { Bench } from 'tinybench';
import { loadStrategy, modelOf } from '../src/fix/load.ts';
import { layOut } from '../src/memory/arena.ts';
import { atomicsMemory } from '../src/memory/atomics-memory.ts';
import { wasmInstructions, wasmMemory } from '../src/memory/wasm-instructions.ts';
import { SlowDevice } from '../src/model/block-layer.ts';
import { readaheadVsReleasepage } from '../src/scenario/readahead-vs-releasepage.ts';
import { resolveSetting } from '../src/scenario/setting.ts';
import { COUNTER_COUNT } from '../src/stress/counters.ts';
import { trialRunner } from '../src/stress/trial-runner.ts';
import { type Row, rowsOf } from './batched.ts';

const WORLDS = 256;
const TIME_MS = 400;

export async function operationsSuite(strategy: string, actor: number): Promise<Row[]> {
  const setting = resolveSetting({ scenario: readaheadVsReleasepage });
  const arena = layOut({
    actors: setting.actors.length,
    worlds: WORLDS,
    geometry: setting.geometry,
    counters: COUNTER_COUNT,
  });
  const shared = wasmMemory(arena.bytes);
  const words = new Int32Array(shared.buffer);
  const memory = atomicsMemory({
    words,
    instructions: wasmInstructions(shared),
    geometry: setting.geometry,
    actorBase: arena.actorBase,
    actorCount: setting.actors.length,
    actor,
    spinsMax: 1,
  });
  const Model = modelOf(await loadStrategy(strategy));
  const context = {
    model: new Model({ memory, geometry: setting.geometry, blockLayer: new SlowDevice() }),
    memory,
    geometry: setting.geometry,
    actor,
    ordinal: 0,
    submitters: 0,
    bioStatus: () => 'ok' as const,
  };
  const runners = setting.actors.map((place, index) => {
    return trialRunner({ words, arena, setting, actor: index, place, context, startedAtMs: 0 });
  });
  const bench = new Bench({ time: TIME_MS, warmupTime: 100, retainSamples: true, throws: true });
  bench.add(
    `${actor === 0 ? 'readahead' : 'releasepage'} (${strategy})`,
    () => {
      for (const runner of runners) runner.reset(0, WORLDS);
      const startedAt = process.hrtime.bigint();
      runners[actor]?.run(0, WORLDS);
      const ms = Number(process.hrtime.bigint() - startedAt) / 1e6;
      return { overriddenDuration: ms / WORLDS, overriddenIterationCost: ms };
    },
    { async: false },
  );
  return rowsOf(bench);
}
