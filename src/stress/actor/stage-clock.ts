import { STAGES } from '../plan/stages.ts';

/** Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const clock = performance.now.bind(performance);

/** Sums up how long an actor spends in each stage of a block: `--profile`. */
export class StageClock {
  readonly #ms: Float64Array = new Float64Array(STAGES.length);
  #since = 0;

  /** A block begins. */
  start(): void {
    this.#ms.fill(0);
    this.#since = clock();
  }

  /** The stage with the given index ends now, and began when the one before ended. */
  lap(stage: number): void {
    const now = clock();
    this.#ms[stage] = (this.#ms[stage] ?? 0) + now - this.#since;
    this.#since = now;
  }

  /** Microseconds of a stage in this block. */
  microseconds(stage: number): number {
    return Math.round((this.#ms[stage] ?? 0) * 1000);
  }
}
