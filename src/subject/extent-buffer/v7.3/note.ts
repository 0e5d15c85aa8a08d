import { LifeNote } from '../life/note.ts';

/** What is noted of folios, behind the bits of `LifeNote`. */
const OF_FOLIOS = {
  /** reclaim took a folio out of the page cache and freed it. */
  FolioFreed: 0x8000000,
  /** reclaim found a reference of the folio that is not its own, and left it in the page cache. */
  FreezeFailed: 0x10000000,
} as const;

/** What an actor notes of its way through a trial: the words of the generations before, and those of folios. */
export const Note: typeof OF_FOLIOS & typeof LifeNote = { ...LifeNote, ...OF_FOLIOS };

/** One of the bits of `Note`. */
export type NoteBit = (typeof Note)[keyof typeof Note];
