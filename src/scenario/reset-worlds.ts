import { type Address, type FsInfo, type Geometry, LINE_WORDS, worldWords } from '../memory/layout.ts';
import {
  BR_IF,
  type Bytes,
  constant,
  END,
  functionOnMemory,
  I32_ADD,
  I32_SHL,
  I32_STORE,
  I64_STORE,
  join,
  longConstant,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  PAGE_BYTES,
  VOID,
  wordAt,
} from '../memory/wasm-encoding.ts';
import { compileWasm, type WasmMemory, type WasmModule, wasmExports } from '../memory/wasm-instructions.ts';
import type { StartState } from './scenario.ts';

/**
 * The reset of a stretch of worlds in one call: WebAssembly, made of what a start state writes. Every world is brought back
 * after every trial.
 */

/** Brings `count` worlds, one at least, from the one at `fs` on into the start state. No actor uses them. */
export type ResetWorlds = (fs: FsInfo, count: number) => void;

/** One word that a start state writes. */
interface Write {
  /** Words behind the world's start. */
  readonly offset: number;
  readonly value: number;
  /** Whether the value is a place in the world, counted from its start. */
  readonly isPlace: boolean;
}

/** Locals: the parameters, and the byte address of the world at hand. */
const FS = 0;
const COUNT = 1;
const AT = 2;

const modules = new Map<StartState, Map<string, WasmModule>>();

/** The code of `ResetWorlds` on worlds of a shape in a memory: compiled once in a process and handed to its threads. */
export function resetWorldsModule(memory: WasmMemory, geometry: Geometry, start: StartState): WasmModule {
  const memoryPages = memory.buffer.byteLength / PAGE_BYTES;
  const key = `${memoryPages} ${geometry.pages} ${geometry.buffers}`;
  const ofStart = modules.get(start) ?? new Map<string, WasmModule>();
  modules.set(start, ofStart);
  const module = ofStart.get(key) ?? compileWasm(assemble(memoryPages, geometry, start));
  ofStart.set(key, module);
  return module;
}

/** `ResetWorlds` on a memory, from the module of it. */
export function resetWorlds(memory: WasmMemory, module: WasmModule): ResetWorlds {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `resetWorldsModule` exports
  return (wasmExports(module, { memory: { words: memory } }) as { readonly resetWorlds: ResetWorlds })
    .resetWorlds;
}

function assemble(pages: number, geometry: Geometry, start: StartState): Uint8Array<ArrayBuffer> {
  const body = code(writesOf(start, geometry), worldWords(geometry));
  return functionOnMemory({ name: 'resetWorlds', parameters: 2, hasResult: false, locals: 1, body, pages });
}

function code(writes: readonly Write[], words: number): Bytes {
  return join(
    join(LOOP, VOID, LOCAL_GET, FS, constant(2), I32_SHL, LOCAL_SET, AT),
    stores(writes),
    join(LOCAL_GET, FS, constant(words), I32_ADD, LOCAL_SET, FS),
    join(LOCAL_GET, COUNT, constant(-1), I32_ADD, LOCAL_TEE, COUNT, BR_IF, 0, END),
  );
}

/** The stores of some writes: numbers that stand side by side in one. Worlds begin at multiples of a cache line. */
function stores(writes: readonly Write[]): Bytes {
  const parts: Bytes[] = [];
  for (let index = 0; index < writes.length; index++) {
    const [write, next] = [writes[index], writes[index + 1]];
    if (write === undefined) break;
    const { offset, value, isPlace } = write;
    const arePair = offset % 2 === 0 && next?.offset === offset + 1 && !isPlace && !next.isPlace;
    if (arePair) {
      parts.push(join(LOCAL_GET, AT, longConstant(value, next.value), I64_STORE, wordAt(offset)));
      index++;
      continue;
    }
    const pushed = isPlace ? join(LOCAL_GET, FS, constant(value), I32_ADD) : constant(value);
    parts.push(join(LOCAL_GET, AT, pushed, I32_STORE, wordAt(offset)));
  }
  return join(...parts);
}

/** What a start state writes, found by having it write: over two fillings, and in a world that lies elsewhere. */
function writesOf(start: StartState, geometry: Geometry): Write[] {
  const size = worldWords(geometry);
  const written = (fs: Address, filling: number): Int32Array => {
    const words = new Int32Array(fs + size).fill(filling);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a world of its own
    start.reset(words, geometry, fs as FsInfo);
    return words.subarray(fs);
  };
  const [first, second] = [LINE_WORDS, LINE_WORDS + size];
  const [one, other, elsewhere] = [written(first, -1), written(first, -2), written(second, -1)];
  return [...one].flatMap((value, offset): Write[] => {
    if (other[offset] !== value) return [];
    const isPlace = elsewhere[offset] === value + size;
    if (!isPlace && elsewhere[offset] !== value) {
      throw new RangeError(`start '${start.name}': word ${offset} depends on more than where the world is`);
    }
    return [{ offset, value: isPlace ? value - first : value, isPlace }];
  });
}
