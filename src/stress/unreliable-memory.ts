import { type ActorMemory, type AtomicsMemory, atomicsMemoryClass } from '../memory/atomics-memory.ts';
import type { Page } from '../memory/layout.ts';

/** Memory whose `trylockPage` sometimes fails although the page is free: `--trylock-fail`, as the fix's authors did. */
export function unreliableMemory(place: ActorMemory, fails: () => boolean): AtomicsMemory {
  const UnreliableMemory = class extends atomicsMemoryClass(place) {
    override trylockPage(page: Page): boolean {
      return !fails() && super.trylockPage(page);
    }
  };
  return new UnreliableMemory();
}
