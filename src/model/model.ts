import { FS_OOPS, type FsInfo, type Geometry, NULL } from '../memory/layout.ts';
import type { Structure } from '../memory/schema.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import { type BlockLayer, takeBio } from './block-layer.ts';
import { CHECK_COUNT } from './check.ts';

/** What a model needs to run. */
export interface ModelParts {
  readonly memory: SharedMemory;
  readonly geometry: Geometry;
  readonly blockLayer: BlockLayer;
}

/** A class of models: that of a subject, or one with a strategy in it. */
export interface ModelClass {
  new (parts: ModelParts): Model;
  readonly prototype: Model;
  readonly structures: readonly Structure[];
  readonly functionParts: ReadonlyMap<string, string>;
  readonly inlined: ReadonlySet<string>;
}

/**
 * What the models of all subjects have in common: one object per actor, with the methods that its operations call. The class of a
 * subject extends it, one method per kernel function with its shared accesses in the kernel's order, and a fix strategy is a subclass
 * of that with methods overridden.
 *
 * A BUG_ON counts a violation, and its function returns at once: callers unwind and release what they hold, and
 * whatever the trial does from there on is not judged, since the first violation decides it.
 */
export class Model {
  /** What a world consists of, in the order in which it lies there: the file system, pages, slab objects. */
  static readonly structures: readonly Structure[] = [];
  /**
   * Methods that are a part of one kernel function, so that a strategy can replace that part alone: by part, the function. The kernel
   * has no function of that name, so that whoever counts, names or watches functions takes the steps of a part for those of its function.
   */
  static readonly functionParts: ReadonlyMap<string, string> = new Map();
  /**
   * Methods that make one or two steps for whoever calls them, inlined in the kernel or as good as that: their steps
   * belong to the function that calls them.
   */
  static readonly inlined: ReadonlySet<string> = new Set();
  /** What this actor has noted in the current trial: bits of its subject's notes. */
  notes = 0;
  /** References that a read in flight holds, 0 or 1: what the checks at rest expect besides that of the tree. */
  readonly bioReferences: number = 0;
  /** The world of the current trial. */
  fsInfo: FsInfo = NULL;
  protected readonly mem: SharedMemory;
  protected readonly geometry: Geometry;
  protected readonly blockLayer: BlockLayer;

  constructor(parts: ModelParts) {
    this.mem = parts.memory;
    this.geometry = parts.geometry;
    this.blockLayer = parts.blockLayer;
    parts.memory.onFault = (fault) => this.violated(fault);
  }

  /**
   * Waits for the next bio of the world and takes it, 0 at the end: the block layer's `takeBio`, as a method, so that
   * the explore engine can forget how it was waited for.
   */
  takeBio(submitters: number): number {
    return takeBio(this.mem, this.fsInfo, submitters);
  }

  /** BUG_ON: on true a violation is counted and the caller returns. */
  protected bugOn(condition: boolean, check: number): boolean {
    if (condition) this.violated(check);
    return condition;
  }

  /** WARN_ON: on true a violation is counted and the caller goes on. */
  protected warnOn(condition: boolean, check: number): void {
    if (condition) this.violated(check);
  }

  /**
   * Counts a violation; only the first one of a trial stands.
   * @param check - The number of a check of the subject, or one of a strategy's or scenario's own: above those, below `CHECK_COUNT`.
   * @throws {RangeError} If it is no such number.
   */
  protected violated(check: number): void {
    if (!Number.isInteger(check) || check < 1 || check >= CHECK_COUNT) {
      throw new RangeError(`violated(${check}): a check has a number from 1 to ${CHECK_COUNT - 1}`);
    }
    this.mem.recordOops(this.fsInfo + FS_OOPS, check);
  }

  /** Notes what happened in this trial: a bit of the subject's notes. */
  protected note(bit: number): void {
    this.notes |= bit;
  }

  /** A named place between two steps. The hardware engine's `--delay` overrides this; here it costs nothing. */
  protected reached(_point: string): void {}
}
