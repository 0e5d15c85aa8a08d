import type { RunOptions } from '../plan/options.ts';

/** What `window` takes; validated by the caller, resolved by the engine. */
export interface WindowOptions extends Pick<
  RunOptions,
  | 'scenario'
  | 'start'
  | 'actors'
  | 'pages'
  | 'seed'
  | 'instances'
  | 'placement'
  | 'signal'
  | 'onProgress'
  | 'onMemory'
> {
  readonly strategy: string;
  /** Offsets of a profile, at most. */
  readonly points: number;
  /** First and last offset in ns. */
  readonly rangeNs: readonly [number, number];
  /** Wall time of the whole, or trials per point, last toucher and strategy. */
  readonly budget: RunOptions['budget'];
}
