import { type ActorMemory, AtomicsMemory } from '../memory/atomics-memory.ts';
import type { Page } from '../memory/layout.ts';

/** Memory whose `trylockPage` sometimes fails although the page is free: `--trylock-fail`, as the fix's authors did. */
export class UnreliableMemory extends AtomicsMemory {
  readonly #fails: () => boolean;

  constructor(place: ActorMemory, fails: () => boolean) {
    super(place);
    this.#fails = fails;
  }

  override trylockPage(page: Page): boolean {
    return !this.#fails() && super.trylockPage(page);
  }
}
