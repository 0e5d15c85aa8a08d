/** Numbers the states and points of all programs of a search. */
export class LocalCounter {
  states = 0;
  readonly #points = new Map<string, number>();

  /** The number of a point of a program. */
  point(name: string): number {
    const known = this.#points.get(name) ?? this.#points.size;
    this.#points.set(name, known);
    return known;
  }
}
