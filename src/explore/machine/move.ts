/** One entry of a schedule: an actor takes its pending step, in one of the ways it has; or a store that waits becomes visible. */
export interface Move {
  /** Behind the numbers of all actors, those of their store buffers: see `Machine.moverCount`. */
  readonly actor: number;
  /** 0 unless the step has several ways: see `Machine.choices`. */
  readonly choice: number;
}
