import { Bench, type FnReturnedObject } from 'tinybench';
import { modelBegins, modelEnds } from '../fix/plug-in/guards.ts';
import { modelOf } from '../fix/plug-in/load.ts';
import type { Strategy } from '../fix/strategy.ts';
import { layOut, worldAt } from '../memory/arena.ts';
import { atomicsMemory } from '../memory/atomics-memory.ts';
import { CountingMemory, type StepCounts } from '../memory/counting-memory.ts';
import { FS_BIO, type FsInfo } from '../memory/layout.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import { wasmInstructions, wasmMemory, wasmModule } from '../memory/wasm-instructions.ts';
import { OwnMailbox } from '../model/block-layer.ts';
import type { CostContext, CostedOperation } from '../scenario/costed-operation.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { resolveSetting } from '../scenario/setting.ts';
import type { ArmCost, OperationCost } from '../stress/result/result.ts';

/** What operations of a scenario cost that meet nobody: the steps of one, counted, and their time on this thread. */

/** What is measured, and under which strategy. */
export interface CostSubject {
  readonly strategy: Strategy;
  readonly scenario: Scenario;
  /** Pages per buffer. */
  readonly pages: number;
}

const WORLDS = 256;
const WARMUP_MS = 30;

/** The parts of a measurement: worlds, and a model in them. */
interface Workbench {
  readonly worlds: readonly FsInfo[];
  /** Brings all worlds to where the operation begins. */
  readonly prepare: () => void;
  readonly run: (fs: FsInfo) => void;
}

/** Steps and median time of every operation that the scenario declares; `beat` is called now and then. Takes 0.1 s for each. */
export async function costOf(
  subject: CostSubject,
  { timeMs, beat = () => {} }: { readonly timeMs: number; readonly beat?: () => void },
): Promise<ArmCost> {
  const measured = async (operation: CostedOperation): Promise<OperationCost> => {
    const counts = countSteps(subject, operation);
    const bench = operationBench(subject, { operation, timeMs, beat });
    await bench.run();
    const result = bench.tasks[0]?.result;
    const samples = result?.state === 'completed' ? result.latency.samples : undefined;
    const median = samples?.[Math.floor((samples.length - 1) / 2)];
    return { ...counts, ns: median === undefined ? null : median * 1e6 };
  };
  const costs: Record<string, OperationCost> = {};
  for (const operation of subject.scenario.costs ?? []) costs[operation.name] = await measured(operation);
  return costs;
}

/** The steps of one operation: the same in every run. */
export function countSteps(subject: CostSubject, operation: CostedOperation): StepCounts {
  let counting: CountingMemory | undefined;
  const bench = workbench(subject, operation, {
    worlds: 1,
    watched: (inner) => (counting = new CountingMemory(inner)),
  });
  bench.prepare();
  const before = { ...counting?.counts };
  for (const fs of bench.worlds) bench.run(fs);
  const after = { locks: 0, atomics: 0, steps: 0, ...counting?.counts };
  return {
    locks: after.locks - (before.locks ?? 0),
    atomics: after.atomics - (before.atomics ?? 0),
    steps: after.steps - (before.steps ?? 0),
  };
}

/** A bench of one operation: each sample is a pass over all worlds, which are prepared before it and not timed. */
export function operationBench(
  subject: CostSubject,
  how: { readonly operation: CostedOperation; readonly timeMs: number; readonly beat?: () => void },
): Bench {
  const { operation } = how;
  const { prepare, run, worlds } = workbench(subject, operation, {
    worlds: WORLDS,
    watched: (inner) => inner,
  });
  const bench = new Bench({
    time: how.timeMs,
    warmupTime: WARMUP_MS,
    retainSamples: true,
    throws: true,
  });
  const sample = (): FnReturnedObject => {
    how.beat?.();
    prepare();
    const startedAt = process.hrtime.bigint();
    modelBegins();
    try {
      for (const fs of worlds) run(fs);
    } finally {
      modelEnds();
    }
    const ms = Number(process.hrtime.bigint() - startedAt) / 1e6;
    return { overriddenDuration: ms / WORLDS, overriddenIterationCost: ms };
  };
  return bench.add(`${operation.name} (${subject.strategy.name})`, sample, { async: false });
}

interface WorkbenchParts {
  readonly worlds: number;
  /** The memory that the operation sees. */
  readonly watched: (memory: SharedMemory) => SharedMemory;
}

function workbench(
  { strategy, scenario, pages }: CostSubject,
  operation: CostedOperation,
  parts: WorkbenchParts,
): Workbench {
  const { geometry, start } = resolveSetting({ scenario, start: operation.start, pages });
  const arena = layOut({ actors: 1, worlds: parts.worlds, geometry, counters: 1 });
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
  const memory = parts.watched(inner);
  const Model = modelOf(strategy);
  // The mailbox is the device's: what it writes is no step of the kernel.
  const model = new Model({ memory, geometry, blockLayer: new OwnMailbox(inner, 0) });
  const worlds = Array.from({ length: parts.worlds }, (_, index) => worldAt(arena, index));
  const submittedBio = (): number => words[model.fsInfo + FS_BIO] ?? 0;
  const context: CostContext = { model, memory, geometry, submittedBio };
  const run = (fs: FsInfo): void => {
    model.fsInfo = fs;
    operation.run(context);
  };
  const prepare = (): void => {
    for (const fs of worlds) {
      start.reset(words, geometry, fs);
      model.fsInfo = fs;
      operation.prepare?.(context);
    }
  };
  return { worlds, prepare, run };
}
