import { type Geometry, worldWords } from './layout.ts';
import type { FieldWord } from './schema.ts';
import { isForSteps, fieldWordsOf } from './structures.ts';

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
  const areas = new Uint8Array(worldWords(geometry));
  for (const [offset, place] of fieldWordsOf(geometry)) areas[offset] = areaOf(place);
  return areas;
}

function areaOf(place: FieldWord): number {
  const { structure, index, field } = place;
  if (!isForSteps(place)) return NO_AREA;
  if (structure.count === 'one') return FS_AREA;
  if (structure.count === 'buffers') return BUFFER_AREA + index;
  return field.kind === 'flags' && field.lock !== undefined ? PAGE_FLAGS_AREA : PAGE_AREA;
}
