/** One entry of a schedule: an actor takes its pending step, in one of the ways it has. */
export interface Move {
  readonly actor: number;
  /** 0 unless the step has several ways: see `Machine.choices`. */
  readonly choice: number;
}
