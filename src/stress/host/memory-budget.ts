import { freemem } from 'node:os';
import { type WasmMemory, wasmMemory } from '../../memory/wasm-instructions.ts';

/** Share of the available memory that worlds may take: the rest is for the threads, and for everybody else. */
const SHARE_MAX = 0.8;

/** The shared memory of a run. */
export interface MemoryWanted {
  /** Of one instance. */
  readonly bytes: number;
  /** The same. */
  readonly worlds: number;
  readonly instances: number;
  /** Threads of an instance. */
  readonly actors: number;
}

/** What a worker thread takes, with an isolate of its own: measured with 128 of them on Node 20. */
const THREAD_BYTES = 12e6;

/**
 * Takes the shared memory of a run, one for each instance, after `onMemory` has been told how much they are together.
 * @throws {RangeError} If it does not fit, before anything is taken.
 */
export function takeMemory(
  { bytes, worlds, instances, actors }: MemoryWanted,
  onMemory: (bytes: number) => void = () => {},
): readonly [WasmMemory, ...WasmMemory[]] {
  const available = availableBytes();
  const threadBytes = instances * actors * THREAD_BYTES;
  if (instances > 1 && threadBytes > available * SHARE_MAX) {
    const fitting = Math.floor((available * SHARE_MAX) / (actors * THREAD_BYTES));
    throw new RangeError(
      `--instances: the threads of ${instances} instances take ${megabytes(threadBytes)}, and ${megabytes(available)} are available; ` +
        `give at most ${Math.max(1, fitting)}`,
    );
  }
  const all = bytes * instances;
  const each = instances === 1 ? '' : ` in each of ${instances} instances`;
  if (all > available * SHARE_MAX) {
    const fitting = Math.floor((worlds * available * SHARE_MAX) / all);
    throw new RangeError(
      `--worlds: ${worlds} worlds${each} take ${megabytes(all)}, and ${megabytes(available)} are available; ` +
        `give at most ${fitting}, or fewer ${instances === 1 ? '' : '--instances or '}--pages`,
    );
  }
  onMemory(all);
  try {
    return [wasmMemory(bytes), ...Array.from({ length: instances - 1 }, () => wasmMemory(bytes))];
  } catch (cause) {
    throw new RangeError(
      `--worlds: ${worlds} worlds take ${megabytes(bytes)}, which one buffer cannot hold`,
      { cause },
    );
  }
}

/** Memory that this process can still take: what its control group allows, and what the machine has. */
function availableBytes(): number {
  const constrained = process.constrainedMemory();
  const free = freemem();
  if (constrained === undefined || constrained === 0) return free;
  return Math.min(free, Math.max(0, constrained - process.memoryUsage.rss()));
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
