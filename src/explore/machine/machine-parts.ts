import type { Setting } from '../../scenario/setting.ts';
import type { Effects } from '../program/local-state.ts';
import type { NotesOfInterest } from '../program/note-classes.ts';
import type { Tables } from '../program/tables.ts';

/** What a machine runs. */
export interface MachineParts {
  readonly setting: Setting;
  readonly automata: Tables;
  readonly notes: NotesOfInterest;
  /** The node in which each actor begins. */
  readonly roots: readonly { readonly node: number; readonly effects: Effects }[];
  /** The group of like actors that each actor belongs to. */
  readonly groups: readonly number[];
  /** Whether `trylockPage` may fail although the page is free. */
  readonly trylocksFail: boolean;
  /** References that a read in flight holds. */
  readonly bioReferences: number;
  /**
   * Whether it does not matter which of the objects that were never used an allocation gets: it does not to a model that knows
   * buffers by the pointers it was given, and may to one that works an address out.
   */
  readonly areBuffersAlike: boolean;
}
