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
import { FS_OOPS, type Geometry, PAGE_FLAGS, pageAt, SLAB_ALLOCATED } from '../../../memory/layout.ts';
import { PG_LOCKED, PG_PRIVATE, PG_UPTODATE } from '../../../memory/page-flags.ts';
import {
  address,
  BIO_REFERENCES,
  IS_IO_DONE,
  ORIGIN,
  OWN_LOCAL,
  soundWorldsOf,
  word,
  wrongIf,
} from '../../../memory/sound-worlds-code.ts';
import { type Bytes, constant, join } from '../../../memory/wasm-encoding.ts';
import {
  add,
  and,
  bit,
  eq,
  eqz,
  get,
  maskOf,
  negative,
  ne,
  or,
  set,
  shl,
  xor,
} from '../../../memory/wasm-expressions.ts';
import type { WasmMemory, WasmModule } from '../../../memory/wasm-instructions.ts';
import {
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
} from './bflags.ts';

/**
 * What is wrong with a world at rest, as far as quiescence.ts would see anything: see sound-worlds-code.ts. What happens to one page of a
 * block happens to all of them, but where an actor gave up between two, so that one page is checked and the others are compared with it.
 */

/** Locals: what the world comes to, one buffer of it, and the first page. */
const SLOT = OWN_LOCAL;
const USED: number = OWN_LOCAL + 1;
const BFLAGS: number = OWN_LOCAL + 2;
const IO_PAGES: number = OWN_LOCAL + 3;
const EXPECTED: number = OWN_LOCAL + 4;
const ALIVE: number = OWN_LOCAL + 5;
const ATTACHED: number = OWN_LOCAL + 6;
const IN_FLIGHT: number = OWN_LOCAL + 7;
const IS_UPTODATE: number = OWN_LOCAL + 8;
const FLAGS: number = OWN_LOCAL + 9;
const LOCALS = 10;

/** The code of `CountSound` on worlds of a shape in a memory. */
export const soundWorldsModule: (memory: WasmMemory, geometry: Geometry) => WasmModule = soundWorldsOf({
  locals: LOCALS,
  judge,
});

function judge(geometry: Geometry): Bytes {
  const { pages, buffers } = geometry;
  const parts: Bytes[] = [
    set(SLOT, word(FS_TREE_SLOT)),
    wrongIf(or(word(FS_OOPS), word(FS_BUFFER_LOCK), word(FS_PRIVATE_LOCK))),
  ];
  for (const local of [ALIVE, ATTACHED, IN_FLIGHT, IS_UPTODATE]) parts.push(set(local, constant(0)));
  for (let index = 0; index < buffers; index++) parts.push(ofBuffer(bufferAt(ORIGIN, geometry, index)));
  const first = pageAt(ORIGIN, 0);
  const isPrivate = bit(get(FLAGS), PG_PRIVATE);
  const isUptodate = or(bit(get(FLAGS), PG_UPTODATE), get(IS_UPTODATE));
  parts.push(
    wrongIf(xor(get(SLOT), get(ALIVE))),
    // One page is checked, and all others are like it.
    wrongIf(and(maskOf(get(ATTACHED)), xor(get(ATTACHED), constant(pages)))),
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
  const own = address(eb);
  const hasTreeRef = bit(get(BFLAGS), EXTENT_BUFFER_TREE_REF);
  const isStale = bit(get(BFLAGS), EXTENT_BUFFER_STALE);
  const isInTree = bit(get(BFLAGS), EXTENT_BUFFER_IN_TREE);
  const ofRead = and(maskOf(get(IO_PAGES)), get(BIO_REFERENCES));
  return join(
    // All ones for a buffer in use, and 0 for a free one, whose other words say nothing.
    set(USED, negative(eq(word(eb + EB_SLAB), constant(SLAB_ALLOCATED)))),
    set(BFLAGS, and(word(eb + EB_BFLAGS), get(USED))),
    set(IO_PAGES, and(word(eb + EB_IO_PAGES), get(USED))),
    set(EXPECTED, add(hasTreeRef, ofRead)),
    wrongIf(
      and(
        get(USED),
        or(
          or(xor(get(SLOT), own), eqz(isInTree)),
          or(word(eb + EB_REFS_LOCK), or(xor(word(eb + EB_REFS), get(EXPECTED)), eqz(get(EXPECTED)))),
          and(word(eb + EB_READ_FAILED), negative(eqz(isStale))),
        ),
      ),
    ),
    set(ALIVE, or(get(ALIVE), and(own, get(USED)))),
    set(ATTACHED, or(get(ATTACHED), and(word(eb + EB_PAGES), get(USED)))),
    set(IN_FLIGHT, or(get(IN_FLIGHT), get(IO_PAGES))),
    set(IS_UPTODATE, or(get(IS_UPTODATE), bit(get(BFLAGS), EXTENT_BUFFER_UPTODATE))),
  );
}
