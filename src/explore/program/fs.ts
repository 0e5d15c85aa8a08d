import { type FsInfo, LINE_WORDS } from '../../memory/layout.ts';

/** Where the one world of a search lies. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any address but NULL will do
export const FS: FsInfo = LINE_WORDS as FsInfo;
