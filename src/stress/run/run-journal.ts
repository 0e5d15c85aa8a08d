import type { Machine } from '../host/machine-facts.ts';
import type { RunHead } from './run-head.ts';
import type { RunRecord } from './run-log.ts';

/** Where a run puts down what it does, and what it goes on from. */
export interface RunJournal {
  /**
   * Before the threads of the run start: says what is run. Hands over what was put down before by a run that was cut, in its order.
   * @throws If that was another run, or if nothing can be put down.
   */
  readonly begin: (head: RunHead, machine: Machine, take: (record: RunRecord) => void) => Promise<RunBegun>;
  /** Puts something down; does not wait until it is there. */
  readonly add: (record: RunRecord) => void;
}

/** Where a run stands that begins. */
export interface RunBegun {
  /** The machine as it was when the run began for the first time. */
  readonly machine: Machine;
  /** Whether it has been run to its end before. */
  readonly isWhole: boolean;
}
