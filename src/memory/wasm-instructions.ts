import type { Instructions } from './instructions.ts';
import {
  ATOMIC,
  ATOMIC_ADD,
  ATOMIC_AND,
  ATOMIC_CMPXCHG,
  ATOMIC_EXCHANGE,
  ATOMIC_FENCE,
  ATOMIC_LOAD,
  ATOMIC_OR,
  ATOMIC_STORE,
  type Bytes,
  functionBody,
  functionExport,
  functionType,
  I32_CONST,
  I32_SHL,
  I32_STORE,
  I32_SUB,
  LOCAL_GET,
  memoryImport,
  moduleOf,
  PAGE_BYTES,
  unsigned,
} from './wasm-encoding.ts';

/** `Instructions` as a WebAssembly module of one function each, assembled here: it is some hundred bytes, and needs no toolchain. */

/** A `WebAssembly.Memory` with shared words: it crosses to worker threads as it is. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** A compiled `WebAssembly.Module`: it crosses to worker threads as it is, with its code. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: 'WebAssembly.Module';
}

/** The part of the WebAssembly API that is used: TypeScript has its types only together with those of browsers. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown };
};

interface Definition {
  readonly name: keyof Instructions;
  /** The instruction, with what it has in place of the address where it has none. */
  readonly code: Bytes;
  /** Besides the address; null of what has none. */
  readonly operands: number | null;
  readonly hasResult: boolean;
  /**
   * Takes the operand's negative: a subtraction is an addition, which is one instruction on x64, where V8 makes of
   * `i32.atomic.rmw.sub` a load and a loop of compare-exchanges, and so two moves of a line that another core has.
   */
  readonly isNegated?: true;
}

/** The memory operand of a word whose byte address is pushed: aligned to 2^2 bytes, offset 0. */
const ALIGNED_WORD: Bytes = [0x02, 0x00];
const atomicOn = (code: number): Bytes => [ATOMIC, code, ...ALIGNED_WORD];

const DEFINITIONS: readonly Definition[] = [
  { name: 'load', code: atomicOn(ATOMIC_LOAD), operands: 0, hasResult: true },
  { name: 'store', code: atomicOn(ATOMIC_STORE), operands: 1, hasResult: false },
  { name: 'add', code: atomicOn(ATOMIC_ADD), operands: 1, hasResult: true },
  { name: 'sub', code: atomicOn(ATOMIC_ADD), operands: 1, hasResult: true, isNegated: true },
  { name: 'and', code: atomicOn(ATOMIC_AND), operands: 1, hasResult: true },
  { name: 'or', code: atomicOn(ATOMIC_OR), operands: 1, hasResult: true },
  { name: 'exchange', code: atomicOn(ATOMIC_EXCHANGE), operands: 1, hasResult: true },
  { name: 'cmpxchg', code: atomicOn(ATOMIC_CMPXCHG), operands: 2, hasResult: true },
  { name: 'storePlain', code: [I32_STORE, ...ALIGNED_WORD], operands: 1, hasResult: false },
  { name: 'fence', code: [ATOMIC, ATOMIC_FENCE, 0x00], operands: null, hasResult: false },
];

/**
 * Zeroed shared memory of at least so many bytes.
 * @throws {RangeError} If it cannot be had.
 */
export function wasmMemory(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** By the pages of the memory: a run has one or two sizes. */
const modules = new Map<number, WasmModule>();

/**
 * The code of the instructions on memories of that size: compiled once in a process and kept. Threads are handed it, and do
 * not compile their own: each isolate of Node 20 that is the first to use a module leaves 17 KB behind when it ends, which
 * lie between what others free.
 */
export function wasmModule(memory: WasmMemory): WasmModule {
  const pages = memory.buffer.byteLength / PAGE_BYTES;
  const module = modules.get(pages) ?? new WebAssembly.Module(assemble(pages));
  modules.set(pages, module);
  return module;
}

/** The instructions on the given shared memory, from the module of its size. */
export function wasmInstructions(memory: WasmMemory, module: WasmModule): Instructions {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `assemble` exports
  return new WebAssembly.Instance(module, { memory: { words: memory } }).exports as Instructions;
}

/** Compiles a module. */
export function compileWasm(bytes: Uint8Array<ArrayBuffer>): WasmModule {
  return new WebAssembly.Module(bytes);
}

/** What an instance of a module exports. */
export function wasmExports(module: WasmModule, imports: object): unknown {
  return new WebAssembly.Instance(module, imports).exports;
}

function assemble(pages: number): Uint8Array<ArrayBuffer> {
  const bodies = DEFINITIONS.map(({ code, operands, isNegated }) => {
    // The byte address is the word index times four.
    const body: number[] = operands === null ? [] : [LOCAL_GET, 0, I32_CONST, 2, I32_SHL];
    for (let operand = 1; operand <= (operands ?? 0); operand++) {
      if (isNegated) body.push(I32_CONST, 0, LOCAL_GET, operand, I32_SUB);
      else body.push(LOCAL_GET, operand);
    }
    body.push(...code);
    return functionBody(0, body);
  });
  return moduleOf([
    {
      id: 1,
      content: DEFINITIONS.map(({ operands, hasResult }) =>
        functionType(operands === null ? 0 : operands + 1, hasResult),
      ),
    },
    { id: 2, content: [memoryImport(pages)] },
    { id: 3, content: DEFINITIONS.map((_, index) => unsigned(index)) },
    { id: 7, content: DEFINITIONS.map(({ name }, index) => functionExport(name, index)) },
    { id: 10, content: bodies },
  ]);
}
