import type { BlockResult, HostConditions, Rejection } from '../plan/block-result.ts';

/** In the order of their numbers in a row; 0 is none. */
const REJECTIONS: readonly Rejection[] = ['warm-up', 'apart', 'busy', 'stolen', 'short'];
/** Rows that are allocated at once: some three minutes of blocks. */
const CHUNK_ROWS = 1024;
/** Whole numbers of a row: order, round, seed, trials, violations, rejection, start, then two per actor. */
const ORDER = 0;
const ROUND = 1;
const SEED = 2;
const TRIALS = 3;
const VIOLATIONS = 4;
const REJECTION = 5;
const START = 6;
const PER_ACTOR = 7;
/** Fractions of a row: seconds, round trip, steal, others; NaN is null. */
const SECONDS = 0;
const ROUND_TRIP = 1;
const STEAL = 2;
const OTHERS_BUSY = 3;
const FRACTIONS = 4;
/** In place of the first count of switches where the system does not tell any. */
const UNKNOWN = -1;

interface Chunk {
  readonly whole: Int32Array;
  readonly fractions: Float64Array;
}

/**
 * The blocks of an arm, as numbers in typed arrays: 76 bytes each with two actors, a quarter of what they take as objects.
 * A run of an hour has 20,000 of them, and a longer one no more than four times as many.
 */
export class BlockLog {
  readonly #actors: number;
  readonly #wholes: number;
  readonly #chunks: Chunk[] = [];
  #length = 0;

  constructor(actors: number) {
    this.#actors = actors;
    this.#wholes = PER_ACTOR + 2 * actors;
  }

  add(block: BlockResult): void {
    const row = this.#length % CHUNK_ROWS;
    if (row === 0) {
      this.#chunks.push({
        whole: new Int32Array(CHUNK_ROWS * this.#wholes),
        fractions: new Float64Array(CHUNK_ROWS * FRACTIONS),
      });
    }
    this.#length++;
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined) return;
    const { order, round, start, seed, trials, violations, rejected, seconds, roundTripNs, host } = block;
    const preemptions = host?.preemptions ?? this.#unknown();
    const sleeps = host?.sleeps ?? this.#unknown();
    const rejection = rejected === null ? 0 : REJECTIONS.indexOf(rejected) + 1;
    chunk.whole.set(
      [order, round, seed, trials, violations, rejection, start, ...preemptions, ...sleeps],
      row * this.#wholes,
    );
    chunk.fractions.set(
      [seconds, roundTripNs ?? NaN, host?.steal ?? NaN, host?.othersBusy ?? NaN],
      row * FRACTIONS,
    );
  }

  /** All of them, made anew. */
  results(): BlockResult[] {
    return Array.from({ length: this.#length }, (_, index) => {
      const chunk = this.#chunks[Math.floor(index / CHUNK_ROWS)];
      const row = index % CHUNK_ROWS;
      return this.#result(
        chunk?.whole.subarray(row * this.#wholes, (row + 1) * this.#wholes) ?? new Int32Array(),
        chunk?.fractions.subarray(row * FRACTIONS, (row + 1) * FRACTIONS) ?? new Float64Array(),
      );
    });
  }

  #result(whole: Int32Array, fractions: Float64Array): BlockResult {
    const roundTripNs = fractions[ROUND_TRIP] ?? NaN;
    return {
      order: whole[ORDER] ?? 0,
      round: whole[ROUND] ?? 0,
      start: whole[START] ?? 0,
      seed: (whole[SEED] ?? 0) >>> 0,
      seconds: fractions[SECONDS] ?? 0,
      trials: whole[TRIALS] ?? 0,
      violations: whole[VIOLATIONS] ?? 0,
      roundTripNs: orNull(roundTripNs),
      host: this.#host(whole, fractions),
      rejected: REJECTIONS[(whole[REJECTION] ?? 0) - 1] ?? null,
    };
  }

  #host(whole: Int32Array, fractions: Float64Array): HostConditions | null {
    const preemptions = this.#switches(whole, PER_ACTOR);
    const sleeps = this.#switches(whole, PER_ACTOR + this.#actors);
    const steal = orNull(fractions[STEAL] ?? NaN);
    const othersBusy = orNull(fractions[OTHERS_BUSY] ?? NaN);
    const isKnown = preemptions !== null || sleeps !== null || steal !== null || othersBusy !== null;
    return isKnown ? { preemptions, sleeps, steal, othersBusy } : null;
  }

  #switches(whole: Int32Array, from: number): number[] | null {
    return whole[from] === UNKNOWN ? null : [...whole.subarray(from, from + this.#actors)];
  }

  #unknown(): number[] {
    return Array.from({ length: this.#actors }, () => UNKNOWN);
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
