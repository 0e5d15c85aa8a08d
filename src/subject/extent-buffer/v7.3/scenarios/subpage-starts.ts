import { pageAt, PAGE_FLAGS } from '../../../../memory/layout.ts';
import { PG_PRIVATE } from '../../../../memory/page-flags.ts';
import { FOLIO_EB_REFS, FOLIO_PRIVATE } from '../layout.ts';
import { type KernelName, kernels } from '../kernel.ts';
import type { Reset } from './starts.ts';

/** A start of the normal layout in that of subpage.ts: folios that belong to a buffer have a state, which counts it. */
export function inSubpage(reset: Reset): Reset {
  return (words, geometry, fs) => {
    reset(words, geometry, fs);
    for (let index = 0; index < geometry.pages; index++) {
      const folio = pageAt(fs, index);
      if (((words[folio + PAGE_FLAGS] ?? 0) & (1 << PG_PRIVATE)) === 0) continue;
      words[folio + FOLIO_PRIVATE] = 0;
      words[folio + FOLIO_EB_REFS] = 1;
    }
  };
}

/** The kernel that a race of the buffer_tree is played on where another one was asked for: one that has it. */
export function withBufferTree(kernel: KernelName): KernelName {
  return kernels[kernel].hasRadixTree ? '6.18' : kernel;
}
