import type { FsInfo } from './layout.ts';
import { type WasmMemory, type WasmModule, wasmExports } from './wasm-instructions.ts';

/**
 * How many of `count` worlds, from the one at `fs` on, are sound beyond doubt, up to the first that is not: whose actors met
 * a violation, that breaks a check at rest, or whose pages are not all alike, so that it has to be judged test by test.
 *
 * @param isIoDone - Whether end-io actors have completed every read, so that one in flight is a violation.
 * @param bioReferences - References that a read in flight holds: `bioReferences` of the model.
 */
export type CountSound = (fs: FsInfo, count: number, isIoDone: boolean, bioReferences: number) => number;

/** `CountSound` on a memory, from the module of a subject; without one no world is sound beyond doubt. */
export function soundWorlds(memory: WasmMemory, module: WasmModule | undefined): CountSound {
  if (module === undefined) return () => 0;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `Subject.soundWorlds` exports
  return (wasmExports(module, { memory: { words: memory } }) as { readonly countSound: CountSound })
    .countSound;
}
