import { freemem } from 'node:os';
import { type WasmMemory, wasmMemory } from '../../memory/wasm-instructions.ts';

/** Share of the available memory that worlds may take: the rest is for the threads, and for everybody else. */
const SHARE_MAX = 0.8;

/**
 * Takes the shared memory of a run, after `onMemory` has been told.
 * @throws {RangeError} If it does not fit, before anything is taken.
 */
export function takeMemory(
  bytes: number,
  worlds: number,
  onMemory: (bytes: number) => void = () => {},
): WasmMemory {
  const available = availableBytes();
  if (bytes > available * SHARE_MAX) {
    const fitting = Math.floor((worlds * available * SHARE_MAX) / bytes);
    throw new RangeError(
      `--worlds: ${worlds} worlds take ${megabytes(bytes)}, and ${megabytes(available)} are available; ` +
        `give at most ${fitting}, or fewer --pages`,
    );
  }
  onMemory(bytes);
  try {
    return wasmMemory(bytes);
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
