import type { Prng } from '../../../src/stats/prng.ts';

/** Choices of a generator, all from one seed. */
export class Pick {
  readonly #prng: Prng;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.#prng.nextFloat() < probability;
  }

  /** From 0 to below `count`. */
  below(count: number): number {
    return this.#prng.nextBelow(count);
  }

  one<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }

  /** One of the lists, then one of its items. */
  oneOf<Item>(...lists: readonly (readonly Item[])[]): Item {
    return this.one(this.one(lists));
  }
}
