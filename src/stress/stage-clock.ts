/** What an actor does between two rendezvous, and at them. */
export const STAGES = ['trial', 'collection', 'reset', 'rendezvous'] as const;

/** Sums up how long an actor spends in each stage of a block: `--profile`. */
export class StageClock {
  readonly #ms: Float64Array = new Float64Array(STAGES.length);
  #since = 0;

  /** A block begins. */
  start(): void {
    this.#ms.fill(0);
    this.#since = performance.now();
  }

  /** The stage with the given index ends now, and began when the one before ended. */
  lap(stage: number): void {
    const now = performance.now();
    this.#ms[stage] = (this.#ms[stage] ?? 0) + now - this.#since;
    this.#since = now;
  }

  /** Microseconds of a stage in this block. */
  microseconds(stage: number): number {
    return Math.round((this.#ms[stage] ?? 0) * 1000);
  }
}
