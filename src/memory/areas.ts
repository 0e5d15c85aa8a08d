import {
  ACTORS_MAX,
  bufferAt,
  EB_OWN,
  EB_PAGES,
  EB_REFS,
  FS_BIO,
  FS_BUFFER_LOCK,
  FS_IO,
  FS_OWN,
  FS_PRIVATE_LOCK,
  FS_TREE_SLOT,
  type FsInfo,
  type Geometry,
  OWN_WORDS,
  pageAt,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_PAYLOAD,
  PAGE_PRIVATE,
  PAGE_REFCOUNT,
  worldWords,
} from './layout.ts';

/** No step may touch the word. */
export const NO_AREA = 0;
/** A word of the file system, its mapping or its block layer. */
export const FS_AREA = 1;
/** A word of a page, but for its flags. */
export const PAGE_AREA = 2;
/** The flags of a page, where its lock is. */
export const PAGE_FLAGS_AREA = 3;
/** A word of buffer b is in area `BUFFER_AREA + b`. */
export const BUFFER_AREA = 4;

/** What belongs where in a world of that shape, by words behind its start: one of the areas. */
export function areasOf(geometry: Geometry): Uint8Array {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an origin, not the address of a world
  const origin = 0 as FsInfo;
  const areas = new Uint8Array(worldWords(geometry));
  const mark = (from: number, words: number, area: number): void => {
    areas.fill(area, from, from + words);
  };
  for (const word of [FS_TREE_SLOT, FS_BUFFER_LOCK, FS_PRIVATE_LOCK, FS_IO]) mark(word, 1, FS_AREA);
  mark(FS_BIO, ACTORS_MAX, FS_AREA);
  mark(FS_OWN, OWN_WORDS, FS_AREA);
  for (let index = 0; index < geometry.pages; index++) {
    const page = pageAt(origin, index);
    mark(page + PAGE_FLAGS, 1, PAGE_FLAGS_AREA);
    for (const word of [PAGE_PRIVATE, PAGE_REFCOUNT, PAGE_PAYLOAD]) mark(page + word, 1, PAGE_AREA);
    mark(page + PAGE_OWN, OWN_WORDS, PAGE_AREA);
  }
  for (let index = 0; index < geometry.buffers; index++) {
    const eb = bufferAt(origin, geometry, index);
    mark(eb + EB_REFS, EB_PAGES - EB_REFS + 1, BUFFER_AREA + index);
    mark(eb + EB_OWN, OWN_WORDS, BUFFER_AREA + index);
  }
  return areas;
}
