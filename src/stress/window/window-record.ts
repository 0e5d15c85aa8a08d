/** What a profile puts down while it goes, in the order in which it happens: all that its result is made of. */
import type { Machine } from '../host/machine-facts.ts';
import type { HostTime } from '../host/host-load.ts';
import type { StartRecord } from '../plan/run-record.ts';
import type { RunBegun } from '../run/run-journal.ts';
import type { WindowHead } from './window-head.ts';
import type { WindowOptions } from './window-options.ts';
import type { Visit } from './window-visit.ts';

/** What every record but that of a start has. */
interface Done {
  /** Wall time of the profile so far, the pauses between its parts left out, in ms. */
  readonly elapsedMs: number;
  /** Blocks so far, those that count for nothing included. */
  readonly blocks: number;
  /** What the host did since the record before. */
  readonly host: HostTime;
}

/** The first look is done: where the visits that count are made. */
export interface OffsetsRecord extends Done {
  readonly kind: 'offsets';
  /** In ns. */
  readonly offsets: readonly number[];
}

/** A visit without what all visits of its record have in common. */
export type CountedVisit = Omit<Visit, 'start' | 'sweep' | 'placement'>;

/** Some visits have been made, one after the other. */
export interface VisitsRecord extends Done {
  readonly kind: 'visits';
  /** Start of the threads, 0-based; its class of placement, absent where the system placed the actors. */
  readonly start: number;
  readonly placement?: string;
  /** Which of the starts that were planned it belongs to: several, where the profile was cut in it. */
  readonly planned: number;
  /** Which sweep over all offsets of the planned start. */
  readonly sweep: number;
  readonly visits: readonly CountedVisit[];
}

/** Anything that a profile puts down. */
export type WindowRecord = StartRecord | OffsetsRecord | VisitsRecord;

/** Where a profile puts down what it does, and what it goes on from: as `RunJournal`. */
export interface WindowJournal {
  readonly begin: (
    head: WindowHead,
    machine: Machine,
    take: (record: WindowRecord) => void,
  ) => Promise<RunBegun>;
  readonly add: (record: WindowRecord) => void;
}

/** What a profile takes; `journal` is where it puts down what it does. */
export interface JournaledWindow extends WindowOptions {
  readonly journal?: WindowJournal | undefined;
}
