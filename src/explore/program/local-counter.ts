/** Numbers the states and places of all programs of a search. */
export class LocalCounter {
  states = 0;
  readonly #places = new Map<string, number>();

  /** The number of a place. */
  place(name: string): number {
    const known = this.#places.get(name) ?? this.#places.size;
    this.#places.set(name, known);
    return known;
  }
}
