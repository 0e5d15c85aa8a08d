import type { MessagePort } from 'node:worker_threads';
import type { NamedSetting } from '../../catalog/named-setting.ts';
import type { OpenSearch } from './depth-first.ts';
import type { IndependenceTables } from '../reduce/independence.ts';
import type { MachineParts } from '../machine/machine-parts.ts';
import type { FrozenTables } from '../program/tables.ts';

/** What the threads of a search are told, and what they tell: plain data. */

/** The same for all threads of one attempt. */
export interface SearchPlan extends NamedSetting {
  readonly tables: FrozenTables;
  /** The bits of notes that the tables know. */
  readonly notesSeen: number;
  readonly machine: Pick<
    MachineParts,
    'roots' | 'groups' | 'trylocksFail' | 'bioReferences' | 'areBuffersAlike'
  >;
  readonly symmetry: boolean;
  readonly partialOrder: boolean;
  readonly futures: IndependenceTables;
  readonly threads: number;
  readonly board: SharedArrayBuffer;
  readonly states: readonly SharedArrayBuffer[];
  /** What the first thread begins with; undefined for the whole search. */
  readonly open: OpenSearch | undefined;
  readonly statesMax: number;
  readonly stepsMax: number;
}

/** One thread. */
export interface SearchTask {
  readonly plan: SearchPlan;
  readonly thread: number;
  /** Where it asks, with a way as packed moves, and gets `FrozenTables` that know it, or null if all is void. */
  readonly mail: MessagePort;
}

/** What a thread has found. */
export interface SearchShare {
  readonly states: number;
  readonly transitions: number;
  readonly depthMax: number;
  readonly violations: readonly number[];
  readonly outcomes: readonly number[];
  readonly finalStates: readonly string[];
  /** Estimated part of the whole search that this thread has done. */
  readonly done: number;
}

/** Why the threads of a search stop before its end. */
export const StopReason = {
  Void: 1,
  Steps: 2,
  States: 3,
  Time: 4,
  Interrupt: 5,
  Fault: 6,
  Memory: 7,
} as const;
