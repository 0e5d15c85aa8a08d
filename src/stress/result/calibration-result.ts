/** What threads showed of the order of their accesses before a run in which stores are to wait. */

/** One test. */
export interface CalibrationTest {
  readonly name: string;
  /** Whether the outcome that no order of the accesses explains has to come about, or must not. */
  readonly wants: 'some' | 'none';
  readonly trials: number;
  /** Trials with that outcome. */
  readonly unexplained: number;
  /** Trials in which the actors came between each other without it: where there are none, its absence says nothing. */
  readonly crossed: number;
}

/** All of them. */
export interface Calibrated {
  readonly tests: readonly CalibrationTest[];
  /**
   * `x86`: stores wait, and nothing else does. `no-buffers`: no store was seen to wait, or the actors hardly met, so that a zero
   * says nothing. `other-order`: something happened that no x86-64 does, so that a violation says nothing either.
   */
  readonly shows: 'x86' | 'no-buffers' | 'other-order';
}

/** What is said of it in a result. */
export interface Calibration extends Calibrated {
  /** The control of the run that violates only where stores wait; null where none is known of its scenario. */
  readonly control: string | null;
}

/** What these tests show. */
export function calibrationOf(tests: readonly CalibrationTest[]): Calibrated {
  if (tests.some(({ wants, unexplained }) => wants === 'none' && unexplained > 0))
    return { tests, shows: 'other-order' };
  const isShown =
    tests.length > 0 &&
    tests.every(({ wants, unexplained, crossed }) => (wants === 'some' ? unexplained > 0 : crossed > 0));
  return { tests, shows: isShown ? 'x86' : 'no-buffers' };
}
