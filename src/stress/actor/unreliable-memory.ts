import { type AtomicsMemory, atomicsMemoryClass } from '../../memory/atomics-memory.ts';
import type { ActorMemory } from '../../memory/actor-memory.ts';
import type { Page } from '../../memory/layout.ts';

/** The class of a memory whose `trylockPage` sometimes fails although the page is free: `--trylock-fail`, as the fix's authors did. */
export function unreliableMemoryClass(place: ActorMemory, fails: () => boolean): new () => AtomicsMemory {
  return class extends atomicsMemoryClass(place) {
    override trylockPage(page: Page): boolean {
      return !fails() && super.trylockPage(page);
    }
  };
}
