import { FS_OOPS, type Geometry, PAGE_FLAGS, pageAt, SLAB_ALLOCATED } from '../../../memory/layout.ts';
import { PG_DIRTY, PG_LOCKED, PG_PRIVATE, PG_UPTODATE, PG_WRITEBACK } from '../../../memory/page-flags.ts';
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
  ge,
  get,
  maskOf,
  ne,
  negative,
  not,
  or,
  set,
  shl,
  shr,
  sub,
  xor,
} from '../../../memory/wasm-expressions.ts';
import type { WasmMemory, WasmModule } from '../../../memory/wasm-instructions.ts';
import {
  EXTENT_BUFFER_DIRTY,
  EXTENT_BUFFER_IN_TREE,
  EXTENT_BUFFER_READING,
  EXTENT_BUFFER_STALE,
  EXTENT_BUFFER_TREE_REF,
  EXTENT_BUFFER_UPTODATE,
  EXTENT_BUFFER_WRITEBACK,
} from './bflags.ts';
import type { KernelSwitches } from './kernel.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_INHIBITORS,
  EB_READ_FAILED,
  EB_REFS,
  EB_REFS_LOCK,
  EB_SLAB,
  EB_TREE_LOCK,
  FOLIO_BEHIND,
  FOLIO_EB_REFS,
  FOLIO_MAPPING,
  FOLIO_PAYLOAD,
  FOLIO_PRIVATE,
  FOLIO_REFCOUNT,
  FS_PRIVATE_LOCK,
  FS_TREE_LOCK,
  FS_TREE_MARKS,
  FS_TREE_SLOT,
  MAPPING_CACHED,
  MAPPING_NONE,
  MARK_DIRTY,
  MARK_TOWRITE,
  MARK_WRITEBACK,
  PAYLOAD_FOREIGN,
  PAYLOAD_MODIFIED,
  PAYLOAD_VERIFIED,
} from './layout.ts';

/**
 * What is wrong with a world at rest, as far as at-rest.ts would see anything: see sound-worlds-code.ts. It calls sound what at-rest.ts does,
 * but for what no model writes: 2^8 inhibitors and more, a `behind` that is neither 0 nor 1, and `eb_refs` of a folio that was freed.
 */

/** Locals: the buffer that is alive and its bits, or 0 and none, a buffer, what folios are to be like, and a folio. */
const ALIVE = OWN_LOCAL;
const BFLAGS: number = OWN_LOCAL + 1;
const USED: number = OWN_LOCAL + 2;
const OWN_BFLAGS: number = OWN_LOCAL + 3;
const EXPECTED: number = OWN_LOCAL + 4;
const IS_ALIVE: number = OWN_LOCAL + 5;
const REFCOUNT: number = OWN_LOCAL + 6;
const EXPECTED_FLAGS: number = OWN_LOCAL + 7;
const CHECKED_FLAGS: number = OWN_LOCAL + 8;
const FLAGS: number = OWN_LOCAL + 9;
const PAYLOAD: number = OWN_LOCAL + 10;
const BEHIND: number = OWN_LOCAL + 11;
const MAPPING: number = OWN_LOCAL + 12;
const IS_FREE: number = OWN_LOCAL + 13;
const LOCALS = 14;

/** 2^4 actors have an inhibitor each, at most. */
const INHIBITORS_BITS = 8;
/** Contents that somebody may use stand side by side: read and sound, changed, and sound but foreign. */
const FIRST_KNOWN: number = Math.min(PAYLOAD_VERIFIED, PAYLOAD_MODIFIED, PAYLOAD_FOREIGN);
const KNOWN = 3;

/** What tells the code of one kernel from that of another. */
type Switches = Pick<KernelSwitches, 'ownsFolios' | 'hasRadixTree' | 'hasMarks'>;

/** By switches and layout: kernels share their code. */
const made = new Map<string, (memory: WasmMemory, geometry: Geometry) => WasmModule>();

/** What gives the code of `CountSound` for a kernel in a layout, on worlds of a shape in a memory. */
export function soundWorldsIn(
  { ownsFolios, hasRadixTree, hasMarks }: Switches,
  isSubpage: boolean,
): (memory: WasmMemory, geometry: Geometry) => WasmModule {
  const key = `${ownsFolios} ${hasRadixTree} ${hasMarks} ${isSubpage}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const judge = ({ pages, buffers, ...geometry }: Geometry): Bytes =>
    join(
      wrongIf(or(word(FS_OOPS), word(FS_TREE_LOCK), word(FS_PRIVATE_LOCK))),
      set(ALIVE, constant(0)),
      set(BFLAGS, constant(0)),
      ...Array.from({ length: buffers }, (_, index) =>
        ofBuffer(bufferAt(ORIGIN, { ...geometry, pages, buffers }, index), hasRadixTree),
      ),
      wrongIf(xor(word(FS_TREE_SLOT), get(ALIVE))),
      hasMarks ? ofMarks() : [],
      beforeFolios(ownsFolios),
      ...Array.from({ length: pages }, (_, index) => ofFolio(pageAt(ORIGIN, index), isSubpage)),
    );
  const modules = soundWorldsOf({ locals: LOCALS, judge });
  made.set(key, modules);
  return modules;
}

/** Of the buffer so many words behind the world's start. */
function ofBuffer(eb: number, hasRadixTree: boolean): Bytes {
  const own = address(eb);
  const bits = get(OWN_BFLAGS);
  const inhibitors = word(eb + EB_INHIBITORS);
  const inFlight = or(bit(bits, EXTENT_BUFFER_READING), bit(bits, EXTENT_BUFFER_WRITEBACK));
  const isNew = eq(word(pageAt(ORIGIN, 0) + FOLIO_PAYLOAD), constant(PAYLOAD_MODIFIED));
  const ofBio = and(negative(bit(bits, EXTENT_BUFFER_READING)), get(BIO_REFERENCES));
  return join(
    // All ones for a buffer in use, and 0 for a free one, whose other words say nothing.
    set(USED, negative(eq(word(eb + EB_SLAB), constant(SLAB_ALLOCATED)))),
    set(OWN_BFLAGS, word(eb + EB_BFLAGS)),
    set(EXPECTED, add(add(bit(bits, EXTENT_BUFFER_TREE_REF), ofBio), inhibitors)),
    wrongIf(
      and(
        get(USED),
        or(
          xor(word(FS_TREE_SLOT), own),
          or(word(eb + EB_REFS_LOCK), word(eb + EB_TREE_LOCK)),
          or(xor(word(eb + EB_REFS), get(EXPECTED)), eqz(get(EXPECTED))),
          shr(inhibitors, INHIBITORS_BITS),
          and(get(IS_IO_DONE), inFlight),
          hasRadixTree ? eqz(bit(bits, EXTENT_BUFFER_IN_TREE)) : constant(0),
          and(word(eb + EB_READ_FAILED), negative(eqz(or(bit(bits, EXTENT_BUFFER_STALE), isNew)))),
        ),
      ),
    ),
    set(ALIVE, or(get(ALIVE), and(own, get(USED)))),
    set(BFLAGS, or(get(BFLAGS), and(bits, get(USED)))),
  );
}

/** Of the marks in the tree: a sync walk may leave TOWRITE to a dirty block. */
function ofMarks(): Bytes {
  const isDirty = bit(get(BFLAGS), EXTENT_BUFFER_DIRTY);
  const isUnderWriteback = bit(get(BFLAGS), EXTENT_BUFFER_WRITEBACK);
  const expected = or(shl(isDirty, MARK_DIRTY), shl(isUnderWriteback, MARK_WRITEBACK));
  return wrongIf(and(xor(word(FS_TREE_MARKS), expected), not(shl(isDirty, MARK_TOWRITE))));
}

/** What is expected of every folio in the page cache. */
function beforeFolios(ownsFolios: boolean): Bytes {
  const isDirty = bit(get(BFLAGS), EXTENT_BUFFER_DIRTY);
  return join(
    set(IS_ALIVE, ne(get(ALIVE), constant(0))),
    // One is that of the page cache.
    set(REFCOUNT, add(constant(1), ownsFolios ? shl(get(IS_ALIVE), 1) : get(IS_ALIVE))),
    set(EXPECTED_FLAGS, or(shl(get(IS_ALIVE), PG_PRIVATE), shl(isDirty, PG_DIRTY))),
    set(
      CHECKED_FLAGS,
      or(
        constant((1 << PG_PRIVATE) | (1 << PG_DIRTY) | (1 << PG_LOCKED)),
        shl(get(IS_IO_DONE), PG_WRITEBACK),
      ),
    ),
  );
}

/** Of the folio so many words behind the world's start. */
function ofFolio(folio: number, isSubpage: boolean): Bytes {
  const isUptodate = or(bit(get(FLAGS), PG_UPTODATE), bit(get(BFLAGS), EXTENT_BUFFER_UPTODATE));
  const isUnknown = ge(sub(get(PAYLOAD), constant(FIRST_KNOWN)), constant(KNOWN));
  const isToBeWritten = or(bit(get(BFLAGS), EXTENT_BUFFER_DIRTY), bit(get(FLAGS), PG_WRITEBACK));
  const isKept = and(isToBeWritten, eq(get(PAYLOAD), constant(PAYLOAD_MODIFIED)));
  return join(
    set(FLAGS, word(folio + PAGE_FLAGS)),
    set(PAYLOAD, word(folio + FOLIO_PAYLOAD)),
    set(BEHIND, word(folio + FOLIO_BEHIND)),
    set(MAPPING, word(folio + FOLIO_MAPPING)),
    // All ones for one that has left the page cache: it was freed with its last reference, and belongs to nobody.
    set(IS_FREE, maskOf(xor(get(MAPPING), constant(MAPPING_CACHED)))),
    wrongIf(and(get(IS_FREE), or(get(IS_ALIVE), get(FLAGS), xor(get(MAPPING), constant(MAPPING_NONE))))),
    wrongIf(xor(word(folio + FOLIO_REFCOUNT), and(get(REFCOUNT), not(get(IS_FREE))))),
    wrongIf(and(xor(get(FLAGS), get(EXPECTED_FLAGS)), get(CHECKED_FLAGS))),
    wrongIf(
      and(negative(get(IS_ALIVE)), xor(word(folio + FOLIO_PRIVATE), isSubpage ? constant(0) : get(ALIVE))),
    ),
    wrongIf(xor(word(folio + FOLIO_EB_REFS), isSubpage ? get(IS_ALIVE) : constant(0))),
    wrongIf(and(isUptodate, isUnknown)),
    wrongIf(and(get(BEHIND), xor(isKept, constant(1)))),
  );
}
