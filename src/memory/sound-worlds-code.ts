import { type FsInfo, type Geometry, worldWords } from './layout.ts';
import {
  BLOCK,
  BR,
  BR_IF,
  type Bytes,
  constant,
  END,
  functionOnMemory,
  I32_LOAD,
  join,
  LOOP,
  PAGE_BYTES,
  VOID,
  wordAt,
} from './wasm-encoding.ts';
import { add, eq, get, or, set, shl, shr } from './wasm-expressions.ts';
import { compileWasm, type WasmMemory, type WasmModule } from './wasm-instructions.ts';

/**
 * The checks at rest on a stretch of worlds in one call: WebAssembly, assembled here of what a subject says of one world. Each trial is
 * judged, and nearly all of them are sound; which check another one breaks is for the subject's `atRest` to say. How a trial ended is a
 * matter of chance to the processor's branch predictor, and the words come from another core's cache: without a branch, the loads of
 * several worlds overlap.
 */

/** Locals: the parameters, the world at hand, how many were before it, and whether anything is wrong with it. */
const FIRST = 0;
const COUNT = 1;
/** 1 or 0, see `CountSound`. */
export const IS_IO_DONE = 2;
/** See `CountSound`. */
export const BIO_REFERENCES = 3;
const AT = 4;
const DONE = 5;
const WRONG = 6;
/** The first of those that a subject has for itself. */
export const OWN_LOCAL = 7;

/** How a subject judges one world. */
export interface SoundWorldCode {
  /** Locals of its own, from `OWN_LOCAL` on. They hold in one world what they held in the one before. */
  readonly locals: number;
  /** Calls `wrongIf` for all that may be wrong; at rest, in every world that its `atRest` objects to, and where a step broke a check. */
  readonly judge: (geometry: Geometry) => Bytes;
}

/**
 * What gives the code of `CountSound` on worlds of a shape in a memory: compiled once in a process and handed to its threads.
 */
export function soundWorldsOf(code: SoundWorldCode): (memory: WasmMemory, geometry: Geometry) => WasmModule {
  /** By the pages of the memory and the shape of its worlds. */
  const modules = new Map<string, WasmModule>();
  return (memory, geometry) => {
    const memoryPages = memory.buffer.byteLength / PAGE_BYTES;
    const key = `${memoryPages} ${geometry.pages} ${geometry.buffers}`;
    const module = modules.get(key) ?? compileWasm(assemble(memoryPages, geometry, code));
    modules.set(key, module);
    return module;
  };
}

function assemble(
  pages: number,
  geometry: Geometry,
  { locals, judge }: SoundWorldCode,
): Uint8Array<ArrayBuffer> {
  const body = join(
    set(AT, shl(get(FIRST), 2)),
    [BLOCK, VOID, LOOP, VOID],
    join(eq(get(DONE), get(COUNT)), BR_IF, 1),
    set(WRONG, constant(0)),
    judge(geometry),
    join(get(WRONG), BR_IF, 1),
    set(AT, add(get(AT), constant(4 * worldWords(geometry)))),
    set(DONE, add(get(DONE), constant(1))),
    [BR, 0, END, END],
    get(DONE),
  );
  return functionOnMemory({
    name: 'countSound',
    parameters: AT,
    hasResult: true,
    locals: OWN_LOCAL - AT + locals,
    body,
    pages,
  });
}

/** A world at address 0: what its parts are at counts from the world's own. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an origin, not the address of a world
export const ORIGIN = 0 as FsInfo;

/** The word so many words behind the world's start. */
export function word(index: number): Bytes {
  return join(get(AT), I32_LOAD, wordAt(index));
}

/** The address of what lies so many words behind the world's start. */
export function address(index: number): Bytes {
  return add(shr(get(AT), 2), constant(index));
}

/** Something is wrong with the world where any bit of a value is set. */
export function wrongIf(value: Bytes): Bytes {
  return set(WRONG, or(get(WRONG), value));
}
