import type { Instructions } from './instructions.ts';

/**
 * `Instructions` as a WebAssembly module of one function each, assembled here: it is some hundred bytes, and
 * needs no toolchain. Encodings: WebAssembly core specification, section 5, and its threads proposal for 0xfe.
 */

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
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: Instructions };
};

const I32 = 0x7f;
const LOCAL_GET = 0x20;
const I32_CONST = 0x41;
const I32_SUB = 0x6b;
const I32_SHL = 0x74;
const ATOMIC = 0xfe;
const END = 0x0b;
/** Memory operand of every access: aligned to 2^2 bytes, offset 0. */
const ALIGNED_WORD = [0x02, 0x00];
/** Bytes of a WebAssembly page. */
const PAGE_BYTES = 0x1_0000;

interface Definition {
  readonly name: keyof Instructions;
  /** Second byte of the instruction, behind 0xfe. */
  readonly code: number;
  readonly operands: number;
  readonly hasResult: boolean;
  /**
   * Takes the operand's negative: a subtraction is an addition, which is one instruction on x64, where V8 makes of
   * `i32.atomic.rmw.sub` a load and a loop of compare-exchanges, and so two moves of a line that another core has.
   */
  readonly isNegated?: true;
}

const DEFINITIONS: readonly Definition[] = [
  { name: 'load', code: 0x10, operands: 0, hasResult: true },
  { name: 'store', code: 0x17, operands: 1, hasResult: false },
  { name: 'add', code: 0x1e, operands: 1, hasResult: true },
  { name: 'sub', code: 0x1e, operands: 1, hasResult: true, isNegated: true },
  { name: 'and', code: 0x2c, operands: 1, hasResult: true },
  { name: 'or', code: 0x33, operands: 1, hasResult: true },
  { name: 'cmpxchg', code: 0x48, operands: 2, hasResult: true },
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
  return new WebAssembly.Instance(module, { memory: { words: memory } }).exports;
}

function assemble(pages: number): Uint8Array<ArrayBuffer> {
  const types = DEFINITIONS.map(({ operands, hasResult }) => [
    0x60,
    ...vector(Array.from({ length: operands + 1 }, () => [I32])),
    ...vector(hasResult ? [[I32]] : []),
  ]);
  const limits = [0x03, ...unsigned(pages), ...unsigned(pages)];
  const imports = [[...text('memory'), ...text('words'), 0x02, ...limits]];
  const functions = DEFINITIONS.map((_, index) => unsigned(index));
  const exports = DEFINITIONS.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
  const codes = DEFINITIONS.map(({ code, operands, isNegated }) => {
    // The byte address is the word index times four.
    const body = [LOCAL_GET, 0, I32_CONST, 2, I32_SHL];
    for (let operand = 1; operand <= operands; operand++) {
      if (isNegated) body.push(I32_CONST, 0, LOCAL_GET, operand, I32_SUB);
      else body.push(LOCAL_GET, operand);
    }
    body.push(ATOMIC, code, ...ALIGNED_WORD, END);
    const withoutLocals = [0x00, ...body];
    return unsigned(withoutLocals.length).concat(withoutLocals);
  });
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const sections = [
    section(1, types),
    section(2, imports),
    section(3, functions),
    section(7, exports),
    section(10, codes),
  ];
  return Uint8Array.from([header, ...sections].flat());
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}
