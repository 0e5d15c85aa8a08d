import type { CheckNumber } from '../model/check.ts';

/** How an outcome is judged: seen and fine, seen and worth a look, or never to be seen. */
export type Grade = 'ACCEPTABLE' | 'INTERESTING' | 'FORBIDDEN';

/** One rule that the kernel keeps, and that a trial may break. */
export interface Invariant {
  /** The number in a world's FS_OOPS word. */
  readonly check: CheckNumber;
  /** Short name in tables and JSON: kernel.md 1.19's where it has one. */
  readonly id: string;
  /** What is broken when it is counted, in a few words. */
  readonly title: string;
  /** Where the kernel checks it. */
  readonly origin: string;
  /** How a trial that breaks it is judged. */
  readonly grade: Grade;
}
