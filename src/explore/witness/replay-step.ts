/** The steps of a replay, as data. */

/** One step of a replay. */
export interface ReplayStep {
  /** 1-based. */
  readonly number: number;
  readonly actor: number;
  /** `finder`, or `finder#1` where there are several. */
  readonly label: string;
  /** Whether another actor moved before. */
  readonly isSwitch: boolean;
  /** Whether this is no step but a store of the actor that becomes visible. @default false */
  readonly isVisible?: true;
  /** Whether the schedule had ended, and this is how the trial went on. */
  readonly isBeyond: boolean;
  /** The operation and the kernel functions that it is inside of, each with its arguments, outermost first: `try_release_extent_buffer(64)`. */
  readonly functions: readonly string[];
  /** The kernel's name of the access. */
  readonly operation: string;
  /** What it accesses: `eb0.refs`, `page3.flags:LOCKED`, `private_lock`; '' if nothing. */
  readonly field: string;
  /** What it writes or expects, as text; '' if nothing. */
  readonly operand: string;
  /** What it returned, as text; '' if nothing. */
  readonly result: string;
  /** The words that it changed. */
  readonly changes: readonly WordChange[];
  /** The state after it. */
  readonly after: ReplayState;
}

/** One changed word. */
export interface WordChange {
  readonly word: string;
  readonly before: string;
  readonly after: string;
}

/** What a reader of the table follows. */
export interface ReplayState {
  /** The extent_buffers in use, with the columns that the scenario declares; absent where it declares none. */
  readonly buffers?: readonly ReplayedBuffer[];
  /** Locks that are taken, each with the label of the actor that took it. */
  readonly locks: readonly { readonly name: string; readonly owner: string }[];
}

/** Of an extent_buffer: its name, and its values by field. */
export interface ReplayedBuffer {
  readonly name: string;
  readonly [field: string]: string | number | boolean;
}
