/** What raises the rates of a run above what the machine shows of itself. */

/** `tuned`: the setting was searched for; `offset`: a start offset was given. */
export type Amplification = 'delayed' | 'jittered' | 'stalled' | 'trylock-failing' | 'tuned' | 'offset';

/** Random waits of the actors. */
export interface Waits {
  /** `--jitter`: before each trial every actor waits between 0 and so many ns; 0 is none. */
  readonly jitterNs: number;
  /** `--stall`: probability that an actor is held up at a point that it reaches; 0 is never. */
  readonly stall: number;
  /** `--stall-max`: the longest stall in ns; stalls are log-uniform from 1000 ns on. */
  readonly stallMaxNs: number;
}
