/** The machine and the program. */
export interface Environment {
  /** Version of ebtorture. */
  readonly version: string;
  /** Commit of the project, `-dirty` behind it where the work tree differs; null outside a checkout. */
  readonly commit: string | null;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpuModel: string;
  /** Processors this process may use. */
  readonly cpuCount: number;
  /** Cores these processors lie on: fewer where two share one; null where the system does not tell. */
  readonly coreCount: number | null;
  /** By actor, those of one instance after the other: the processor that each was kept on in the last start; null where the system placed them. */
  readonly pinnedTo: readonly number[] | null;
  readonly jit: JitTier;
  /** Core-to-core round trip in ns: median over the blocks; null where the actors did not run side by side. */
  readonly roundTripNs: number | null;
  /** What else the machine did during the run; null where the system does not tell. */
  readonly load: HostLoad | null;
}

/** The highest compiler of V8 that may run, and the flags that bear on it. */
export interface JitTier {
  readonly tier: 'TurboFan' | 'Maglev' | 'Sparkplug' | 'Ignition';
  readonly flags: readonly string[];
}

/** Means over the time of the blocks. */
export interface HostLoad {
  /** Processors that other processes kept busy. */
  readonly othersBusy: number;
  /** Share of the processors' time that the hypervisor gave to other machines. */
  readonly steal: number;
  /** How often a second the system took the processor away from an actor; null where it does not tell. */
  readonly preemptionsPerSecond: number | null;
}
