import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_PAGES,
  EB_READ_FAILED,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  PAYLOAD_VERIFIED,
} from './layout.ts';
import {
  FS_OOPS,
  type FsInfo,
  type Geometry,
  PAGE_FLAGS,
  pageAt,
  SLAB_ALLOCATED,
  worldWords,
} from '../../../memory/layout.ts';
import { PG_LOCKED, PG_PRIVATE, PG_UPTODATE } from '../../../memory/page-flags.ts';
import {
  BLOCK,
  BR,
  BR_IF,
  type Bytes,
  constant,
  END,
  functionOnMemory,
  I32_ADD,
  I32_AND,
  I32_EQ,
  I32_EQZ,
  I32_LOAD,
  I32_NE,
  I32_OR,
  I32_SHL,
  I32_SHR_U,
  I32_SUB,
  I32_XOR,
  join,
  LOCAL_GET,
  LOCAL_SET,
  LOOP,
  PAGE_BYTES,
  VOID,
  wordAt,
} from '../../../memory/wasm-encoding.ts';
import { compileWasm, type WasmMemory, type WasmModule } from '../../../memory/wasm-instructions.ts';
import {
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
} from './bflags.ts';

/**
 * The checks at rest on a stretch of worlds in one call: WebAssembly, assembled here. Each trial is judged, and nearly all of
 * them are sound; which check another one breaks is for quiescence.ts to say. How a trial ended is a matter of chance to the
 * processor's branch predictor, and the words come from another core's cache: without a branch, the loads of several worlds
 * overlap. What happens to one page of a block happens to all of them, but where an actor gave up between two, so that one
 * page is checked and the others are compared with it.
 */

/** Locals: the parameters, the world at hand and how many were before it, then what the world comes to. */
const FIRST = 0;
const COUNT = 1;
const IS_IO_DONE = 2;
const BIO_REFERENCES = 3;
const AT = 4;
const DONE = 5;
const SLOT = 6;
const USED = 7;
const BFLAGS = 8;
const IO_PAGES = 9;
const EXPECTED = 10;
const ALIVE = 11;
const ATTACHED = 12;
const IN_FLIGHT = 13;
const IS_UPTODATE = 14;
const WRONG = 15;
const FLAGS = 16;
const LOCALS = 13;

/** By the pages of the memory and the shape of its worlds. */
const modules = new Map<string, WasmModule>();

/** The code of `CountSound` on worlds of a shape in a memory: compiled once in a process and handed to its threads. */
export function soundWorldsModule(memory: WasmMemory, geometry: Geometry): WasmModule {
  const memoryPages = memory.buffer.byteLength / PAGE_BYTES;
  const key = `${memoryPages} ${geometry.pages} ${geometry.buffers}`;
  const module = modules.get(key) ?? compileWasm(assemble(memoryPages, geometry));
  modules.set(key, module);
  return module;
}

function assemble(pages: number, geometry: Geometry): Uint8Array<ArrayBuffer> {
  const body = code(geometry);
  return functionOnMemory({
    name: 'countSound',
    parameters: 4,
    hasResult: true,
    locals: LOCALS,
    body,
    pages,
  });
}

function code(geometry: Geometry): Bytes {
  return join(
    set(AT, shl(get(FIRST), 2)),
    [BLOCK, VOID, LOOP, VOID],
    join(get(DONE), get(COUNT), I32_EQ, BR_IF, 1),
    wrongWith(geometry),
    join(get(WRONG), BR_IF, 1),
    set(AT, add(get(AT), constant(4 * worldWords(geometry)))),
    set(DONE, add(get(DONE), constant(1))),
    [BR, 0, END, END],
    get(DONE),
  );
}

/** Sets `WRONG` to 0 if all is well in the world at `AT`. */
function wrongWith(geometry: Geometry): Bytes {
  const { pages, buffers } = geometry;
  const parts: Bytes[] = [
    set(SLOT, word(FS_TREE_SLOT)),
    set(WRONG, or(word(FS_OOPS), or(word(FS_BUFFER_LOCK), word(FS_PRIVATE_LOCK)))),
  ];
  for (const local of [ALIVE, ATTACHED, IN_FLIGHT, IS_UPTODATE]) parts.push(set(local, constant(0)));
  for (let index = 0; index < buffers; index++) parts.push(ofBuffer(bufferAt(ORIGIN, geometry, index)));
  const first = pageAt(ORIGIN, 0);
  const isPrivate = bit(get(FLAGS), PG_PRIVATE);
  const isUptodate = or(bit(get(FLAGS), PG_UPTODATE), get(IS_UPTODATE));
  parts.push(
    wrongIf(xor(get(SLOT), get(ALIVE))),
    // One page is checked, and all others are like it.
    wrongIf(and(negative(ne(get(ATTACHED), constant(0))), xor(get(ATTACHED), constant(pages)))),
    set(FLAGS, word(first + PAGE_FLAGS)),
    wrongIf(xor(isPrivate, ne(get(ATTACHED), constant(0)))),
    wrongIf(and(xor(word(first + PAGE_PRIVATE), get(ALIVE)), negative(isPrivate))),
    wrongIf(xor(word(first + PAGE_REFCOUNT), or(shl(isPrivate, 1), constant(1)))),
    wrongIf(and(xor(word(first + PAGE_PAYLOAD), constant(PAYLOAD_VERIFIED)), negative(isUptodate))),
    wrongIf(xor(get(IN_FLIGHT), and(negative(bit(get(FLAGS), PG_LOCKED)), constant(pages)))),
    wrongIf(and(get(IN_FLIGHT), negative(get(IS_IO_DONE)))),
  );
  for (let index = 1; index < pages; index++) {
    const page = pageAt(ORIGIN, index);
    for (const field of [PAGE_FLAGS, PAGE_PRIVATE, PAGE_REFCOUNT, PAGE_PAYLOAD]) {
      parts.push(wrongIf(xor(word(page + field), field === PAGE_FLAGS ? get(FLAGS) : word(first + field))));
    }
  }
  return join(...parts);
}

/** The same for the buffer so many words behind the world's start. */
function ofBuffer(eb: number): Bytes {
  const address = add(shr(get(AT), 2), constant(eb));
  const hasTreeRef = bit(get(BFLAGS), EXTENT_BUFFER_TREE_REF);
  const isStale = bit(get(BFLAGS), EXTENT_BUFFER_STALE);
  const isInTree = bit(get(BFLAGS), EXTENT_BUFFER_IN_TREE);
  const ofRead = and(negative(ne(get(IO_PAGES), constant(0))), get(BIO_REFERENCES));
  return join(
    // All ones for a buffer in use, and 0 for a free one, whose other words say nothing.
    set(USED, negative(join(word(eb + EB_SLAB), constant(SLAB_ALLOCATED), I32_EQ))),
    set(BFLAGS, and(word(eb + EB_BFLAGS), get(USED))),
    set(IO_PAGES, and(word(eb + EB_IO_PAGES), get(USED))),
    set(EXPECTED, add(hasTreeRef, ofRead)),
    wrongIf(
      and(
        get(USED),
        or(
          or(xor(get(SLOT), address), eqz(isInTree)),
          or(word(eb + EB_REFS_LOCK), or(xor(word(eb + EB_REFS), get(EXPECTED)), eqz(get(EXPECTED)))),
          and(word(eb + EB_READ_FAILED), negative(eqz(isStale))),
        ),
      ),
    ),
    set(ALIVE, or(get(ALIVE), and(address, get(USED)))),
    set(ATTACHED, or(get(ATTACHED), and(word(eb + EB_PAGES), get(USED)))),
    set(IN_FLIGHT, or(get(IN_FLIGHT), get(IO_PAGES))),
    set(IS_UPTODATE, or(get(IS_UPTODATE), bit(get(BFLAGS), EXTENT_BUFFER_UPTODATE))),
  );
}

/** A world at address 0: what its parts are at counts from the world's own. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an origin, not the address of a world
const ORIGIN = 0 as FsInfo;

function wrongIf(value: Bytes): Bytes {
  return set(WRONG, or(get(WRONG), value));
}

/** The word so many words behind the world's start. */
function word(index: number): Bytes {
  return join(get(AT), I32_LOAD, wordAt(index));
}

function get(local: number): Bytes {
  return [LOCAL_GET, local];
}

function set(local: number, value: Bytes): Bytes {
  return join(value, LOCAL_SET, local);
}

function bit(value: Bytes, index: number): Bytes {
  return and(shr(value, index), constant(1));
}

/** Of 1 all ones, of 0 none. */
function negative(value: Bytes): Bytes {
  return join(constant(0), value, I32_SUB);
}

function add(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_ADD);
}

function and(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_AND);
}

function or(one: Bytes, ...others: readonly Bytes[]): Bytes {
  return others.reduce((joined, other) => join(joined, other, I32_OR), one);
}

function xor(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_XOR);
}

function ne(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_NE);
}

function eqz(value: Bytes): Bytes {
  return join(value, I32_EQZ);
}

function shl(value: Bytes, by: number): Bytes {
  return join(value, constant(by), I32_SHL);
}

function shr(value: Bytes, by: number): Bytes {
  return join(value, constant(by), I32_SHR_U);
}
