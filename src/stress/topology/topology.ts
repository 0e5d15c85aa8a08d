/** What a system tells of its processors. Plain data; src/stress/host reads it. */

/** A processor that this process may use and that is online. */
export interface Processor {
  /** The system's number of it, 0 or above. */
  readonly number: number;
  /**
   * What it lies in, from the inside: a core, what shares a cache of the second and of the third level, a die, a package. Numbers
   * count from 0 in order of the lowest online processor of each, over the whole machine; null where the system does not tell.
   */
  readonly core: number | null;
  readonly l2: number | null;
  readonly l3: number | null;
  readonly die: number | null;
  readonly package: number | null;
  /** NUMA node, by the system's number; null where the system does not tell. */
  readonly node: number | null;
  /** The other processors of the core that are online, whether or not this process may use them; null where the core is not known. */
  readonly siblings: readonly number[] | null;
  /** Speed as a share of the fastest processor's, in 1,024ths; null where the system does not tell. */
  readonly capacity: number | null;
  /** What kind of core it is, such as `Cortex-A55`; null where the system does not tell, or has only one. */
  readonly coreType: string | null;
}

/** Where a topology is known from. */
export type TopologySource = 'lscpu' | 'sysfs' | 'nothing';

/** The processors, and how they lie. */
export interface Topology {
  /** Those that this process may use and that are online, by number; at least one. */
  readonly processors: readonly Processor[];
  /** Processors of the machine that are online, whether or not this process may use them; null where the system does not tell. */
  readonly onlineCount: number | null;
  /** Numbers of those that are there, and offline; null where the system does not tell. */
  readonly offline: readonly number[] | null;
  /** Processors' worth of time that the control group allows, such as 2.5; null without a limit, or where the system does not tell. */
  readonly quota: number | null;
  readonly knownFrom: TopologySource;
  /** What is not known, and why, a sentence each. */
  readonly unknown: readonly string[];
}
