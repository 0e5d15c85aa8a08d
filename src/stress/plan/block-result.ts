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
  /** Core-to-core round trip measured at its start, in ns; null where it could not be. The median of several instances. */
  readonly roundTripNs: number | null;
  /** What the host did meanwhile; null where the system does not tell. */
  readonly host: HostConditions | null;
  /** Why the block does not count for rates; null if it does. */
  readonly rejected: Rejection | null;
  /** The class of its start's placement; absent where that is as the system has it. */
  readonly placement?: string;
  /**
   * Those instances that played in it: trials and violations are their sums, and seconds their mean. Absent where a run has one
   * instance and leaves its placement to the system.
   */
  readonly instances?: readonly InstanceBlock[];
  /** Of a run with several instances, one played while the others were idle: shows what they do to each other, and counts for no rate. */
  readonly alone?: true;
}

/** What one of the instances of a run did in a block. */
export interface InstanceBlock {
  /** 0-based. */
  readonly instance: number;
  readonly trials: number;
  readonly violations: number;
  /** As that of the block. */
  readonly roundTripNs: number | null;
  /** By actor: the processor that it was kept on; null where the system placed the actors. */
  readonly processors: readonly number[] | null;
  /** Its actors had processors of their own and did not answer each other: its trials count for no rate. */
  readonly apart?: true;
}

/**
 * Why a block is left out of rates, never of the counts of violations: it was the arm's first after a start, in which V8 still compiles; the
 * actors did not answer each other at its start; other processes took more than a quarter of a processor from them; the
 * hypervisor gave more than a quarter of the processors' time to others; or it ended after less than half its time.
 */
export type Rejection = 'warm-up' | 'apart' | 'busy' | 'stolen' | 'short';

/** What the host did to a block. */
export interface HostConditions {
  /** By actor, of several instances by those of the first that played: how often the system took its processor away; null where it does not tell. */
  readonly preemptions: readonly number[] | null;
  /** The same of how often its thread went to sleep, once at the gate included; null where the system does not tell. */
  readonly sleeps: readonly number[] | null;
  /** Share of the processors' time that the hypervisor gave to other machines; null where the system does not tell. */
  readonly steal: number | null;
  /** Processors that other processes kept busy; null where the system does not tell. */
  readonly othersBusy: number | null;
}
