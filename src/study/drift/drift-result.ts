/** What `ebtorture drift` finds: the functions that models rest on, and which of them a source tree has otherwise. */

/**
 * How a tree has a function that was read: with the same text; with the same, but by another name or in another file; with another
 * text; or not at all.
 */
export type DriftStatus = 'same' | 'renamed' | 'changed' | 'missing';

/** A function in one of the kernels that were read. */
export interface ReadPlace {
  readonly kernel: string;
  readonly file: string;
  readonly name: string;
  /** The first 64 bits of the SHA-256 of its text without comments and blanks, in hexadecimal digits. */
  readonly hash: string;
}

/** A function that a model rests on. */
export interface DriftRow {
  /** Its place in the kernel that is compared with, or else in the newest that has it. */
  readonly file: string;
  readonly function: string;
  readonly generation: string;
  readonly model: {
    readonly class: string;
    /** None where it is a step or two of whoever calls it. */
    readonly methods: readonly string[];
  };
  /** The notes that the model is specified by; no section where they only name the function. */
  readonly notes: { readonly name: string; readonly section: string | null };
  readonly facts: string;
  /** Where it was read, oldest first. */
  readonly kernels: readonly ReadPlace[];
  /** How the tree has it; null where none was given. */
  readonly source: DriftFound | null;
}

/** How a tree has a function. */
export interface DriftFound {
  readonly status: DriftStatus;
  /** Where; null where it is missing. */
  readonly file: string | null;
  readonly name: string | null;
  readonly hash: string | null;
  /** How often that file defines it, in branches of `#if`: all of them together have the hash. */
  readonly definitions: number;
}

/** A kernel that was read. */
export interface ReadKernel {
  readonly kernel: string;
  readonly release: string;
}

/** The document of `drift --json`. */
export interface DriftResult {
  readonly schema: 'ebtorture.drift/1';
  /** The kernels that were read, oldest first. */
  readonly kernels: readonly ReadKernel[];
  /** The one whose functions are shown; null for all of them. */
  readonly kernel: ReadKernel | null;
  /** The tree that was compared with it; null where none was given. */
  readonly source: { readonly path: string; readonly release: string } | null;
  readonly functions: readonly DriftRow[];
  /** How many functions have each status; null without a tree. */
  readonly counts: Readonly<Record<DriftStatus, number>> | null;
  /** Without a tree `listed`. */
  readonly verdict: 'listed' | 'as-read' | 'drifted';
}
