/** One timed slice of one arm. */
export interface BlockResult {
  /** 0-based: the order in which the blocks ran, over all arms. */
  readonly order: number;
  /** Blocks of different arms in the same round ran next to each other. */
  readonly round: number;
  /** Which start of the worker threads it belongs to, 0-based. */
  readonly start: number;
  readonly seed: number;
  readonly seconds: number;
  readonly trials: number;
  readonly violations: number;
  /** Core-to-core round trip measured at its start, in ns; null where it could not be. */
  readonly roundTripNs: number | null;
  /** What the host did meanwhile; null where the system does not tell. */
  readonly host: HostConditions | null;
  /** Why the block does not count for rates; null if it does. */
  readonly rejected: Rejection | null;
}

/**
 * Why a block is left out of rates, never of the counts of violations: it was the arm's first after a start, in which V8 still compiles; the
 * actors did not answer each other at its start; other processes took more than a quarter of a processor from them; the
 * hypervisor gave more than a quarter of the processors' time to others; or it ended after less than half its time.
 */
export type Rejection = 'warm-up' | 'apart' | 'busy' | 'stolen' | 'short';

/** What the host did to a block. */
export interface HostConditions {
  /** By actor: how often the system took its processor away; null where it does not tell. */
  readonly preemptions: readonly number[] | null;
  /** By actor: how often its thread went to sleep, once at the gate included; null where the system does not tell. */
  readonly sleeps: readonly number[] | null;
  /** Share of the processors' time that the hypervisor gave to other machines; null where the system does not tell. */
  readonly steal: number | null;
  /** Processors that other processes kept busy; null where the system does not tell. */
  readonly othersBusy: number | null;
}
