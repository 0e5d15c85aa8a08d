import type { BlockResult, HostConditions, InstanceBlock, Rejection } from '../plan/block-result.ts';

/** In the order of their numbers in a row; 0 is none. */
const REJECTIONS: readonly Rejection[] = ['warm-up', 'apart', 'busy', 'stolen', 'short'];
/** Rows that are allocated at once: some three minutes of blocks. */
const CHUNK_ROWS = 1024;
/** Whole numbers of a row: order, round, seed, trials, violations, rejection, start, alone, then two per actor, then those of instances. */
const ORDER = 0;
const ROUND = 1;
const SEED = 2;
const TRIALS = 3;
const VIOLATIONS = 4;
const REJECTION = 5;
const START = 6;
const ALONE = 7;
const PER_ACTOR = 8;
/** Whole numbers of an instance: whether it played, trials, violations. */
const PLAYED = 0;
const TRIALS_OF = 1;
const VIOLATIONS_OF = 2;
const PER_INSTANCE = 3;
/** Values of PLAYED; 0 is not. */
const TOGETHER = 1;
const APART = 2;
/** Fractions of a row: seconds, round trip, steal, others, then the round trips of instances; NaN is null. */
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

/** Where the actors of a start are. */
export interface StartPlaces {
  /** Undefined: as the system has it. */
  readonly placement: string | undefined;
  /** By instance and actor; null where the system has placed them. */
  readonly processors: readonly (readonly number[] | null)[];
}

/** What a log has to have room for. */
export interface BlockLogShape {
  readonly actors: number;
  /** 0 where blocks do not tell of their instances. */
  readonly instances: number;
  /** By start: what blocks are not asked for. */
  readonly places: (start: number) => StartPlaces | undefined;
}

/**
 * The blocks of an arm, as numbers in typed arrays: 80 bytes each with two actors, a quarter of what they take as objects.
 * A run of an hour has 20,000 of them, and a longer one no more than four times as many.
 */
export class BlockLog {
  readonly #shape: BlockLogShape;
  readonly #wholes: number;
  readonly #fractions: number;
  readonly #chunks: Chunk[] = [];
  #length = 0;

  constructor(shape: BlockLogShape) {
    this.#shape = shape;
    this.#wholes = PER_ACTOR + 2 * shape.actors + PER_INSTANCE * shape.instances;
    this.#fractions = FRACTIONS + shape.instances;
  }

  add(block: BlockResult): void {
    const row = this.#length % CHUNK_ROWS;
    if (row === 0) {
      this.#chunks.push({
        whole: new Int32Array(CHUNK_ROWS * this.#wholes),
        fractions: new Float64Array(CHUNK_ROWS * this.#fractions),
      });
    }
    this.#length++;
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined) return;
    const { order, round, start, seed, trials, violations, rejected, seconds, roundTripNs, host } = block;
    const preemptions = host?.preemptions ?? this.#unknown();
    const sleeps = host?.sleeps ?? this.#unknown();
    const rejection = rejected === null ? 0 : REJECTIONS.indexOf(rejected) + 1;
    const alone = block.alone === true ? 1 : 0;
    chunk.whole.set(
      [order, round, seed, trials, violations, rejection, start, alone, ...preemptions, ...sleeps],
      row * this.#wholes,
    );
    chunk.fractions.set(
      [seconds, roundTripNs ?? NaN, host?.steal ?? NaN, host?.othersBusy ?? NaN],
      row * this.#fractions,
    );
    for (const { instance, apart, ...of } of block.instances ?? []) {
      const at = row * this.#wholes + this.#instanceBase + instance * PER_INSTANCE;
      chunk.whole.set([apart === true ? APART : TOGETHER, of.trials, of.violations], at);
      chunk.fractions[row * this.#fractions + FRACTIONS + instance] = of.roundTripNs ?? NaN;
    }
  }

  /** All of them, made anew. */
  results(): BlockResult[] {
    return Array.from({ length: this.#length }, (_, index) => {
      const chunk = this.#chunks[Math.floor(index / CHUNK_ROWS)];
      const row = index % CHUNK_ROWS;
      return this.#result(
        chunk?.whole.subarray(row * this.#wholes, (row + 1) * this.#wholes) ?? new Int32Array(),
        chunk?.fractions.subarray(row * this.#fractions, (row + 1) * this.#fractions) ?? new Float64Array(),
      );
    });
  }

  get #instanceBase(): number {
    return PER_ACTOR + 2 * this.#shape.actors;
  }

  #result(whole: Int32Array, fractions: Float64Array): BlockResult {
    const roundTripNs = fractions[ROUND_TRIP] ?? NaN;
    const start = whole[START] ?? 0;
    const places = this.#shape.places(start);
    const instances = this.#instances(whole, fractions, places);
    return {
      order: whole[ORDER] ?? 0,
      round: whole[ROUND] ?? 0,
      start,
      seed: (whole[SEED] ?? 0) >>> 0,
      seconds: fractions[SECONDS] ?? 0,
      // Those of many instances together may be more than a whole number of a row holds.
      trials: sumOf(instances, 'trials') ?? whole[TRIALS] ?? 0,
      violations: sumOf(instances, 'violations') ?? whole[VIOLATIONS] ?? 0,
      roundTripNs: orNull(roundTripNs),
      host: this.#host(whole, fractions),
      rejected: REJECTIONS[(whole[REJECTION] ?? 0) - 1] ?? null,
      ...(places?.placement !== undefined && { placement: places.placement }),
      ...(instances.length > 0 && { instances }),
      ...(whole[ALONE] === 1 && { alone: true }),
    };
  }

  #instances(whole: Int32Array, fractions: Float64Array, places: StartPlaces | undefined): InstanceBlock[] {
    return Array.from({ length: this.#shape.instances }, (_, instance): InstanceBlock[] => {
      const at = this.#instanceBase + instance * PER_INSTANCE;
      const played = whole[at + PLAYED];
      if (played === 0) return [];
      const found: InstanceBlock = {
        instance,
        trials: whole[at + TRIALS_OF] ?? 0,
        violations: whole[at + VIOLATIONS_OF] ?? 0,
        roundTripNs: orNull(fractions[FRACTIONS + instance] ?? NaN),
        processors: places?.processors[instance] ?? null,
      };
      return [played === APART ? { ...found, apart: true } : found];
    }).flat();
  }

  #host(whole: Int32Array, fractions: Float64Array): HostConditions | null {
    const preemptions = this.#switches(whole, PER_ACTOR);
    const sleeps = this.#switches(whole, PER_ACTOR + this.#shape.actors);
    const steal = orNull(fractions[STEAL] ?? NaN);
    const othersBusy = orNull(fractions[OTHERS_BUSY] ?? NaN);
    const isKnown = preemptions !== null || sleeps !== null || steal !== null || othersBusy !== null;
    return isKnown ? { preemptions, sleeps, steal, othersBusy } : null;
  }

  #switches(whole: Int32Array, from: number): number[] | null {
    return whole[from] === UNKNOWN ? null : [...whole.subarray(from, from + this.#shape.actors)];
  }

  #unknown(): number[] {
    return Array.from({ length: this.#shape.actors }, () => UNKNOWN);
  }
}

function sumOf(instances: readonly InstanceBlock[], of: 'trials' | 'violations'): number | undefined {
  return instances.length === 0 ? undefined : instances.reduce((sum, instance) => sum + instance[of], 0);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
